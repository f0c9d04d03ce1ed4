//! What arrives: at PostHog, and at the real collector.

use headcount_testkit::{Backend, BackendServer, Home};

use crate::collector::TheCollector;
use crate::stage::{ARRIVES, ENDPOINT, ID, agreed, archon, names, program};

#[test]
fn the_catalog_of_the_release_is_archons() {
    assert_eq!(
        include_str!("../../telemetry.toml"),
        include_str!("../../../telemetry.toml"),
        "copy examples/archon/telemetry.toml to examples/archon/released/"
    );
}

#[test]
fn posthog_receives_the_documents_keys_and_the_builds_facts() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    let setup = ["setup", "--method", "homebrew", "--assistant", "codex"];
    let output = program(&home, &setup).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let events = posthog.events_of(1, ARRIVES);
    assert_eq!(names(&events)[2], "setup.completed");
    let properties = &events[2]["properties"];
    let mut keys: Vec<&str> = properties.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "$geoip_disable",
            "$ip",
            "$lib",
            "$lib_version",
            "$process_person_profile",
            "arch",
            "archon_git_commit",
            "archon_is_binary",
            "archon_version",
            "bun_version",
            "default_assistant",
            "install_method",
            "node_version",
            "platform"
        ]
    );
    assert_eq!(properties["archon_git_commit"], "abc1234");
    assert_eq!(properties["$ip"], "");
    assert_eq!(properties["$process_person_profile"], false);
}

#[test]
fn the_real_collector_counts_what_was_done_and_who_did_it() {
    // A collector knows the key of the release by its catalog, as an operator's
    // does by `headcount keys`.
    let key = env!("POSTHOG_PUBLIC_KEY");
    let collector = TheCollector::start("archon", |catalog| {
        let known = format!("key = {{ value = \"{key}\", build = \"POSTHOG_PUBLIC_KEY\" }}");
        catalog.replace("key = { build = \"POSTHOG_PUBLIC_KEY\" }", &known)
    });
    let run = |home: &Home, args: &[&str], code| {
        let output = program(home, args).env(ENDPOINT, &collector.url()).run();
        assert_eq!(output.code(), Some(code), "{args:?}: {}", output.stderr_text());
    };
    let homes = [agreed(), agreed()];
    for home in &homes {
        run(home, &["setup", "--method", "curl"], 0);
        run(home, &["workflow", "run", "archon-assist", "--provider", "codex"], 0);
    }
    run(&homes[0], &["workflow", "run", "missing"], 1);
    collector.has("cli.command_completed", 5, ARRIVES);
    collector.has("binary.startup", 5, ARRIVES);
    collector.has("setup.completed", 2, ARRIVES);
    collector.has("workflow.run_started", 2, ARRIVES);
    collector.has("workflow.run_failed", 1, ARRIVES);
    let devices: u64 =
        collector.ask("active", "").iter().map(|row| row["devices"].as_u64().unwrap()).sum();
    assert_eq!(devices, 2);
    // "is anyone using the Codex provider?", and which commands fail.
    let providers = collector.ask("by-property", "&event=workflow.run_started&property=provider");
    assert!(
        providers.iter().any(|row| row["value"] == "codex" && row["count"] == 2),
        "{providers:?}"
    );
    let codes = collector.ask("by-property", "&event=cli.command_completed&property=exit_code");
    assert!(codes.iter().any(|row| row["value"] == "1" && row["count"] == 1), "{codes:?}");
}

#[test]
fn status_tells_the_last_event_after_it_was_sent() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    let output = program(&home, &["version"]).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(output.code(), Some(0));
    drop(posthog.events_of(1, ARRIVES));
    // The shipper notes it after the answer.
    let end = std::time::Instant::now() + ARRIVES;
    loop {
        let status = archon(&home, &["telemetry", "status"]).stdout_text();
        let last = status.lines().find(|line| line.starts_with("Last event: ")).unwrap().to_owned();
        if status.contains("Waiting to be sent: 0 events") {
            assert!(last.starts_with("Last event: cli.command_completed ("), "{last}");
            break;
        }
        assert!(std::time::Instant::now() < end, "{status}");
    }
}

#[test]
fn a_wiped_id_is_another_one_from_then_on() {
    let home = agreed();
    let before = home.read(ID);
    std::fs::remove_file(home.path().join(ID)).unwrap();
    let posthog = BackendServer::start(Backend::PostHog);
    let output = program(&home, &["version"]).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(output.code(), Some(0));
    let events = posthog.events_of(1, ARRIVES);
    assert_ne!(events[0]["distinct_id"], before.trim());
    assert_eq!(events[0]["distinct_id"], home.read(ID).trim());
}

#[test]
fn a_crash_is_told_by_its_class_and_function_in_every_build() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    home.write(".archon/workflows/mine", "loop 0\n");
    let run = program(&home, &["workflow", "run", "mine"]).folder(home.path());
    let output = run.env(ENDPOINT, &posthog.url()).run();
    assert_eq!(output.code(), Some(101), "{}", output.stderr_text());
    // A crash starts no shipper: the next run does.
    let next = program(&home, &["version"]).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(next.code(), Some(0));
    let events = posthog.events_of(1, ARRIVES);
    let crash = events.iter().find(|event| event["event"] == "error.uncaught").expect("it is told");
    assert_eq!(crash["properties"]["error_class"], "WorkflowError");
    assert_eq!(crash["properties"]["where"], "run_node");
}

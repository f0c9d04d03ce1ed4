//! What Archon records once it is on: the document's events, and nothing that
//! was typed.

use headcount_testkit::{Canary, Home};

use crate::stage::{EVENTS, agreed, archon, keys, names, program, recorded};

#[test]
fn a_setup_is_four_events_with_the_keys_of_the_document() {
    let home = agreed();
    let output = archon(&home, &["setup", "--method", "homebrew", "--assistant", "codex"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let records = recorded(&home);
    assert_eq!(
        names(&records),
        ["binary.startup", "cli.command_invoked", "setup.completed", "cli.command_completed"]
    );
    assert_eq!(keys(&records[2]), ["distinctId", "event", "properties", "timestamp", "uuid"]);
    let properties = &records[2]["properties"];
    assert_eq!(
        keys(properties),
        [
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
    assert_eq!(properties["install_method"], "homebrew");
    assert_eq!(properties["default_assistant"], "codex");
    assert_eq!(properties["archon_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(properties["bun_version"], "unknown");
    assert_eq!(records[3]["properties"]["exit_code"], 0);
    // A command without a subcommand has no such key.
    assert!(records[1]["properties"].get("subcommand").is_none());
}

#[test]
fn looking_at_telemetry_is_not_recorded() {
    let home = agreed();
    archon(&home, &["version"]);
    let before = home.read(EVENTS);
    for args in [
        &["telemetry"][..],
        &["telemetry", "inspect"],
        &["telemetry", "dump"],
        &["--version"],
        &["--help"],
        &["nonsense"],
    ] {
        archon(&home, args);
    }
    assert_eq!(home.read(EVENTS), before);
}

/// What PostHog has of them is compared in `released/`, which has a key.
#[test]
fn inspect_shows_samples_without_an_id_and_says_that_nothing_can_be_sent() {
    let home = Home::new();
    let inspected = || {
        let output = archon(&home, &["telemetry", "inspect"]);
        let shown: serde_json::Value = serde_json::from_str(&output.stdout_text()).unwrap();
        assert_eq!(keys(&shown), ["events"]);
        (shown["events"].as_array().unwrap().clone(), output.stderr_text())
    };
    archon(&home, &["version"]);
    let (samples, said) = inspected();
    assert_eq!(samples.len(), 9, "one of each event");
    assert!(samples.iter().all(|event| event["distinct_id"] == "not created"), "{samples:?}");
    for line in [
        "Nothing is recorded. These are samples made from the catalog, one for each event.",
        "None of this is sent: telemetry is not on (default).",
        "Nothing can be sent to posthog: development build: built without a key.",
    ] {
        assert!(said.lines().any(|found| found == line), "{line} in {said}");
    }
    archon(&home, &["telemetry", "on"]);
    archon(&home, &["version"]);
    let (recorded, said) = inspected();
    assert_eq!(names(&recorded), names(&crate::stage::recorded(&home)));
    assert_eq!(said, "Nothing can be sent to posthog: development build: built without a key.\n");
    let refused = program(&home, &["telemetry", "inspect"]).env("DO_NOT_TRACK", "1").run();
    let said = refused.stderr_text();
    assert!(said.contains("telemetry is not on (env:DO_NOT_TRACK=1)."), "{said}");
}

#[test]
fn a_workflow_of_ones_own_is_counted_and_not_named() {
    let canaries = ["workflow", "node", "provider"].map(Canary::new);
    let [name, node, provider] = canaries.each_ref().map(Canary::text);
    let home = agreed();
    let work = Home::new();
    work.write(&format!(".archon/workflows/{name}"), format!("bash\n{node} {node}\n"));
    let run = ["workflow", "run", name, "--provider", provider];
    let output = program(&home, &run).folder(work.path()).run();
    assert_eq!(output.code(), Some(1), "{}", output.stderr_text());

    let records = recorded(&home);
    assert_eq!(
        names(&records),
        [
            "binary.startup",
            "cli.command_invoked",
            "workflow.run_started",
            "workflow.node_failed",
            "workflow.run_failed",
            "cli.command_completed"
        ]
    );
    let started = &records[2]["properties"];
    assert_eq!(started["workflow_name"], "user-defined");
    assert_eq!(started["provider"], "other");
    assert_eq!(started["node_count"], 2);
    assert_eq!(records[3]["properties"]["node_type"], "other");
    assert_eq!(records[4]["properties"]["error_class"], "ValidationError");
    assert_eq!(records[5]["properties"]["exit_code"], 1);
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
    }
}

#[test]
fn a_workflow_that_comes_to_its_end_tells_how_many_nodes_it_had() {
    let home = agreed();
    let output = archon(&home, &["workflow", "run", "archon-assist"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let records = recorded(&home);
    let of = |name: &str| {
        let record = records.iter().find(|record| record["event"] == name);
        &record.unwrap_or_else(|| panic!("{name} in {records:?}"))["properties"]
    };
    let (started, completed) = (of("workflow.run_started"), of("workflow.run_completed"));
    assert_eq!(started["workflow_name"], "archon-assist");
    assert_eq!(completed["workflow_name"], "archon-assist");
    assert_eq!(completed["nodes_completed"], started["node_count"]);
    assert!(completed["duration_ms"].is_u64(), "{completed}");
    assert!(!names(&records).contains(&"workflow.run_failed"));
}

#[test]
fn a_crash_tells_the_function_and_nothing_else() {
    let name = Canary::new("workflow");
    let home = agreed();
    let work = Home::new();
    work.write(&format!(".archon/workflows/{}", name.text()), "loop 0\n");
    let run = ["workflow", "run", name.text()];
    let output = program(&home, &run).folder(work.path()).run();
    assert_eq!(output.code(), Some(101), "{}", output.stderr_text());
    assert!(
        output.stderr_text().contains("divide by zero"),
        "the hook that was there still speaks"
    );

    let records = recorded(&home);
    let crash = records.iter().find(|record| record["event"] == "error.uncaught").unwrap();
    assert_eq!(crash["properties"]["error_class"], "WorkflowError");
    assert_eq!(crash["properties"]["where"], "run_node");
    let last = records.last().unwrap();
    assert_eq!(last["event"], "cli.command_completed");
    assert_eq!(last["properties"]["exit_code"], 101);
    assert_eq!(name.find_in_tree(home.path()), [""; 0]);
}

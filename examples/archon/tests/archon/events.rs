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

#[test]
fn inspect_shows_the_last_ten_events_as_they_would_be_sent() {
    let home = agreed();
    for _ in 0..4 {
        archon(&home, &["version"]);
    }
    let shown: serde_json::Value =
        serde_json::from_str(&archon(&home, &["telemetry", "inspect"]).stdout_text()).unwrap();
    assert_eq!(keys(&shown), ["events"]);
    let records = recorded(&home);
    assert_eq!(records.len(), 12);
    assert_eq!(shown["events"].as_array().unwrap()[..], records[2..]);
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
    assert_eq!(crash["properties"]["error_class"], "other");
    // A stripped build has no names of functions left.
    let place = if cfg!(debug_assertions) { "run_node" } else { "unknown" };
    assert_eq!(crash["properties"]["where"], place);
    let last = records.last().unwrap();
    assert_eq!(last["event"], "cli.command_completed");
    assert_eq!(last["properties"]["exit_code"], 101);
    assert_eq!(name.find_in_tree(home.path()), [""; 0]);
}

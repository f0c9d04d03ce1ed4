//! On by default, and off at one word.

use headcount_testkit::{Home, TestProgram};
use serde_json::Value;

use crate::stage::{PATIENCE, backend, clacky, program, told};

const RUN: &[&str] = &["agent", "-m", "hello"];

fn run(home: &Home, variables: &[(&str, &str)], args: &[&str]) -> TestProgram {
    let program = program(home, args);
    variables.iter().fold(program, |program, (name, value)| program.env(name, value))
}

#[test]
fn meta_commands_create_nothing_and_send_nothing() {
    let (home, server) = (Home::new(), backend());
    let url = server.url();
    for args in [
        &["--version"][..],
        &["--help"],
        &[],
        &["agent", "--help"],
        &["server", "--help"],
        &["telemetry"],
        &["telemetry", "status", "--json"],
        &["telemetry", "inspect"],
        &["telemetry", "dump"],
        &["telemetry", "policy"],
        &["telemetry", "flush"],
    ] {
        let output = run(&home, &[("CLACKY_TELEMETRY_ENDPOINT", &url)], args).run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!((home.tree(), server.connections()), (Vec::new(), 0));
    let version = clacky(&home, &["--version"]).stdout_text();
    assert_eq!(version, format!("clacky {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_refusal_creates_nothing_sends_nothing_and_is_named() {
    for (variables, flags, settings, expected) in [
        (&[("CLACKY_TELEMETRY", "0")][..], &[][..], None, "env:CLACKY_TELEMETRY=0"),
        (&[("CLACKY_TELEMETRY", "false")], &[], None, "env:CLACKY_TELEMETRY=false"),
        (&[("CLACKY_TELEMETRY", "maybe")], &[], None, "env:CLACKY_TELEMETRY=maybe"),
        (&[("DO_NOT_TRACK", "1")], &[], None, "env:DO_NOT_TRACK=1"),
        (&[], &["--no-telemetry"], None, "flag:--no-telemetry"),
        (&[], &[], Some("{\"enabled\": false}"), "config:enabled=false"),
        (
            &[("CLACKY_TELEMETRY", "0"), ("DO_NOT_TRACK", "1")],
            &["--no-telemetry"],
            Some("{\"enabled\": false}"),
            "env:CLACKY_TELEMETRY=0",
        ),
        (
            &[("CLACKY_TELEMETRY", "1"), ("DO_NOT_TRACK", "0")],
            &["--no-telemetry"],
            Some("{\"enabled\": true}"),
            "flag:--no-telemetry",
        ),
    ] {
        let (home, server) = (Home::new(), backend());
        if let Some(text) = settings {
            home.write(".clacky/telemetry.json", text);
        }
        let (before, url) = (home.tree(), server.url());
        let variables = [variables, &[("CLACKY_TELEMETRY_ENDPOINT", &url)]].concat();
        let run = |args: &[&str]| run(&home, &variables, &[flags, args].concat()).run();
        let status = run(&["telemetry", "status"]).stdout_text();
        let first = status.lines().next().unwrap();
        assert_eq!(first, format!("Telemetry: DISABLED (reason: {expected})"));
        let status = run(&["telemetry", "status", "--json"]).stdout_text();
        let status: Value = serde_json::from_str(&status).unwrap();
        assert_eq!(status["reason"], expected);
        let output = run(RUN);
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
        assert_eq!(run(&["telemetry", "flush"]).code(), Some(0));
        assert_eq!((home.tree(), server.connections()), (before, 0), "{expected}");
    }
}

#[test]
fn a_no_holds_until_a_yes_and_a_variable_never_grants() {
    let (home, server) = (told(), backend());
    let url = server.url();
    assert_eq!(clacky(&home, &["telemetry", "off"]).code(), Some(0));
    let before = home.tree();
    for value in ["", "1", "on"] {
        let variables = [("CLACKY_TELEMETRY", value), ("CLACKY_TELEMETRY_ENDPOINT", &url)];
        assert_eq!(run(&home, &variables, RUN).run().code(), Some(0));
    }
    assert_eq!((home.tree(), server.connections()), (before, 0));
    assert_eq!(home.read(".clacky/telemetry.json").matches("false").count(), 1);
    assert_eq!(clacky(&home, &["telemetry", "on"]).code(), Some(0));
    let again = run(&home, &[("CLACKY_TELEMETRY_ENDPOINT", &url)], RUN).run();
    assert_eq!((again.code(), again.stderr_text().as_str()), (Some(0), ""));
    assert_eq!(server.wait_for(2, PATIENCE).len(), 2);
}

/// Nobody's environment can send a person's events to somebody else.
#[test]
fn an_address_that_is_not_on_this_machine_ships_nowhere() {
    let home = told();
    let foreign = [("CLACKY_TELEMETRY_ENDPOINT", "https://telemetry.elsewhere.example")];
    let output = run(&home, &foreign, RUN).run();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let status = run(&home, &foreign, &["telemetry", "status"]).run().stdout_text();
    assert!(status.contains("CLACKY_TELEMETRY_ENDPOINT"), "{status}");
    let receipts = run(&home, &foreign, &["telemetry", "receipts"]).run().stdout_text();
    assert!(!receipts.contains("event"), "{receipts}");
}

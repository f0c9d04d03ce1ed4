//! The upload of what waits starts after any command of Atomic, and
//! after none while telemetry is off or in the upload itself.

use headcount_testkit::Home;

use crate::places::EVENTS;
use crate::stage::{PATIENCE, agreed, atomic, backend, events, until, uploading};

const COMMANDS: &[&[&str]] = &[
    &[],
    &["--help"],
    &["--version"],
    &["init", "--help"],
    &["help", "uninstall"],
    &["telemetry"],
    &["telemetry", "status"],
    &["telemetry", "help"],
    &["telemetry", "nonsense"],
    &["config", "set", "telemetry", "true"],
    &["init"],
    &["update"],
    &["-a", "claude"],
];

/// A home in which an event waits.
fn waiting() -> Home {
    let home = agreed();
    assert_eq!(atomic(&home, &["update"]).code(), Some(0));
    assert_eq!(events(&home).len(), 1);
    home
}

#[test]
fn after_any_command_what_waits_is_sent() {
    for args in COMMANDS {
        let (home, server) = (waiting(), backend());
        let _ = uploading(&home, args, &server.url()).run();
        let requests = server.wait_for(1, PATIENCE);
        assert!(requests[0].text().contains("\"atomic_command\""), "{args:?}");
        until(|| !home.path().join(EVENTS).exists());
    }
}

#[test]
fn with_the_marker_or_a_refusal_nothing_is_sent_and_what_waits_stays() {
    let server = backend();
    for refusal in [("ATOMIC_TELEMETRY_UPLOAD", "1"), ("ATOMIC_TELEMETRY", "0"), ("CI", "true")] {
        let home = waiting();
        let before = home.read(EVENTS);
        for args in COMMANDS.iter().filter(|args| !args.contains(&"true")) {
            let run = uploading(&home, args, &server.url());
            let _ = run.env(refusal.0, refusal.1).run();
        }
        assert!(home.read(EVENTS).starts_with(&before), "{refusal:?}");
    }
    let home = waiting();
    let run = |args: &[&str]| uploading(&home, args, &server.url()).run();
    assert_eq!(run(&["config", "set", "telemetry", "false"]).code(), Some(0));
    assert!(!home.path().join(EVENTS).exists());
    for args in COMMANDS.iter().filter(|args| !args.contains(&"true")) {
        let _ = run(args);
    }
    // An upload that had been started would have come before this one.
    let last = waiting();
    let _ = uploading(&last, &["--upload-telemetry"], &server.url()).run();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.connections(), 1);
}

//! `uninstall` ends with `clear --all`, after what was agreed to has been sent:
//! in ten seconds at most.

use std::time::Duration;

use headcount_testkit::{CapturedRequest, Home, ServerReply};

use crate::places::FOLDERS;
use crate::stage::{ENDPOINT, agreed, atomic, backend, program};

/// The longest that it may wait for a backend, and what a busy machine adds.
const BOUND: Duration = Duration::from_secs(10 + 10);

/// Nobody listens there: the port of the discard protocol.
const NOBODY: &str = "http://127.0.0.1:9";

/// The folders above the product's, which a person may have made.
fn assert_nothing_is_left(home: &Home) {
    let left: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(left, [FOLDERS[0], FOLDERS[1], "work/", "work/project/"]);
}

fn used(agent: &str) -> Home {
    let home = agreed();
    assert_eq!(atomic(&home, &["init", "--agent", agent]).code(), Some(0));
    assert_eq!(atomic(&home, &["update"]).code(), Some(0));
    home
}

#[test]
fn what_was_agreed_to_is_sent_and_nothing_is_left() {
    for agent in ["claude", "copilot", "opencode"] {
        let (home, server) = (used(agent), backend());
        let output = program(&home, &["uninstall"]).env(ENDPOINT, &server.url()).run();
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
        let said = output.stdout_text();
        assert!(said.starts_with(".atomic.json is removed.\nThe hooks of "), "{said}");
        // It waits for the upload: that is there when it ends.
        let bodies: String = server.requests().iter().map(CapturedRequest::text).collect();
        for word in ["init", "update", "uninstall"] {
            assert!(bodies.contains(&format!("\"{word}\"")), "{word} in {bodies}");
        }
        assert_nothing_is_left(&home);
        let status = atomic(&home, &["telemetry", "status"]).stdout_text();
        assert!(status.starts_with("Telemetry: DISABLED (reason: default)"), "{status}");
    }
}

#[test]
fn a_backend_that_is_away_or_silent_holds_it_up_for_ten_seconds_at_most() {
    let silent = backend();
    silent.reply_otherwise(ServerReply::Never);
    let off = {
        let home = Home::new();
        assert_eq!(atomic(&home, &["init"]).code(), Some(0));
        atomic(&home, &["uninstall"])
    };
    for url in [NOBODY, &silent.url()] {
        let home = agreed();
        assert_eq!(atomic(&home, &["init"]).code(), Some(0));
        let output = program(&home, &["uninstall"]).env(ENDPOINT, url).run();
        assert!(output.elapsed < BOUND, "{url}: {:?}", output.elapsed);
        assert_eq!(output.code(), off.code());
        assert_eq!(output.stdout_text(), off.stdout_text());
        assert_eq!(output.stderr_text(), off.stderr_text());
        assert_nothing_is_left(&home);
    }
}

#[test]
fn whoever_refused_sends_nothing_and_has_nothing_left_either() {
    let server = backend();
    for refusal in [("ATOMIC_TELEMETRY", "0"), ("CI", "true"), ("DO_NOT_TRACK", "1")] {
        let home = used("claude");
        let run = program(&home, &["uninstall"]).env(ENDPOINT, &server.url());
        assert_eq!(run.env(refusal.0, refusal.1).run().code(), Some(0));
        assert_nothing_is_left(&home);
    }
    // Never asked: nothing to send, nothing made.
    let home = Home::new();
    let output = program(&home, &["uninstall"]).env(ENDPOINT, &server.url()).run();
    assert_eq!(output.stdout_text(), "Atomic is not set up here.\n");
    assert!(!home.path().join(FOLDERS[0]).exists());
    assert_eq!(server.connections(), 0);
}

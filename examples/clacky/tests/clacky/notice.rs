//! The notice of a product that is on by default, and the agent at a terminal.

use std::path::Path;

use headcount_testkit::{Home, Seat, TestProgram};

use crate::stage::{ANSWER, BINARY, NOTICE, PATIENCE, TASK, backend, bodies, clacky, program};

const RUN: &[&str] = &["agent", "-m", "hello"];

/// What OpenClacky shows in a terminal.
fn in_a_terminal(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> String {
    let variables = [variables, &[("USER", "me")]].concat();
    Seat::take(Path::new(BINARY), home, args, &variables, 200, "").end().screen
}

#[test]
fn the_notice_is_said_once_at_the_first_run_in_a_terminal_or_not() {
    let home = Home::new();
    // Not a run of the product: not the first one.
    assert!(!in_a_terminal(&home, &["telemetry", "flush"], &[]).contains(NOTICE));
    let first = in_a_terminal(&home, RUN, &[]);
    assert!(first.contains(NOTICE), "{first}");
    let second = in_a_terminal(&home, RUN, &[]);
    assert!(second.contains(ANSWER.trim()) && !second.contains(NOTICE), "{second}");

    let home = Home::new();
    let first = clacky(&home, RUN);
    assert!(first.stderr_text().starts_with(NOTICE) && first.stdout_text() == ANSWER);
    assert_eq!(clacky(&home, RUN).stderr_text(), "");
    assert!(!in_a_terminal(&home, RUN, &[]).contains(NOTICE));
}

#[test]
fn who_refuses_is_told_nothing_and_nothing_is_created() {
    let home = Home::new();
    let said = in_a_terminal(&home, RUN, &[("CLACKY_TELEMETRY", "0")]);
    assert!(!said.contains(NOTICE), "{said}");
    assert_eq!(home.tree(), []);
}

/// A stream that is closed, full or thrown away tells nobody: nothing is sent
/// until a run that could tell.
#[test]
fn where_nobody_can_read_it_nothing_is_sent() {
    for stream in ["2>&-", "2>/dev/null", "2>/dev/full"] {
        let (home, server) = (Home::new(), backend());
        let url = server.url();
        let script = format!("\"$0\" agent -m hello {stream}");
        for _ in 0..3 {
            let shell = TestProgram::new("/bin/sh", &home).env("USER", "me");
            let shell = shell.env("CLACKY_TELEMETRY_ENDPOINT", &url);
            assert_eq!(shell.args(["-c", &script, BINARY]).run().code(), Some(0));
        }
        assert_eq!(server.connections(), 0, "{stream}");
        assert!(clacky(&home, RUN).stderr_text().contains(NOTICE), "{stream}");
        let _ = program(&home, RUN).env("CLACKY_TELEMETRY_ENDPOINT", &url).run();
        assert_eq!(server.wait_for(2, PATIENCE).len(), 2, "{stream}");
    }
}

/// As in a service, a scheduled job or a container.
#[cfg(unix)]
#[test]
fn without_a_user_name_in_the_environment_it_reports_all_the_same() {
    let (home, server) = (Home::new(), backend());
    let run = || {
        let program = TestProgram::new(Path::new(BINARY), &home).args(RUN);
        program.env("CLACKY_TELEMETRY_ENDPOINT", &server.url()).run()
    };
    assert!(run().stderr_text().contains(NOTICE));
    run();
    assert_eq!(server.wait_for(2, PATIENCE).len(), 2);
}

#[test]
fn at_a_terminal_each_line_is_a_run() {
    let (home, server) = (Home::new(), backend());
    assert_eq!(clacky(&home, &["telemetry", "on"]).code(), Some(0));
    let variables = [("CLACKY_TELEMETRY_ENDPOINT", &*server.url()), ("USER", "me")];
    let mut seat = Seat::take(Path::new(BINARY), &home, &["agent"], &variables, 200, "");
    for runs in 1..3 {
        seat.see(|screen| screen.ends_with('>'));
        seat.press("hello\r");
        seat.see(|screen| screen.matches(ANSWER.trim()).count() == runs && screen.ends_with('>'));
    }
    // Ctrl-D.
    seat.press("\u{4}");
    assert_eq!(seat.end().code, 0);
    assert_eq!(bodies(&server.wait_for(3, PATIENCE), TASK).len(), 2);
}

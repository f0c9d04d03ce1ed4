//! The notice of a product that is on by default: once, at the first run, in a
//! terminal or not.

use std::io::Read as _;
use std::path::Path;

use headcount_testkit::{CaptureServer, Home, TestProgram};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const NOTICE: &str = "Anonymous usage telemetry is on.";
const RUN: &[&str] = &["whoami"];

/// What The program prints in a terminal.
fn in_a_terminal(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> String {
    let pair = native_pty_system().openpty(PtySize::default()).expect("a terminal");
    let mut command = CommandBuilder::new(Path::new(env!("CARGO_BIN_EXE_assembly")));
    command.args(args);
    command.cwd(home.path());
    command.env_clear();
    command.env("TERM", "xterm");
    for (name, value) in home.environment() {
        command.env(name, value);
    }
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).expect("it starts");
    drop(pair.slave);
    let mut screen = pair.master.try_clone_reader().expect("a screen");
    let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
    // Linux ends a terminal without programs with an error.
    while let Ok(count @ 1..) = screen.read(&mut buffer) {
        text.extend_from_slice(&buffer[..count]);
    }
    child.wait().expect("it ends");
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn the_notice_is_said_once_at_the_first_run_in_a_terminal_or_not() {
    let home = Home::new();
    // Not a run of the product: not the first one.
    assert!(!in_a_terminal(&home, &["telemetry", "flush"], &[]).contains(NOTICE));
    let first = in_a_terminal(&home, RUN, &[]);
    assert!(first.contains(NOTICE), "{first}");
    let second = in_a_terminal(&home, RUN, &[]);
    assert!(second.contains("there is no key") && !second.contains(NOTICE), "{second}");

    let home = Home::new();
    let first = crate::stage::program(&home, RUN).run();
    assert!(first.stderr_text().contains(NOTICE) && !first.stdout_text().contains(NOTICE));
    assert!(!crate::stage::program(&home, RUN).run().stderr_text().contains(NOTICE));
    assert!(!in_a_terminal(&home, RUN, &[]).contains(NOTICE));
}

#[test]
fn who_refuses_is_told_nothing_and_nothing_is_created() {
    let home = Home::new();
    let said = in_a_terminal(&home, RUN, &[("AAI_TELEMETRY_DISABLED", "1")]);
    assert!(!said.contains(NOTICE), "{said}");
    assert_eq!(home.tree(), []);
}

/// A stream that is closed, full or thrown away tells nobody: nothing is sent
/// until a run that could tell, not even in continuous integration.
#[test]
fn where_nobody_can_read_it_nothing_is_sent() {
    for ci in ["", "1"] {
        for stream in ["2>&-", "2>/dev/null", "2>/dev/full"] {
            let (home, server) = (Home::new(), CaptureServer::start());
            let url = server.url();
            let run = |redirected: &str| {
                let script = format!("\"$0\" whoami {redirected}");
                let program = TestProgram::new("/bin/sh", &home).env("CI", ci);
                let program = program.env("AAI_TELEMETRY_ENDPOINT", &url);
                program.args(["-c", &script, env!("CARGO_BIN_EXE_assembly")]).run()
            };
            for _ in 0..3 {
                run(stream);
            }
            let status = crate::stage::program(&home, &["telemetry", "status"]).run().stdout_text();
            assert!(status.contains("Not sent yet"), "{ci:?} {stream}: {status}");
            assert_eq!(server.connections(), 0, "{ci:?} {stream}");
            assert!(run("").stderr_text().contains(NOTICE), "{ci:?} {stream}");
            assert!(!run("").stderr_text().contains(NOTICE), "{ci:?} {stream}");
        }
    }
}

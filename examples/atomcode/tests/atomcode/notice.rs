//! The notice of a product that is on by default: once, at the first run, in a
//! terminal or not.

use std::io::Read as _;
#[cfg(unix)]
use std::io::Write as _;
use std::path::Path;
#[cfg(unix)]
use std::process::{Command, Stdio};

use headcount_testkit::Home;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::stage::NOTICE;

const RUN: &[&str] = &["-p", "hello"];

/// What AtomCode prints in a terminal.
fn in_a_terminal(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> String {
    let pair = native_pty_system().openpty(PtySize::default()).expect("a terminal");
    let mut command = CommandBuilder::new(Path::new(env!("CARGO_BIN_EXE_atomcode")));
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
    assert!(second.contains("There is no model here") && !second.contains(NOTICE), "{second}");

    let home = Home::new();
    let first = crate::stage::program(&home, RUN).run();
    assert!(first.stderr_text().contains(NOTICE) && !first.stdout_text().contains(NOTICE));
    assert!(!crate::stage::program(&home, RUN).run().stderr_text().contains(NOTICE));
    assert!(!in_a_terminal(&home, RUN, &[]).contains(NOTICE));
}

#[test]
fn who_refuses_is_told_nothing_and_nothing_is_created() {
    let home = Home::new();
    let said = in_a_terminal(&home, RUN, &[("ATOMCODE_TELEMETRY", "0")]);
    assert!(!said.contains(NOTICE), "{said}");
    assert_eq!(home.tree(), []);
}

/// Standard error is a pipe that nobody reads, and the run is killed before the
/// notice is in it.
#[cfg(unix)]
#[test]
fn whoever_is_killed_before_it_is_printed_was_not_told() {
    let home = Home::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let mut filling = writer.try_clone().unwrap();
    let filling = std::thread::spawn(move || while filling.write_all(&[b'x'; 4096]).is_ok() {});
    let mut run = Command::new(env!("CARGO_BIN_EXE_atomcode"))
        .args(RUN)
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .stderr(writer)
        .stdout(Stdio::null())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let state = home.path().join(".atomcode/telemetry-state.json");
    let telling = home.path().join(".atomcode/telemetry-state/telling.lock");
    while !(state.exists() && telling.exists()) {
        assert!(run.try_wait().unwrap().is_none(), "it ended: {:?}", home.tree());
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    drop(reader);
    filling.join().unwrap();

    let said = || crate::stage::program(&home, RUN).run().stderr_text();
    assert!(said().contains(NOTICE), "the next run prints it");
    assert!(!telling.exists());
    assert!(!said().contains(NOTICE), "once");
}

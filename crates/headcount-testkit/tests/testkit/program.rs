//! The process runner. The program is this test binary itself: [`actor`] does
//! what the variable `ACT` says.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use headcount_testkit::{CaptureServer, Home, TestProgram};

#[test]
#[ignore = "the other tests run it as a program"]
#[expect(clippy::zombie_processes, reason = "the act is to leave a child behind")]
fn actor() {
    let wait = || {
        let address = std::env::var("ADDRESS").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let _ = stream.read(&mut [0; 1]);
    };
    match std::env::var("ACT").as_deref() {
        Ok("echo") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).unwrap();
            println!("stdin={text}");
            eprintln!("folder={}", std::env::current_dir().unwrap().display());
            std::process::exit(7);
        }
        Ok("environment") => {
            for (name, _) in std::env::vars() {
                println!("variable {name}");
            }
        }
        Ok("flood") => std::io::stdout().write_all(&vec![b'x'; 1 << 20]).unwrap(),
        Ok("wait") => {
            println!("ready to wait");
            wait();
        }
        Ok("leave a child behind") => {
            Command::new(std::env::current_exe().unwrap())
                .args(ARGUMENTS)
                .env("ACT", "wait")
                .spawn()
                .unwrap();
        }
        other => panic!("no such act: {other:?}"),
    }
}

const ARGUMENTS: [&str; 4] = ["--ignored", "--exact", "program::actor", "--nocapture"];

fn program(act: &str, home: &Home) -> TestProgram {
    TestProgram::new(std::env::current_exe().unwrap(), home).args(ARGUMENTS).env("ACT", act)
}

fn address(server: &CaptureServer) -> String {
    server.url().replace("http://", "")
}

#[test]
fn gives_both_outputs_the_code_and_the_time() {
    let home = Home::new();
    let output = program("echo", &home).stdin("hello").run();
    assert_eq!(output.code(), Some(7));
    assert!(output.stdout_text().contains("stdin=hello\n"), "{}", output.stdout_text());
    let folder = home.path().canonicalize().unwrap();
    assert!(output.stderr_text().contains(folder.to_str().unwrap()) || cfg!(windows));
    assert!(output.elapsed > Duration::ZERO);
}

#[test]
fn runs_where_it_is_told_and_without_input_reads_none() {
    let (home, elsewhere) = (Home::new(), Home::new());
    let output = program("echo", &home).folder(elsewhere.path()).run();
    assert!(output.stdout_text().contains("stdin=\n"));
    let name = elsewhere.path().file_name().unwrap().to_str().unwrap();
    assert!(output.stderr_text().contains(name), "{}", output.stderr_text());
}

#[test]
fn the_environment_is_the_homes_and_what_the_test_adds() {
    let home = Home::new();
    let output = program("environment", &home).env("HOME", "elsewhere").run();
    let text = output.stdout_text();
    let mut seen: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("variable ")).collect();
    // The test harness of the actor may set some variables.
    seen.retain(|name| !name.starts_with("RUST") && !name.starts_with("__"));
    // Wine tells each program where it is, and what Windows tells the first
    // one.
    let is_wines = |name: &str| {
        name.starts_with("WINE") || ["PROCESSOR_ARCHITECTURE", "SystemDrive"].contains(&name)
    };
    seen.retain(|name| !cfg!(windows) || !is_wines(name));
    let mut expected: Vec<String> = home.environment().into_iter().map(|(name, _)| name).collect();
    expected.push("ACT".to_owned());
    expected.sort();
    seen.sort_unstable();
    assert_eq!(seen, expected);
}

#[test]
fn more_output_than_a_pipe_holds_does_not_hang() {
    let output = program("flood", &Home::new()).run();
    assert_eq!(output.code(), Some(0));
    assert!(output.stdout.len() >= 1 << 20);
}

#[test]
fn killed_in_the_middle() {
    let (server, home) = (CaptureServer::start(), Home::new());
    let mut running = program("wait", &home).env("ADDRESS", &address(&server)).spawn();
    assert!(running.id() > 0);
    assert!(running.line("to wait").ends_with("ready to wait"));
    running.kill();
    let output = running.wait();
    assert!(!output.status.success());
    assert!(cfg!(windows) || output.code().is_none());
}

#[test]
#[should_panic(expected = "still running after 200ms")]
fn one_that_does_not_end_is_reported() {
    let (server, home) = (CaptureServer::start(), Home::new());
    let limit = Duration::from_millis(200);
    let _ = program("wait", &home).env("ADDRESS", &address(&server)).limit(limit).run();
}

#[test]
#[should_panic(expected = "something it started kept an output open")]
fn a_child_that_keeps_an_output_open_is_reported() {
    let (server, home) = (CaptureServer::start(), Home::new());
    let act = program("leave a child behind", &home).env("ADDRESS", &address(&server));
    let _ = act.limit(Duration::from_secs(2)).run();
}

#[test]
#[should_panic(expected = "no line with \"never said\" came")]
fn a_line_that_does_not_come_is_reported() {
    let home = Home::new();
    let _ = program("flood", &home).spawn().line("never said");
}

#[test]
#[should_panic(expected = "did not start")]
fn a_binary_that_is_not_there_is_reported() {
    let home = Home::new();
    let _ = TestProgram::new(home.path().join("nothing"), &home).run();
}

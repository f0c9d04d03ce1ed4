//! The server: its start counts as one, each task over HTTP is a run of the
//! agent, and it ends without waiting for telemetry.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use headcount_testkit::{CaptureServer, Home, RunningProgram, ServerReply};

use crate::stage::{
    ANSWER, NOTICE, PATIENCE, STARTUP, TASK, TheCollector, backend, bodies, clacky, program, told,
    until,
};

/// From the signal to the end: nothing is waited for, on a machine under load.
const END: Duration = Duration::from_millis(2_500);

fn server(home: &Home, url: &str) -> RunningProgram {
    let server = program(home, &["server", "--port", "0"]).env("CLACKY_TELEMETRY_ENDPOINT", url);
    server.limit(4 * PATIENCE).spawn()
}

fn address(running: &RunningProgram) -> String {
    running.line("Listening on http://").replace("Listening on http://", "")
}

fn signal(running: &RunningProgram, name: &str) {
    let status = Command::new("kill").args([name, &running.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// The answer to a request.
fn send(address: &str, line: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!("{line} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_start_of_the_server_counts_and_each_task_is_a_run() {
    let (home, backend) = (told(), backend());
    let running = server(&home, &backend.url());
    let address = address(&running);
    // It is sent at once, and not at the end.
    assert_eq!(bodies(&backend.wait_for(1, PATIENCE), STARTUP).len(), 1);
    for (line, status, expected) in [
        ("POST /task", "200 OK", "\"status\":\"success\""),
        ("POST /task?end=error", "502 Bad Gateway", "\"status\":\"error\""),
        ("POST /task?end=interrupted", "409 Conflict", "\"status\":\"interrupted\""),
    ] {
        let before = backend.requests().len();
        let answer = send(&address, line, "hello");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        let tasks = bodies(&backend.wait_for(before + 1, PATIENCE), TASK);
        assert!(tasks.last().unwrap().contains(expected), "{tasks:?}");
    }
    assert!(send(&address, "POST /task", "hello").ends_with(ANSWER.trim()));
    for line in ["GET /healthz", "GET /task", "DELETE /task", "POST /other"] {
        let answer = send(&address, line, "");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), line == "GET /healthz", "{line}: {answer}");
    }
    signal(&running, "-TERM");
    let output = running.wait();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let requests = backend.wait_for(5, PATIENCE);
    assert_eq!((bodies(&requests, STARTUP).len(), bodies(&requests, TASK).len()), (1, 4));
}

#[test]
fn a_crowd_of_tasks_is_counted_and_the_end_loses_none() {
    let (home, collector) = (told(), TheCollector::start());
    let running = server(&home, &collector.url());
    let address = address(&running);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| drop(send(&address, "POST /task", "hello"))));
        }
    });
    until(|| collector.count("task") == 40);
    send(&address, "POST /task", "the last one");
    signal(&running, "-INT");
    assert_eq!(running.wait().code(), Some(0));
    until(|| collector.count("task") == 41);
    assert_eq!((collector.count("startup"), collector.devices()), (1, 1));
}

#[test]
fn it_ends_at_once_whatever_the_backend_does() {
    let silent = CaptureServer::start();
    silent.reply_otherwise(ServerReply::Never);
    for url in [silent.url().as_str(), "http://127.0.0.1:9"] {
        let home = told();
        let running = server(&home, url);
        let address = address(&running);
        send(&address, "POST /task", "hello");
        let start = std::time::Instant::now();
        signal(&running, "-TERM");
        let output = running.wait();
        assert!(start.elapsed() < END, "{:?}", start.elapsed());
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    }
}

#[test]
fn an_answer_reaches_a_server_that_runs() {
    let (home, backend) = (told(), backend());
    let running = server(&home, &backend.url());
    let address = address(&running);
    let _ = backend.wait_for(1, PATIENCE);
    assert_eq!(clacky(&home, &["telemetry", "off"]).code(), Some(0));
    // What was read of the answer holds for a second.
    std::thread::park_timeout(Duration::from_millis(1_200));
    send(&address, "POST /task", "hello");
    signal(&running, "-TERM");
    assert_eq!(running.wait().code(), Some(0));
    assert_eq!(backend.requests().len(), 1);
}

#[test]
fn while_it_is_off_nothing_is_created_and_nobody_is_asked() {
    let (home, backend) = (Home::new(), backend());
    let url = backend.url();
    let off = program(&home, &["--no-telemetry", "server", "--port", "0"]);
    let running = off.env("CLACKY_TELEMETRY_ENDPOINT", &url).spawn();
    let address = address(&running);
    assert!(send(&address, "POST /task", "hello").contains("200 OK"));
    signal(&running, "-TERM");
    let output = running.wait();
    assert_eq!(output.code(), Some(0));
    assert!(!output.stderr_text().contains(NOTICE));
    assert_eq!((home.tree(), backend.connections()), (Vec::new(), 0));
}

//! The daemon: its one line, its sessions, and an end that loses nothing.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use headcount_testkit::{
    Canary, CannedAnswer, CaptureServer, Home, RunningProgram, ServerReply, TestProgram,
};
use serde_json::Value;

use crate::stage::{NOTICE, crashing, dumped, only, program, told};

/// From the signal to the end with a request that hangs: the 500 ms of the
/// document and as much again for a machine under load, three times over; far
/// below the 3 s that the request itself may take.
const END: Duration = Duration::from_millis(2_500);

fn daemon(home: &Home) -> TestProgram {
    program(home, &["daemon", "--port", "0"])
}

fn address(running: &RunningProgram) -> String {
    running.line("Listening on http://").replace("Listening on http://", "")
}

/// Sends a signal by its name.
fn signal(running: &RunningProgram, name: &str) {
    let status = Command::new("kill").args([name, &running.id().to_string()]).status().unwrap();
    assert!(status.success());
}

fn head(length: usize, conversation: &str) -> String {
    format!(
        "POST /turn HTTP/1.1\r\nconversation: {conversation}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// The answer to a turn; empty where the daemon closed without one.
fn turn(address: &str, conversation: &str, prompt: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all((head(prompt.len(), conversation) + prompt).as_bytes()).unwrap();
    rest(&mut stream)
}

fn rest(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    // A reset comes where the daemon closed without reading everything.
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn the_first_line_says_whether_telemetry_is_on_in_the_words_of_status() {
    for (variables, flags, expected) in [
        (&[][..], &[][..], "Telemetry: enabled"),
        (
            &[("ATOMCODE_TELEMETRY", "0")],
            &["--no-telemetry"],
            "Telemetry: disabled (reason: env:ATOMCODE_TELEMETRY=0)",
        ),
        (&[("DO_NOT_TRACK", "1")], &[], "Telemetry: disabled (reason: env:DO_NOT_TRACK=1)"),
        (&[], &["--no-telemetry"], "Telemetry: disabled (reason: flag:--no-telemetry)"),
    ] {
        let home = Home::new();
        let program = daemon(&home).args(flags);
        let program =
            variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let running = program.spawn();
        let address = address(&running);
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").unwrap();
        assert!(rest(&mut stream).ends_with("\r\n\r\nok"));
        assert!(turn(&address, "one", "hello").starts_with("HTTP/1.1 200 OK"));
        signal(&running, "-INT");
        let output = running.wait();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        assert_eq!(output.stdout_text().lines().next(), Some(expected));
        let is_on = expected == "Telemetry: enabled";
        assert_eq!(output.stderr_text().contains(NOTICE), is_on, "{}", output.stderr_text());
        assert_eq!(output.stderr_text().is_empty(), !is_on);
        assert_eq!(home.tree().is_empty(), expected != "Telemetry: enabled", "{expected}");
    }
}

#[test]
fn a_conversation_is_a_session_and_shares_id_and_queue_with_the_command() {
    let home = Home::new();
    let running = daemon(&home).spawn();
    let address = address(&running);
    for conversation in ["one", "two", "one"] {
        turn(&address, conversation, "hello");
    }
    signal(&running, "-TERM");
    assert_eq!(running.wait().code(), Some(0));
    let output = program(&home, &["-p", "hello"]).run();
    assert_eq!(output.code(), Some(0));

    let records = dumped(&home);
    let modes: Vec<&Value> = records.iter().map(|record| &record["mode"]).collect();
    assert_eq!(modes, ["ide", "ide", "ide", "ide", "headless", "headless"]);
    assert_eq!(records[0]["event_id"], "open_atomcode");
    let chats = only(&records, "llm_chat");
    assert_eq!(chats[0]["session_id"], chats[2]["session_id"]);
    assert_ne!(chats[0]["session_id"], chats[1]["session_id"]);
    assert_ne!(chats[0]["turn_id"], chats[2]["turn_id"]);
    assert_ne!(chats[0]["session_id"], records[0]["session_id"]);
    assert!(records.iter().all(|record| record["device_id"] == records[0]["device_id"]));
}

#[test]
fn a_request_in_flight_ends_and_is_recorded_before_the_daemon_does() {
    let home = Home::new();
    let running = daemon(&home).spawn();
    let address = address(&running);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(head(5, "one").as_bytes()).unwrap();
    // Answered after the connection above, so that one is being served by now.
    turn(&address, "two", "hello");

    signal(&running, "-TERM");
    // Refused once the daemon has stopped to accept; the one in flight goes on.
    let start = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(20), "it accepts still");
        std::thread::yield_now();
    }
    stream.write_all(b"hello").unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 200 OK"));
    let output = running.wait();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(only(&dumped(&home), "llm_chat").len(), 2);
}

#[test]
fn an_end_against_a_black_hole_takes_half_a_second_and_loses_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Never);
    let home = told();
    let running = daemon(&home).env("ATOMCODE_TELEMETRY_ENDPOINT", &server.url()).spawn();
    let address = address(&running);
    for _ in 0..3 {
        turn(&address, "one", "hello");
    }
    let start = Instant::now();
    signal(&running, "-TERM");
    let output = running.wait();
    let took = start.elapsed();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(took < END, "{took:?}");
    assert_eq!(server.wait_for(1, Duration::from_secs(20)).len(), 1);
    assert_eq!(dumped(&home).len(), 4);

    // The next process takes them along, in as many batches as there are
    // segments.
    let living = CaptureServer::start();
    living.reply_otherwise(taken());
    let flush = program(&home, &["telemetry", "flush"]);
    let output = flush.env("ATOMCODE_TELEMETRY_ENDPOINT", &living.url()).run();
    assert_eq!(output.code(), Some(0));
    let arrived: usize = living.requests().iter().map(|it| it.text().lines().count()).sum();
    assert_eq!(arrived, 4);
    assert_eq!(dumped(&home), [] as [Value; 0]);
}

/// Editors that ask all the time, until nobody takes their connections any
/// more: every turn that was answered has arrived or is on disk, once.
#[test]
fn an_end_under_load_keeps_every_turn_that_was_answered() {
    for reply in [taken(), ServerReply::Never] {
        let server = CaptureServer::start();
        server.reply_otherwise(reply);
        let home = told();
        let running = daemon(&home).env("ATOMCODE_TELEMETRY_ENDPOINT", &server.url()).spawn();
        let address = address(&running);
        let answered = AtomicUsize::new(0);
        let took = std::thread::scope(|scope| {
            for editor in ["one", "two", "three", "four"] {
                let (address, answered) = (&address, &answered);
                scope.spawn(move || {
                    while let Ok(mut stream) = TcpStream::connect(address) {
                        let request = head(5, editor) + "hello";
                        let sent = stream.write_all(request.as_bytes());
                        if sent.is_ok() && rest(&mut stream).starts_with("HTTP/1.1 200 OK") {
                            answered.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                });
            }
            let start = Instant::now();
            while answered.load(Ordering::SeqCst) < 100 || server.requests().is_empty() {
                assert!(start.elapsed() < Duration::from_secs(20), "no load came");
                std::thread::yield_now();
            }
            let start = Instant::now();
            signal(&running, "-TERM");
            let output = running.wait();
            assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
            start.elapsed()
        });
        assert!(took < END, "{took:?}");
        let mut turns = BTreeSet::new();
        let lines = server.requests().into_iter().flat_map(|request| records(&request.text()));
        for record in lines.chain(dumped(&home)).filter(|record| record["event_id"] == "llm_chat") {
            turns.insert(record["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(turns.len(), answered.load(Ordering::SeqCst));
    }
}

/// A collector's yes to everything in a request.
fn taken() -> ServerReply {
    ServerReply::Made(|request| {
        let lines = request.text().lines().count();
        CannedAnswer::status(200)
            .header("content-type", "application/json")
            .body(format!(r#"{{"accepted":{lines},"duplicate":0,"rejected":0,"events":[]}}"#))
    })
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_could_be_sent_within_the_budget_is_sent_at_the_end() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200)
            .header("content-type", "application/json")
            .body(r#"{"accepted":2,"duplicate":0,"rejected":0,"events":[]}"#),
    );
    let home = told();
    let running = daemon(&home).env("ATOMCODE_TELEMETRY_ENDPOINT", &server.url()).spawn();
    let address = address(&running);
    turn(&address, "one", "hello");
    signal(&running, "-TERM");
    assert_eq!(running.wait().code(), Some(0));
    assert_eq!(server.wait_for(1, Duration::from_secs(20))[0].text().lines().count(), 2);
}

#[test]
fn a_crash_in_a_turn_is_recorded_and_the_daemon_goes_on() {
    let prompt = Canary::new("prompt");
    let home = Home::new();
    let running = daemon(&home).spawn();
    let address = address(&running);
    assert_eq!(turn(&address, "one", &crashing(prompt.text())), "");
    assert!(turn(&address, "one", "hello").starts_with("HTTP/1.1 200 OK"));
    signal(&running, "-TERM");
    assert_eq!(running.wait().code(), Some(0));
    let records = dumped(&home);
    let crash = only(&records, "panic")[0];
    assert_eq!((&crash["mode"], &crash["thread"]), (&"ide".into(), &"worker".into()));
    assert_eq!(only(&records, "llm_chat").len(), 1);
    assert_eq!(prompt.find_in_tree(home.path()), [""; 0]);
}

#[test]
fn disable_on_the_command_line_reaches_a_running_daemon() {
    let home = Home::new();
    let running = daemon(&home).spawn();
    let address = address(&running);
    turn(&address, "one", "hello");
    assert_eq!(dumped(&home).len(), 2);
    assert_eq!(program(&home, &["telemetry", "disable"]).run().code(), Some(0));
    assert!(turn(&address, "one", "hello").starts_with("HTTP/1.1 200 OK"));
    assert_eq!(dumped(&home), [] as [Value; 0]);
    signal(&running, "-TERM");
    assert_eq!(running.wait().code(), Some(0));
    assert_eq!(dumped(&home), [] as [Value; 0]);
}

#[test]
fn a_port_that_is_taken_is_a_sentence_and_no_crash() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program(&home, &["--no-telemetry", "daemon", "--port", &port]).run();
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().starts_with("atomcode: the daemon cannot serve on port"));
}

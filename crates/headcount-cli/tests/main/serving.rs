//! `headcount serve` as its operator meets it: settings, the log, the stop.

#[cfg(unix)]
use std::io::{Read as _, Write as _};
#[cfg(unix)]
use std::net::TcpStream;

use headcount_testkit::Home;
#[cfg(unix)]
use serde_json::Value;

#[cfg(unix)]
use super::stage::{Served, call, serve};
use super::stage::{catalog, headcount};

pub(crate) const CONFIG: &str = "listen = \"127.0.0.1:0\"\ndata = \"kept\"\ncatalogs = \"all\"\n";

/// A folder with a catalog and a configuration.
pub(crate) fn configured(text: &str) -> Home {
    let home = Home::new();
    home.write("etc/all/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    home.write("etc/headcount.toml", text);
    home
}

#[test]
fn a_mistake_in_the_configuration_starts_nothing() {
    let home = configured(&CONFIG.replace("listen", "lisen"));
    for more in [&["--check-config"][..], &["--development"]] {
        let args = [&["serve", "--config", "etc/headcount.toml"], more].concat();
        let output = headcount(&home, &args).run();
        assert_eq!(output.code(), Some(2));
        let told = output.stderr_text();
        assert!(told.contains("headcount.toml:1:1: unknown key `lisen`; did you mean `listen`?"));
        assert!(told.ends_with("\n    ^^^^^\n"), "{told}");
        assert_eq!(output.stdout_text(), "");
    }
    assert!(!home.path().join("etc/kept").exists());
}

#[cfg(unix)]
#[test]
fn the_configuration_is_served_and_the_log_says_what_happens() {
    let home = configured(&format!("{CONFIG}development = true\nlog = \"json\"\n"));
    let running =
        headcount(&home, &["serve"]).env("HEADCOUNT_CONFIG", "etc/headcount.toml").spawn();
    let url = running.line("listening on ").replace("listening on ", "");
    let canary = "canary-of-a-client";
    let headers = format!("authorization: Bearer {canary}\r\nuser-agent: {canary}\r\n");
    let body = format!("{{\"event\":\"{canary}\"}}");
    for _ in 0..3 {
        assert_eq!(call(&url, "POST", "/api/v1/events", &headers, &body).0, 401);
    }
    let named = "authorization: Bearer clacky\r\n";
    assert_eq!(call(&url, "POST", "/api/v1/events", named, &body).0, 200);
    assert_eq!(call(&url, "POST", "/api/v1/events", named, "[{]").0, 400);
    assert_eq!(call(&url, "GET", &format!("/{canary}?{canary}"), "", "").0, 404);
    stop(running.id());
    let output = running.wait();
    assert_eq!(output.code(), Some(0));
    let text = output.stderr_text();
    assert!(!text.contains(canary), "{text}");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {text}")))
        .collect();
    let told = |sentence: &str| {
        let found =
            lines.iter().filter(|line| line["sentence"].as_str().unwrap().contains(sentence));
        found.collect::<Vec<_>>()
    };
    assert_eq!(told("started version").len(), 1, "{text}");
    assert_eq!(told("stopping").len(), 1);
    assert_eq!(lines.last().unwrap()["sentence"], "stopped");
    let unknown: Vec<_> = told("requests are refused")
        .into_iter()
        .filter(|line| line["reason"] == "unknown-key")
        .map(|line| (line["status"].clone(), line["route"].clone(), line["count"].clone()))
        .collect();
    // One at once, and the others when it stops.
    assert_eq!(
        unknown,
        [(401.into(), "events".into(), 1.into()), (401.into(), "events".into(), 2.into())]
    );
    let broken = told("requests are refused");
    let broken = broken.iter().find(|line| line["status"] == 400).unwrap();
    assert_eq!((&broken["product"], &broken["reason"]), (&"clacky".into(), &"malformed".into()));
    let events = told("events are rejected");
    assert!(
        events.iter().any(|line| line["reason"] == "unknown-event" && line["product"] == "clacky")
    );
    assert_eq!(
        told("requests are refused").iter().find(|l| l["status"] == 404).unwrap()["level"],
        "info"
    );
}

#[cfg(unix)]
#[test]
fn the_log_can_be_quieter() {
    let home = Home::new();
    let catalogs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogs");
    let running = headcount(&home, &["serve", "--listen", "127.0.0.1:0", "--development"])
        .args(["--log-level", "error", "--catalogs"])
        .args([catalogs])
        .spawn();
    let _ = running.line("listening on ");
    stop(running.id());
    let output = running.wait();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
}

/// A request whose head is here and whose body is not.
#[cfg(unix)]
fn half_sent(url: &str, length: usize, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer clacky\r\n\
         expect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    stream
}

#[cfg(unix)]
#[test]
fn a_stop_answers_what_has_started_and_exits_with_zero() {
    let home = Home::new();
    let Served { running, url } = serve(&home);
    let body = "{\"event\":\"invented\"}\n";
    let mut stream = half_sent(&url, 2 * body.len(), body);
    stop(running.id());
    // The address is not listened on any more, and what has started goes on.
    let address = url.strip_prefix("http://").unwrap();
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("\"rejected\":2"), "{answer}");
    let output = running.wait();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    // What was acknowledged is there.
    let Served { running: _running, url } = serve(&home);
    assert_eq!(super::stage::counted(&url, "clacky", "rejected"), 2);
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once() {
    let home = Home::new();
    let Served { running, url } = serve(&home);
    let _stream = half_sent(&url, 1_000, "{");
    stop(running.id());
    let address = url.strip_prefix("http://").unwrap();
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    let began = std::time::Instant::now();
    stop(running.id());
    let output = running.wait();
    assert_eq!(output.code(), Some(1), "{}", output.stderr_text());
    assert!(output.stderr_text().contains("a second signal"), "{}", output.stderr_text());
    assert!(began.elapsed() < headcount_collector::limits::STOP_TIME, "{:?}", began.elapsed());
}

/// As a supervisor does.
#[cfg(unix)]
fn stop(id: u32) {
    let told =
        std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status().unwrap();
    assert!(told.success());
}

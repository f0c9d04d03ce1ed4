//! What every test here does: run OpenClacky, and read what arrives.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use headcount::Time;
use headcount_collector::{
    Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, Running, StoreConfig,
};
use headcount_testkit::{
    CannedAnswer, CaptureServer, CapturedRequest, Home, ManualClock, ProgramOutput, TestProgram,
};
use serde_json::Value;

/// What hangs never comes; a busy machine may be slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const STARTUP: &str = "/api/v1/telemetry/startup";
pub(crate) const TASK: &str = "/api/v1/telemetry/task";

/// The first words of the notice.
pub(crate) const NOTICE: &str = "OpenClacky sends anonymous usage statistics.";

/// The answer to every message.
pub(crate) const ANSWER: &str = "There is no model here. With one, this would be its answer.\n";

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_clacky");

/// OpenClacky as somebody runs it: the id is made of their name.
pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(Path::new(BINARY), home).args(args).env("USER", "me")
}

pub(crate) fn clacky(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

/// A home whose person was told by an earlier run, which sent nothing.
pub(crate) fn told() -> Home {
    let home = Home::new();
    assert!(clacky(&home, &["agent", "-m", "hello"]).stderr_text().contains(NOTICE));
    home
}

/// A backend that takes everything.
pub(crate) fn backend() -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    server
}

/// The bodies that went to a path, in the order in which they came.
pub(crate) fn bodies(requests: &[CapturedRequest], path: &str) -> Vec<String> {
    let of_path = requests.iter().filter(|request| request.path == path);
    of_path.map(CapturedRequest::text).collect()
}

pub(crate) fn until(mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "it never came");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// The real collector, with OpenClacky's catalog.
pub(crate) struct TheCollector {
    running: Running,
    // After the collector: it keeps its data there.
    _home: Home,
}

impl TheCollector {
    pub(crate) fn start() -> Self {
        let home = Home::new();
        let folder = home.path().join("catalogs");
        std::fs::create_dir(&folder).expect("a folder");
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("telemetry.toml");
        std::fs::copy(catalog, folder.join("clacky.toml")).expect("the catalog");
        let clock = ManualClock::at(1_795_176_000);
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: home.path().join("data"),
            registry: Registry::load(&folder).expect("a valid catalog"),
            access: Access::Development,
            encryption: Encryption::None,
            store: StoreConfig::Embedded,
            hosts: Vec::new(),
            clock: Arc::new(move || Time::from_system(clock.now())),
            passed: PassedTime::OfTheClock,
            log: OperatorLog::new(|_| {}),
        };
        Self { running: Collector::start(config).expect("a collector"), _home: home }
    }

    pub(crate) fn url(&self) -> String {
        self.running.url()
    }

    /// The number of events of this name.
    pub(crate) fn count(&self, event: &str) -> u64 {
        let rows = self.ask("events?product=clacky");
        let of_event = rows.iter().filter(|row| row["event"] == event);
        of_event.map(|row| row["count"].as_u64().expect("a number")).sum()
    }

    /// The counts of an event by a property.
    pub(crate) fn by(&self, event: &str, property: &str) -> Vec<(String, u64)> {
        let rows =
            self.ask(&format!("by-property?product=clacky&event={event}&property={property}"));
        let mut counts = std::collections::BTreeMap::new();
        for row in rows {
            let value = row["value"].as_str().expect("a word").to_owned();
            *counts.entry(value).or_default() += row["count"].as_u64().expect("a number");
        }
        counts.into_iter().collect()
    }

    /// The devices of all days.
    pub(crate) fn devices(&self) -> u64 {
        let rows = self.ask("active?product=clacky");
        rows.iter().map(|row| row["devices"].as_u64().expect("a number")).sum()
    }

    fn ask(&self, question: &str) -> Vec<Value> {
        let answer = self.send(&format!("GET /api/v1/ask/{question}"), "");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        answer["rows"].as_array().expect("rows").clone()
    }

    /// Sends a request, and returns the body of the answer.
    pub(crate) fn send(&self, line: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.running.address()).expect("a connection");
        let head = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        // An answer of one chunk, or of a known length.
        match body.split_once("\r\n") {
            Some((_, rest)) if head.contains("chunked") => {
                rest.split_once("\r\n").map_or(rest, |(chunk, _)| chunk).to_owned()
            }
            _ => body.to_owned(),
        }
    }
}

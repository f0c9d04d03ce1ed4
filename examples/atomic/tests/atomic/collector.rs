//! The real collector, with Atomic's catalog.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use headcount::Time;
use headcount_collector::{
    Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, Running, StoreConfig,
};
use headcount_testkit::Home;
use serde_json::Value;

pub(crate) struct TheCollector {
    running: Running,
    // After the collector: it keeps its data there.
    home: Home,
}

impl TheCollector {
    pub(crate) fn start() -> Self {
        let home = Home::new();
        let folder = home.path().join("catalogs");
        std::fs::create_dir(&folder).expect("a folder");
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("telemetry.toml");
        std::fs::copy(catalog, folder.join("atomic.toml")).expect("the catalog");
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: home.path().join("data"),
            registry: Registry::load(&folder).expect("a valid catalog"),
            access: Access::Development,
            encryption: Encryption::None,
            store: StoreConfig::Embedded,
            hosts: Vec::new(),
            // The programs have the system's clock, and must not be of
            // tomorrow.
            clock: Arc::new(|| Time::from_system(SystemTime::now())),
            passed: PassedTime::Measured,
            log: OperatorLog::new(|_| {}),
        };
        Self { running: Collector::start(config).expect("a collector"), home }
    }

    pub(crate) fn url(&self) -> String {
        self.running.url()
    }

    /// Where it keeps what it knows.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The number of events of this name.
    pub(crate) fn count(&self, event: &str) -> u64 {
        let rows = self.ask("events?product=atomic");
        let of_event = rows.iter().filter(|row| row["event"] == event);
        of_event.map(|row| row["count"].as_u64().expect("a number")).sum()
    }

    /// The counts of an event by a property.
    pub(crate) fn by(&self, event: &str, property: &str) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for row in
            self.ask(&format!("by-property?product=atomic&event={event}&property={property}"))
        {
            let value = row["value"].as_str().unwrap_or("null").to_owned();
            *counts.entry(value).or_default() += row["count"].as_u64().expect("a number");
        }
        counts
    }

    /// The devices of all days.
    pub(crate) fn devices(&self) -> u64 {
        let rows = self.ask("active?product=atomic");
        rows.iter().map(|row| row["devices"].as_u64().expect("a number")).sum()
    }

    fn ask(&self, question: &str) -> Vec<Value> {
        let mut stream = TcpStream::connect(self.running.address()).expect("a connection");
        let head = format!(
            "GET /api/v1/ask/{question} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        // An answer of one chunk, or of a known length.
        let body = match body.split_once("\r\n") {
            Some((_, rest)) if head.contains("chunked") => {
                rest.split_once("\r\n").map_or(rest, |(chunk, _)| chunk)
            }
            _ => body,
        };
        let answer: Value = serde_json::from_str(body).expect("JSON");
        answer["rows"].as_array().expect("rows").clone()
    }
}

//! The real collector in the tests of a product, with that product's catalog.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use headcount::Time;
use headcount_collector::{
    Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, Running, StoreConfig,
};
use headcount_testkit::Home;
use serde_json::Value;

/// A collector in development, on a free port.
pub(crate) struct TheCollector {
    running: Running,
    product: &'static str,
    // After the collector, which keeps its data there.
    _home: Home,
}

impl TheCollector {
    /// Starts it with the `telemetry.toml` of the package that is tested. Every
    /// key of a product's catalog is known to it.
    pub(crate) fn start(product: &'static str, catalog: impl FnOnce(String) -> String) -> Self {
        let home = Home::new();
        let folder = home.path().join("catalogs");
        std::fs::create_dir(&folder).expect("a folder");
        let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("telemetry.toml");
        let text = std::fs::read_to_string(text).expect("the catalog");
        std::fs::write(folder.join("catalog.toml"), catalog(text)).expect("the catalog");
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: home.path().join("data"),
            registry: Registry::load(&folder).expect("a valid catalog"),
            access: Access::Development,
            encryption: Encryption::None,
            store: StoreConfig::Embedded,
            hosts: Vec::new(),
            // That of the programs, which are real.
            clock: Arc::new(|| Time::from_system(SystemTime::now())),
            passed: PassedTime::Measured,
            log: OperatorLog::new(|_| {}),
        };
        Self { running: Collector::start(config).expect("a collector"), product, _home: home }
    }

    pub(crate) fn url(&self) -> String {
        self.running.url()
    }

    /// Asks one of its questions, whose parameters begin with `&`.
    pub(crate) fn ask(&self, question: &str, parameters: &str) -> Vec<Value> {
        let path = format!("/api/v1/ask/{question}?product={}{parameters}", self.product);
        let answer: Value = serde_json::from_str(&self.get(&path)).expect("JSON");
        answer["rows"].as_array().expect("rows").clone()
    }

    /// How many events of this name it has.
    pub(crate) fn count(&self, event: &str) -> u64 {
        let rows = self.ask("events", "");
        let of_event = rows.iter().filter(|row| row["event"] == event);
        of_event.map(|row| row["count"].as_u64().expect("a number")).sum()
    }

    /// Waits until it has as many.
    #[track_caller]
    pub(crate) fn has(&self, event: &str, count: u64, limit: Duration) {
        let end = Instant::now() + limit;
        while self.count(event) < count {
            assert!(Instant::now() < end, "{} of {count} {event}", self.count(event));
            std::thread::park_timeout(Duration::from_millis(5));
        }
        assert_eq!(self.count(event), count, "{event}");
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.running.address()).expect("a connection");
        // Of HTTP/1.0, so that the answer has no chunks.
        let head = format!("GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains(" 200 "), "{answer}");
        body.to_owned()
    }
}

//! A collector with the five products on a temporary folder, and lines for it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use headcount_catalog::{Catalog, Day, EventId, Time};
use headcount_collector::{
    Access, Collector, Config, Encryption, LogLevel, LogPart, OperatorLog, PassedTime, Registry,
    Running,
};
use headcount_store::HouseReport;
use headcount_testkit::{Home, ManualClock};

use crate::client::{Answer, get, post};
use crate::store_choice::{drop_database, store};

/// The current day in every test, unless it sets the clock.
pub(crate) const TODAY: &str = "2026-11-20";

/// A temporary home with a collector in it.
pub(crate) struct Fixture {
    pub(crate) home: Home,
    pub(crate) clock: ManualClock,
    /// What the operator is told of catalogs, credentials and certificates, and
    /// warned of, but for what is refused.
    pub(crate) told: Arc<Mutex<Vec<String>>>,
    running: Option<Running>,
}

impl Drop for Fixture {
    /// No test may lose an arrival.
    fn drop(&mut self) {
        self.stop();
        if !std::thread::panicking() {
            drop_database(&self.home.path().join("data"));
        }
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = told.iter().find(|message| message.contains("without an outcome"));
        assert!(lost.is_none() || std::thread::panicking(), "{lost:?}");
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let noon = Day::parse(TODAY).expect("a day").start().seconds() + 12 * 3_600;
        let clock = ManualClock::at(noon.try_into().expect("after 1970"));
        let mut fixture = Self { home: Home::new(), clock, told: Arc::default(), running: None };
        fixture.start();
        fixture
    }

    pub(crate) fn config(&self) -> Config {
        let (clock, told) = (self.clock.clone(), Arc::clone(&self.told));
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: self.home.path().join("data"),
            registry: Registry::of(catalogs()).expect("valid catalogs"),
            access: Access::Development,
            encryption: Encryption::None,
            store: store(&self.home.path().join("data")),
            hosts: Vec::new(),
            clock: Arc::new(move || Time::from_system(clock.now())),
            passed: PassedTime::OfTheClock,
            log: OperatorLog::new(move |record| {
                let is_warning = record.level > LogLevel::Info && record.part != LogPart::Requests;
                let is_of_files = matches!(
                    record.part,
                    LogPart::Catalogs | LogPart::Encryption | LogPart::Credentials
                );
                if is_warning || is_of_files {
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    told.push(record.sentence.to_string());
                }
            }),
        }
    }

    pub(crate) fn start(&mut self) {
        self.running = Some(Collector::start(self.config()).expect("a collector that starts"));
    }

    pub(crate) fn run(&mut self, running: Running) {
        self.running = Some(running);
    }

    pub(crate) fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// Seals, merges and expires, as the collector does hourly.
    #[track_caller]
    pub(crate) fn keep_house(&self) -> HouseReport {
        let running = self.running.as_ref().expect("a collector that runs");
        running.keep_house().expect("a store that can be written")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("a collector that runs").address()
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        get(path).send(self.address())
    }

    /// Sends lines of Atomic CLI.
    #[track_caller]
    pub(crate) fn send(&self, lines: &[String]) -> Answer {
        post("/api/v1/events", lines.join("\n")).key("atomic").send(self.address())
    }

    /// One number of the counter, 0 if it has none.
    #[track_caller]
    pub(crate) fn counter(&self, product: &str, outcome: &str, reason: &str) -> u64 {
        let head = format!(
            "headcount_events_total{{product=\"{product}\",outcome=\"{outcome}\",reason=\"{reason}\"}} "
        );
        let metrics = self.get("/metrics").body;
        let line = metrics.lines().find_map(|line| line.strip_prefix(&head));
        line.map_or(0, |count| count.parse().expect("a number"))
    }

    /// The number of fields that were dropped from stored events.
    #[track_caller]
    pub(crate) fn dropped_fields(&self, product: &str, reason: &str) -> u64 {
        let head = format!(
            "headcount_properties_dropped_total{{product=\"{product}\",reason=\"{reason}\"}} "
        );
        let metrics = self.get("/metrics").body;
        let line = metrics.lines().find_map(|line| line.strip_prefix(&head));
        line.map_or(0, |count| count.parse().expect("a number"))
    }

    /// The sum of the counter: all arrivals.
    #[track_caller]
    pub(crate) fn arrivals(&self) -> u64 {
        let metrics = self.get("/metrics").body;
        let lines = metrics.lines().filter(|line| line.starts_with("headcount_events_total{"));
        lines
            .map(|line| line.rsplit(' ').next().unwrap_or("").parse::<u64>().expect("a number"))
            .sum()
    }
}

/// The catalogs of the five products.
pub(crate) fn catalogs() -> Vec<Catalog> {
    ["archon", "assembly", "atomcode", "atomic", "clacky"].map(catalog).to_vec()
}

/// A product's catalog.
pub(crate) fn catalog(product: &str) -> Catalog {
    headcount_catalog::parse(&catalog_text(product)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The text of a product's catalog.
pub(crate) fn catalog_text(product: &str) -> String {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let file = examples.join(product).join("telemetry.toml");
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A distinct id for each number.
pub(crate) fn id(number: u64) -> EventId {
    let mut random = [0; 16];
    random[8..].copy_from_slice(&number.to_be_bytes());
    EventId::new(Day::parse(TODAY).expect("a day"), random)
}

/// A valid line of Atomic CLI.
pub(crate) fn line(number: u64) -> String {
    line_of(number, TODAY, "update")
}

pub(crate) fn line_of(number: u64, day: &str, command: &str) -> String {
    line_from(&format!("device-{}", number % 10), number, day, command)
}

pub(crate) fn line_from(device: &str, number: u64, day: &str, command: &str) -> String {
    format!(
        "{{\"anonymousId\":\"{device}\",\"eventId\":\"{}\",\"eventType\":\"atomic_command\",\
         \"timestamp\":\"{day}T10:00:00Z\",\"command\":\"{command}\",\"agentType\":null,\
         \"success\":true,\"platform\":\"linux\",\"atomicVersion\":\"0.1.0\",\"source\":\"cli\"}}",
        id(number)
    )
}

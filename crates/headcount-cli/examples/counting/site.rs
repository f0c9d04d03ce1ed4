//! The real collector on a temporary folder, at a time that the run sets:
//! records go in over HTTP, and questions are asked as by anybody else.

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use headcount_catalog::{Age, Day, Period};
use headcount_collector::{
    Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, Running, StoreConfig,
};
use headcount_store::EmbeddedStore;
use serde_json::Value as Json;
use ureq::Agent;

use crate::life::Delivery;
use crate::products::Product;
use crate::truth::{ByPeriod, Weeks};

/// Records of one request: 4,000 x 130 B are far below what a body may have.
const RECORDS: usize = 4_000;

/// From before the first day of any run to its last: a question may have 3,660
/// days.
const ALL_DAYS: i32 = -3_000;

/// The collector and a client of it.
pub(crate) struct Site {
    running: Running,
    data: PathBuf,
    day: Arc<AtomicI32>,
    agent: Agent,
    /// How the records of each product ended.
    pub(crate) outcomes: BTreeMap<(&'static str, String), u64>,
}

impl Site {
    /// # Errors
    ///
    /// Why the collector does not start.
    pub(crate) fn start(data: &Path) -> Result<Self, String> {
        let catalogs = Product::ALL.map(Product::catalog).into_iter().collect::<Result<_, _>>()?;
        let registry = Registry::of(catalogs).map_err(|error| error.to_string())?;
        let day = Arc::new(AtomicI32::new(0));
        let clock = Arc::clone(&day);
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.to_path_buf(),
            registry,
            access: Access::Development,
            encryption: Encryption::None,
            store: StoreConfig::Embedded,
            hosts: Vec::new(),
            clock: Arc::new(move || Day::from_number(clock.load(Ordering::Relaxed)).start()),
            passed: PassedTime::OfTheClock,
            log: OperatorLog::new(|record| eprintln!("{}", record.sentence)),
        };
        let running = Collector::start(config).map_err(|error| error.to_string())?;
        // It is on loopback, where a proxy has no business.
        let agent = Agent::config_builder().proxy(None).build().new_agent();
        Ok(Self { running, data: data.to_path_buf(), day, agent, outcomes: BTreeMap::new() })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    /// Delivers what arrives on a day.
    ///
    /// # Errors
    ///
    /// What the collector answers, if it does not take the records.
    pub(crate) fn deliver(&mut self, day: Day, deliveries: &[Delivery]) -> Result<(), String> {
        self.day.store(day.number(), Ordering::Relaxed);
        for product in Product::ALL {
            for records in deliveries.chunks(RECORDS) {
                let body: String = records.iter().map(|record| product.line(record)).collect();
                let sent = self
                    .agent
                    .post(self.url("/api/v1/events"))
                    .header("authorization", &format!("Bearer {}", product.name()))
                    .send(body);
                let mut answer = sent.map_err(|error| error.to_string())?;
                let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
                self.note(product, &json(&text)?);
            }
        }
        Ok(())
    }

    fn note(&mut self, product: Product, answer: &Json) {
        let mut add = |outcome: &str, count: u64| {
            let key = (product.name(), outcome.to_owned());
            *self.outcomes.entry(key).or_default() += count;
        };
        add("stored", number(&answer["accepted"]));
        add("duplicate", number(&answer["duplicate"]));
        for event in answer["events"].as_array().into_iter().flatten() {
            if let Some(reason) = event["reason"].as_str() {
                add(&format!("rejected as `{reason}`"), 1);
            }
        }
    }

    fn rows(&self, path: &str) -> Result<Vec<Json>, String> {
        let asked = self.agent.get(self.url(path)).call().map_err(|error| error.to_string())?;
        let mut asked = asked;
        let body = asked.body_mut().with_config().limit(u64::MAX);
        let text = body.read_to_string().map_err(|error| error.to_string())?;
        let rows = json(&text)?["rows"].as_array().cloned();
        rows.ok_or_else(|| format!("{path} has an answer without rows: {text}"))
    }

    /// The devices of a product, as `active` answers.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub(crate) fn active(&self, product: Product, last: Day) -> Result<ByPeriod, String> {
        let mut counts = ByPeriod::new();
        for (period, name) in Period::ALL {
            let path = format!(
                "/api/v1/ask/active?product={}&period={name}&from={}&to={last}",
                product.name(),
                last.plus(ALL_DAYS)
            );
            for row in self.rows(&path)? {
                let mut start = row[name].as_str().unwrap_or("").to_owned();
                if period == Period::Month {
                    start.push_str("-01");
                }
                let start = Day::parse(&start).ok_or("a period without its start")?;
                counts.insert((period, start), number(&row["devices"]));
            }
        }
        Ok(counts)
    }

    /// Devices without an id by week and age, as `retention` answers.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub(crate) fn marks(&self, last: Day) -> Result<Weeks, String> {
        let from = last.plus(ALL_DAYS);
        let name = Product::Counting.name();
        let path = format!("/api/v1/ask/retention?product={name}&from={from}&to={last}");
        let mut weeks = Weeks::default();
        for row in self.rows(&path)? {
            let week = row["week"].as_str().and_then(Day::parse).ok_or("a row without its week")?;
            let age = row["age"].as_str().and_then(Age::read).ok_or("a row without its age")?;
            weeks.put(week, age, number(&row["devices"]));
        }
        Ok(weeks)
    }

    /// Stops the collector, and reads the stored events of a product as an
    /// analyst with SQL can: which device was active in which weeks.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    pub(crate) fn weeks_of_ids(self, products: &[Product]) -> Result<Vec<Weeks>, String> {
        self.running.stop();
        let store = EmbeddedStore::open(&self.data).map_err(|error| error.to_string())?;
        let mut all = Vec::new();
        for product in products {
            let mut days: HashMap<_, Vec<Day>> = HashMap::new();
            let (from, to) = (Day::from_number(0), Day::from_number(i32::MAX));
            store
                .each_rows(product.name(), from, to, |rows| {
                    let devices = rows.heads().iter().filter_map(|head| head.device.pseudonym());
                    devices.for_each(|device| days.entry(device).or_default().push(rows.day()));
                })
                .map_err(|error| error.to_string())?;
            let mut weeks = Weeks::default();
            days.into_values().for_each(|days| weeks.add(days));
            all.push(weeks);
        }
        Ok(all)
    }
}

fn json(text: &str) -> Result<Json, String> {
    serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))
}

fn number(json: &Json) -> u64 {
    json.as_u64().unwrap_or(0)
}

//! The collector that a watched program reports to: one on loopback, in a
//! folder of its own, with this catalog alone.

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use headcount::Time;
use headcount_catalog::Catalog;
use headcount_collector::offline::{self, ExportRange, ExportTarget};
use headcount_collector::{
    Access, Collector, Config, Encryption, LogField, LogLevel, LogPart, LogValue, OperatorLog,
    Registry, Running,
};
use serde_json::{Map, Value as Json};
use ureq::Agent;

use super::limits;

/// A running collector.
pub(super) struct Judge {
    running: Running,
    data: PathBuf,
    catalog: Catalog,
    said: Arc<Mutex<Vec<String>>>,
    seen: HashSet<String>,
    agent: Agent,
}

/// An event that was taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    pub(super) event: String,
    /// Everything it says but its id, its day and its device: its properties in
    /// the order of the catalog, then the envelope.
    pub(super) fields: Vec<(String, Json)>,
}

/// Something that was rejected or dropped, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// `event` or `event.property`; empty where the catalog knows neither.
    pub(super) place: String,
    pub(super) reason: String,
    pub(super) events: u64,
}

/// `unknown-key (status 401, route events)`
fn refusal(fields: &[LogField]) -> String {
    let mut why = "refused".to_owned();
    let mut rest = Vec::new();
    for field in fields {
        let value = match field.value() {
            LogValue::Word(word) => word.to_owned(),
            LogValue::Number(number) => number.to_string(),
            LogValue::Fraction(number) => number.to_string(),
        };
        match field {
            LogField::Reason(_) => why = value,
            LogField::Count(_) => {}
            _ => rest.push(format!("{} {value}", field.name())),
        }
    }
    format!("{why} ({})", rest.join(", "))
}

impl Judge {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// Why it does not start, as a sentence.
    pub(super) fn start(catalog: Catalog, data: &Path) -> Result<Self, String> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let log = OperatorLog::new(move |record| {
            // Events are asked for later, each with its place.
            let is_whole = record.fields.iter().any(|field| matches!(field, LogField::Status(_)));
            if is_whole && record.level > LogLevel::Info && record.part == LogPart::Requests {
                let mut said = heard.lock().unwrap_or_else(PoisonError::into_inner);
                if said.len() < limits::SHOWN {
                    said.push(refusal(&record.fields));
                }
            }
        });
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.to_path_buf(),
            registry: Registry::of(vec![catalog]).map_err(|error| error.to_string())?,
            access: Access::Development,
            encryption: Encryption::None,
            hosts: Vec::new(),
            clock: Arc::new(|| Time::from_system(SystemTime::now())),
            log,
        };
        let running = Collector::start(config).map_err(|error| error.to_string())?;
        let agent = Agent::config_builder().proxy(None).timeout_global(Some(limits::QUESTION));
        Ok(Self {
            running,
            data: data.to_path_buf(),
            catalog,
            said,
            seen: HashSet::new(),
            agent: agent.build().new_agent(),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.running.address())
    }

    /// The events that were taken since the last call, in the order in which
    /// they are stored.
    ///
    /// # Errors
    ///
    /// Why they cannot be read, as a sentence.
    pub(super) fn news(&mut self) -> Result<Vec<Taken>, String> {
        let mut lines = Vec::new();
        let range = ExportRange { from: None, to: None };
        let target = ExportTarget::Lines(&mut lines);
        match offline::export(&self.data, self.catalog.product.name, range, target, &mut |_| {}) {
            Ok(_) => {}
            Err(error) if error.is_unknown_product() => {}
            Err(error) => return Err(error.to_string()),
        }
        let lines = String::from_utf8_lossy(&lines);
        let read = lines.lines().filter_map(|line| serde_json::from_str(line).ok());
        Ok(read.filter_map(|fields| self.is_new(fields)).collect())
    }

    fn is_new(&mut self, mut fields: Map<String, Json>) -> Option<Taken> {
        let Some(Json::String(id)) = fields.remove("id") else { return None };
        if !self.seen.insert(id) {
            return None;
        }
        let Some(Json::String(event)) = fields.remove("event") else { return None };
        fields.remove("day");
        fields.remove("device");
        let definition = self.catalog.event(&event);
        let properties = definition.map_or(&[][..], |event| event.properties);
        let own = properties.iter().filter_map(|one| fields.remove_entry(one.name));
        let own: Vec<(String, Json)> = own.collect();
        Some(Taken { event, fields: own.into_iter().chain(fields).collect() })
    }

    /// What was rejected and dropped, and how often.
    ///
    /// # Errors
    ///
    /// Why the collector does not say, as a sentence.
    pub(super) fn refused(&self) -> Result<Vec<Refused>, String> {
        let url = format!(
            "{}/api/v1/ask/rejected?product={}&days=30",
            self.url(),
            self.catalog.product.name
        );
        let failed = |error: ureq::Error| format!("the collector does not answer: {error}");
        let mut answer = self.agent.get(url).call().map_err(failed)?;
        let body = answer.body_mut().with_config().limit(limits::ANSWER_BYTES);
        let text = body.read_to_string().map_err(failed)?;
        let json: Json = serde_json::from_str(&text)
            .map_err(|error| format!("the collector's answer is not JSON: {error}"))?;
        let rows = json["rows"].as_array().into_iter().flatten();
        let refused = rows.filter_map(|row| {
            Some(Refused {
                place: row["path"].as_str()?.to_owned(),
                reason: row["reason"].as_str()?.to_owned(),
                events: row["count"].as_u64()?,
            })
        });
        Ok(refused.collect())
    }

    /// Why whole requests were turned away, a sentence each.
    pub(super) fn turned_away(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn stop(self) {
        self.running.stop();
    }
}

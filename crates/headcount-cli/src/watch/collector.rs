//! The collector that a watched program reports to: one on loopback, in a
//! folder of its own, with this catalog alone.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use headcount::Time;
use headcount_catalog::Catalog;
use headcount_collector::offline::{self, ExportRange, ExportTarget};
use headcount_collector::{
    Collector, LogField, LogLevel, LogPart, LogValue, OperatorLog, Registry, Running, TimeSource,
};
use serde_json::{Map, Value as Json};

use super::limits;
use crate::loopback_collector::{self, Asking};

/// A running collector.
pub(super) struct Judge {
    running: Running,
    data: PathBuf,
    catalog: Catalog,
    said: Arc<Mutex<Vec<String>>>,
    seen: HashSet<String>,
    asking: Asking,
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

fn url(running: &Running) -> String {
    format!("http://{}", running.address())
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
        let registry = Registry::of(vec![catalog]).map_err(|error| error.to_string())?;
        let clock: TimeSource = Arc::new(|| Time::from_system(SystemTime::now()));
        let config = loopback_collector::config(data.to_path_buf(), registry, clock, log);
        let running = Collector::start(config).map_err(|error| error.to_string())?;
        let asking = Asking::of(&url(&running));
        Ok(Self { running, data: data.to_path_buf(), catalog, said, seen: HashSet::new(), asking })
    }

    pub(super) fn url(&self) -> String {
        url(&self.running)
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
        let product = self.catalog.product.name;
        let text = self.asking.get(&format!("/api/v1/ask/rejected?product={product}&days=30"))?;
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

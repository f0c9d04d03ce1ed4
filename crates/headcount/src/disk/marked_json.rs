//! The periods that a device has marked, as JSON of our own state.

use headcount_catalog::{Day, Period};
use serde_json::{Map, Value as Json};

use crate::marked_periods::MarkedPeriods;

/// Reads what [`written`] has written. `None` if that is not sound.
pub(super) fn read(json: &Json) -> Option<MarkedPeriods> {
    let object = json.as_object()?;
    let newest = |period: Period| match object.get(period.name()) {
        None => Some(Vec::new()),
        Some(days) => days.as_array()?.iter().map(|day| Day::parse(day.as_str()?)).collect(),
    };
    let since = object.get("since").and_then(Json::as_str).and_then(Day::parse);
    MarkedPeriods::kept(newest, since)
}

/// As it is in the file: `{"day": ["2026-11-28"], "since": "2026-11-23"}`.
pub(super) fn written(marked: &MarkedPeriods) -> Json {
    let mut object = Map::new();
    for (period, name) in Period::ALL {
        let days = marked.newest(period);
        if !days.is_empty() {
            let days: Vec<Json> = days.iter().map(|day| Json::from(day.to_string())).collect();
            object.insert(name.to_owned(), Json::Array(days));
        }
    }
    if let Some(since) = marked.since() {
        object.insert("since".to_owned(), Json::from(since.to_string()));
    }
    Json::Object(object)
}

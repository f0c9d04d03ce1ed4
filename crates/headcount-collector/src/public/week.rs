//! The numbers of one week as they are published, and their JSON, which is the
//! same in the file and for everybody.

use headcount_catalog::Day;
use serde_json::{Value as Json, json};

/// The numbers of one week, of many devices each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicWeek {
    /// Its Monday.
    pub(super) monday: Day,
    /// Active devices, rounded down; `None` if they are too few, or not known.
    pub(super) devices: Option<u64>,
    /// The events whose names are shown, rounded down; `None` if there are
    /// none.
    pub(super) events: Option<u64>,
    /// Empty without `events`.
    pub(super) tables: Vec<PublicTable>,
}

/// Events by the values of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicTable {
    /// The event that is counted; `None` for all.
    pub(super) event: Option<String>,
    /// What it is counted by: a property, an entry of the envelope, or
    /// [`BY_EVENT`].
    pub(super) by: String,
    /// Values with their events, rounded down; the highest first.
    pub(super) values: Vec<(String, u64)>,
    /// Whether there are values that are not shown.
    pub(super) has_others: bool,
}

/// What the table of events by name is counted by.
pub(super) const BY_EVENT: &str = "";

impl PublicWeek {
    /// A week of which nothing can be seen.
    pub(super) fn unseen(monday: Day) -> Self {
        Self { monday, devices: None, events: None, tables: Vec::new() }
    }

    /// The table, if anything of it can be seen.
    pub(super) fn table(&self, event: Option<&str>, by: &str) -> Option<&PublicTable> {
        self.tables.iter().find(|table| table.event.as_deref() == event && table.by == by)
    }

    pub(super) fn json(&self) -> Json {
        json!({
            "week": self.monday.to_string(),
            "devices": self.devices,
            "events": self.events,
            "tables": self.tables.iter().map(PublicTable::json).collect::<Vec<_>>(),
        })
    }

    /// Reads what [`json`](Self::json) wrote.
    pub(super) fn read(json: &Json) -> Option<Self> {
        let number = |key: &str| match json.get(key)? {
            Json::Null => Some(None),
            number => number.as_u64().map(Some),
        };
        let tables = json.get("tables")?.as_array()?.iter();
        Some(Self {
            monday: Day::parse(json.get("week")?.as_str()?)?,
            devices: number("devices")?,
            events: number("events")?,
            tables: tables.map(PublicTable::read).collect::<Option<_>>()?,
        })
    }
}

impl PublicTable {
    fn json(&self) -> Json {
        let value = |(value, events): &(String, u64)| json!({"value": value, "events": events});
        json!({
            "event": self.event,
            "by": if self.by == BY_EVENT { Json::Null } else { json!(self.by) },
            "values": self.values.iter().map(value).collect::<Vec<_>>(),
            "others": self.has_others,
        })
    }

    fn read(json: &Json) -> Option<Self> {
        let text = |key: &str| match json.get(key)? {
            Json::Null => Some(None),
            text => text.as_str().map(|text| Some(text.to_owned())),
        };
        let value = |json: &Json| {
            let value = json.get("value")?.as_str()?.to_owned();
            Some((value, json.get("events")?.as_u64()?))
        };
        let values = json.get("values")?.as_array()?.iter();
        Some(Self {
            event: text("event")?,
            by: text("by")?.unwrap_or_else(|| BY_EVENT.to_owned()),
            values: values.map(value).collect::<Option<_>>()?,
            has_others: json.get("others")?.as_bool()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let table = |event: Option<&str>, by: &str| PublicTable {
            event: event.map(str::to_owned),
            by: by.to_owned(),
            values: vec![("<b>\"é".to_owned(), 40), (String::new(), 20)],
            has_others: true,
        };
        let week = PublicWeek {
            monday: Day::parse("2026-11-09").unwrap(),
            devices: Some(30),
            events: Some(60),
            tables: vec![table(None, BY_EVENT), table(Some("run"), "shell")],
        };
        for week in [PublicWeek::unseen(week.monday), week] {
            let text = week.json().to_string();
            assert_eq!(PublicWeek::read(&serde_json::from_str(&text).unwrap()), Some(week));
        }
        for wrong in [json!({}), json!({"week": "x"}), json!([]), json!(null)] {
            assert_eq!(PublicWeek::read(&wrong), None);
        }
    }
}

//! Captured events, whoever captured them: lines of JSON, or one value with a
//! list of them. What is read of an event is its name and its properties.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// Where events have their names: ours and PostHog's, OpenTelemetry's,
/// Segment's and Amplitude's, in this order.
const NAMES: [&str; 5] = ["event", "eventName", "event_type", "eventType", "name"];

/// Where they have their properties; without any of these, beside the name.
const HOLDERS: [&str; 5] = ["properties", "attributes", "event_properties", "fields", "props"];

/// Where a body has its list of events.
const LISTS: [&str; 4] = ["batch", "events", "data", "rows"];

/// What stands beside the properties in these forms, and what libraries put
/// among them: the envelope's business, or nobody's.
const ENVELOPE: [&str; 28] = [
    "anonymousid",
    "anonymous_id",
    "api_key",
    "apikey",
    "context",
    "day",
    "device",
    "deviceid",
    "device_id",
    "distinctid",
    "distinct_id",
    "eventid",
    "event_id",
    "id",
    "insert_id",
    "ip",
    "library",
    "messageid",
    "sentat",
    "sent_at",
    "session_id",
    "time",
    "timestamp",
    "token",
    "ts",
    "type",
    "userid",
    "uuid",
];

/// The properties of one event, and the values that were seen of each.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// How many events there were.
    pub(crate) events: u64,
    /// The values of each property, one an event that had it.
    pub(crate) values: BTreeMap<String, Vec<Json>>,
}

/// Everything that was captured, by the names of events.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Captured {
    pub(crate) events: BTreeMap<String, Seen>,
    /// Values that are not an event with a name.
    pub(crate) nameless: u64,
}

impl Captured {
    /// Reads a text and adds its events.
    ///
    /// # Errors
    ///
    /// The number of the first line that is not JSON, and what is wrong.
    pub(crate) fn read(&mut self, text: &str) -> Result<(), String> {
        if let Ok(whole) = serde_json::from_str::<Json>(text) {
            self.take(&whole);
            return Ok(());
        }
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let value: Json = serde_json::from_str(line)
                .map_err(|error| format!("line {} is not JSON: {error}", number + 1))?;
            self.take(&value);
        }
        Ok(())
    }

    fn take(&mut self, value: &Json) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.take(item)),
            Json::Object(fields) => match list(fields) {
                Some(items) => items.iter().for_each(|item| self.take(item)),
                None => self.take_event(fields),
            },
            _ => self.nameless += 1,
        }
    }

    fn take_event(&mut self, fields: &Map<String, Json>) {
        let named = NAMES.iter().find_map(|key| Some((*key, fields.get(*key)?.as_str()?)));
        let Some((name_key, name)) = named else {
            self.nameless += 1;
            return;
        };
        let seen = self.events.entry(name.to_owned()).or_default();
        seen.events += 1;
        let held = HOLDERS.iter().find_map(|key| fields.get(*key)?.as_object());
        let own = held.unwrap_or(fields).iter().filter(|(key, value)| {
            key.as_str() != name_key && !is_of_envelope(key) && !value.is_null()
        });
        for (key, value) in own {
            seen.values.entry(key.clone()).or_default().push(value.clone());
        }
    }
}

/// The list of events that a body is.
fn list(fields: &Map<String, Json>) -> Option<&Vec<Json>> {
    LISTS.iter().find_map(|key| fields.get(*key)?.as_array())
}

fn is_of_envelope(key: &str) -> bool {
    key.starts_with('$') || ENVELOPE.contains(&key.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Captured {
        let mut captured = Captured::default();
        captured.read(text).unwrap();
        captured
    }

    #[test]
    fn every_usual_form_gives_the_same() {
        let expected = {
            let values = BTreeMap::from([("worked".to_owned(), vec![Json::from(true)])]);
            let events = BTreeMap::from([("run".to_owned(), Seen { events: 1, values })]);
            Captured { events, nameless: 0 }
        };
        for text in [
            r#"{"event":"run","id":"1","timestamp":"2026-11-20","worked":true,"none":null}"#,
            r#"{"api_key":"phc","batch":[{"event":"run","distinct_id":"x","properties":{"$lib":"node","worked":true}}]}"#,
            r#"[{"event_type":"run","user_id":"x","event_properties":{"worked":true}}]"#,
            "{\"eventName\":\"run\",\"attributes\":{\"worked\":true}}\n\n",
            r#"{"events":[{"name":"run","props":{"worked":true}}]}"#,
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_event_is_counted_and_what_is_not_json_is_named() {
        assert_eq!(read("[1, {}, \"x\", {\"event\": 5}]").nameless, 4);
        let wrong = Captured::default().read("{\"event\":\"a\"}\n{\"event\":");
        assert!(wrong.unwrap_err().starts_with("line 2 is not JSON"));
    }
}

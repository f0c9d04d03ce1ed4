//! A row of `headcount export` as the line that a host would have written:
//! the names of the catalog, in their places.

use headcount_catalog::{Catalog, Event, Source};
use headcount_wire::{HomeLifetime, Rate};
use serde_json::{Map, Value as Json};

/// What an exported row says.
#[derive(Debug, PartialEq)]
pub(super) struct ExportedRow {
    /// The line of the event.
    pub(super) line: String,
    /// The share of devices that the event stands for.
    pub(super) rate: Rate,
    /// Whether the home of its device is thrown away.
    pub(super) home: HomeLifetime,
}

/// Why a line is not an exported row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRow {
    /// It is not a JSON object.
    Malformed,
    /// It has no `day`, which every exported row has: perhaps a line of a
    /// host's queue.
    NotExported,
    /// Its weight is not that of a rate.
    BadWeight,
}

impl NoRow {
    /// The name in a report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotExported => "not-exported",
            Self::BadWeight => "bad-weight",
        }
    }
}

/// Reads a row by the catalog of its product.
pub(super) fn read(catalog: &Catalog, text: &str) -> Result<ExportedRow, NoRow> {
    let row: Json = serde_json::from_str(text).map_err(|_| NoRow::Malformed)?;
    let Json::Object(mut row) = row else { return Err(NoRow::Malformed) };
    let Some(Json::String(day)) = own(catalog, &mut row, "day") else {
        return Err(NoRow::NotExported);
    };
    let rate = match own(catalog, &mut row, "weight") {
        None => Rate::WHOLE,
        Some(weight) => {
            let is_it = |rate: &Rate| weight.as_u64() == Some(rate.weight().into());
            Rate::ALL.into_iter().find(is_it).ok_or(NoRow::BadWeight)?
        }
    };
    let is_ephemeral = own(catalog, &mut row, "ephemeral") == Some(Json::Bool(true));
    let home = if is_ephemeral || has_uncounted_marks(catalog, &row) {
        HomeLifetime::Ephemeral
    } else {
        HomeLifetime::Lasting
    };
    let line = Json::Object(line(catalog, row, &day)).to_string();
    Ok(ExportedRow { line, rate, home })
}

/// Takes what the row says under a name of the export's own, which has
/// `headcount.` in front where the catalog has that name, too.
fn own(catalog: &Catalog, row: &mut Map<String, Json>, name: &str) -> Option<Json> {
    let longer = format!("headcount.{name}");
    row.remove(&longer).or_else(|| if has(catalog, name) { None } else { row.remove(name) })
}

/// Whether the event marked periods, and the collector did not count them: then
/// its home is thrown away. The row of a device with an id says so itself.
fn has_uncounted_marks(catalog: &Catalog, row: &Map<String, Json>) -> bool {
    let told =
        catalog.key_of(|source| matches!(source, Source::Marks)).and_then(|key| row.get(key));
    let is_counted = row.contains_key("headcount.marks")
        || (!has(catalog, "marks") && row.contains_key("marks"));
    told.and_then(Json::as_array).is_some_and(|periods| !periods.is_empty()) && !is_counted
}

fn has(catalog: &Catalog, name: &str) -> bool {
    let mut properties = catalog.events.iter().flat_map(|event| event.properties);
    catalog.envelope.iter().any(|entry| entry.key == name)
        || properties.any(|property| property.name == name)
}

/// The fields of a host's line.
fn line(catalog: &Catalog, mut row: Map<String, Json>, day: &str) -> Map<String, Json> {
    let key = |wanted: fn(&Source) -> bool| catalog.key_of(wanted);
    let event_key = key(|source| matches!(source, Source::Event));
    let id_key = key(|source| matches!(source, Source::EventId));
    let device_key = key(|source| matches!(source, Source::Device));
    let take = |row: &mut Map<String, Json>, key: Option<&str>, name: &str| {
        key.and_then(|key| row.remove(key)).or_else(|| own(catalog, row, name))
    };
    let name = take(&mut row, event_key, "event");
    let id = take(&mut row, id_key, "id");
    let device = take(&mut row, device_key, "device");
    let event = name.as_ref().and_then(Json::as_str).and_then(|name| catalog.event(name));
    let (marks, age) = (own(catalog, &mut row, "marks"), own(catalog, &mut row, "age"));

    let mut line = Map::new();
    for (key, value) in row {
        put_named(catalog, event, &mut line, key, value);
    }
    let mut put = |key: Option<&str>, value: Option<Json>| {
        if let (Some(key), Some(value)) = (key, value) {
            line.entry(key).or_insert(value);
        }
    };
    put(event_key, name);
    put(device_key, device);
    put(key(|source| matches!(source, Source::Marks)), marks);
    put(key(|source| matches!(source, Source::Age)), age);
    let midnight = Json::from(format!("{day}T00:00:00Z"));
    put(key(|source| matches!(source, Source::Time(_))), Some(midnight));
    match event.and_then(|event| event.id) {
        // The property is a pseudonym in the export; the id of the row is what
        // tells the event from others.
        Some(property) => {
            let in_line = within(catalog, property);
            line.extend(id.map(|id| (in_line, id)));
        }
        None => put(id_key, id),
    }
    line
}

/// Puts a column where a host has it: in the envelope, or among the properties.
fn put_named(
    catalog: &Catalog,
    event: Option<&'static Event>,
    line: &mut Map<String, Json>,
    key: String,
    value: Json,
) {
    let is_property = event.is_some_and(|event| event.property(&key).is_some());
    let is_entry = catalog.envelope.iter().any(|entry| entry.key == key);
    if is_property {
        line.insert(within(catalog, &key), value.clone());
    }
    if is_entry || !is_property {
        line.insert(key, value);
    }
}

/// The key of a property in a line.
fn within(catalog: &Catalog, property: &str) -> String {
    match catalog.key_of(|source| matches!(source, Source::Properties)) {
        None | Some("") => property.to_owned(),
        Some(holder) => format!("{holder}.{property}"),
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::{Time, parse};

    use super::*;

    fn catalog(name: &str) -> Catalog {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("catalogs/{name}.toml"));
        parse(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|all| panic!("{all}"))
    }

    #[test]
    fn a_row_is_the_line_that_the_host_wrote() {
        let archon = catalog("archon");
        let time = Time::parse("2026-11-20T10:00:00Z").unwrap();
        for event in archon.events {
            let record = archon.sample(event, time);
            let sent = headcount_wire::write(&archon, &record).unwrap();
            let sent: Json = serde_json::from_str(&sent).unwrap();
            let mut row = Map::from_iter([
                ("day".to_owned(), Json::from("2026-11-20")),
                ("weight".to_owned(), Json::from(20)),
                ("ephemeral".to_owned(), Json::from(true)),
            ]);
            let holder = archon.key_of(|source| matches!(source, Source::Properties)).unwrap();
            for (key, value) in sent.as_object().unwrap() {
                let Some(inner) = value.as_object() else {
                    row.insert(key.clone(), value.clone());
                    continue;
                };
                for (name, value) in inner {
                    // An entry of the envelope keeps its whole key.
                    let is_own = key == holder && event.property(name).is_some();
                    let key = if is_own { name.clone() } else { format!("{key}.{name}") };
                    row.insert(key, value.clone());
                }
            }
            let text = Json::Object(row).to_string();
            let read = read(&archon, &text).unwrap();
            assert_eq!((read.rate.weight(), read.home), (20, HomeLifetime::Ephemeral));
            let again = headcount_wire::read(&archon, &read.line)
                .unwrap_or_else(|reason| panic!("{reason}: {}", read.line));
            assert_eq!((again.event, again.id, again.time), (record.event, record.id, record.time));
            assert_eq!(again.properties, record.properties, "{}", event.name);
        }
    }

    #[test]
    fn an_event_whose_id_is_a_property_keeps_it() {
        let atomic = catalog("atomic");
        let event = atomic.events.iter().find(|event| event.id.is_some()).unwrap();
        let record = atomic.sample(event, Time::parse("2026-11-20T10:00:00Z").unwrap());
        let line = headcount_wire::write(&atomic, &record).unwrap();
        let mut row: Map<String, Json> = serde_json::from_str(&line).unwrap();
        let property = event.id.unwrap();
        row.insert(property.to_owned(), "ab".repeat(16).into());
        row.insert("id".to_owned(), record.id.unwrap().to_string().into());
        row.insert("day".to_owned(), "2026-11-20".into());
        let read = read(&atomic, &Json::Object(row).to_string()).unwrap();
        let again = headcount_wire::read(&atomic, &read.line).unwrap();
        assert_eq!((again.event, again.id), (record.event, record.id));
    }

    #[test]
    fn what_is_not_a_row_says_why() {
        let archon = catalog("archon");
        for (text, why) in [
            ("", NoRow::Malformed),
            ("{\"day\":", NoRow::Malformed),
            ("[1]", NoRow::Malformed),
            ("{\"event\":\"x\"}", NoRow::NotExported),
            ("{\"day\":7}", NoRow::NotExported),
            ("{\"day\":\"2026-11-20\",\"weight\":3}", NoRow::BadWeight),
            ("{\"day\":\"2026-11-20\",\"weight\":\"2\"}", NoRow::BadWeight),
        ] {
            assert_eq!(read(&archon, text), Err(why), "{text}");
        }
    }
}

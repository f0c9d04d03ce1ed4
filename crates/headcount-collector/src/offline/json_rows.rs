//! Raw events as lines of JSON, under the names of their product's catalog.
//!
//! ```json
//! {"day":"2026-11-20","eventId":"…","eventType":"atomic_command","anonymousId":"<32 digits>","command":"init"}
//! ```
//!
//! `day` is the event's own day. Id, event and device have the names of the
//! newest kept catalog that has the event; without one they are `id`, `event`
//! and `device`. Ids of devices, sessions and accounts are pseudonyms, as they
//! are stored. `weight`, `marks`, `age` and `ephemeral` are there if they say
//! something. A name of ours that is a column's too gets `headcount.` in front.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use headcount_catalog::{Catalog, Grain, Source, Time};
use headcount_store::{CellColumn, Cells, ColumnShape, DayRows, RowDevice, RowHead, RowSchema};

use crate::erasure_proof::hex;

/// The kept catalogs of one product, by which rows are named.
pub(super) struct RowNames {
    /// The newest first.
    versions: Vec<Catalog>,
}

/// What a schema's rows are written with: every key and word as JSON.
struct Keys {
    events: Vec<EventKeys>,
    columns: Vec<String>,
    /// For each column, its words.
    words: Vec<Vec<String>>,
    day: String,
    weight: String,
    marks: String,
    age: String,
    ephemeral: String,
}

/// The keys and the name of one event.
struct EventKeys {
    id: String,
    event: String,
    device: String,
    name: String,
}

impl RowNames {
    pub(super) fn new(versions: Vec<Catalog>) -> Self {
        Self { versions }
    }

    /// Whether no catalog of the product is kept.
    pub(super) fn is_without_catalog(&self) -> bool {
        self.versions.is_empty()
    }

    /// Writes one line for each row.
    ///
    /// # Errors
    ///
    /// Returns the error of `out`.
    pub(super) fn write(&self, rows: &DayRows, out: &mut dyn Write) -> io::Result<()> {
        let keys = self.keys(rows.schema());
        let day = rows.day().to_string();
        let mut cursors: Vec<Cursor<'_>> = rows.columns().iter().map(Cursor::new).collect();
        let mut line = String::with_capacity(512);
        for (row, (id, head)) in (0_u32..).zip(rows.ids().iter().zip(rows.heads())) {
            let Some(event) = keys.events.get(usize::from(head.event)) else { continue };
            line.clear();
            let _ = write!(line, "{{{}:\"{day}\",{}:\"{id}\"", keys.day, event.id);
            let _ = write!(line, ",{}:{}", event.event, event.name);
            keys.head(event, head, &mut line);
            for ((cursor, key), words) in cursors.iter_mut().zip(&keys.columns).zip(&keys.words) {
                if let Some(place) = cursor.at(row) {
                    line.push(',');
                    line.push_str(key);
                    line.push(':');
                    write_cell(cursor.column.cells(), place, words, &mut line);
                }
            }
            line.push_str("}\n");
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn keys(&self, schema: &RowSchema) -> Keys {
        let ours = |name: &str| match schema.column(name) {
            Some(_) => json(&format!("headcount.{name}")),
            None => json(name),
        };
        let event = |shape: &headcount_store::EventShape| {
            let catalog = self.versions.iter().find(|own| own.event(&shape.name).is_some());
            let named = |source: Source, without: &str| {
                let entries = catalog.map_or(&[][..], |catalog| catalog.envelope);
                let entry = entries.iter().find(|entry| entry.source == source);
                // A property of the same name is a column.
                let key = entry.map(|entry| entry.key).filter(|key| schema.column(key).is_none());
                key.map_or_else(|| ours(without), json)
            };
            EventKeys {
                id: named(Source::EventId, "id"),
                event: named(Source::Event, "event"),
                device: named(Source::Device, "device"),
                name: json(&shape.name),
            }
        };
        let words = |column: &ColumnShape| column.words.iter().map(|word| json(word)).collect();
        Keys {
            events: schema.events().iter().map(event).collect(),
            columns: schema.columns().iter().map(|column| json(&column.name)).collect(),
            words: schema.columns().iter().map(words).collect(),
            day: ours("day"),
            weight: ours("weight"),
            marks: ours("marks"),
            age: ours("age"),
            ephemeral: ours("ephemeral"),
        }
    }
}

impl Keys {
    fn head(&self, event: &EventKeys, head: &RowHead, line: &mut String) {
        if let Some(device) = head.device.pseudonym() {
            let _ = write!(line, ",{}:\"{}\"", event.device, hex(device.bytes()));
        }
        if matches!(head.device, RowDevice::Ephemeral(_)) {
            let _ = write!(line, ",{}:true", self.ephemeral);
        }
        if head.weight != 1 {
            let _ = write!(line, ",{}:{}", self.weight, head.weight);
        }
        let marks: Vec<String> = head.marks.periods().map(|period| json(period.name())).collect();
        if !marks.is_empty() {
            let _ = write!(line, ",{}:[{}]", self.marks, marks.join(","));
        }
        if let Some(age) = head.marks.age() {
            let _ = write!(line, ",{}:{}", self.age, json(age.name()));
        }
    }
}

/// A column, and the next of its cells.
pub(super) struct Cursor<'a> {
    column: &'a CellColumn,
    next: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(column: &'a CellColumn) -> Self {
        Self { column, next: 0 }
    }

    pub(super) fn cells(&self) -> &'a Cells {
        self.column.cells()
    }

    /// The place of the cell of this row, if it has one. Rows are asked for in
    /// rising order.
    pub(super) fn at(&mut self, row: u32) -> Option<usize> {
        let place = self.next;
        let is_here = self.column.rows().get(place) == Some(&row);
        is_here.then(|| {
            self.next += 1;
            place
        })
    }
}

fn write_cell(cells: &Cells, place: usize, words: &[String], line: &mut String) {
    let word = |code: u16| words.get(usize::from(code)).map_or("null", String::as_str);
    let items = |ends: &[u32]| item_range(ends, place);
    // Writing into a `String` cannot fail.
    let _ = match cells {
        Cells::Flags(all) => write!(line, "{}", all[place]),
        Cells::Numbers(all) => write!(line, "{}", all[place]),
        Cells::Decimals(all) => write!(line, "{}", number(all[place])),
        Cells::Words(all) => write!(line, "{}", word(all[place])),
        Cells::WordLists(ends, all) => {
            let listed: Vec<&str> = all[items(ends)].iter().map(|code| word(*code)).collect();
            write!(line, "[{}]", listed.join(","))
        }
        Cells::Text(texts, all) => write!(line, "{}", json(texts.get(all[place]).unwrap_or(""))),
        Cells::TextLists(texts, ends, all) => {
            let text = |code: &u32| json(texts.get(*code).unwrap_or(""));
            let listed: Vec<String> = all[items(ends)].iter().map(text).collect();
            write!(line, "[{}]", listed.join(","))
        }
        Cells::Pseudonyms(all) => write!(line, "\"{}\"", hex(all[place].bytes())),
        Cells::Seconds(all) => {
            write!(line, "\"{}\"", Time::from_seconds(all[place]).format(Grain::Second))
        }
    };
}

/// Where the items of one cell are in the list of all.
pub(super) fn item_range(ends: &[u32], place: usize) -> Range<usize> {
    let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    start as usize..ends.get(place).copied().unwrap_or(start) as usize
}

/// A number as JSON writes it, which knows no infinity.
fn number(decimal: f64) -> String {
    if decimal.is_finite() { decimal.to_string() } else { "null".to_owned() }
}

/// A text as JSON.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[path = "json_rows_tests.rs"]
mod tests;

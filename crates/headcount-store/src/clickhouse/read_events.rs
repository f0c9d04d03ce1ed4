//! Reads raw events back as rows, with a schema made of what they say.

use std::collections::HashMap;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use super::sql_day::SqlDay;
use super::{Client, Statement};
use crate::embedded::FLAGS;
use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, DayRows, EventShape, NamedCell, Pseudonym,
    RollupKind, RowDevice, RowHead, RowMarks, RowSchema, StoreError, limits,
};

/// An event, as `sql/questions/read_events.sql` says it.
type Told = (
    String,
    String,
    String,
    u16,
    u8,
    u8,
    String,
    Vec<(String, u8, u8, String)>,
    Vec<(String, u8, f64)>,
    Vec<(String, i64)>,
    Vec<(String, u8, String)>,
    Vec<(String, u8, String)>,
);

/// Calls `each` with the events of some days, day by day, a page at a time.
pub(super) fn read_events(
    client: &Client,
    product: &str,
    (from, to): (Day, Day),
    each: &mut dyn FnMut(&DayRows),
) -> Result<(), StoreError> {
    let days = Statement::new(
        "SELECT DISTINCT day FROM last_batches WHERE product = {product:String} \
         AND day BETWEEN {from:Date} AND {to:Date} ORDER BY day",
    );
    let days = days.with("product", product).with("from", from).with("to", to);
    for (SqlDay(day),) in client.rows::<(SqlDay,)>(&days)? {
        let mut after = "00".repeat(16);
        loop {
            let page = Statement::question("read_events", &[])
                .with("product", product)
                .with("day", day)
                .with("after", &after)
                .with("most", limits::clickhouse::PAGE_ROWS);
            let told: Vec<Told> = client.rows(&page)?;
            let Some(last) = told.last() else { break };
            after.clone_from(&last.0);
            each(&rows(product, day, &told));
            if (told.len() as u64) < limits::clickhouse::PAGE_ROWS {
                break;
            }
        }
    }
    Ok(())
}

/// The columns and events that come, by the order of their coming.
#[derive(Default)]
struct Shapes<'t> {
    events: Vec<EventShape>,
    columns: Vec<ColumnShape>,
    places: HashMap<(&'t str, ColumnKind), usize>,
    words: HashMap<(usize, &'t str), u16>,
}

fn rows(product: &str, day: Day, told: &[Told]) -> DayRows {
    let mut shapes = Shapes::default();
    let all: Vec<_> = told.iter().map(|event| shapes.read(event)).collect();
    let Shapes { events, columns, words, .. } = shapes;
    let mut rows = DayRows::new(Arc::new(RowSchema::new(product.to_owned(), events, columns)), day);
    let kinds: Vec<ColumnKind> = rows.schema().columns().iter().map(|one| one.kind).collect();
    for (id, head, cells) in &all {
        let words: Vec<Vec<u16>> = cells
            .iter()
            .map(|(place, cell)| {
                let code = |text: &&str| words.get(&(*place, *text)).copied();
                match cell {
                    NamedCell::Text(text) => code(text).into_iter().collect(),
                    NamedCell::Texts(texts) => texts.iter().filter_map(code).collect(),
                    _ => Vec::new(),
                }
            })
            .collect();
        let cells = cells.iter().zip(&words).map(|((place, cell), words)| {
            let cell = match (cell, kinds[*place]) {
                (NamedCell::Text(_), ColumnKind::Word) => CellRef::Word(words[0]),
                (NamedCell::Texts(_), ColumnKind::Words) => CellRef::Words(words),
                (NamedCell::Flag(flag), _) => CellRef::Flag(*flag),
                (NamedCell::Number(number), _) => CellRef::Number(*number),
                (NamedCell::Decimal(number), _) => CellRef::Decimal(*number),
                (NamedCell::Text(text), _) => CellRef::Text(text),
                (NamedCell::Texts(texts), _) => CellRef::Texts(texts),
                (NamedCell::Pseudonym(person), _) => CellRef::Pseudonym(*person),
                (NamedCell::Seconds(seconds), _) => CellRef::Seconds(*seconds),
            };
            (*place, cell)
        });
        rows.push(*id, *head, cells);
    }
    rows
}

impl<'t> Shapes<'t> {
    fn read(&mut self, told: &'t Told) -> (EventId, RowHead, Vec<(usize, NamedCell<'t>)>) {
        let (id, event, version, weight, marks, kind, device, ..) = told;
        let (.., values, numbers, times, people, others) = told;
        let id = EventId::from_bits(u128::from_str_radix(id, 16).unwrap_or_default());
        let device = pseudonym(device);
        let head = RowHead {
            event: self.event(event),
            weight: *weight,
            marks: RowMarks::from_byte(*marks).unwrap_or_default(),
            device: match kind {
                1 => RowDevice::Counted(device),
                2 => RowDevice::Ephemeral(device),
                _ => RowDevice::None,
            },
        };
        let mut cells: Vec<(usize, NamedCell<'t>)> = Vec::new();
        for (name, kind, is_open, text) in values {
            let rollup = match (ColumnKind::ALL.get(usize::from(*kind)), is_open) {
                (Some(ColumnKind::Number), _) => RollupKind::ExitCodes,
                (_, 0) => RollupKind::Values,
                _ => RollupKind::OpenValues,
            };
            let role = match *is_open == 1 && text == version && !version.is_empty() {
                true => ColumnRole::Version,
                false => ColumnRole::Plain,
            };
            self.text(&mut cells, (name, *kind, text), rollup, role);
        }
        for (name, kind, text) in others {
            self.text(&mut cells, (name, *kind, text), RollupKind::None, ColumnRole::Plain);
        }
        for (name, is_whole, number) in numbers {
            let (kind, cell) = match is_whole {
                0 => (ColumnKind::Decimal, NamedCell::Decimal(*number)),
                #[expect(clippy::cast_possible_truncation, reason = "it was a whole number")]
                _ => (ColumnKind::Number, NamedCell::Number(*number as i64)),
            };
            cells.push((self.column(name, kind, RollupKind::Histogram, ColumnRole::Plain), cell));
        }
        for (name, seconds) in times {
            let place = self.column(name, ColumnKind::Seconds, RollupKind::None, ColumnRole::Plain);
            cells.push((place, NamedCell::Seconds(*seconds)));
        }
        for (name, is_account, person) in people {
            let role = if *is_account == 1 { ColumnRole::Account } else { ColumnRole::Plain };
            let place = self.column(name, ColumnKind::Pseudonym, RollupKind::None, role);
            cells.push((place, NamedCell::Pseudonym(pseudonym(person))));
        }
        (id, head, cells)
    }

    /// Adds a value that the table has as text.
    fn text(
        &mut self,
        cells: &mut Vec<(usize, NamedCell<'t>)>,
        (name, kind, text): (&'t str, u8, &'t str),
        rollup: RollupKind,
        role: ColumnRole,
    ) {
        let Some(kind) = ColumnKind::ALL.get(usize::from(kind)).copied() else { return };
        let place = self.column(name, kind, rollup, role);
        if matches!(kind, ColumnKind::Word | ColumnKind::Words) {
            self.word(place, text);
        }
        if let Some((_, NamedCell::Texts(texts))) = cells.iter_mut().find(|(of, _)| *of == place) {
            return texts.push(text);
        }
        let cell = match kind {
            ColumnKind::Flag => Some(NamedCell::Flag(text == FLAGS[1])),
            ColumnKind::Number => text.parse().ok().map(NamedCell::Number),
            ColumnKind::Decimal => text.parse().ok().map(NamedCell::Decimal),
            ColumnKind::Words | ColumnKind::Texts => Some(NamedCell::Texts(vec![text])),
            _ => Some(NamedCell::Text(text)),
        };
        cells.extend(cell.map(|cell| (place, cell)));
    }

    fn event(&mut self, name: &str) -> u16 {
        let known = self.events.iter().position(|event| event.name == name);
        let place = known.unwrap_or_else(|| {
            let (name, across, failure) = (name.to_owned(), Vec::new(), None);
            self.events.push(EventShape { name, across, failure });
            self.events.len() - 1
        });
        place as u16
    }

    fn column(
        &mut self,
        name: &'t str,
        kind: ColumnKind,
        rollup: RollupKind,
        role: ColumnRole,
    ) -> usize {
        *self.places.entry((name, kind)).or_insert_with(|| {
            self.columns.push(ColumnShape { rollup, role, ..ColumnShape::plain(name, kind) });
            self.columns.len() - 1
        })
    }

    fn word(&mut self, place: usize, text: &'t str) {
        let words = &mut self.columns[place].words;
        self.words.entry((place, text)).or_insert_with(|| {
            words.push(text.to_owned());
            (words.len() - 1) as u16
        });
    }
}

/// A pseudonym in hexadecimal digits.
fn pseudonym(text: &str) -> Pseudonym {
    Pseudonym::from_bytes(u128::from_str_radix(text, 16).unwrap_or_default().to_be_bytes())
}

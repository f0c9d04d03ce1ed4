//! Rows in the form in which ClickHouse takes them: `RowBinary`, by the columns
//! of `sql/tables/002_events.sql`.
//!
//! Source: ClickHouse's documentation, "RowBinary". Numbers are little-endian,
//! a text has its length in front as a varint, and so has a list.

use std::borrow::Cow;
use std::collections::HashSet;

use headcount_catalog::{Day, EventId};

use crate::block::{put_count, put_text};
use crate::embedded::{Coding, EventOutcome, FLAGS, PLAIN_EXIT_CODES, failure_rules};
use crate::{
    ColumnKind, ColumnRole, ColumnShape, DayRows, NamedCell, Pseudonym, RowDevice, RowHead,
    SpooledBatch,
};

/// The table and the columns, in the order in which they are written.
pub(super) const EVENTS: &str = "events (product, day, id, node, batch, content, event, version, \
     failed, weight, marks, device_kind, device, values.name, values.kind, values.is_open, values.text, \
     numbers.name, numbers.is_whole, numbers.number, times.name, times.seconds, people.name, \
     people.is_account, people.pseudonym, others.name, others.kind, others.text) FORMAT RowBinary";

/// Who sends rows, and as which batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender {
    pub(super) node: u32,
    pub(super) batch: u64,
}

/// The rows of a batch. Of several with one product, day and id, the first one
/// is written: within one insert, the server would keep the last.
pub(super) fn encoded(batch: &SpooledBatch, sender: Sender) -> Vec<u8> {
    let mut out = Vec::new();
    let mut known: HashSet<(&str, Day, EventId)> = HashSet::new();
    for rows in &batch.rows {
        let product = rows.schema().product();
        let outcomes = outcomes(rows);
        let mut cursors = Cursors::new(rows);
        for (place, id) in rows.ids().iter().enumerate() {
            let told = Told::of(cursors.cells(place));
            if known.insert((product, rows.day(), *id)) {
                put_head(&mut out, rows, place, sender);
                put_text(
                    &mut out,
                    &rows.schema().events()[usize::from(rows.heads()[place].event)].name,
                );
                put_text(&mut out, &told.version);
                out.push(outcomes[place] as u8);
                put_counted(&mut out, rows.heads()[place]);
                told.put(&mut out);
            }
        }
    }
    out
}

/// What comes before the event's name.
fn put_head(out: &mut Vec<u8>, rows: &DayRows, place: usize, sender: Sender) {
    put_text(out, rows.schema().product());
    out.extend_from_slice(&date(rows.day()).to_le_bytes());
    out.extend_from_slice(&rows.ids()[place].bits().to_be_bytes());
    out.extend_from_slice(&sender.node.to_le_bytes());
    out.extend_from_slice(&sender.batch.to_le_bytes());
    out.extend_from_slice(&rows.contents()[place].to_le_bytes());
}

/// Weight, marks and device.
fn put_counted(out: &mut Vec<u8>, head: RowHead) {
    out.extend_from_slice(&head.weight.to_le_bytes());
    out.push(head.marks.byte());
    let (kind, bytes) = match head.device {
        RowDevice::None => (0, [0; 16]),
        RowDevice::Counted(device) => (1, device.bytes()),
        RowDevice::Ephemeral(device) => (2, device.bytes()),
    };
    out.push(kind);
    out.extend_from_slice(&bytes);
}

/// A `Date`: days since 1970-01-01, up to 2149-06-06. A collector accepts no
/// day outside.
pub(super) fn date(day: Day) -> u16 {
    u16::try_from(day.number().max(0)).unwrap_or(u16::MAX)
}

/// Whether each row says that it failed.
fn outcomes(rows: &DayRows) -> Vec<EventOutcome> {
    let mut outcomes = vec![EventOutcome::Unsaid; rows.len()];
    for rule in failure_rules(rows.schema()) {
        let event_of = |row: usize| rows.heads()[row].event;
        rule.read(&rows.columns()[rule.column], event_of, &mut outcomes);
    }
    outcomes
}

/// Goes through the rows, and through the cells of every column with them.
struct Cursors<'r> {
    rows: &'r DayRows,
    /// For each column, the place of its next cell.
    next: Vec<usize>,
}

impl<'r> Cursors<'r> {
    fn new(rows: &'r DayRows) -> Self {
        Self { rows, next: vec![0; rows.columns().len()] }
    }

    /// The cells of a row, which is the one after that of the last call.
    fn cells(&mut self, row: usize) -> Vec<(&'r ColumnShape, NamedCell<'r>)> {
        let mut cells = Vec::new();
        let columns = self.rows.schema().columns().iter().zip(self.rows.columns());
        for ((shape, column), next) in columns.zip(&mut self.next) {
            if column.rows().get(*next).is_some_and(|of| *of as usize == row) {
                cells.extend(NamedCell::at(shape, column, *next).map(|cell| (shape, cell)));
                *next += 1;
            }
        }
        cells
    }
}

/// A value of a counted column.
struct Value<'r> {
    name: &'r str,
    kind: ColumnKind,
    is_open: bool,
    text: Cow<'r, str>,
}

/// The cells of a row, by what they are to a question.
#[derive(Default)]
struct Told<'r> {
    version: Cow<'r, str>,
    values: Vec<Value<'r>>,
    numbers: Vec<(&'r str, bool, f64)>,
    times: Vec<(&'r str, i64)>,
    people: Vec<(&'r str, bool, Pseudonym)>,
    others: Vec<Value<'r>>,
}

impl<'r> Told<'r> {
    fn of(cells: Vec<(&'r ColumnShape, NamedCell<'r>)>) -> Self {
        let mut told = Self::default();
        for (shape, cell) in cells {
            told.add(shape, cell);
        }
        told
    }

    fn add(&mut self, shape: &'r ColumnShape, cell: NamedCell<'r>) {
        let coding = Coding::of(shape);
        match (cell, coding) {
            (NamedCell::Pseudonym(person), _) => {
                self.people.push((&shape.name, shape.role == ColumnRole::Account, person));
            }
            (NamedCell::Seconds(seconds), _) => self.times.push((&shape.name, seconds)),
            (NamedCell::Number(number), Some(Coding::WholeNumbers)) => {
                self.numbers.push((&shape.name, true, number as f64));
            }
            (NamedCell::Decimal(number), Some(Coding::Fractions)) => {
                self.numbers.push((&shape.name, false, number));
            }
            (NamedCell::Number(number), Some(Coding::ExitCodes)) => {
                let is_open = !PLAIN_EXIT_CODES.contains(&number);
                self.values.push(value(shape, is_open, number.to_string().into()));
            }
            (cell, coding) => {
                let is_open = coding == Some(Coding::Texts);
                let texts = texts(cell);
                if shape.role == ColumnRole::Version && shape.kind == ColumnKind::Text {
                    self.version = texts.first().cloned().unwrap_or_default();
                }
                let into = if coding.is_some() { &mut self.values } else { &mut self.others };
                into.extend(texts.into_iter().map(|text| value(shape, is_open, text)));
            }
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        let (values, others) = (&self.values, &self.others);
        put_list(out, values, |out, value| put_text(out, value.name));
        put_list(out, values, |out, value| out.push(kind_byte(value.kind)));
        put_list(out, values, |out, value| out.push(u8::from(value.is_open)));
        put_list(out, values, |out, value| put_text(out, &value.text));
        put_list(out, &self.numbers, |out, (name, ..)| put_text(out, name));
        put_list(out, &self.numbers, |out, (_, is_whole, _)| out.push(u8::from(*is_whole)));
        put_list(out, &self.numbers, |out, (.., number)| {
            out.extend_from_slice(&number.to_le_bytes());
        });
        put_list(out, &self.times, |out, (name, _)| put_text(out, name));
        put_list(out, &self.times, |out, (_, seconds)| {
            out.extend_from_slice(&seconds.to_le_bytes());
        });
        put_list(out, &self.people, |out, (name, ..)| put_text(out, name));
        put_list(out, &self.people, |out, (_, is_account, _)| out.push(u8::from(*is_account)));
        put_list(out, &self.people, |out, (.., person)| out.extend_from_slice(&person.bytes()));
        put_list(out, others, |out, value| put_text(out, value.name));
        put_list(out, others, |out, value| out.push(kind_byte(value.kind)));
        put_list(out, others, |out, value| put_text(out, &value.text));
    }
}

fn value<'r>(shape: &'r ColumnShape, is_open: bool, text: Cow<'r, str>) -> Value<'r> {
    Value { name: &shape.name, kind: shape.kind, is_open, text }
}

fn texts(cell: NamedCell<'_>) -> Vec<Cow<'_, str>> {
    match cell {
        NamedCell::Flag(flag) => vec![FLAGS[usize::from(flag)].into()],
        NamedCell::Text(text) => vec![text.into()],
        NamedCell::Texts(texts) => texts.into_iter().map(Cow::from).collect(),
        NamedCell::Number(number) => vec![number.to_string().into()],
        NamedCell::Decimal(number) => vec![number.to_string().into()],
        NamedCell::Pseudonym(_) | NamedCell::Seconds(_) => Vec::new(),
    }
}

pub(super) fn put_list<T>(out: &mut Vec<u8>, items: &[T], put: impl Fn(&mut Vec<u8>, &T)) {
    put_count(out, items.len());
    items.iter().for_each(|item| put(out, item));
}

/// The kind's place in [`ColumnKind::ALL`].
pub(super) fn kind_byte(kind: ColumnKind) -> u8 {
    let place = ColumnKind::ALL.iter().position(|known| *known == kind);
    place.map_or(u8::MAX, |place| place as u8)
}

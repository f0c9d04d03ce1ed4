//! Goes through the rows of a table, a part of a day at a time.

use std::cell::Cell;
use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use headcount_catalog::{Age, Grain, Period, Time};
use rusqlite::Error;
use rusqlite::ffi::{self, sqlite3_vtab_cursor};
use rusqlite::types::Null;
use rusqlite::vtab::{Context, Filters, VTabCursor};

use super::days::Wanted;
use super::shape::AnalysisSource;
use super::snapshot::{EventReader, locked};
use super::table_shape::TableShape;
use crate::day_rows::item_range;
use crate::{CellColumn, Cells, ColumnShape, DayRows, Pseudonym, RowDevice, StoreError, limits};

/// A cursor, as SQLite holds it.
#[repr(C)]
pub(super) struct EventCursor {
    /// SQLite's own part, which has to be the first.
    base: sqlite3_vtab_cursor,
    shape: Arc<TableShape>,
    reader: Option<EventReader>,
    wanted: Option<Wanted>,
    /// `None` at the end.
    part: Option<Part>,
    /// Rows of the parts before.
    before: i64,
}

/// The rows that are in memory.
struct Part {
    rows: DayRows,
    day: String,
    /// Those of the wanted event alone, if one is wanted.
    event: Option<u16>,
    row: usize,
    /// For each column of the table, the columns of these rows that it has.
    columns: Vec<Vec<PartColumn>>,
}

/// A column, and the next of its cells that may be asked for.
struct PartColumn {
    place: usize,
    next: Cell<usize>,
}

impl EventCursor {
    pub(super) fn open(shape: Arc<TableShape>) -> Result<Self, Error> {
        // A part of a day is in memory for each.
        if shape.open.fetch_add(1, Ordering::Relaxed) >= limits::ANALYSIS_CURSORS {
            shape.open.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::ModuleError(format!(
                "a query may read {} tables of events at once: use `WITH name AS MATERIALIZED \
                 (SELECT …)` for a part that is needed more than once",
                limits::ANALYSIS_CURSORS
            )));
        }
        let base = sqlite3_vtab_cursor::default();
        Ok(Self { base, shape, reader: None, wanted: None, part: None, before: 0 })
    }

    /// Reads parts until one has a wanted row.
    fn read_on(&mut self) -> Result<(), Error> {
        let (Some(reader), Some(wanted)) = (&mut self.reader, &self.wanted) else { return Ok(()) };
        if let Some(part) = self.part.take() {
            self.before += part.rows.len() as i64;
        }
        let mut snapshot = locked(&self.shape.snapshot);
        loop {
            // SQLite asks for the time between two rows alone.
            if self.shape.deadline.is_over() {
                return Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None));
            }
            let rows = match reader.next(&mut snapshot) {
                Ok(Some(rows)) => rows,
                Ok(None) => return Ok(()),
                Err(error) => return Err(unreadable(&mut snapshot.failure, error)),
            };
            let event = match &wanted.event {
                None => None,
                Some(name) => match rows.schema().event(name) {
                    Some(place) => u16::try_from(place).ok(),
                    // No row of this part is of that event.
                    None => {
                        self.before += rows.len() as i64;
                        continue;
                    }
                },
            };
            let mut part = Part::new(rows, event, &self.shape.columns);
            if part.is_wanted_or_next() {
                self.part = Some(part);
                return Ok(());
            }
            self.before += part.rows.len() as i64;
        }
    }
}

/// Leaves the whole error for whoever asked.
fn unreadable(failure: &mut Option<StoreError>, error: StoreError) -> Error {
    let message = error.to_string();
    *failure = Some(error);
    Error::ModuleError(message)
}

impl Drop for EventCursor {
    fn drop(&mut self) {
        self.shape.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Part {
    fn new(rows: DayRows, event: Option<u16>, sources: &[AnalysisSource]) -> Self {
        let named = |source: &AnalysisSource| match source {
            AnalysisSource::Cells(name, _) => {
                let all = rows.schema().columns().iter().enumerate();
                let own = all.filter(|(place, column)| {
                    column.name == *name && !rows.columns()[*place].rows().is_empty()
                });
                own.map(|(place, _)| PartColumn { place, next: Cell::new(0) }).collect()
            }
            _ => Vec::new(),
        };
        let columns = sources.iter().map(named).collect();
        Self { day: rows.day().to_string(), event, row: 0, columns, rows }
    }

    /// Goes to the first wanted row from here on.
    fn is_wanted_or_next(&mut self) -> bool {
        let rest = self.rows.heads().iter().skip(self.row);
        let wanted = |event: u16| self.event.is_none_or(|wanted| wanted == event);
        match rest.enumerate().find(|(_, head)| wanted(head.event)) {
            Some((further, _)) => {
                self.row += further;
                true
            }
            None => false,
        }
    }

    /// The cell of this row, with its column.
    fn cell(&self, columns: &[PartColumn]) -> Option<(&ColumnShape, &CellColumn, usize)> {
        let row = u32::try_from(self.row).ok()?;
        columns.iter().find_map(|column| {
            let cells = &self.rows.columns()[column.place];
            let mut next = column.next.get();
            // Rows are asked for in rising order.
            while cells.rows().get(next).is_some_and(|known| *known < row) {
                next += 1;
            }
            column.next.set(next);
            let is_here = cells.rows().get(next) == Some(&row);
            is_here.then(|| (&self.rows.schema().columns()[column.place], cells, next))
        })
    }
}

// SAFETY: the struct is `repr(C)` and begins with a `sqlite3_vtab_cursor`, as
// the trait demands: SQLite's pointer to that field is one to the whole.
#[expect(unsafe_code, reason = "rusqlite leaves the layout of the struct to its author")]
unsafe impl VTabCursor for EventCursor {
    fn filter(&mut self, _: c_int, plan: Option<&str>, values: &Filters<'_>) -> Result<(), Error> {
        let wanted = Wanted::of(plan.unwrap_or_default(), values);
        let days = (wanted.from, wanted.to);
        let mut snapshot = locked(&self.shape.snapshot);
        let reader = EventReader::new(&snapshot, &self.shape.product, days);
        let reader = reader.map_err(|error| unreadable(&mut snapshot.failure, error))?;
        drop(snapshot);
        (self.reader, self.wanted, self.part, self.before) = (Some(reader), Some(wanted), None, 0);
        self.read_on()
    }

    fn next(&mut self) -> Result<(), Error> {
        if let Some(part) = &mut self.part {
            part.row += 1;
            if part.is_wanted_or_next() {
                return Ok(());
            }
        }
        self.read_on()
    }

    fn eof(&self) -> bool {
        self.part.is_none()
    }

    fn column(&self, context: &mut Context, place: c_int) -> Result<(), Error> {
        let (Some(part), Ok(place)) = (&self.part, usize::try_from(place)) else { return Ok(()) };
        let (row, rows) = (part.row, &part.rows);
        let head = &rows.heads()[row];
        match &self.shape.columns[place] {
            AnalysisSource::Day => context.set_result(part.day.as_str()),
            AnalysisSource::Id => context.set_result(rows.ids()[row].to_string()),
            AnalysisSource::Event => {
                context.set_result(rows.schema().events()[usize::from(head.event)].name.as_str())
            }
            AnalysisSource::Device => context.set_result(head.device.pseudonym().map(hex)),
            AnalysisSource::Ephemeral => {
                context.set_result(matches!(head.device, RowDevice::Ephemeral(_)))
            }
            AnalysisSource::Weight => context.set_result(i64::from(head.weight)),
            AnalysisSource::Marks => {
                let marks: Vec<_> = head.marks.periods().map(Period::name).collect();
                let is_marked = !marks.is_empty();
                context.set_result(is_marked.then(|| array(marks.into_iter())))
            }
            AnalysisSource::Age => context.set_result(head.marks.age().map(Age::name)),
            AnalysisSource::Cells(..) => match part.cell(&part.columns[place]) {
                Some((shape, column, cell)) => put(context, shape, column.cells(), cell),
                None => context.set_result(Null),
            },
        }
    }

    fn rowid(&self) -> Result<i64, Error> {
        Ok(self.before + self.part.as_ref().map_or(0, |part| part.row as i64))
    }
}

fn put(
    context: &mut Context,
    shape: &ColumnShape,
    cells: &Cells,
    place: usize,
) -> Result<(), Error> {
    let word = |code: &u16| shape.words.get(usize::from(*code)).map_or("", String::as_str);
    match cells {
        Cells::Flags(all) => context.set_result(all[place]),
        Cells::Numbers(all) => context.set_result(all[place]),
        Cells::Decimals(all) => context.set_result(all[place]),
        Cells::Words(all) => context.set_result(word(&all[place])),
        Cells::WordLists(ends, all) => {
            context.set_result(array(all[item_range(ends, place)].iter().map(word)))
        }
        Cells::Text(texts, all) => context.set_result(texts.get(all[place]).unwrap_or("")),
        Cells::TextLists(texts, ends, all) => {
            let text = |code: &u32| texts.get(*code).unwrap_or("");
            context.set_result(array(all[item_range(ends, place)].iter().map(text)))
        }
        Cells::Pseudonyms(all) => context.set_result(hex(all[place])),
        Cells::Seconds(all) => {
            context.set_result(Time::from_seconds(all[place]).format(Grain::Second))
        }
    }
}

fn hex(pseudonym: Pseudonym) -> String {
    format!("{:032x}", u128::from_be_bytes(pseudonym.bytes()))
}

/// An array of texts as JSON, which SQLite's `json_each` takes apart.
fn array<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    use std::fmt::Write as _;

    let mut json = String::from("[");
    for text in texts {
        if json.len() > 1 {
            json.push(',');
        }
        json.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => json.extend(['\\', letter]),
                // Writing into a `String` cannot fail.
                '\0'..=' ' if letter != ' ' => {
                    let _ = write!(json, "\\u{:04x}", u32::from(letter));
                }
                _ => json.push(letter),
            }
        }
        json.push('"');
    }
    json.push(']');
    json
}

#[cfg(test)]
mod tests {
    use super::array;

    #[test]
    fn an_array_is_json() {
        let texts = ["a b", "", "\"\\", "\u{1}\n\u{7f}ü"];
        assert_eq!(
            array(texts.into_iter()),
            "[\"a b\",\"\",\"\\\"\\\\\",\"\\u0001\\u000a\u{7f}ü\"]"
        );
        assert_eq!(array([].into_iter()), "[]");
    }
}

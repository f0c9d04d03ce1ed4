//! From format 2 to format 3: blocks are written again under a schema, and
//! rollups are counted again from them.
//!
//! Everything happens in the transaction of the caller. Nothing was ever
//! deleted in formats 1 and 2, so the blocks have all events. They do not have
//! the marks of devices without an id: those counts are carried over. How
//! arrivals ended stays as it is.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Transaction};

use super::rollups;
use super::schemas::Schemas;
use super::transaction::write_block;
use crate::block::{OldCell, OldColumn, OldRow, decode_old};
use crate::content::UNKNOWN_CONTENT;
use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, DayRows, EventShape, RollupKind, RowDevice,
    RowHead, RowMarks, RowSchema, StoreError, limits,
};

/// The name under which every catalog's envelope has the version of the host.
const VERSION: &str = "version";

/// Migrates a file of format 2.
pub(super) fn migrate(transaction: &Transaction<'_>, file: &Path) -> Result<(), StoreError> {
    let migrating = |error| StoreError::database("migrate", file, error);
    let run = |sql| transaction.execute_batch(sql).map_err(migrating);
    run(include_str!("../sql/format_3_rename.sql"))?;
    run(include_str!("../sql/format_3.sql"))?;
    run(include_str!("../sql/format_3_sealed.sql"))?;
    run(include_str!("../sql/format_3_rollups.sql"))?;
    rollups::import_format_2(transaction).map_err(migrating)?;
    let mut drafts: HashMap<String, Draft> = HashMap::new();
    each_old_block(transaction, file, |block| {
        let draft = drafts.entry(block.product.to_owned()).or_default();
        block.rows.iter().for_each(|row| draft.add(row));
        Ok(())
    })?;
    let plans: HashMap<_, _> = drafts
        .into_iter()
        .map(|(product, draft)| (product.clone(), draft.finish(product)))
        .collect();
    let mut schemas = Schemas::default();
    each_old_block(transaction, file, |block| {
        let plan = &plans[block.product];
        let rows = plan.rows(block.day, &block.rows);
        write_block(transaction, &mut schemas, block.number, &rows).map_err(migrating)
    })?;
    run(include_str!("../sql/format_3_drop.sql"))
}

struct OldBlock<'a> {
    number: i64,
    product: &'a str,
    day: Day,
    rows: Vec<OldRow<'a>>,
}

fn each_old_block(
    connection: &Connection,
    file: &Path,
    mut each: impl FnMut(&OldBlock<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let reading = |error| StoreError::database("read", file, error);
    let mut statement =
        connection.prepare_cached(include_str!("../sql/read_old_blocks.sql")).map_err(reading)?;
    let mut rows = statement.query(()).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        let read = || {
            let day = Day::from_number(row.get(2)?);
            Ok((row.get(0)?, row.get_ref(1)?.as_str()?, day, row.get_ref(3)?.as_blob()?))
        };
        let (number, product, day, body) = read().map_err(|error: Error| reading(error))?;
        let rows = decode_old(body).map_err(|damage| StoreError::block(file, number, damage))?;
        each(&OldBlock { number, product, day, rows })?;
    }
    Ok(())
}

/// A schema in the making.
#[derive(Default)]
struct Draft {
    events: Names,
    /// By name, kind, and whether it is counted.
    columns: HashMap<(String, ColumnKind, bool), usize>,
    shapes: Vec<(ColumnShape, Names)>,
}

/// Names with their places.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn add(&mut self, name: &str) {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), self.0.len());
        }
    }

    fn in_order(&self) -> Vec<String> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, place)| **place);
        all.into_iter().map(|(name, _)| name.clone()).collect()
    }
}

impl Draft {
    fn add(&mut self, row: &OldRow<'_>) {
        self.events.add(row.event);
        for column in &row.columns {
            let key = (column.name.to_owned(), column.kind, column.is_counted);
            let place = *self.columns.entry(key).or_insert_with(|| {
                self.shapes.push((shape(column), Names::default()));
                self.shapes.len() - 1
            });
            let words = &mut self.shapes[place].1;
            match &column.cell {
                OldCell::Word(word) => words.add(word),
                OldCell::Words(all) => all.iter().for_each(|word| words.add(word)),
                _ => {}
            }
        }
    }

    fn finish(self, product: String) -> Rewriting {
        let event = |name| EventShape { name, across: Vec::new(), failure: None };
        let events = self.events.in_order().into_iter().map(event).collect();
        let mut words = Vec::with_capacity(self.shapes.len());
        let mut shapes = Vec::with_capacity(self.shapes.len());
        for (mut shape, names) in self.shapes {
            // A closed set has far fewer. What has more comes back as text.
            if names.0.len() > limits::WORDS {
                shape.kind = match shape.kind {
                    ColumnKind::Words => ColumnKind::Texts,
                    _ => ColumnKind::Text,
                };
            } else {
                shape.words = names.in_order();
            }
            shapes.push(shape);
            words.push(names);
        }
        let schema = Arc::new(RowSchema::new(product, events, shapes));
        Rewriting { schema, events: self.events, columns: self.columns, words }
    }
}

/// A column as its cells describe it.
fn shape(column: &OldColumn<'_>) -> ColumnShape {
    let rollup = match (column.is_counted, column.kind) {
        (true, ColumnKind::Flag | ColumnKind::Word | ColumnKind::Words) => RollupKind::Values,
        (true, ColumnKind::Text | ColumnKind::Texts) => RollupKind::OpenValues,
        _ => RollupKind::None,
    };
    let is_version = column.name == VERSION && column.kind == ColumnKind::Text;
    let role = if is_version { ColumnRole::Version } else { ColumnRole::Plain };
    ColumnShape { rollup, role, ..ColumnShape::plain(column.name, column.kind) }
}

/// How the rows of a product are written again.
struct Rewriting {
    schema: Arc<RowSchema>,
    events: Names,
    columns: HashMap<(String, ColumnKind, bool), usize>,
    words: Vec<Names>,
}

impl Rewriting {
    fn rows(&self, day: Day, old: &[OldRow<'_>]) -> DayRows {
        let mut rows = DayRows::new(Arc::clone(&self.schema), day);
        for row in old {
            let place = |column: &OldColumn<'_>| {
                self.columns[&(column.name.to_owned(), column.kind, column.is_counted)]
            };
            let places: Vec<usize> = row.columns.iter().map(place).collect();
            // Codes of words, which a cell borrows.
            let codes: Vec<Vec<u16>> = places
                .iter()
                .zip(&row.columns)
                .map(|(place, column)| self.codes(*place, &column.cell))
                .collect();
            let cells = places.iter().zip(&row.columns).zip(&codes);
            let cells = cells.map(|((place, column), codes)| (*place, cell(&column.cell, codes)));
            let head = RowHead {
                event: code(self.events.0[row.event]),
                weight: 1,
                marks: RowMarks::default(),
                device: row.device.map_or(RowDevice::None, RowDevice::Counted),
            };
            rows.push(row.id, head, cells);
        }
        rows.with_content(UNKNOWN_CONTENT)
    }

    /// The codes of a cell's words. Empty if the words became texts.
    fn codes(&self, place: usize, cell: &OldCell<'_>) -> Vec<u16> {
        let words = &self.words[place].0;
        if words.len() > limits::WORDS {
            return Vec::new();
        }
        match cell {
            OldCell::Word(word) => vec![code(words[*word])],
            OldCell::Words(all) => all.iter().map(|word| code(words[*word])).collect(),
            _ => Vec::new(),
        }
    }
}

/// # Panics
///
/// If there are more events or words than a schema may have.
fn code(place: usize) -> u16 {
    u16::try_from(place).expect("a schema has at most 65,535 of them")
}

fn cell<'a>(old: &'a OldCell<'a>, codes: &'a [u16]) -> CellRef<'a> {
    match old {
        OldCell::Flag(flag) => CellRef::Flag(*flag),
        OldCell::Number(number) => CellRef::Number(*number),
        OldCell::Decimal(decimal) => CellRef::Decimal(*decimal),
        OldCell::Word(word) => {
            codes.first().map_or(CellRef::Text(word), |code| CellRef::Word(*code))
        }
        OldCell::Words(words) if codes.len() < words.len() => CellRef::Texts(words),
        OldCell::Words(_) => CellRef::Words(codes),
        OldCell::Text(text) => CellRef::Text(text),
        OldCell::Texts(texts) => CellRef::Texts(texts),
        OldCell::Pseudonym(pseudonym) => CellRef::Pseudonym(*pseudonym),
        OldCell::Seconds(seconds) => CellRef::Seconds(*seconds),
    }
}

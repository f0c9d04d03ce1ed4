//! Reads raw events, for tools.

use std::path::Path;
use std::sync::Arc;

use headcount_catalog::Day;
use rusqlite::{Connection, params};

use super::connection::{self, OpenMode};
use crate::{
    Cell, CellRef, ColumnKind, ColumnShape, DayRows, EventRow, EventShape, RowDevice, RowHead,
    RowMarks, RowSchema, StoreError, block,
};

/// The raw events of a data folder, for a tool that reads them while a
/// collector runs or while none does. It takes no lock and changes nothing.
pub struct StoredEvents {
    file: std::path::PathBuf,
    connection: Connection,
}

impl StoredEvents {
    /// Opens the store's file in a data folder.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file, or if it cannot be read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join("headcount.db");
        let connection = connection::open(&file, OpenMode::Questions)?;
        Ok(Self { file, connection })
    }

    /// Calls `each` with all raw events of a product from one day to another,
    /// both included.
    ///
    /// # Errors
    ///
    /// Returns an error if a part of the file cannot be read or is damaged.
    pub fn each_rows(
        &self,
        product: &str,
        from: Day,
        to: Day,
        mut each: impl FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        let reading = |error| StoreError::database("read the events in", &self.file, error);
        let sql = include_str!("../sql/each_event.sql");
        let mut statement = self.connection.prepare(sql).map_err(reading)?;
        let range = params![product, from.number(), to.number()];
        let mut rows = statement.query(range).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let number = row.get(0).map_err(reading)?;
            let day = Day::from_number(row.get(1).map_err(reading)?);
            let body = row.get_ref(2).and_then(|body| Ok(body.as_blob()?)).map_err(reading)?;
            let events = block::decode(product, day, body)
                .map_err(|damage| StoreError::block(&self.file, number, damage))?;
            for event in &events {
                each(&day_rows(event));
            }
        }
        Ok(())
    }
}

fn day_rows(event: &EventRow<'_>) -> DayRows {
    let shape = EventShape { name: event.event.to_owned(), across: Vec::new(), failure: None };
    let columns = event.columns.iter().map(|column| {
        let (kind, words): (_, Vec<&str>) = match &column.cell {
            Cell::Flag(_) => (ColumnKind::Flag, Vec::new()),
            Cell::Number(_) => (ColumnKind::Number, Vec::new()),
            Cell::Decimal(_) => (ColumnKind::Decimal, Vec::new()),
            Cell::Word(word) => (ColumnKind::Word, vec![*word]),
            Cell::Words(words) => (ColumnKind::Words, words.clone()),
            Cell::Text(_) => (ColumnKind::Text, Vec::new()),
            Cell::Texts(_) => (ColumnKind::Texts, Vec::new()),
            Cell::Pseudonym(_) => (ColumnKind::Pseudonym, Vec::new()),
            Cell::Seconds(_) => (ColumnKind::Seconds, Vec::new()),
        };
        let words = words.into_iter().map(str::to_owned).collect();
        ColumnShape { words, ..ColumnShape::plain(column.name, kind) }
    });
    let schema = RowSchema::new(event.product.to_owned(), vec![shape], columns.collect());
    let mut rows = DayRows::new(Arc::new(schema), event.day);
    let marks = RowMarks::new(event.marks.periods.iter().copied(), event.marks.age);
    let device = event.device.map_or(RowDevice::None, RowDevice::Counted);
    let codes: Vec<Vec<u16>> = event
        .columns
        .iter()
        .map(|column| match &column.cell {
            Cell::Words(words) => (0..words.len() as u16).collect(),
            _ => Vec::new(),
        })
        .collect();
    let texts: Vec<Vec<&str>> = event
        .columns
        .iter()
        .map(|column| match &column.cell {
            Cell::Texts(texts) => texts.iter().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        })
        .collect();
    let cells = event.columns.iter().enumerate().map(|(place, column)| {
        let cell = match &column.cell {
            Cell::Flag(flag) => CellRef::Flag(*flag),
            Cell::Number(number) => CellRef::Number(*number),
            Cell::Decimal(decimal) => CellRef::Decimal(*decimal),
            Cell::Word(_) => CellRef::Word(0),
            Cell::Words(_) => CellRef::Words(&codes[place]),
            Cell::Text(text) => CellRef::Text(text),
            Cell::Texts(_) => CellRef::Texts(&texts[place]),
            Cell::Pseudonym(pseudonym) => CellRef::Pseudonym(*pseudonym),
            Cell::Seconds(seconds) => CellRef::Seconds(*seconds),
        };
        (place, cell)
    });
    rows.push(event.id, RowHead { event: 0, weight: 1, marks, device }, cells);
    rows
}

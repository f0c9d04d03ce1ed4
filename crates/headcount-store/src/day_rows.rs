//! Rows of one product and day, column by column: what the judge of a request
//! fills and a store takes.

mod cells;
mod named;
mod text_set;

use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};

use crate::{Pseudonym, RowSchema};

pub(crate) use cells::item_range;
pub use cells::{CellColumn, CellRef, Cells};
pub use named::{NamedCell, NamedRow};
pub use text_set::TextSet;

/// Rows of one product and day.
#[derive(Debug, Clone)]
pub struct DayRows {
    schema: Arc<RowSchema>,
    day: Day,
    ids: Vec<EventId>,
    contents: Vec<u32>,
    heads: Vec<RowHead>,
    columns: Vec<CellColumn>,
}

/// Ids, hashes of contents and heads, one each a row.
pub(crate) type RowLists = (Vec<EventId>, Vec<u32>, Vec<RowHead>);

/// What every row has beside its id and its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowHead {
    /// The place of the event in the schema.
    pub event: u16,
    /// How many events this one stands for: one over the rate at which its
    /// device sends. A whole number from 1 to 1,000.
    pub weight: u16,
    /// The marks of a device without an id.
    pub marks: RowMarks,
    /// The device that is counted.
    pub device: RowDevice,
}

/// The device of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDevice {
    /// The event names none.
    None,
    /// A device that is counted as active on that day.
    Counted(Pseudonym),
    /// A device whose home is thrown away, as in a container. It is kept, so
    /// that it can be erased, and not counted.
    Ephemeral(Pseudonym),
}

/// The marks of a row, which count a device without an id: the periods of which
/// the event is the device's first, and how long it has been counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowMarks(u8);

impl RowMarks {
    /// Marks of these periods. The age is that of the device, if the event says
    /// it.
    #[must_use]
    pub fn new(periods: impl IntoIterator<Item = Period>, age: Option<Age>) -> Self {
        let periods = periods.into_iter().fold(0, |bits, period| bits | 1 << period as u8);
        let known = age.and_then(|age| Age::ALL.iter().position(|known| *known == age));
        let age = known.map_or(0, |place| place as u8 + 1);
        Self(periods | age << 3)
    }

    /// The periods, the shortest first.
    pub fn periods(self) -> impl Iterator<Item = Period> {
        let all = Period::ALL.into_iter().map(|(period, _)| period);
        all.filter(move |period| self.0 & 1 << *period as u8 != 0)
    }

    /// How long the device has been counted.
    #[must_use]
    pub fn age(self) -> Option<Age> {
        let place = usize::from(self.0 >> 3).checked_sub(1)?;
        Age::ALL.get(place).copied()
    }

    /// The marks as a byte of the store's format: a bit a period, and above
    /// them the place of the age + 1.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.0
    }

    /// Reads the byte.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        (usize::from(byte >> 3) <= Age::ALL.len()).then_some(Self(byte))
    }
}

impl RowDevice {
    /// The pseudonym, if the event names a device.
    #[must_use]
    pub fn pseudonym(self) -> Option<Pseudonym> {
        match self {
            Self::None => None,
            Self::Counted(pseudonym) | Self::Ephemeral(pseudonym) => Some(pseudonym),
        }
    }
}

impl DayRows {
    /// No rows yet.
    #[must_use]
    pub fn new(schema: Arc<RowSchema>, day: Day) -> Self {
        let columns = schema.columns().iter().map(|column| CellColumn::new(column.kind)).collect();
        let (ids, contents, heads) = (Vec::new(), Vec::new(), Vec::new());
        Self { schema, day, ids, contents, heads, columns }
    }

    /// The schema that all places refer to.
    #[must_use]
    pub fn schema(&self) -> &Arc<RowSchema> {
        &self.schema
    }

    /// The day of all rows, UTC.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids, one a row.
    #[must_use]
    pub fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// The hashes of the contents, one a row.
    #[must_use]
    pub fn contents(&self) -> &[u32] {
        &self.contents
    }

    /// The heads, one a row.
    #[must_use]
    pub fn heads(&self) -> &[RowHead] {
        &self.heads
    }

    /// The cells, one for each column of the schema.
    #[must_use]
    pub fn columns(&self) -> &[CellColumn] {
        &self.columns
    }

    /// Adds a row. Each cell is of another column: its place, and the value.
    ///
    /// # Panics
    ///
    /// If a place is outside the schema, a cell is of another kind than its
    /// column, two cells are of one column, or there are more than 2^32 rows.
    pub fn push<'a>(
        &mut self,
        id: EventId,
        head: RowHead,
        cells: impl IntoIterator<Item = (usize, CellRef<'a>)>,
    ) {
        let row = u32::try_from(self.ids.len()).expect("rows are in memory: fewer than 2^32");
        let mut content = self.schema.content(head.event);
        if let Some(device) = head.device.pseudonym() {
            content.add_pseudonym(0, device);
        }
        content.add(1, u64::from(head.marks.byte()));
        for (place, cell) in cells {
            self.columns[place].push(row, cell, self.schema.hashes(place), &mut content);
        }
        self.ids.push(id);
        self.contents.push(content.finish());
        self.heads.push(head);
    }

    /// Rows that were read. Every place and code has been checked against the
    /// schema, and each list has one entry a row, or a column of the schema.
    pub(crate) fn from_parts(
        schema: Arc<RowSchema>,
        day: Day,
        (ids, contents, heads): RowLists,
        columns: Vec<CellColumn>,
    ) -> Self {
        debug_assert!(ids.len() == contents.len() && ids.len() == heads.len());
        debug_assert_eq!(columns.len(), schema.columns().len());
        Self { schema, day, ids, contents, heads, columns }
    }

    /// The lists of one entry a row, and the columns.
    pub(crate) fn into_parts(self) -> (RowLists, Vec<CellColumn>) {
        ((self.ids, self.contents, self.heads), self.columns)
    }

    /// Replaces the hash of every row's content.
    pub(crate) fn with_content(mut self, content: u32) -> Self {
        self.contents.fill(content);
        self
    }

    /// Adds all rows of `other`, which are of the same schema and day.
    ///
    /// # Panics
    ///
    /// If they are of another schema or day.
    pub fn append(&mut self, other: &Self) {
        assert!(
            Arc::ptr_eq(&self.schema, &other.schema) && self.day == other.day,
            "rows of one schema and day"
        );
        let first = u32::try_from(self.ids.len()).expect("rows are in memory: fewer than 2^32");
        self.ids.extend_from_slice(&other.ids);
        self.contents.extend_from_slice(&other.contents);
        self.heads.extend_from_slice(&other.heads);
        for (own, others) in self.columns.iter_mut().zip(&other.columns) {
            own.append(first, others);
        }
    }

    /// Copies the rows that `keep` wants, in order. `keep` has one entry a row.
    #[must_use]
    pub fn filtered(&self, keep: &[bool]) -> Self {
        let mut kept = Self::new(Arc::clone(&self.schema), self.day);
        let wanted = |row: &usize| keep.get(*row).copied().unwrap_or(false);
        for row in (0..self.len()).filter(wanted) {
            kept.ids.push(self.ids[row]);
            kept.contents.push(self.contents[row]);
            kept.heads.push(self.heads[row]);
        }
        for (own, others) in kept.columns.iter_mut().zip(&self.columns) {
            own.extend_filtered(others, keep);
        }
        kept
    }
}

#[cfg(test)]
mod tests;

//! Events as columns, and their counts by name and by value.

use headcount_catalog::EventId;

use super::cell_kind::CellKind;
use super::dictionary::Dictionary;
use crate::{Cell, Column, Counted, EventRow, Pseudonym};

/// The events of one product and day, column by column.
pub(crate) struct Columns<'a> {
    pub(super) ids: Vec<EventId>,
    pub(super) devices: Dictionary<Pseudonym>,
    /// One a row: 0 for no device, else its place in the dictionary + 1.
    pub(super) device_codes: Vec<u32>,
    pub(super) events: Dictionary<&'a str>,
    pub(super) event_codes: Vec<u32>,
    pub(super) columns: Vec<BlockColumn<'a>>,
    /// By the event's code: the columns that the last event of this name
    /// filled, in its own order. The next one most likely fills the same.
    last_columns: Vec<Vec<usize>>,
}

/// One column: the rows that have it, and their cells.
pub(super) struct BlockColumn<'a> {
    pub(super) name: &'a str,
    pub(super) kind: CellKind,
    pub(super) counted: Counted,
    pub(super) rows: Vec<u32>,
    pub(super) data: ColumnData<'a>,
}

/// Cells of one kind. Codes are places in the dictionary beside them.
pub(super) enum ColumnData<'a> {
    Flags(Vec<bool>),
    Numbers(Vec<i64>),
    Decimals(Vec<f64>),
    Text(Dictionary<&'a str>, Vec<u32>),
    /// The dictionary, the number of codes of each row, and all codes.
    Texts(Dictionary<&'a str>, Vec<u32>, Vec<u32>),
    Pseudonyms(Dictionary<Pseudonym>, Vec<u32>),
}

/// How many events of one name have one value of a property.
pub(crate) struct ValueCount<'a> {
    pub(crate) event: &'a str,
    pub(crate) property: &'a str,
    pub(crate) value: &'a str,
    pub(crate) count: u64,
}

impl<'a> Columns<'a> {
    pub(crate) fn new() -> Self {
        Self {
            ids: Vec::new(),
            devices: Dictionary::new(),
            device_codes: Vec::new(),
            events: Dictionary::new(),
            event_codes: Vec::new(),
            columns: Vec::new(),
            last_columns: Vec::new(),
        }
    }

    /// The ids of the rows, in order.
    pub(crate) fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// Every device, once.
    pub(crate) fn devices(&self) -> &[Pseudonym] {
        self.devices.entries()
    }

    /// Whether a row has this device.
    pub(crate) fn has_device(&self, device: Pseudonym) -> bool {
        self.devices.contains(device)
    }

    /// Adds a row. Of two columns of the same name and kind, the first counts.
    ///
    /// # Panics
    ///
    /// With the 2^32nd row: a commit is in memory, and never has so many.
    pub(crate) fn push(&mut self, event_row: &'a EventRow<'a>) {
        let row = u32::try_from(self.ids.len())
            .expect("a commit is in memory: it has fewer than 2^32 events");
        self.ids.push(event_row.id);
        let device = event_row.device.map_or(0, |device| self.devices.code(device) + 1);
        self.device_codes.push(device);
        let event = self.events.code(event_row.event);
        self.event_codes.push(event);
        let event = event as usize;
        if event == self.last_columns.len() {
            self.last_columns.push(Vec::new());
        }
        for (nth, column) in event_row.columns.iter().enumerate() {
            let guess = self.last_columns[event].get(nth).copied();
            let place = self.place(column, guess);
            match self.last_columns[event].get_mut(nth) {
                Some(last) => *last = place,
                None => self.last_columns[event].push(place),
            }
            let block_column = &mut self.columns[place];
            // A second cell in the same row would shift every later row.
            if block_column.rows.last() != Some(&row) {
                block_column.rows.push(row);
                block_column.data.push(&column.cell);
            }
        }
    }

    /// Returns the place of the column that takes such cells, and adds the
    /// column if there is none.
    fn place(&mut self, column: &'a Column<'a>, guess: Option<usize>) -> usize {
        if let Some(guess) = guess
            && self.columns[guess].takes(column)
        {
            return guess;
        }
        let known = self.columns.iter().position(|own| own.takes(column));
        known.unwrap_or_else(|| {
            self.columns.push(BlockColumn::new(column));
            self.columns.len() - 1
        })
    }

    /// How many events of each name.
    pub(crate) fn event_counts(&self) -> Vec<(&'a str, u64)> {
        let mut counts = vec![0; self.events.entries().len()];
        for code in &self.event_codes {
            counts[*code as usize] += 1;
        }
        self.events.entries().iter().copied().zip(counts).collect()
    }

    /// How many events of each name have each value, for every counted column.
    pub(crate) fn value_counts(&self) -> Vec<ValueCount<'a>> {
        let mut all = Vec::new();
        for column in self.columns.iter().filter(|column| column.counted == Counted::ByValue) {
            let (values, counts) = self.counts_in(column);
            for (event, counts) in self.events.entries().iter().zip(counts) {
                let counted = values.iter().zip(counts).filter(|(_, count)| *count > 0);
                all.extend(counted.map(|(value, count)| ValueCount {
                    event,
                    property: column.name,
                    value,
                    count,
                }));
            }
        }
        all
    }

    /// Returns the values of a column, and their counts by the event's code and
    /// the value's place.
    fn counts_in<'c>(&self, column: &'c BlockColumn<'a>) -> (&'c [&'a str], Vec<Vec<u64>>) {
        let mut counts = vec![Vec::new(); self.events.entries().len()];
        let mut add = |row: u32, code: usize| {
            let of_event: &mut Vec<u64> = &mut counts[self.event_codes[row as usize] as usize];
            if of_event.len() <= code {
                of_event.resize(code + 1, 0);
            }
            of_event[code] += 1;
        };
        let values: &[&str] = match &column.data {
            ColumnData::Flags(flags) => {
                column.rows.iter().zip(flags).for_each(|(row, flag)| add(*row, usize::from(*flag)));
                &["false", "true"]
            }
            ColumnData::Text(dictionary, codes) => {
                column.rows.iter().zip(codes).for_each(|(row, code)| add(*row, *code as usize));
                dictionary.entries()
            }
            ColumnData::Texts(dictionary, lengths, codes) => {
                let mut codes = codes.iter();
                for (row, length) in column.rows.iter().zip(lengths) {
                    codes
                        .by_ref()
                        .take(*length as usize)
                        .for_each(|code| add(*row, *code as usize));
                }
                dictionary.entries()
            }
            ColumnData::Numbers(_) | ColumnData::Decimals(_) | ColumnData::Pseudonyms(..) => &[],
        };
        (values, counts)
    }
}

impl<'a> BlockColumn<'a> {
    fn new(column: &'a Column<'a>) -> Self {
        let kind = CellKind::of(&column.cell);
        Self {
            name: column.name,
            kind,
            counted: column.counted,
            rows: Vec::new(),
            data: ColumnData::new(kind),
        }
    }

    /// Whether cells of `column` belong here.
    fn takes(&self, column: &Column<'_>) -> bool {
        self.name == column.name
            && self.kind == CellKind::of(&column.cell)
            && self.counted == column.counted
    }
}

impl<'a> ColumnData<'a> {
    fn new(kind: CellKind) -> Self {
        match kind {
            CellKind::Flag => Self::Flags(Vec::new()),
            CellKind::Number | CellKind::Seconds => Self::Numbers(Vec::new()),
            CellKind::Decimal => Self::Decimals(Vec::new()),
            CellKind::Word | CellKind::Text => Self::Text(Dictionary::new(), Vec::new()),
            CellKind::Words | CellKind::Texts => {
                Self::Texts(Dictionary::new(), Vec::new(), Vec::new())
            }
            CellKind::Pseudonym => Self::Pseudonyms(Dictionary::new(), Vec::new()),
        }
    }

    /// # Panics
    ///
    /// If the cell is of another kind, which [`BlockColumn::takes`] rules out.
    fn push(&mut self, cell: &'a Cell<'a>) {
        match (self, cell) {
            (Self::Flags(flags), Cell::Flag(flag)) => flags.push(*flag),
            (Self::Numbers(numbers), Cell::Number(number) | Cell::Seconds(number)) => {
                numbers.push(*number);
            }
            (Self::Decimals(decimals), Cell::Decimal(decimal)) => decimals.push(*decimal),
            (Self::Text(dictionary, codes), Cell::Word(word)) => codes.push(dictionary.code(word)),
            (Self::Text(dictionary, codes), Cell::Text(text)) => codes.push(dictionary.code(text)),
            (Self::Texts(dictionary, lengths, codes), Cell::Words(words)) => {
                let before = codes.len();
                codes.extend(words.iter().map(|word| dictionary.code(word)));
                lengths.push(length_since(before, codes));
            }
            (Self::Texts(dictionary, lengths, codes), Cell::Texts(texts)) => {
                let before = codes.len();
                codes.extend(texts.iter().map(|text| dictionary.code(text)));
                lengths.push(length_since(before, codes));
            }
            (Self::Pseudonyms(dictionary, codes), Cell::Pseudonym(pseudonym)) => {
                codes.push(dictionary.code(*pseudonym));
            }
            _ => unreachable!("a column takes cells of its own kind only"),
        }
    }
}

fn length_since(before: usize, codes: &[u32]) -> u32 {
    u32::try_from(codes.len() - before)
        .expect("a commit is in memory: it has fewer than 2^32 cells")
}

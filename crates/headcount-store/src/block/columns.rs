//! From events to columns, and the counts by value that fall out of them.

use headcount_catalog::EventId;

use super::dictionary::Dictionary;
use super::kind::Kind;
use crate::{Arrival, Cell, Column, Counted, Pseudonym};

/// The events of one product and day, column by column.
pub(crate) struct Columns<'a> {
    pub(super) ids: Vec<EventId>,
    pub(super) devices: Dictionary<Pseudonym>,
    /// 0 for none, else the place in the dictionary + 1.
    pub(super) device_codes: Vec<u32>,
    pub(super) events: Dictionary<&'a str>,
    pub(super) event_codes: Vec<u32>,
    pub(super) columns: Vec<Filled<'a>>,
    /// Which columns the last event of each name went to: the next one's go there too.
    shapes: Vec<Vec<usize>>,
}

/// One column: the rows that have it and what they have.
pub(super) struct Filled<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) counted: Counted,
    pub(super) rows: Vec<u32>,
    pub(super) data: Data<'a>,
}

/// Cells of one kind. Codes are places in the dictionary beside them.
pub(super) enum Data<'a> {
    Flags(Vec<bool>),
    Numbers(Vec<i64>),
    Decimals(Vec<f64>),
    Text(Dictionary<&'a str>, Vec<u32>),
    /// Each row's length, then all codes.
    Texts(Dictionary<&'a str>, Vec<u32>, Vec<u32>),
    Pseudonyms(Dictionary<Pseudonym>, Vec<u32>),
}

/// How often an event came with a value.
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
            shapes: Vec::new(),
        }
    }

    /// The rows' ids, in order.
    pub(crate) fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// Every device once.
    pub(crate) fn devices(&self) -> &[Pseudonym] {
        self.devices.entries()
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, arrival: &'a Arrival<'a>) {
        let row = u32::try_from(self.ids.len())
            .expect("a commit is in memory: it has fewer than 2^32 events");
        self.ids.push(arrival.id);
        let device = arrival.device.map_or(0, |device| self.devices.code(device) + 1);
        self.device_codes.push(device);
        let event = self.events.code(arrival.event);
        self.event_codes.push(event);
        let event = event as usize;
        if event == self.shapes.len() {
            self.shapes.push(Vec::new());
        }
        for (nth, column) in arrival.columns.iter().enumerate() {
            let guess = self.shapes[event].get(nth).copied();
            let place = self.place(column, guess);
            match self.shapes[event].get_mut(nth) {
                Some(shape) => *shape = place,
                None => self.shapes[event].push(place),
            }
            let filled = &mut self.columns[place];
            // A name that comes twice in one event would shift every later row.
            if filled.rows.last() != Some(&row) {
                filled.rows.push(row);
                filled.data.push(&column.cell);
            }
        }
    }

    fn place(&mut self, column: &'a Column<'a>, guess: Option<usize>) -> usize {
        if let Some(guess) = guess
            && self.columns[guess].takes(column)
        {
            return guess;
        }
        let found = self.columns.iter().position(|filled| filled.takes(column));
        found.unwrap_or_else(|| {
            self.columns.push(Filled::new(column));
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

    /// How many events of each name by each value of every counted column.
    pub(crate) fn value_counts(&self) -> Vec<ValueCount<'a>> {
        let mut all = Vec::new();
        for filled in self.columns.iter().filter(|filled| filled.counted == Counted::ByValue) {
            let (values, counts) = self.counts_in(filled);
            for (event, counts) in self.events.entries().iter().zip(counts) {
                let counted = values.iter().zip(counts).filter(|(_, count)| *count > 0);
                all.extend(counted.map(|(value, count)| ValueCount {
                    event,
                    property: filled.name,
                    value,
                    count,
                }));
            }
        }
        all
    }

    /// The values of a column and, by the event's code, how often each comes.
    fn counts_in<'f>(&self, filled: &'f Filled<'a>) -> (&'f [&'a str], Vec<Vec<u64>>) {
        let mut counts = vec![Vec::new(); self.events.entries().len()];
        let mut add = |row: u32, code: usize| {
            let of_event: &mut Vec<u64> = &mut counts[self.event_codes[row as usize] as usize];
            if of_event.len() <= code {
                of_event.resize(code + 1, 0);
            }
            of_event[code] += 1;
        };
        let values: &[&str] = match &filled.data {
            Data::Flags(flags) => {
                filled.rows.iter().zip(flags).for_each(|(row, flag)| add(*row, usize::from(*flag)));
                &["false", "true"]
            }
            Data::Text(dictionary, codes) => {
                filled.rows.iter().zip(codes).for_each(|(row, code)| add(*row, *code as usize));
                dictionary.entries()
            }
            Data::Texts(dictionary, lengths, codes) => {
                let mut codes = codes.iter();
                for (row, length) in filled.rows.iter().zip(lengths) {
                    codes
                        .by_ref()
                        .take(*length as usize)
                        .for_each(|code| add(*row, *code as usize));
                }
                dictionary.entries()
            }
            Data::Numbers(_) | Data::Decimals(_) | Data::Pseudonyms(..) => &[],
        };
        (values, counts)
    }
}

impl<'a> Filled<'a> {
    fn new(column: &'a Column<'a>) -> Self {
        let kind = Kind::of(&column.cell);
        Self {
            name: column.name,
            kind,
            counted: column.counted,
            rows: Vec::new(),
            data: Data::new(kind),
        }
    }

    fn takes(&self, column: &Column<'_>) -> bool {
        self.name == column.name
            && self.kind == Kind::of(&column.cell)
            && self.counted == column.counted
    }
}

impl<'a> Data<'a> {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::Flags(Vec::new()),
            Kind::Number | Kind::Seconds => Self::Numbers(Vec::new()),
            Kind::Decimal => Self::Decimals(Vec::new()),
            Kind::Word | Kind::Text => Self::Text(Dictionary::new(), Vec::new()),
            Kind::Words | Kind::Texts => Self::Texts(Dictionary::new(), Vec::new(), Vec::new()),
            Kind::Pseudonym => Self::Pseudonyms(Dictionary::new(), Vec::new()),
        }
    }

    /// A column takes cells of its own kind only, so that the two always agree.
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
                lengths.push(added(before, codes));
            }
            (Self::Texts(dictionary, lengths, codes), Cell::Texts(texts)) => {
                let before = codes.len();
                codes.extend(texts.iter().map(|text| dictionary.code(text)));
                lengths.push(added(before, codes));
            }
            (Self::Pseudonyms(dictionary, codes), Cell::Pseudonym(pseudonym)) => {
                codes.push(dictionary.code(*pseudonym));
            }
            _ => unreachable!("a column takes cells of its own kind only"),
        }
    }
}

fn added(before: usize, codes: &[u32]) -> u32 {
    u32::try_from(codes.len() - before)
        .expect("a commit is in memory: it has fewer than 2^32 cells")
}

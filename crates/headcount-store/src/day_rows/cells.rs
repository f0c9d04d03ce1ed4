//! The cells of one column: the rows that have one, and the values.

use std::ops::Range;

use super::TextSet;
use crate::content::{Content, hash_of_name};
use crate::schema::ColumnHashes;
use crate::{ColumnKind, Pseudonym};

/// One value of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellRef<'a> {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// The code of a word.
    Word(u16),
    /// The codes of several words, each once.
    Words(&'a [u16]),
    /// A text of a known shape.
    Text(&'a str),
    /// Several such texts.
    Texts(&'a [&'a str]),
    /// The pseudonym of a session, a turn or an account.
    Pseudonym(Pseudonym),
    /// A time, in seconds since 1970-01-01 UTC.
    Seconds(i64),
}

/// The cells of one column.
#[derive(Debug, Clone)]
pub struct CellColumn {
    /// The rows that have a cell, in rising order.
    rows: Vec<u32>,
    cells: Cells,
}

/// Cells of one kind, one for each row that has one.
#[derive(Debug, Clone)]
pub enum Cells {
    /// True or false.
    Flags(Vec<bool>),
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Numbers with a fraction.
    Decimals(Vec<f64>),
    /// Codes of words.
    Words(Vec<u16>),
    /// For each row, where its codes end in the list of all.
    WordLists(Vec<u32>, Vec<u16>),
    /// The distinct texts, and a code a row.
    Text(TextSet, Vec<u32>),
    /// The distinct texts, where the codes of each row end, and all codes.
    TextLists(TextSet, Vec<u32>, Vec<u32>),
    /// Pseudonyms.
    Pseudonyms(Vec<Pseudonym>),
    /// Times, in seconds since 1970-01-01 UTC.
    Seconds(Vec<i64>),
}

impl CellColumn {
    pub(crate) fn new(kind: ColumnKind) -> Self {
        Self { rows: Vec::new(), cells: Cells::new(kind) }
    }

    /// A column that was read: rows in rising order, and one cell for each.
    pub(crate) fn from_parts(rows: Vec<u32>, cells: Cells) -> Self {
        Self { rows, cells }
    }

    /// The rows that have a cell, and the cells.
    pub(crate) fn into_parts(self) -> (Vec<u32>, Cells) {
        (self.rows, self.cells)
    }

    /// The rows that have a cell, in rising order.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The cells of these rows.
    #[must_use]
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Adds a cell, also to the hash of its row's content.
    ///
    /// It is inlined, so that a cell is never moved as a whole: that would read
    /// it before its parts have been written, which takes longer than adding
    /// it.
    ///
    /// # Panics
    ///
    /// If the row has a cell already, or the cell is of another kind.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        row: u32,
        cell: CellRef<'_>,
        hashes: &ColumnHashes,
        content: &mut Content,
    ) {
        assert!(self.rows.last() != Some(&row), "a row has one cell in each column");
        self.rows.push(row);
        let name = hashes.name;
        let word = |code: u16| hashes.words[usize::from(code)];
        match (cell, &mut self.cells) {
            (CellRef::Flag(flag), Cells::Flags(flags)) => {
                content.add(name, u64::from(flag));
                flags.push(flag);
            }
            (CellRef::Number(number), Cells::Numbers(numbers))
            | (CellRef::Seconds(number), Cells::Seconds(numbers)) => {
                content.add(name, number.cast_unsigned());
                numbers.push(number);
            }
            (CellRef::Decimal(decimal), Cells::Decimals(decimals)) => {
                content.add(name, decimal.to_bits());
                decimals.push(decimal);
            }
            (CellRef::Word(code), Cells::Words(codes)) => {
                content.add(name, word(code));
                codes.push(code);
            }
            (CellRef::Words(codes), Cells::WordLists(ends, all)) => {
                for (place, code) in codes.iter().enumerate() {
                    content.add_item(name, place, word(*code));
                }
                all.extend_from_slice(codes);
                ends.push(length(all.len()));
            }
            (CellRef::Text(text), Cells::Text(texts, codes)) => {
                content.add(name, hash_of_name(text));
                codes.push(texts.code(text));
            }
            (CellRef::Texts(own), Cells::TextLists(texts, ends, all)) => {
                for (place, text) in own.iter().enumerate() {
                    content.add_item(name, place, hash_of_name(text));
                }
                all.extend(own.iter().map(|text| texts.code(text)));
                ends.push(length(all.len()));
            }
            (CellRef::Pseudonym(pseudonym), Cells::Pseudonyms(all)) => {
                content.add_pseudonym(name, pseudonym);
                all.push(pseudonym);
            }
            (_, cells) => panic!("the cell is not one of {}", cells.name()),
        }
    }

    /// Adds the cells of another column of the same kind. Its rows come after
    /// `first` others.
    pub(super) fn append(&mut self, first: u32, other: &Self) {
        self.rows.extend(other.rows.iter().map(|row| row + first));
        let all = 0..other.rows.len();
        self.cells.extend(&other.cells, std::slice::from_ref(&all));
    }

    /// Adds those cells of another column whose row is kept, under the new
    /// number of that row.
    pub(super) fn extend_filtered(&mut self, other: &Self, keep: &[bool]) {
        let mut new_row = self.rows.len() as u32;
        let mut seen = 0;
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (place, row) in other.rows.iter().enumerate() {
            let row = *row as usize;
            let before = keep.get(seen..row).unwrap_or_default();
            new_row += before.iter().filter(|kept| **kept).count() as u32;
            seen = row + 1;
            if keep.get(row).copied().unwrap_or(false) {
                self.rows.push(new_row);
                new_row += 1;
                match runs.last_mut() {
                    Some(run) if run.end == place => run.end += 1,
                    _ => runs.push(place..place + 1),
                }
            }
        }
        self.cells.extend(&other.cells, &runs);
    }
}

impl Cells {
    pub(crate) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Flag => Self::Flags(Vec::new()),
            ColumnKind::Number => Self::Numbers(Vec::new()),
            ColumnKind::Decimal => Self::Decimals(Vec::new()),
            ColumnKind::Word => Self::Words(Vec::new()),
            ColumnKind::Words => Self::WordLists(Vec::new(), Vec::new()),
            ColumnKind::Text => Self::Text(TextSet::default(), Vec::new()),
            ColumnKind::Texts => Self::TextLists(TextSet::default(), Vec::new(), Vec::new()),
            ColumnKind::Pseudonym => Self::Pseudonyms(Vec::new()),
            ColumnKind::Seconds => Self::Seconds(Vec::new()),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Flags(_) => "flags",
            Self::Numbers(_) => "numbers",
            Self::Decimals(_) => "decimals",
            Self::Words(_) => "words",
            Self::WordLists(..) => "lists of words",
            Self::Text(..) => "texts",
            Self::TextLists(..) => "lists of texts",
            Self::Pseudonyms(_) => "pseudonyms",
            Self::Seconds(_) => "times",
        }
    }

    /// Adds the cells of another column of the same kind that are in these
    /// ranges. Its cost grows with these cells and with the distinct texts of
    /// the other column, so it is called once for all ranges.
    fn extend(&mut self, other: &Self, ranges: &[Range<usize>]) {
        match (self, other) {
            (Self::Flags(own), Self::Flags(all)) => copy(own, all, ranges),
            (Self::Numbers(own), Self::Numbers(all)) | (Self::Seconds(own), Self::Seconds(all)) => {
                copy(own, all, ranges);
            }
            (Self::Decimals(own), Self::Decimals(all)) => copy(own, all, ranges),
            (Self::Words(own), Self::Words(all)) => copy(own, all, ranges),
            (Self::Pseudonyms(own), Self::Pseudonyms(all)) => copy(own, all, ranges),
            (Self::WordLists(own_ends, own), Self::WordLists(ends, all)) => {
                for place in ranges.iter().cloned().flatten() {
                    own.extend_from_slice(&all[item_range(ends, place)]);
                    own_ends.push(length(own.len()));
                }
            }
            (Self::Text(own_texts, own), Self::Text(texts, codes)) => {
                let mut known = Recoded::new(texts, own_texts);
                for range in ranges {
                    own.extend(codes[range.clone()].iter().map(|code| known.code(*code)));
                }
            }
            (Self::TextLists(own_texts, own_ends, own), Self::TextLists(texts, ends, codes)) => {
                let mut known = Recoded::new(texts, own_texts);
                for place in ranges.iter().cloned().flatten() {
                    own.extend(codes[item_range(ends, place)].iter().map(|code| known.code(*code)));
                    own_ends.push(length(own.len()));
                }
            }
            (own, other) => panic!("{} are not of the kind of {}", other.name(), own.name()),
        }
    }
}

fn copy<T: Copy>(own: &mut Vec<T>, all: &[T], ranges: &[Range<usize>]) {
    ranges.iter().for_each(|range| own.extend_from_slice(&all[range.clone()]));
}

/// Where the items of one row are in the list of all.
#[must_use]
pub(crate) fn item_range(ends: &[u32], place: usize) -> Range<usize> {
    let start = place.checked_sub(1).map_or(0, |before| ends[before] as usize);
    start..ends[place] as usize
}

fn length(items: usize) -> u32 {
    u32::try_from(items).expect("rows are in memory: they have fewer than 2^32 cells")
}

/// Codes of one list of texts as codes of another one, each text looked up
/// once.
struct Recoded<'a> {
    texts: &'a TextSet,
    own: &'a mut TextSet,
    known: Vec<Option<u32>>,
}

impl<'a> Recoded<'a> {
    fn new(texts: &'a TextSet, own: &'a mut TextSet) -> Self {
        Self { texts, own, known: vec![None; texts.len()] }
    }

    fn code(&mut self, code: u32) -> u32 {
        let place = code as usize;
        *self.known[place].get_or_insert_with(|| self.own.code(self.texts.get(code).unwrap_or("")))
    }
}

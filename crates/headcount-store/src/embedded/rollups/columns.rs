//! Which columns of a schema are counted, and the codes of their cells.
//!
//! A code is 0 for no value, and otherwise a place + 1: of a word in the closed
//! set, or of a value in the vocabulary of the column.

use headcount_catalog::Day;

use super::histogram;
use super::vocabulary::{Numbers, OTHER_PLACE, Teller, Vocabulary};
use crate::{CellColumn, Cells, ColumnKind, ColumnShape, RollupKind};

/// How the cells of a column become codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// The words of the schema.
    Words,
    /// The texts of an open vocabulary.
    Texts,
    /// Exit codes, as texts.
    ExitCodes,
    /// Buckets of whole numbers.
    WholeNumbers,
    /// Buckets of fractions.
    Fractions,
}

/// Codes of buckets that are expected: up to 2^20, which is 17 minutes in
/// milliseconds.
const BUCKETS: usize = 641;

/// Values of an open vocabulary that are expected.
const TEXTS: usize = 64;

/// Exit codes that a program can have on every platform: they need no devices
/// to have a row.
pub(crate) const PLAIN_EXIT_CODES: std::ops::RangeInclusive<i64> = 0..=255;

/// A column that is counted.
#[derive(Debug)]
pub(super) struct CountedColumn {
    /// Its place in the schema.
    pub(super) place: usize,
    pub(super) coding: Coding,
    /// The place of its vocabulary in the product.
    pub(super) vocabulary: usize,
    /// Numbers of the words, once they have been asked for.
    numbers: Vec<u32>,
}

/// The words of a flag.
pub(crate) const FLAGS: [&str; 2] = ["false", "true"];

impl Coding {
    /// How a column is counted; `None` if it is not.
    pub(crate) fn of(column: &ColumnShape) -> Option<Self> {
        match (column.rollup, column.kind) {
            (RollupKind::None, _) => None,
            (RollupKind::Histogram, ColumnKind::Number) => Some(Self::WholeNumbers),
            (RollupKind::Histogram, ColumnKind::Decimal) => Some(Self::Fractions),
            (RollupKind::Histogram, _) => None,
            (_, ColumnKind::Flag | ColumnKind::Word | ColumnKind::Words) => Some(Self::Words),
            (_, ColumnKind::Text | ColumnKind::Texts) => Some(Self::Texts),
            (_, ColumnKind::Number) => Some(Self::ExitCodes),
            (_, ColumnKind::Decimal | ColumnKind::Pseudonym | ColumnKind::Seconds) => None,
        }
    }

    pub(crate) fn is_histogram(self) -> bool {
        matches!(self, Self::WholeNumbers | Self::Fractions)
    }
}

impl CountedColumn {
    pub(super) fn new(place: usize, coding: Coding, vocabulary: usize) -> Self {
        Self { place, coding, vocabulary, numbers: Vec::new() }
    }

    /// The codes that are expected to be below this.
    pub(super) fn width(&self, shape: &ColumnShape) -> usize {
        match self.coding {
            Coding::Words if shape.kind == ColumnKind::Flag => FLAGS.len() + 1,
            Coding::Words => shape.words.len() + 1,
            Coding::Texts | Coding::ExitCodes => TEXTS,
            Coding::WholeNumbers | Coding::Fractions => BUCKETS,
        }
    }

    /// The number of the value that a code stands for, or the bucket.
    pub(super) fn number(
        &mut self,
        code: u32,
        shape: &ColumnShape,
        vocabulary: &mut Vocabulary,
        numbers: &mut Numbers,
    ) -> u32 {
        if self.coding.is_histogram() {
            return code;
        }
        let Some(place) = code.checked_sub(1) else { return 0 };
        if self.coding != Coding::Words {
            return vocabulary.number(place);
        }
        let place = place as usize;
        if self.numbers.len() <= place {
            self.numbers.resize(place + 1, 0);
        }
        if self.numbers[place] == 0 {
            let text = match shape.kind {
                ColumnKind::Flag => FLAGS[place],
                _ => shape.words[place].as_str(),
            };
            let fixed = vocabulary.fixed(text, numbers);
            self.numbers[place] = vocabulary.number(fixed);
        }
        self.numbers[place]
    }
}

/// Codes of the values of an open vocabulary, as one commit tells them.
pub(super) struct OpenCodes<'v> {
    pub(super) vocabulary: &'v mut Vocabulary,
    pub(super) numbers: &'v mut Numbers,
    pub(super) day: Day,
}

impl OpenCodes<'_> {
    /// The codes of all texts, and whether one of them is a candidate.
    pub(super) fn texts<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
        codes: &mut Vec<u32>,
    ) -> bool {
        codes.clear();
        codes.extend(texts.map(|text| self.vocabulary.open(text, self.day, self.numbers) + 1));
        codes.iter().any(|code| self.vocabulary.is_candidate(code - 1))
    }

    /// The code of an exit code.
    fn exit_code(&mut self, number: i64) -> u32 {
        let text = number.to_string();
        if PLAIN_EXIT_CODES.contains(&number) {
            return self.vocabulary.fixed(&text, self.numbers) + 1;
        }
        self.vocabulary.open(&text, self.day, self.numbers) + 1
    }

    /// The codes of all exit codes, one a cell, and whether one of them is a
    /// candidate.
    pub(super) fn exit_codes(&mut self, numbers: &[i64], codes: &mut Vec<u32>) -> bool {
        // Programs have few different ones.
        let mut known: Vec<(i64, u32)> = Vec::new();
        codes.clear();
        for number in numbers {
            let code = known.iter().find(|(known, _)| known == number).map(|(_, code)| *code);
            codes.push(code.unwrap_or_else(|| {
                let code = self.exit_code(*number);
                if known.len() < 16 {
                    known.push((*number, code));
                }
                code
            }));
        }
        codes.iter().any(|code| self.vocabulary.is_candidate(code - 1))
    }

    /// Tells the vocabulary who told a value.
    pub(super) fn told(&mut self, code: u32, teller: Teller) {
        if code > OTHER_PLACE + 1 {
            self.vocabulary.told_by(code - 1, teller, self.day);
        }
    }
}

/// Calls `each` with the row and the code of every value that has a code of its
/// own without a vocabulary: words, flags, buckets.
pub(super) fn closed_codes(column: &CellColumn, mut each: impl FnMut(usize, u32)) {
    let rows = column.rows().iter().map(|row| *row as usize);
    match column.cells() {
        Cells::Flags(flags) => {
            rows.zip(flags).for_each(|(row, flag)| each(row, u32::from(*flag) + 1));
        }
        Cells::Words(words) => {
            rows.zip(words).for_each(|(row, word)| each(row, u32::from(*word) + 1));
        }
        Cells::WordLists(ends, words) => {
            let mut start = 0;
            for (row, end) in rows.zip(ends) {
                let end = *end as usize;
                words[start..end].iter().for_each(|word| each(row, u32::from(*word) + 1));
                start = end;
            }
        }
        Cells::Numbers(numbers) => rows.zip(numbers).for_each(|(row, number)| {
            each(row, histogram::whole_bucket(*number));
        }),
        Cells::Decimals(numbers) => rows.zip(numbers).for_each(|(row, number)| {
            each(row, histogram::bucket(*number));
        }),
        Cells::Text(..) | Cells::TextLists(..) | Cells::Pseudonyms(_) | Cells::Seconds(_) => {}
    }
}

/// Calls `each` with the row and the code of every value of an open vocabulary.
/// `codes` are those of the texts, or of the cells of exit codes.
pub(super) fn open_codes(column: &CellColumn, codes: &[u32], mut each: impl FnMut(usize, u32)) {
    let rows = column.rows().iter().map(|row| *row as usize);
    match column.cells() {
        Cells::Text(_, texts) => {
            rows.zip(texts).for_each(|(row, text)| each(row, codes[*text as usize]));
        }
        Cells::TextLists(_, ends, texts) => {
            let mut start = 0;
            for (row, end) in rows.zip(ends) {
                let end = *end as usize;
                texts[start..end].iter().for_each(|text| each(row, codes[*text as usize]));
                start = end;
            }
        }
        _ => rows.zip(codes).for_each(|(row, code)| each(row, *code)),
    }
}

//! The values of rows, as a rollup would show them, as codes of one list of
//! texts.

use std::collections::HashSet;

use super::super::rollups::{FLAGS, PLAIN_EXIT_CODES};
use super::plan::ValueColumns;
use crate::day_rows::item_range;
use crate::sealed::RowPart;
use crate::{Cells, ColumnKind, ColumnShape, RowSchema, TextSet, limits};

/// The values of each row.
pub(super) enum RowValues {
    /// One a row, or [`NO_VALUE`].
    One(Vec<u32>),
    /// Where those of each row end, and all of them.
    Several(Vec<u32>, Vec<u32>),
}

/// Stands for no value.
const NO_VALUE: u32 = u32::MAX;

impl RowValues {
    /// The values of a row.
    pub(super) fn of(&self, row: usize) -> &[u32] {
        match self {
            Self::One(codes) if codes[row] == NO_VALUE => &[],
            Self::One(codes) => std::slice::from_ref(&codes[row]),
            Self::Several(ends, codes) => &codes[item_range(ends, row)],
        }
    }
}

/// Reads the values of columns of one name.
pub(super) struct ValueReader<'a> {
    pub(super) texts: &'a mut TextSet,
    /// The values that have a row; of others the text is not shown.
    pub(super) rows: Option<&'a HashSet<Box<str>>>,
    pub(super) is_version: bool,
}

impl ValueReader<'_> {
    pub(super) fn read(
        &mut self,
        schema: &RowSchema,
        named: &ValueColumns,
        part: &RowPart,
    ) -> RowValues {
        let columns = named.places.iter().filter_map(|place| {
            let column = part.column(*place)?;
            (!column.rows().is_empty()).then_some((&schema.columns()[*place], column))
        });
        let columns: Vec<_> = columns.collect();
        let is_single =
            |shape: &ColumnShape| !matches!(shape.kind, ColumnKind::Words | ColumnKind::Texts);
        let mut of_rows = vec![NO_VALUE; part.len()];
        match columns.as_slice() {
            [] => return RowValues::One(of_rows),
            [(shape, column)] if is_single(shape) => {
                let rows = column.rows();
                self.codes(shape, column.cells(), |place, code| {
                    of_rows[rows[place] as usize] = code;
                });
                return RowValues::One(of_rows);
            }
            _ => {}
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (shape, column) in columns {
            let rows = column.rows();
            self.codes(shape, column.cells(), |place, code| pairs.push((rows[place], code)));
        }
        pairs.sort_by_key(|(row, _)| *row);
        let mut ends = vec![0; part.len()];
        pairs.iter().for_each(|(row, _)| ends[*row as usize] += 1);
        let mut end = 0;
        for own in &mut ends {
            end += *own;
            *own = end;
        }
        RowValues::Several(ends, pairs.into_iter().map(|(_, code)| code).collect())
    }

    /// Calls `each` with the place of every cell and the code of every value in
    /// it.
    fn codes(&mut self, shape: &ColumnShape, cells: &Cells, mut each: impl FnMut(usize, u32)) {
        match cells {
            Cells::Flags(all) => {
                let codes = FLAGS.map(|word| self.texts.code(word));
                let code = |flag: &bool| codes[usize::from(*flag)];
                all.iter().enumerate().for_each(|(place, flag)| each(place, code(flag)));
            }
            Cells::Words(all) => {
                let codes = self.of_words(shape);
                let code = |word: &u16| codes[usize::from(*word)];
                all.iter().enumerate().for_each(|(place, word)| each(place, code(word)));
            }
            Cells::WordLists(ends, all) => {
                let codes = self.of_words(shape);
                for place in 0..ends.len() {
                    let words = &all[item_range(ends, place)];
                    words.iter().for_each(|word| each(place, codes[usize::from(*word)]));
                }
            }
            Cells::Text(texts, all) => {
                let codes = self.of_texts(texts);
                let code = |text: &u32| codes[*text as usize];
                all.iter().enumerate().for_each(|(place, text)| each(place, code(text)));
            }
            Cells::TextLists(texts, ends, all) => {
                let codes = self.of_texts(texts);
                for place in 0..ends.len() {
                    let own = &all[item_range(ends, place)];
                    own.iter().for_each(|text| each(place, codes[*text as usize]));
                }
            }
            Cells::Numbers(all) => {
                // Programs have few different exit codes.
                let mut last = None;
                for (place, number) in all.iter().enumerate() {
                    let code = match last {
                        Some((known, code)) if known == *number => code,
                        _ => self.exit_code(*number),
                    };
                    last = Some((*number, code));
                    each(place, code);
                }
            }
            Cells::Decimals(_) | Cells::Pseudonyms(_) | Cells::Seconds(_) => {}
        }
    }

    fn of_words(&mut self, shape: &ColumnShape) -> Vec<u32> {
        let words = shape.words.iter();
        match self.is_version {
            true => words.map(|word| self.open(word)).collect(),
            false => words.map(|word| self.texts.code(word)).collect(),
        }
    }

    fn of_texts(&mut self, texts: &TextSet) -> Vec<u32> {
        texts.iter().map(|text| self.open(text)).collect()
    }

    fn exit_code(&mut self, number: i64) -> u32 {
        let text = number.to_string();
        if PLAIN_EXIT_CODES.contains(&number) { self.texts.code(&text) } else { self.open(&text) }
    }

    /// The code of a value of an open vocabulary.
    fn open(&mut self, text: &str) -> u32 {
        let has_row = self.rows.is_some_and(|rows| rows.contains(text));
        self.texts.code(if has_row { text } else { limits::OTHER })
    }
}

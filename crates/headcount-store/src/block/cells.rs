//! The cells of one column as bytes.

use super::bytes::{ByteReader, put_count, put_text};
use super::damage::Damage;
use super::packed::{put_packed, read_packed};
use super::pseudonyms::{put_pseudonyms, read_pseudonyms};
use crate::{Cells, ColumnKind, ColumnShape, TextSet};

/// Writes the cells.
pub(crate) fn put_cells(out: &mut Vec<u8>, cells: &Cells) {
    match cells {
        Cells::Flags(flags) => put_packed(out, 0, flags.iter().map(|flag| i64::from(*flag))),
        Cells::Numbers(numbers) | Cells::Seconds(numbers) => {
            put_packed(out, 0, numbers.iter().copied());
        }
        Cells::Decimals(decimals) => {
            put_packed(out, 0, decimals.iter().map(|decimal| decimal.to_bits().cast_signed()));
        }
        Cells::Words(codes) => put_packed(out, 0, codes.iter().map(|code| i64::from(*code))),
        Cells::WordLists(ends, codes) => {
            put_lengths(out, ends);
            put_packed(out, 1, codes.iter().map(|code| i64::from(*code)));
        }
        Cells::Text(texts, codes) => {
            put_texts(out, texts);
            put_packed(out, 0, codes.iter().map(|code| i64::from(*code)));
        }
        Cells::TextLists(texts, ends, codes) => {
            put_texts(out, texts);
            put_lengths(out, ends);
            put_packed(out, 1, codes.iter().map(|code| i64::from(*code)));
        }
        Cells::Pseudonyms(all) => put_pseudonyms(out, all),
    }
}

/// Reads the cells of `count` rows.
pub(crate) fn read_cells(
    reader: &mut ByteReader<'_>,
    shape: &ColumnShape,
    count: usize,
) -> Result<Cells, Damage> {
    let word = |code| code_below(code, shape.words.len());
    Ok(match shape.kind {
        ColumnKind::Flag => Cells::Flags(read_packed(reader, 0, count, |number| match number {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damage::UnknownCode),
        })?),
        ColumnKind::Number => Cells::Numbers(read_packed(reader, 0, count, Ok)?),
        ColumnKind::Seconds => Cells::Seconds(read_packed(reader, 0, count, Ok)?),
        ColumnKind::Decimal => Cells::Decimals(read_packed(reader, 0, count, |bits| {
            Ok(f64::from_bits(bits.cast_unsigned()))
        })?),
        ColumnKind::Word => Cells::Words(read_packed(reader, 0, count, word)?),
        ColumnKind::Words => {
            let ends = read_ends(reader, count)?;
            let all = ends.last().map_or(0, |end| *end as usize);
            Cells::WordLists(ends, read_packed(reader, 1, all, word)?)
        }
        ColumnKind::Text => {
            let texts = read_texts(reader)?;
            let text = |code| code_below(code, texts.len());
            let codes = read_packed(reader, 0, count, text)?;
            Cells::Text(texts, codes)
        }
        ColumnKind::Texts => {
            let texts = read_texts(reader)?;
            let ends = read_ends(reader, count)?;
            let all = ends.last().map_or(0, |end| *end as usize);
            let codes = read_packed(reader, 1, all, |code| code_below(code, texts.len()))?;
            Cells::TextLists(texts, ends, codes)
        }
        ColumnKind::Pseudonym => Cells::Pseudonyms(read_pseudonyms(reader, count)?),
    })
}

/// Checks that a code has an entry.
pub(super) fn code_below<T: TryFrom<i64>>(code: i64, entries: usize) -> Result<T, Damage> {
    let is_known = usize::try_from(code).is_ok_and(|place| place < entries);
    let code = is_known.then(|| T::try_from(code).ok()).flatten();
    code.ok_or(Damage::UnknownCode)
}

/// The lengths of lists, of which `ends` has where each ends.
fn put_lengths(out: &mut Vec<u8>, ends: &[u32]) {
    let before = |place: usize| place.checked_sub(1).map_or(0, |before| ends[before]);
    let length = |place: usize| i64::from(ends[place]) - i64::from(before(place));
    put_packed(out, 0, (0..ends.len()).map(length));
}

fn read_ends(reader: &mut ByteReader<'_>, count: usize) -> Result<Vec<u32>, Damage> {
    let mut end = 0u32;
    read_packed(reader, 0, count, |length| {
        let length = u32::try_from(length).map_err(|_| Damage::NumberTooLarge)?;
        end = end.checked_add(length).ok_or(Damage::NumberTooLarge)?;
        Ok(end)
    })
}

fn put_texts(out: &mut Vec<u8>, texts: &TextSet) {
    put_count(out, texts.len());
    texts.iter().for_each(|text| put_text(out, text));
}

fn read_texts(reader: &mut ByteReader<'_>) -> Result<TextSet, Damage> {
    let mut texts = TextSet::default();
    for place in 0..reader.count()? {
        if texts.code(reader.text()?) as usize != place {
            return Err(Damage::TextTwice);
        }
    }
    Ok(texts)
}

//! Columns to bytes.

use super::bytes::{put_bits, put_count, put_text, put_varint, put_zigzag};
use super::cell_kind::CellKind;
use super::columns::{BlockColumn, ColumnData, Columns};
use super::dictionary::Dictionary;
use super::head::{HEAD_BYTES, put_head, seal};
use crate::Pseudonym;

/// Returns a block of these columns.
pub(crate) fn encode(columns: &Columns<'_>) -> Vec<u8> {
    let rows = columns.ids.len();
    // 16 bytes an id, and about 30 for the rest of an event.
    let mut out = Vec::with_capacity(HEAD_BYTES + rows * 48 + 1_024);
    put_head(&mut out);
    put_count(&mut out, rows);
    for id in &columns.ids {
        out.extend_from_slice(&id.bits().to_be_bytes());
    }
    put_pseudonyms(&mut out, &columns.devices);
    put_codes(&mut out, &columns.device_codes);
    put_texts(&mut out, &columns.events);
    put_codes(&mut out, &columns.event_codes);
    put_count(&mut out, columns.columns.len());
    let mut data = Vec::new();
    for column in &columns.columns {
        data.clear();
        put_column(&mut data, column, rows);
        put_text(&mut out, column.name);
        out.push(column.kind.byte(column.counted));
        put_count(&mut out, data.len());
        out.extend_from_slice(&data);
    }
    seal(&mut out);
    out
}

fn put_column(out: &mut Vec<u8>, column: &BlockColumn<'_>, rows: usize) {
    if column.rows.len() == rows {
        out.push(0);
    } else {
        out.push(1);
        let mut present = vec![false; rows];
        column.rows.iter().for_each(|row| present[*row as usize] = true);
        put_bits(out, present);
    }
    match &column.data {
        ColumnData::Flags(flags) => put_bits(out, flags.iter().copied()),
        ColumnData::Numbers(numbers) if column.kind == CellKind::Seconds => {
            let mut before = 0i64;
            for number in numbers {
                put_zigzag(out, number.wrapping_sub(before));
                before = *number;
            }
        }
        ColumnData::Numbers(numbers) => numbers.iter().for_each(|number| put_zigzag(out, *number)),
        ColumnData::Decimals(decimals) => {
            decimals.iter().for_each(|decimal| out.extend_from_slice(&decimal.to_le_bytes()));
        }
        ColumnData::Text(dictionary, codes) => {
            put_texts(out, dictionary);
            put_codes(out, codes);
        }
        ColumnData::Texts(dictionary, lengths, codes) => {
            put_texts(out, dictionary);
            let mut codes = codes.as_slice();
            for length in lengths {
                let (of_row, rest) = codes.split_at(*length as usize);
                put_varint(out, u64::from(*length));
                put_codes(out, of_row);
                codes = rest;
            }
        }
        ColumnData::Pseudonyms(dictionary, codes) => {
            put_pseudonyms(out, dictionary);
            put_codes(out, codes);
        }
    }
}

fn put_codes(out: &mut Vec<u8>, codes: &[u32]) {
    codes.iter().for_each(|code| put_varint(out, u64::from(*code)));
}

fn put_texts(out: &mut Vec<u8>, dictionary: &Dictionary<&str>) {
    put_count(out, dictionary.entries().len());
    dictionary.entries().iter().for_each(|entry| put_text(out, entry));
}

fn put_pseudonyms(out: &mut Vec<u8>, dictionary: &Dictionary<Pseudonym>) {
    put_count(out, dictionary.entries().len());
    dictionary.entries().iter().for_each(|entry| out.extend_from_slice(&entry.bytes()));
}

//! Rows to bytes.

use super::bytes::{put_bits, put_count};
use super::cells::put_cells;
use super::head::{HEAD_BYTES, put_head, seal};
use super::packed::put_packed;
use super::pseudonyms::put_pseudonyms;
use crate::{DayRows, RowDevice, RowHead};

/// How many of the 16 bytes of an id are its prefix: the time of version 7.
pub(super) const PREFIX_BYTES: usize = 6;

/// The bytes of an id after the prefix.
pub(super) const SUFFIX_BYTES: usize = 16 - PREFIX_BYTES;

/// Returns a block of these rows.
///
/// # Panics
///
/// If there are more than 2^32 rows.
pub(crate) fn encode(rows: &DayRows) -> Vec<u8> {
    // About 45 bytes an event, and the names and texts of a small commit.
    let mut out = Vec::with_capacity(HEAD_BYTES + rows.len() * 48 + 256);
    put_head(&mut out);
    let count = u32::try_from(rows.len()).expect("rows are in memory: fewer than 2^32");
    out.extend_from_slice(&count.to_le_bytes());
    put_ids(&mut out, rows);
    for content in rows.contents() {
        out.extend_from_slice(&content.to_le_bytes());
    }
    put_heads(&mut out, rows.heads());
    put_columns(&mut out, rows);
    seal(&mut out);
    out
}

fn put_ids(out: &mut Vec<u8>, rows: &DayRows) {
    let ids = rows.ids();
    let prefix = |bits: u128| bits >> (SUFFIX_BYTES * 8);
    let Some(first) = ids.first() else { return };
    let start = out.len() + 1;
    if ids.iter().all(|id| prefix(id.bits()) == prefix(first.bits())) {
        out.push(1);
        out.extend_from_slice(&first.bits().to_be_bytes()[..PREFIX_BYTES]);
        out.resize(start + PREFIX_BYTES + ids.len() * SUFFIX_BYTES, 0);
        let (places, _) = out[start + PREFIX_BYTES..].as_chunks_mut::<SUFFIX_BYTES>();
        for (place, id) in places.iter_mut().zip(ids) {
            place.copy_from_slice(&id.bits().to_be_bytes()[PREFIX_BYTES..]);
        }
    } else {
        out.push(0);
        out.resize(start + ids.len() * 16, 0);
        let (places, _) = out[start..].as_chunks_mut::<16>();
        for (place, id) in places.iter_mut().zip(ids) {
            *place = id.bits().to_be_bytes();
        }
    }
}

fn put_heads(out: &mut Vec<u8>, heads: &[RowHead]) {
    put_packed(out, 0, heads.iter().map(|head| i64::from(head.event)));
    put_packed(out, 0, heads.iter().map(|head| i64::from(head.weight)));
    put_packed(out, 0, heads.iter().map(|head| i64::from(head.marks.byte())));
    put_packed(
        out,
        0,
        heads.iter().map(|head| match head.device {
            RowDevice::None => 0,
            RowDevice::Counted(_) => 1,
            RowDevice::Ephemeral(_) => 2,
        }),
    );
    let mut devices = Vec::with_capacity(heads.len());
    devices.extend(heads.iter().filter_map(|head| head.device.pseudonym()));
    put_pseudonyms(out, &devices);
}

fn put_columns(out: &mut Vec<u8>, rows: &DayRows) {
    let all = rows.columns().iter().enumerate();
    let filled = all.filter(|(_, column)| !column.rows().is_empty());
    put_count(out, filled.clone().count());
    let mut before = 0;
    for (place, column) in filled {
        put_count(out, place - before);
        before = place;
        put_presence(out, column.rows(), rows.len());
        put_cells(out, column.cells());
    }
}

fn put_presence(out: &mut Vec<u8>, present: &[u32], rows: usize) {
    if present.len() == rows {
        out.push(0);
    } else if present.len() >= rows / 16 {
        out.push(1);
        let mut bits = vec![false; rows];
        present.iter().for_each(|row| bits[*row as usize] = true);
        put_bits(out, bits);
    } else {
        out.push(2);
        put_count(out, present.len());
        put_packed(out, 0, present.iter().map(|row| i64::from(*row)));
    }
}

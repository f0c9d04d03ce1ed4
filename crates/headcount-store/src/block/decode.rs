//! Bytes back to rows. The bytes may be damaged, so nothing in them is
//! trusted.

use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use super::bytes::ByteReader;
use super::cells::{code_below, read_cells};
use super::damage::Damage;
use super::encode::{PREFIX_BYTES, SUFFIX_BYTES};
use super::head::check_head;
use super::packed::read_packed;
use super::pseudonyms::read_pseudonyms;
use crate::{CellColumn, DayRows, RowDevice, RowHead, RowMarks, RowSchema};

/// What tells duplicates: ids, and the hashes of contents.
pub(crate) struct Keys<'a> {
    ids: Ids<'a>,
    contents: &'a [[u8; 4]],
}

enum Ids<'a> {
    Whole(&'a [[u8; 16]]),
    Suffixes([u8; PREFIX_BYTES], &'a [[u8; SUFFIX_BYTES]]),
}

impl Keys<'_> {
    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.contents.len()
    }

    /// The ids of the rows, in order.
    pub(crate) fn ids(&self) -> Vec<EventId> {
        let id = |bytes| EventId::from_bits(u128::from_be_bytes(bytes));
        match self.ids {
            Ids::Whole(all) => all.iter().map(|bytes| id(*bytes)).collect(),
            Ids::Suffixes(prefix, all) => {
                let mut bytes = [0; 16];
                bytes[..PREFIX_BYTES].copy_from_slice(&prefix);
                let join = |suffix: &[u8; SUFFIX_BYTES]| {
                    bytes[PREFIX_BYTES..].copy_from_slice(suffix);
                    id(bytes)
                };
                all.iter().map(join).collect()
            }
        }
    }

    /// The hashes of the contents, in order.
    pub(crate) fn contents(&self) -> Vec<u32> {
        self.contents.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
    }
}

/// Checks a block's checksum and returns its ids and content hashes, without
/// decoding the rest.
pub(crate) fn keys(body: &[u8]) -> Result<Keys<'_>, Damage> {
    read_keys(&mut ByteReader::new(check_head(body)?))
}

/// Returns the rows of a block, in the order of the commit.
pub(crate) fn decode(schema: &Arc<RowSchema>, day: Day, body: &[u8]) -> Result<DayRows, Damage> {
    let mut reader = ByteReader::new(check_head(body)?);
    let keys = read_keys(&mut reader)?;
    let rows = keys.len();
    let heads = read_heads(&mut reader, schema, rows)?;
    let columns = read_columns(&mut reader, schema, rows)?;
    reader.end()?;
    let parts = (keys.ids(), keys.contents(), heads);
    Ok(DayRows::from_parts(Arc::clone(schema), day, parts, columns))
}

fn read_keys<'a>(reader: &mut ByteReader<'a>) -> Result<Keys<'a>, Damage> {
    let rows = u32::from_le_bytes(reader.array()?) as usize;
    let ids = if rows == 0 {
        Ids::Whole(&[])
    } else {
        match reader.byte()? {
            0 => Ids::Whole(reader.arrays(rows)?),
            1 => Ids::Suffixes(reader.array()?, reader.arrays(rows)?),
            _ => return Err(Damage::UnknownList),
        }
    };
    Ok(Keys { ids, contents: reader.arrays(rows)? })
}

fn read_heads(
    reader: &mut ByteReader<'_>,
    schema: &RowSchema,
    rows: usize,
) -> Result<Vec<RowHead>, Damage> {
    let events: Vec<u16> =
        read_packed(reader, 0, rows, |code| code_below(code, schema.events().len()))?;
    let weights = read_packed(reader, 0, rows, |weight| match u16::try_from(weight) {
        Ok(0) | Err(_) => Err(Damage::NumberTooLarge),
        Ok(weight) => Ok(weight),
    })?;
    let marks = read_packed(reader, 0, rows, |byte| {
        let marks = u8::try_from(byte).ok().and_then(RowMarks::from_byte);
        marks.ok_or(Damage::UnknownCode)
    })?;
    let kinds: Vec<u8> = read_packed(reader, 0, rows, |kind| code_below(kind, 3))?;
    let named = kinds.iter().filter(|kind| **kind != 0).count();
    let mut devices = read_pseudonyms(reader, named)?.into_iter();
    let mut heads = Vec::with_capacity(rows);
    for (((event, weight), marks), kind) in events.into_iter().zip(weights).zip(marks).zip(kinds) {
        let mut named = || devices.next().ok_or(Damage::CutShort);
        let device = match kind {
            0 => RowDevice::None,
            1 => RowDevice::Counted(named()?),
            _ => RowDevice::Ephemeral(named()?),
        };
        heads.push(RowHead { event, weight, marks, device });
    }
    Ok(heads)
}

fn read_columns(
    reader: &mut ByteReader<'_>,
    schema: &RowSchema,
    rows: usize,
) -> Result<Vec<CellColumn>, Damage> {
    let mut columns = Vec::with_capacity(schema.columns().len());
    let mut shapes = schema.columns().iter();
    for nth in 0..reader.count()? {
        let mut skipped = usize::try_from(reader.varint()?).map_err(|_| Damage::UnknownCode)?;
        if nth > 0 {
            skipped = skipped.checked_sub(1).ok_or(Damage::UnknownCode)?;
        }
        if skipped >= shapes.len() {
            return Err(Damage::UnknownCode);
        }
        columns.extend(shapes.by_ref().take(skipped).map(|shape| CellColumn::new(shape.kind)));
        let Some(shape) = shapes.next() else { return Err(Damage::UnknownCode) };
        let present = read_presence(reader, rows)?;
        let cells = read_cells(reader, shape, present.len())?;
        columns.push(CellColumn::from_parts(present, cells));
    }
    columns.extend(shapes.map(|shape| CellColumn::new(shape.kind)));
    Ok(columns)
}

/// Returns the rows that have a cell, in rising order.
fn read_presence(reader: &mut ByteReader<'_>, rows: usize) -> Result<Vec<u32>, Damage> {
    let all = 0..u32::try_from(rows).map_err(|_| Damage::CountTooLarge)?;
    match reader.byte()? {
        0 => Ok(all.collect()),
        1 => {
            let bits = reader.bits(rows)?;
            Ok(all.filter(|row| bits.get(*row as usize)).collect())
        }
        2 => {
            let count = usize::try_from(reader.varint()?).map_err(|_| Damage::CountTooLarge)?;
            if count > rows {
                return Err(Damage::CountTooLarge);
            }
            let present: Vec<u32> = read_packed(reader, 0, count, |row| code_below(row, rows))?;
            let is_rising = present.windows(2).all(|pair| pair[0] < pair[1]);
            if is_rising { Ok(present) } else { Err(Damage::UnknownPresence) }
        }
        _ => Err(Damage::UnknownPresence),
    }
}

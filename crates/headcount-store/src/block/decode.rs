//! Bytes back to events. The bytes may be damaged, so nothing in them is
//! trusted.

use std::borrow::Cow;

use headcount_catalog::{Day, EventId};

use super::bytes::{Bits, ByteReader};
use super::cell_kind::CellKind;
use super::damage::Damage;
use super::head::check_head;
use crate::{Cell, Column, Counted, DeviceMarks, EventRow, Pseudonym};

/// The part of a block that is kept in memory: ids and devices.
pub(crate) struct Keys<'a> {
    ids: &'a [[u8; 16]],
    devices: &'a [[u8; 16]],
}

impl<'a> Keys<'a> {
    /// The ids of the rows, in order.
    pub(crate) fn ids(&self) -> impl ExactSizeIterator<Item = EventId> + use<'a> {
        self.ids.iter().map(|bytes| EventId::from_bits(u128::from_be_bytes(*bytes)))
    }

    /// Every device, once.
    pub(crate) fn devices(&self) -> impl ExactSizeIterator<Item = Pseudonym> + use<'a> {
        self.devices.iter().map(|bytes| Pseudonym::from_bytes(*bytes))
    }
}

/// Checks a block's checksum and returns its ids and devices, without decoding
/// the rest.
pub(crate) fn keys(body: &[u8]) -> Result<Keys<'_>, Damage> {
    read_keys(&mut ByteReader::new(check_head(body)?))
}

/// Returns every event of a block with every cell, in the order of the commit.
/// The columns of an event come in the order of the block, not in that of the
/// commit.
pub(crate) fn decode<'a>(
    product: &'a str,
    day: Day,
    body: &'a [u8],
) -> Result<Vec<EventRow<'a>>, Damage> {
    let mut reader = ByteReader::new(check_head(body)?);
    let keys = read_keys(&mut reader)?;
    let mut rows = Vec::with_capacity(keys.ids.len());
    for id in keys.ids() {
        let device = match reader.varint()? {
            0 => None,
            code => Some(Pseudonym::from_bytes(entry(keys.devices, code - 1)?)),
        };
        let (marks, columns) = (DeviceMarks::default(), Vec::new());
        rows.push(EventRow { product, day, id, event: "", device, marks, columns });
    }
    let events = texts(&mut reader)?;
    for row in &mut rows {
        row.event = entry(&events, reader.varint()?)?;
    }
    for _ in 0..reader.count()? {
        let name = reader.text()?;
        let (kind, counted) = CellKind::read(reader.byte()?).ok_or(Damage::UnknownKind)?;
        let length = reader.count()?;
        let mut data = ByteReader::new(reader.take(length)?);
        read_column(&mut data, ColumnHead { name, kind, counted }, &mut rows)?;
        data.end()?;
    }
    reader.end()?;
    Ok(rows)
}

fn read_keys<'a>(reader: &mut ByteReader<'a>) -> Result<Keys<'a>, Damage> {
    let rows = reader.count()?;
    let ids = reader.arrays(rows)?;
    let count = reader.count()?;
    Ok(Keys { ids, devices: reader.arrays(count)? })
}

fn texts<'a>(reader: &mut ByteReader<'a>) -> Result<Vec<&'a str>, Damage> {
    (0..reader.count()?).map(|_| reader.text()).collect()
}

fn entry<T: Copy>(dictionary: &[T], code: u64) -> Result<T, Damage> {
    let place = usize::try_from(code).ok();
    place.and_then(|place| dictionary.get(place)).copied().ok_or(Damage::UnknownCode)
}

/// What a block says of a column before its data.
#[derive(Clone, Copy)]
struct ColumnHead<'a> {
    name: &'a str,
    kind: CellKind,
    counted: Counted,
}

/// Reads one column, and adds a cell to each row that has it.
fn read_column<'a>(
    data: &mut ByteReader<'a>,
    head: ColumnHead<'a>,
    rows: &mut [EventRow<'a>],
) -> Result<(), Damage> {
    let presence = match data.byte()? {
        0 => None,
        1 => Some(data.bits(rows.len())?),
        _ => return Err(Damage::UnknownPresence),
    };
    let ColumnHead { name, kind, counted } = head;
    let has_cell = |row: &usize| presence.is_none_or(|bits| bits.get(*row));
    let present = (0..rows.len()).filter(has_cell).count();
    let mut cells = CellDecoder::start(data, kind, present)?;
    for row in (0..rows.len()).filter(has_cell) {
        let cell = cells.next(data)?;
        rows[row].columns.push(Column { name, cell, counted });
    }
    Ok(())
}

/// Decodes the cells of one column in order: the dictionary or bits before
/// them, and what the next cell needs to know of the ones before.
enum CellDecoder<'a> {
    Flags { bits: Bits<'a>, next: usize },
    Numbers,
    Decimals,
    Word(Vec<&'a str>),
    Words(Vec<&'a str>),
    Text(Vec<&'a str>),
    Texts(Vec<&'a str>),
    Pseudonyms(&'a [[u8; 16]]),
    Seconds { before: i64 },
}

impl<'a> CellDecoder<'a> {
    fn start(data: &mut ByteReader<'a>, kind: CellKind, present: usize) -> Result<Self, Damage> {
        Ok(match kind {
            CellKind::Flag => Self::Flags { bits: data.bits(present)?, next: 0 },
            CellKind::Number => Self::Numbers,
            CellKind::Decimal => Self::Decimals,
            CellKind::Word => Self::Word(texts(data)?),
            CellKind::Words => Self::Words(texts(data)?),
            CellKind::Text => Self::Text(texts(data)?),
            CellKind::Texts => Self::Texts(texts(data)?),
            CellKind::Pseudonym => {
                let count = data.count()?;
                Self::Pseudonyms(data.arrays(count)?)
            }
            CellKind::Seconds => Self::Seconds { before: 0 },
        })
    }

    fn next(&mut self, data: &mut ByteReader<'a>) -> Result<Cell<'a>, Damage> {
        Ok(match self {
            Self::Flags { bits, next } => {
                *next += 1;
                Cell::Flag(bits.get(*next - 1))
            }
            Self::Numbers => Cell::Number(data.zigzag()?),
            Self::Decimals => Cell::Decimal(f64::from_le_bytes(data.array()?)),
            Self::Word(words) => Cell::Word(entry(words, data.varint()?)?),
            Self::Words(words) => Cell::Words(several(data, words)?),
            Self::Text(texts) => Cell::Text(Cow::Borrowed(entry(texts, data.varint()?)?)),
            Self::Texts(texts) => {
                Cell::Texts(several(data, texts)?.into_iter().map(Cow::Borrowed).collect())
            }
            Self::Pseudonyms(all) => {
                Cell::Pseudonym(Pseudonym::from_bytes(entry(all, data.varint()?)?))
            }
            Self::Seconds { before } => {
                *before = before.wrapping_add(data.zigzag()?);
                Cell::Seconds(*before)
            }
        })
    }
}

fn several<'a>(data: &mut ByteReader<'a>, texts: &[&'a str]) -> Result<Vec<&'a str>, Damage> {
    (0..data.count()?).map(|_| entry(texts, data.varint()?)).collect()
}

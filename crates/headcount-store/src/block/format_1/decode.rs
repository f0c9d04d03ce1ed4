//! Bytes back to events. The bytes may be damaged, so nothing in them is
//! trusted.

use headcount_catalog::EventId;

use super::super::bytes::{Bits, ByteReader};
use super::super::damage::Damage;
use super::super::head::check_head_of;
use super::cell_kind::read_kind;
use super::{OldCell, OldColumn, OldRow};
use crate::{ColumnKind, Pseudonym};

/// The format number of these blocks.
const FORMAT: u8 = 1;

/// Returns every event of a block with every cell, in the order of the commit.
/// The columns of an event come in the order of the block, not in that of the
/// commit.
pub(crate) fn decode_old(body: &[u8]) -> Result<Vec<OldRow<'_>>, Damage> {
    let mut reader = ByteReader::new(check_head_of(body, FORMAT)?);
    let count = reader.count()?;
    let ids = reader.arrays(count)?;
    let count = reader.count()?;
    let devices = reader.arrays(count)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let device = match reader.varint()? {
            0 => None,
            code => Some(Pseudonym::from_bytes(entry(devices, code - 1)?)),
        };
        let id = EventId::from_bits(u128::from_be_bytes(*id));
        rows.push(OldRow { id, event: "", device, columns: Vec::new() });
    }
    let events = texts(&mut reader)?;
    for row in &mut rows {
        row.event = entry(&events, reader.varint()?)?;
    }
    for _ in 0..reader.count()? {
        let name = reader.text()?;
        let (kind, is_counted) = read_kind(reader.byte()?).ok_or(Damage::UnknownKind)?;
        let length = reader.count()?;
        let mut data = ByteReader::new(reader.take(length)?);
        read_column(&mut data, ColumnHead { name, kind, is_counted }, &mut rows)?;
        data.end()?;
    }
    reader.end()?;
    Ok(rows)
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
    kind: ColumnKind,
    is_counted: bool,
}

/// Reads one column, and adds a cell to each row that has it.
fn read_column<'a>(
    data: &mut ByteReader<'a>,
    head: ColumnHead<'a>,
    rows: &mut [OldRow<'a>],
) -> Result<(), Damage> {
    let presence = match data.byte()? {
        0 => None,
        1 => Some(data.bits(rows.len())?),
        _ => return Err(Damage::UnknownPresence),
    };
    let ColumnHead { name, kind, is_counted } = head;
    let has_cell = |row: &usize| presence.is_none_or(|bits| bits.get(*row));
    let present = (0..rows.len()).filter(has_cell).count();
    let mut cells = CellDecoder::start(data, kind, present)?;
    for row in (0..rows.len()).filter(has_cell) {
        let cell = cells.next(data)?;
        rows[row].columns.push(OldColumn { name, kind, is_counted, cell });
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
    fn start(data: &mut ByteReader<'a>, kind: ColumnKind, present: usize) -> Result<Self, Damage> {
        Ok(match kind {
            ColumnKind::Flag => Self::Flags { bits: data.bits(present)?, next: 0 },
            ColumnKind::Number => Self::Numbers,
            ColumnKind::Decimal => Self::Decimals,
            ColumnKind::Word => Self::Word(texts(data)?),
            ColumnKind::Words => Self::Words(texts(data)?),
            ColumnKind::Text => Self::Text(texts(data)?),
            ColumnKind::Texts => Self::Texts(texts(data)?),
            ColumnKind::Pseudonym => {
                let count = data.count()?;
                Self::Pseudonyms(data.arrays(count)?)
            }
            ColumnKind::Seconds => Self::Seconds { before: 0 },
        })
    }

    fn next(&mut self, data: &mut ByteReader<'a>) -> Result<OldCell<'a>, Damage> {
        Ok(match self {
            Self::Flags { bits, next } => {
                *next += 1;
                OldCell::Flag(bits.get(*next - 1))
            }
            Self::Numbers => OldCell::Number(data.zigzag()?),
            Self::Decimals => OldCell::Decimal(f64::from_le_bytes(data.array()?)),
            Self::Word(words) => OldCell::Word(entry(words, data.varint()?)?),
            Self::Words(words) => OldCell::Words(several(data, words)?),
            Self::Text(texts) => OldCell::Text(entry(texts, data.varint()?)?),
            Self::Texts(texts) => OldCell::Texts(several(data, texts)?),
            Self::Pseudonyms(all) => {
                OldCell::Pseudonym(Pseudonym::from_bytes(entry(all, data.varint()?)?))
            }
            Self::Seconds { before } => {
                *before = before.wrapping_add(data.zigzag()?);
                OldCell::Seconds(*before)
            }
        })
    }
}

fn several<'a>(data: &mut ByteReader<'a>, texts: &[&'a str]) -> Result<Vec<&'a str>, Damage> {
    (0..data.count()?).map(|_| entry(texts, data.varint()?)).collect()
}

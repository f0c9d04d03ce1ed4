//! Bytes to events again. The bytes are believed nothing.

use std::borrow::Cow;

use headcount_catalog::{Day, EventId};

use super::bytes::{Bits, Reader};
use super::checksum::xxh64;
use super::encode::BEFORE;
use super::kind::Kind;
use super::{Damage, HEAD};
use crate::{Arrival, Cell, Column, Counted, Pseudonym};

const NO_ENTRY: Damage = Damage("a code has no entry in its dictionary");

/// What a start needs of a block.
pub(crate) struct Keys<'a> {
    ids: &'a [[u8; 16]],
    devices: &'a [[u8; 16]],
}

impl<'a> Keys<'a> {
    /// The rows' ids, in order.
    pub(crate) fn ids(&self) -> impl ExactSizeIterator<Item = EventId> + use<'a> {
        self.ids.iter().map(|bytes| EventId::from_bits(u128::from_be_bytes(*bytes)))
    }

    /// Every device once.
    pub(crate) fn devices(&self) -> impl ExactSizeIterator<Item = Pseudonym> + use<'a> {
        self.devices.iter().map(|bytes| Pseudonym::from_bytes(*bytes))
    }
}

/// Ids and devices of a block that is whole by its checksum; the rest is not looked at.
pub(crate) fn keys(body: &[u8]) -> Result<Keys<'_>, Damage> {
    let mut reader = checked(body)?;
    front(&mut reader)
}

/// Every event of a block with every cell, in the order of the commit. Columns come in the order in
/// which the block has them.
pub(crate) fn decode<'a>(
    product: &'a str,
    day: Day,
    body: &'a [u8],
) -> Result<Vec<Arrival<'a>>, Damage> {
    let mut reader = checked(body)?;
    let keys = front(&mut reader)?;
    let rows = keys.ids.len();
    let mut arrivals = Vec::with_capacity(rows);
    for id in keys.ids() {
        let device = match reader.varint()? {
            0 => None,
            code => Some(Pseudonym::from_bytes(entry(keys.devices, code - 1)?)),
        };
        arrivals.push(Arrival { product, day, id, event: "", device, columns: Vec::new() });
    }
    let events = texts(&mut reader)?;
    for arrival in &mut arrivals {
        arrival.event = entry(&events, reader.varint()?)?;
    }
    for _ in 0..reader.count()? {
        let name = reader.text()?;
        let (kind, counted) =
            Kind::read(reader.byte()?).ok_or(Damage("a column is of an unknown kind"))?;
        let length = reader.count()?;
        let mut data = Reader::new(reader.take(length)?);
        column(&mut data, name, kind, counted, &mut arrivals)?;
        data.end()?;
    }
    reader.end()?;
    Ok(arrivals)
}

/// The body behind its head, if both are whole.
fn checked(body: &[u8]) -> Result<Reader<'_>, Damage> {
    let Some((head, rest)) = body.split_first_chunk::<{ HEAD.len() }>() else {
        return Err(Damage("it ends too early"));
    };
    if *head != HEAD {
        return Err(Damage("it is not a block of a format that is known here"));
    }
    let mut reader = Reader::new(rest);
    if u64::from_le_bytes(reader.array()?) != xxh64(&body[BEFORE..]) {
        return Err(Damage("its checksum differs"));
    }
    Ok(reader)
}

fn front<'a>(reader: &mut Reader<'a>) -> Result<Keys<'a>, Damage> {
    let rows = reader.count()?;
    let ids = reader.arrays(rows)?;
    let count = reader.count()?;
    Ok(Keys { ids, devices: reader.arrays(count)? })
}

fn texts<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a str>, Damage> {
    (0..reader.count()?).map(|_| reader.text()).collect()
}

fn entry<T: Copy>(dictionary: &[T], code: u64) -> Result<T, Damage> {
    usize::try_from(code).ok().and_then(|code| dictionary.get(code)).copied().ok_or(NO_ENTRY)
}

/// Reads one column and gives each row that has it its cell.
fn column<'a>(
    data: &mut Reader<'a>,
    name: &'a str,
    kind: Kind,
    counted: Counted,
    arrivals: &mut [Arrival<'a>],
) -> Result<(), Damage> {
    let presence = match data.byte()? {
        0 => None,
        1 => Some(data.bits(arrivals.len())?),
        _ => return Err(Damage("a column's presence is neither all nor bits")),
    };
    let has = |row: &usize| presence.is_none_or(|bits| bits.get(*row));
    let present = (0..arrivals.len()).filter(has).count();
    let mut cells = Cells::read(data, kind, present)?;
    for row in (0..arrivals.len()).filter(has) {
        let cell = cells.next(data)?;
        arrivals[row].columns.push(Column { name, cell, counted });
    }
    Ok(())
}

/// What stands before the cells of a column, and what the last one leaves for the next.
enum Cells<'a> {
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

impl<'a> Cells<'a> {
    fn read(data: &mut Reader<'a>, kind: Kind, present: usize) -> Result<Self, Damage> {
        Ok(match kind {
            Kind::Flag => Self::Flags { bits: data.bits(present)?, next: 0 },
            Kind::Number => Self::Numbers,
            Kind::Decimal => Self::Decimals,
            Kind::Word => Self::Word(texts(data)?),
            Kind::Words => Self::Words(texts(data)?),
            Kind::Text => Self::Text(texts(data)?),
            Kind::Texts => Self::Texts(texts(data)?),
            Kind::Pseudonym => {
                let count = data.count()?;
                Self::Pseudonyms(data.arrays(count)?)
            }
            Kind::Seconds => Self::Seconds { before: 0 },
        })
    }

    fn next(&mut self, data: &mut Reader<'a>) -> Result<Cell<'a>, Damage> {
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

fn several<'a>(data: &mut Reader<'a>, texts: &[&'a str]) -> Result<Vec<&'a str>, Damage> {
    (0..data.count()?).map(|_| entry(texts, data.varint()?)).collect()
}

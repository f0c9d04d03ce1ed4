//! The records of a batch: what each says, and its bytes.
//!
//! ```text
//! "HCS" 1        magic and format number, once a file
//! and for each record:
//! u8             1 a schema, which gets the next number from 0 on; 2 a commit
//! u32            bytes of what it says
//! u64            XXH64 of these
//! u32            the lower half of XXH64 of the 13 bytes before
//! …              what it says
//! ```
//!
//! The head has a checksum of its own, so that a length with a flipped bit is
//! not taken for a record that a crash has cut off.
//!
//! A commit is how many lists of rows it has, and for each the number of its
//! schema, its day, and a block; then the counts of events that were not stored
//! (product, outcome, reason, count), and of what was rejected (product, day,
//! path, kind, reason, catalog, program, count). Numbers are varints, texts a
//! length and their bytes.

use std::sync::Arc;

use headcount_catalog::Day;

use super::batch::SpooledBatch;
use super::{SpooledRejected, batch};
use crate::block::{
    ByteReader, Damage, decode, decode_schema, encode, encode_schema, put_count, put_text,
    put_varint, put_zigzag, xxh64,
};
use crate::{Commit, RowSchema};

/// The first bytes of a file.
pub(super) const MAGIC: [u8; 4] = *b"HCS\x01";

/// Bytes that the checksum of a head covers.
const COVERED: usize = 1 + size_of::<u32>() + size_of::<u64>();

/// Bytes before what a record says.
const HEAD: usize = COVERED + size_of::<u32>();

const SCHEMA: u8 = 1;
const COMMIT: u8 = 2;

/// What follows the first bytes of a file.
pub(super) fn after_magic(bytes: &[u8]) -> Result<&[u8], Damage> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(Damage::CutShort)?;
    match *magic {
        MAGIC => Ok(rest),
        [b'H', b'C', b'S', format] => Err(Damage::UnknownFormat(format)),
        _ => Err(Damage::NotABlock),
    }
}

/// The bytes of the schemas that a file does not have yet, and of a commit.
pub(super) fn encoded(commit: &Commit, schemas: &mut Vec<Arc<RowSchema>>) -> Vec<u8> {
    let mut out = Vec::new();
    for rows in &commit.rows {
        if !schemas.iter().any(|known| is_same(known, rows.schema())) {
            put(&mut out, SCHEMA, &encode_schema(rows.schema()));
            schemas.push(Arc::clone(rows.schema()));
        }
    }
    let mut said = Vec::new();
    put_count(&mut said, commit.rows.len());
    for rows in &commit.rows {
        let number = schemas.iter().position(|known| is_same(known, rows.schema()));
        put_count(&mut said, number.expect("it was added above"));
        put_zigzag(&mut said, i64::from(rows.day().number()));
        let block = encode(rows);
        put_count(&mut said, block.len());
        said.extend_from_slice(&block);
    }
    put_count(&mut said, commit.unstored.len());
    for count in &commit.unstored {
        put_texts(&mut said, [count.product, count.outcome, count.reason]);
        put_varint(&mut said, count.count);
    }
    put_count(&mut said, commit.rejected.len());
    for count in &commit.rejected {
        put_text(&mut said, count.product);
        put_zigzag(&mut said, i64::from(count.day.number()));
        put_texts(&mut said, [&count.path, count.kind, count.reason.name()]);
        put_varint(&mut said, u64::from(count.catalog));
        put_text(&mut said, count.program.as_deref().unwrap_or_default());
        put_varint(&mut said, count.count);
    }
    put(&mut out, COMMIT, &said);
    out
}

pub(super) fn put_texts(out: &mut Vec<u8>, texts: [&str; 3]) {
    texts.into_iter().for_each(|text| put_text(out, text));
}

fn is_same(one: &Arc<RowSchema>, other: &Arc<RowSchema>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn put(out: &mut Vec<u8>, kind: u8, said: &[u8]) {
    let start = out.len();
    out.push(kind);
    let length = u32::try_from(said.len()).expect("a commit is in memory: less than 4 GiB");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&xxh64(said).to_le_bytes());
    let check = half(&out[start..]);
    out.extend_from_slice(&check.to_le_bytes());
    out.extend_from_slice(said);
}

fn half(head: &[u8]) -> u32 {
    xxh64(head) as u32
}

/// A record at the front of some bytes.
pub(super) enum Front<'a> {
    /// A whole one, and what follows it.
    Whole(Record<'a>, &'a [u8]),
    /// None: the bytes end before it does, its checksum is wrong and nothing
    /// follows it, or they are the zeros of a file that grew before its bytes
    /// were there.
    Torn,
}

/// A record whose checksum is right.
pub(super) struct Record<'a> {
    kind: u8,
    said: &'a [u8],
}

impl<'a> Front<'a> {
    /// # Errors
    ///
    /// Returns why the record is wrong although other bytes follow it.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Damage> {
        let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
        let Some((head, rest)) = bytes.split_at_checked(HEAD) else { return Ok(Self::Torn) };
        let mut reader = ByteReader::new(head);
        let kind = reader.byte()?;
        let length = u32::from_le_bytes(reader.array()?) as usize;
        let checksum = u64::from_le_bytes(reader.array()?);
        if u32::from_le_bytes(reader.array()?) != half(&head[..COVERED]) {
            return if is_blank(bytes) { Ok(Self::Torn) } else { Err(Damage::Checksum) };
        }
        let Some((said, rest)) = rest.split_at_checked(length) else { return Ok(Self::Torn) };
        if xxh64(said) == checksum {
            Ok(Self::Whole(Record { kind, said }, rest))
        } else if is_blank(rest) {
            Ok(Self::Torn)
        } else {
            Err(Damage::Checksum)
        }
    }
}

impl Record<'_> {
    /// Adds what the record says to a batch.
    pub(super) fn add_to(
        &self,
        batch: &mut SpooledBatch,
        schemas: &mut Vec<Arc<RowSchema>>,
    ) -> Result<(), Damage> {
        match self.kind {
            SCHEMA => schemas.push(Arc::new(decode_schema(self.said)?)),
            COMMIT => self.commit(batch, schemas)?,
            _ => return Err(Damage::UnknownKind),
        }
        Ok(())
    }

    fn commit(&self, batch: &mut SpooledBatch, schemas: &[Arc<RowSchema>]) -> Result<(), Damage> {
        let mut reader = ByteReader::new(self.said);
        for _ in 0..reader.count()? {
            let schema = number(&mut reader)?;
            let schema = schemas.get(schema).ok_or(Damage::OtherSchema)?;
            let day = day(&mut reader)?;
            let length = reader.count()?;
            batch.rows.push(decode(schema, day, reader.take(length)?)?);
        }
        for _ in 0..reader.count()? {
            let key = (text(&mut reader)?, text(&mut reader)?, text(&mut reader)?);
            batch::add(&mut batch.unstored, key, reader.varint()?);
        }
        for _ in 0..reader.count()? {
            let rejected = read_rejected(&mut reader)?;
            batch::add(&mut batch.rejected, rejected, reader.varint()?);
        }
        reader.end()
    }
}

pub(super) fn text(reader: &mut ByteReader<'_>) -> Result<String, Damage> {
    reader.text().map(str::to_owned)
}

/// What rejected events are counted by.
pub(super) fn read_rejected(reader: &mut ByteReader<'_>) -> Result<SpooledRejected, Damage> {
    Ok(SpooledRejected {
        product: text(reader)?,
        day: day(reader)?,
        path: text(reader)?,
        kind: text(reader)?,
        reason: text(reader)?,
        catalog: u32::try_from(reader.varint()?).map_err(|_| Damage::NumberTooLarge)?,
        program: text(reader)?,
    })
}

fn day(reader: &mut ByteReader<'_>) -> Result<Day, Damage> {
    let number = i32::try_from(reader.zigzag()?).map_err(|_| Damage::NumberTooLarge)?;
    Ok(Day::from_number(number))
}

fn number(reader: &mut ByteReader<'_>) -> Result<usize, Damage> {
    usize::try_from(reader.varint()?).map_err(|_| Damage::NumberTooLarge)
}

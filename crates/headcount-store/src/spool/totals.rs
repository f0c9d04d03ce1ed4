//! What has been shipped, as sums: the file `totals`.
//!
//! It is written whole, under another name, synced and renamed: what is there
//! is always one whole version of it.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};

use super::batch::{SpooledBatch, SpooledRejected, add};
use super::file::damaged;
use super::record::{put_texts, read_rejected, text};
use crate::block::{ByteReader, Damage, put_count, put_text, put_varint, put_zigzag, xxh64};
use crate::{DataFolder, StoreError, limits};

const NAME: &str = "totals";
const MAGIC: [u8; 4] = *b"HCT\x01";

/// Sums of all batches up to one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpoolTotals {
    /// The number of the last batch that is in them; 0 for none.
    pub through: u64,
    /// Arrivals by product, outcome and reason. Rows count as `stored`,
    /// duplicates too: whoever takes them tells them apart.
    pub outcomes: BTreeMap<(String, String, String), u64>,
    /// What was rejected, by where and why, of the last
    /// [`limits::SPOOL_TOTAL_DAYS`] days. Older sums rise no more.
    pub rejected: BTreeMap<SpooledRejected, u64>,
}

impl SpoolTotals {
    /// These sums and a batch.
    pub(super) fn with(&self, batch: &SpooledBatch) -> Self {
        let mut sums = Self { through: batch.number, ..self.clone() };
        for rows in &batch.rows {
            let product = rows.schema().product().to_owned();
            add(&mut sums.outcomes, (product, "stored".into(), String::new()), rows.len() as u64);
        }
        for (key, count) in &batch.unstored {
            add(&mut sums.outcomes, key.clone(), *count);
        }
        for (key, count) in &batch.rejected {
            add(&mut sums.rejected, key.clone(), *count);
        }
        let newest = sums.rejected.keys().map(|key| key.day).max();
        if let Some(newest) = newest {
            sums.rejected.retain(|key, _| key.day > newest.plus(-limits::SPOOL_TOTAL_DAYS));
        }
        sums
    }
}

/// Reads the sums; none yet if there is no file.
pub(super) fn read_totals(folder: &DataFolder) -> Result<SpoolTotals, StoreError> {
    let path = folder.path().join(NAME);
    match fs::read(&path) {
        Ok(bytes) => decoded(&bytes).map_err(|damage| damaged(&path, damage)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(SpoolTotals::default()),
        Err(error) => Err(StoreError::system("read", &path, error)),
    }
}

/// Writes the sums, durably.
pub(super) fn write(folder: &DataFolder, totals: &SpoolTotals) -> Result<(), StoreError> {
    let name = format!("{NAME}.new");
    let (fresh, path) = (folder.path().join(&name), folder.path().join(NAME));
    write_file(folder, &name, &encoded(totals))
        .and_then(|()| fs::rename(&fresh, &path))
        .and_then(|()| folder.sync())
        .map_err(|error| StoreError::system("write", &path, error))
}

fn write_file(folder: &DataFolder, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = folder.open_private(name, &mut options)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn encoded(totals: &SpoolTotals) -> Vec<u8> {
    let mut said = Vec::new();
    put_varint(&mut said, totals.through);
    put_count(&mut said, totals.outcomes.len());
    for ((product, outcome, reason), count) in &totals.outcomes {
        put_texts(&mut said, [product, outcome, reason]);
        put_varint(&mut said, *count);
    }
    put_count(&mut said, totals.rejected.len());
    for (key, count) in &totals.rejected {
        put_text(&mut said, &key.product);
        put_zigzag(&mut said, i64::from(key.day.number()));
        put_texts(&mut said, [&key.path, &key.kind, &key.reason]);
        put_varint(&mut said, u64::from(key.catalog));
        put_text(&mut said, &key.program);
        put_varint(&mut said, *count);
    }
    [&MAGIC[..], &xxh64(&said).to_le_bytes(), &said].concat()
}

fn decoded(bytes: &[u8]) -> Result<SpoolTotals, Damage> {
    let (magic, rest) = bytes.split_first_chunk().ok_or(Damage::CutShort)?;
    let (checksum, said) = rest.split_first_chunk().ok_or(Damage::CutShort)?;
    if *magic != MAGIC {
        return Err(Damage::NotABlock);
    }
    if u64::from_le_bytes(*checksum) != xxh64(said) {
        return Err(Damage::Checksum);
    }
    let mut reader = ByteReader::new(said);
    let mut totals = SpoolTotals { through: reader.varint()?, ..SpoolTotals::default() };
    for _ in 0..reader.count()? {
        let key = (text(&mut reader)?, text(&mut reader)?, text(&mut reader)?);
        add(&mut totals.outcomes, key, reader.varint()?);
    }
    for _ in 0..reader.count()? {
        let key = read_rejected(&mut reader)?;
        add(&mut totals.rejected, key, reader.varint()?);
    }
    reader.end()?;
    Ok(totals)
}

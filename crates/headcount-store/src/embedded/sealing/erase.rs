//! Erases the raw events of persons, sealed and fresh ones, from the file.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use headcount_catalog::{Day, EventId};
use rusqlite::{Connection, Error, Row, TransactionBehavior, params};

use super::super::connection::{self, OpenMode};
use super::super::fresh_blocks::each_block;
use super::super::schemas::Schemas;
use super::super::writer::DatabaseWriter;
use super::super::writer_slices::WriterSlices;
use super::clean::{clean, empty_log};
use super::house::House;
use super::read::SegmentReader;
use super::tables::{self, ChunkRow, SegmentHead};
use crate::block::encode;
use crate::sealed::{ChunkBody, ChunkEncoder, SealedChunk, SealedRows};
use crate::{Cells, ColumnRole, DayRows, Erasure, Pseudonym, RowSchema, StoreError};

/// Erases all raw events of some persons in one pass. They are gone from the
/// file when this returns. Returns how many events that were.
pub(in crate::embedded) fn erase<S: WriterSlices>(
    store: &S,
    house: &House,
    file: &Path,
    product: &str,
    persons: &[Erasure],
) -> Result<u64, StoreError> {
    let _entered = house.enter_soon();
    let connection = connection::open(file, OpenMode::Questions)?;
    // Those that were cut off are not part of what is returned. Those of other
    // products are finished when the store is kept in order.
    finish_erasures(store, (&connection, file), product)?;
    store.with_writer(|writer| {
        begin(writer, product, persons).map_err(|error| erasing(writer, error))
    })?;
    let erased = finish_erasures(store, (&connection, file), product)?;
    // What an earlier try erased is told by the one that succeeds.
    let erased = erased + house.take_erased(product, persons);
    let gone = clean(store).and_then(|()| empty_log(store));
    if gone.is_err() {
        house.keep_erased(product, persons, erased);
    }
    gone.map(|()| erased)
}

/// Makes the erasures known, so that they go on after a crash.
fn begin(writer: &mut DatabaseWriter, product: &str, persons: &[Erasure]) -> Result<(), Error> {
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut write = transaction.prepare_cached(include_str!("../../sql/begin_erasure.sql"))?;
    for person in persons {
        let (kind, pseudonym) = match person {
            Erasure::Device(device) => ("device", device),
            Erasure::Account(account) => ("account", account),
        };
        write.execute(params![product, kind, pseudonym.bytes()])?;
    }
    drop(write);
    transaction.commit()
}

/// The products of which an erasure has begun.
pub(super) fn unfinished(connection: &Connection, file: &Path) -> Result<Vec<String>, StoreError> {
    let all = waiting(connection).map_err(|error| StoreError::database("read", file, error))?;
    Ok(all.into_keys().collect())
}

/// Erases everybody of a product whose erasure has begun. Returns how many
/// events that were.
pub(super) fn finish_erasures<S: WriterSlices>(
    store: &S,
    (connection, file): (&Connection, &Path),
    product: &str,
) -> Result<u64, StoreError> {
    let mut all = waiting(connection).map_err(|error| StoreError::database("read", file, error))?;
    let Some(persons) = all.remove(product) else { return Ok(0) };
    let last = store.with_writer(|writer| writer.flush().map(|()| writer.last_block()))?;
    let persons = Persons::new(store, persons, product)?;
    let mut erased = erase_fresh(store, (connection, file), (product, last), &persons)?;
    let schemas = Schemas::read(connection, file)?;
    let days = (product, Day::from_number(i32::MIN), Day::from_number(i32::MAX));
    let segments = tables::segments_of(connection, days)
        .map_err(|error| StoreError::database("read", file, error))?;
    for segment in segments {
        erased += erase_segment(store, (connection, file), &schemas, segment, &persons)?;
    }
    store.with_writer(|writer| {
        finish(writer, product, &persons).map_err(|error| erasing(writer, error))
    })?;
    Ok(erased)
}

/// Takes the devices out of the rollups, and ends the erasure.
fn finish(writer: &mut DatabaseWriter, product: &str, persons: &Persons) -> Result<(), Error> {
    let DatabaseWriter { connection, rollups, .. } = writer;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for device in &persons.devices {
        rollups.erase_device(&transaction, product, *device)?;
    }
    let mut delete = transaction.prepare_cached(include_str!("../../sql/finish_erasure.sql"))?;
    for (kind, pseudonym) in persons.all() {
        delete.execute(params![product, kind, pseudonym.bytes()])?;
    }
    drop(delete);
    transaction.commit()
}

type PersonsOfProduct = Vec<(String, Pseudonym)>;

/// The erasures that have begun, by product.
fn waiting(connection: &Connection) -> Result<BTreeMap<String, PersonsOfProduct>, Error> {
    let mut read = connection.prepare_cached(include_str!("../../sql/read_erasures.sql"))?;
    let person = |row: &Row<'_>| {
        Ok((row.get(0)?, row.get(1)?, Pseudonym::from_bytes(row.get::<_, [u8; 16]>(2)?)))
    };
    let mut all: BTreeMap<String, PersonsOfProduct> = BTreeMap::new();
    for person in read.query_map((), person)? {
        let (product, kind, pseudonym) = person?;
        all.entry(product).or_default().push((kind, pseudonym));
    }
    Ok(all)
}

/// Who is erased, of one product.
struct Persons {
    devices: HashSet<Pseudonym>,
    slots: HashSet<u32>,
    accounts: HashSet<Pseudonym>,
}

impl Persons {
    fn new<S: WriterSlices>(
        store: &S,
        persons: PersonsOfProduct,
        product: &str,
    ) -> Result<Self, StoreError> {
        let (devices, accounts): (Vec<_>, Vec<_>) =
            persons.into_iter().partition(|(kind, _)| kind == "device");
        let set = |all: Vec<(String, Pseudonym)>| all.into_iter().map(|(_, one)| one).collect();
        let (devices, accounts): (HashSet<Pseudonym>, _) = (set(devices), set(accounts));
        let slots = store.with_writer(|writer| {
            let slots = writer.rollups.devices(product);
            let slot = |device: &Pseudonym| slots.and_then(|slots| slots.find(*device));
            Ok(devices.iter().filter_map(slot).collect())
        })?;
        Ok(Self { devices, slots, accounts })
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, Pseudonym)> {
        let devices = self.devices.iter().map(|device| ("device", *device));
        devices.chain(self.accounts.iter().map(|account| ("account", *account)))
    }

    /// Whether a chunk may have events of them.
    fn are_in(&self, schema: &RowSchema, body: &[u8]) -> Result<bool, crate::sealed::SealedDamage> {
        if !self.slots.is_empty()
            && ChunkBody::new(body)?.slots()?.iter().any(|slot| self.slots.contains(slot))
        {
            return Ok(true);
        }
        let columns = accounts(schema);
        if self.accounts.is_empty() || columns.is_empty() {
            return Ok(false);
        }
        ChunkBody::new(body)?.has_pseudonym(&columns, &|one| self.accounts.contains(&one))
    }

    /// Which rows are not of them.
    fn keep(&self, rows: &DayRows) -> Vec<bool> {
        let is_other =
            |device: Option<Pseudonym>| device.is_none_or(|device| !self.devices.contains(&device));
        let heads = rows.heads().iter();
        let mut keep: Vec<bool> = heads.map(|head| is_other(head.device.pseudonym())).collect();
        for place in accounts(rows.schema()) {
            let column = &rows.columns()[place];
            if let Cells::Pseudonyms(all) = column.cells() {
                for (row, account) in column.rows().iter().zip(all) {
                    keep[*row as usize] &= !self.accounts.contains(account);
                }
            }
        }
        keep
    }
}

/// The places of the columns that have accounts.
fn accounts(schema: &RowSchema) -> Vec<usize> {
    let columns = schema.columns().iter().enumerate();
    let accounts = columns.filter(|(_, column)| column.role == ColumnRole::Account);
    accounts.map(|(place, _)| place).collect()
}

/// Rewrites the fresh blocks that have events of them.
fn erase_fresh<S: WriterSlices>(
    store: &S,
    (connection, file): (&Connection, &Path),
    (product, last): (&str, i64),
    persons: &Persons,
) -> Result<u64, StoreError> {
    let schemas = Schemas::read(connection, file)?;
    let mut erased = 0;
    let sql = include_str!("../../sql/read_fresh_until.sql");
    each_block(connection, file, sql, params![product, last], |block| {
        let rows = block.rows(&schemas)?;
        let keep = persons.keep(&rows);
        if keep.iter().all(|kept| *kept) {
            return Ok(());
        }
        let kept = rows.filtered(&keep);
        let gone: HashSet<EventId> =
            rows.ids().iter().zip(&keep).filter(|(_, kept)| !**kept).map(|(id, _)| *id).collect();
        erased += gone.len() as u64;
        let number = block.number;
        store.with_writer(|writer| {
            replace_block(writer, number, &kept, gone.len() as u64)
                .map_err(|error| erasing(writer, error))?;
            writer.ids.day(product, rows.day()).forget(number, &gone);
            Ok(())
        })
    })?;
    Ok(erased)
}

fn replace_block(
    writer: &mut DatabaseWriter,
    number: i64,
    kept: &DayRows,
    erased: u64,
) -> Result<(), Error> {
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if kept.is_empty() {
        let sql = include_str!("../../sql/delete_block.sql");
        transaction.prepare_cached(sql)?.execute((number,))?;
    } else {
        let sql = include_str!("../../sql/replace_block.sql");
        let parameters = params![number, kept.len() as i64, encode(kept)];
        transaction.prepare_cached(sql)?.execute(parameters)?;
    }
    let day = (kept.schema().product(), kept.day());
    tables::add_gone(&transaction, day, "erased", erased)?;
    transaction.commit()
}

/// Rewrites the chunks of a segment that have events of them.
fn erase_segment<S: WriterSlices>(
    store: &S,
    source: (&Connection, &Path),
    schemas: &Schemas,
    segment: SegmentHead,
    persons: &Persons,
) -> Result<u64, StoreError> {
    let mut reader = SegmentReader::new(source, schemas, segment)?;
    let mut encoder = ChunkEncoder::new()
        .map_err(|error| StoreError::with_source("cannot erase events: no memory", error))?;
    let mut erased = 0;
    while let Some(chunk) = reader.next_row()? {
        let may_have = persons.are_in(&reader.schema, &chunk.body);
        if !may_have.map_err(|damage| reader.damaged(&chunk, damage))? {
            continue;
        }
        let rows = reader.open(&chunk)?;
        let keep = keep_sealed(&rows, persons);
        let gone = keep.iter().filter(|kept| !**kept).count() as u64;
        if gone == 0 {
            continue;
        }
        erased += gone;
        let kept = encoder
            .encode(&rows.filtered(&keep))
            .map_err(|error| StoreError::with_source("cannot erase events: no memory", error))?;
        store.with_writer(|writer| {
            replace_chunk(writer, &reader.segment, (&chunk, kept.as_ref()), gone)
                .map_err(|error| erasing(writer, error))
        })?;
    }
    Ok(erased)
}

fn keep_sealed(rows: &SealedRows, persons: &Persons) -> Vec<bool> {
    rows.without(&persons.slots, &persons.accounts)
}

fn replace_chunk(
    writer: &mut DatabaseWriter,
    segment: &SegmentHead,
    (chunk, kept): (&ChunkRow, Option<&SealedChunk>),
    erased: u64,
) -> Result<(), Error> {
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tables::delete_chunk(&transaction, segment.number, chunk)?;
    if let Some(kept) = kept {
        tables::write_chunk(&transaction, segment.number, kept)?;
    }
    transaction
        .prepare_cached(include_str!("../../sql/lessen_segment.sql"))?
        .execute(params![segment.number, i64::try_from(erased).unwrap_or(i64::MAX)])?;
    tables::add_gone(&transaction, (&segment.product, segment.day), "erased", erased)?;
    transaction.commit()
}

fn erasing(writer: &DatabaseWriter, error: Error) -> StoreError {
    StoreError::database("erase events in", &writer.file, error)
}

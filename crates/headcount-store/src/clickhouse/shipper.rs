//! Ships what waits in the spool, batch by batch, in order.
//!
//! Every request of a batch may be sent again, by this process or the next
//! one: the bytes are made of the sealed batch alone, the server drops what
//! comes under a known token, and what it does not drop lies under the same
//! key. The batch leaves the spool last.

use std::collections::{BTreeMap, HashSet};

use headcount_catalog::Day;

use super::migration::migrate;
use super::row_binary::{EVENTS, Sender, date, encoded, kind_byte};
use super::{Client, Statement};
use crate::block::{put_text, xxh64};
use crate::{ColumnRole, RowSchema, Spool, SpoolTotals, SpooledBatch, StoreError};

/// What the one who ships knows of the server.
#[derive(Debug, Default)]
pub(super) struct Shipper {
    /// Whether the tables are there.
    is_ready: bool,
    /// Pairs of columns that the server has been told.
    pairs: HashSet<Pair>,
    /// Products and columns of the host's version that it has been told.
    versions: HashSet<(String, String)>,
}

/// A product, an event, and the names and kinds of two columns.
type Pair = (String, String, (String, u8), (String, u8));

impl Shipper {
    /// Makes the tables if this has not been done, and learns the number of the
    /// newest batch.
    pub(super) fn prepare(&mut self, client: &Client, spool: &Spool) -> Result<(), StoreError> {
        if !self.is_ready {
            migrate(client)?;
            number_above_all(client, spool)?;
            self.is_ready = true;
        }
        Ok(())
    }

    /// Ships everything that was acknowledged before the call, or fewer batches
    /// once `is_over` says so.
    pub(super) fn ship(
        &mut self,
        client: &Client,
        spool: &Spool,
        node: u32,
        is_over: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        self.prepare(client, spool)?;
        let mut next = spool.seal();
        while let Some(number) = next {
            let batch = spool.read(number)?;
            self.ship_batch(client, &batch, node)?;
            let totals = spool.totals_with(&batch);
            ship_totals(client, &totals, node)?;
            spool.shipped(&batch)?;
            next = if is_over() { None } else { spool.oldest() };
        }
        Ok(())
    }

    /// Ships one batch, without its sums of outcomes.
    pub(super) fn ship_batch(
        &mut self,
        client: &Client,
        batch: &SpooledBatch,
        node: u32,
    ) -> Result<(), StoreError> {
        if batch.rows.is_empty() {
            return Ok(());
        }
        for rows in &batch.rows {
            self.tell_pairs(client, rows.schema())?;
            self.tell_versions(client, rows.schema())?;
        }
        let rows = encoded(batch, Sender { node, batch: batch.number });
        // The hash is there for a folder that was copied with its number: the
        // other batch of the same number is not dropped.
        let token = format!("{node}-{}-{:016x}", batch.number, xxh64(&rows));
        client.insert(EVENTS, &token, &rows)?;
        let (days, last) = days_of(batch, node);
        client.insert("batches FORMAT RowBinary", &format!("{token}-days"), &days)?;
        client.insert("last_batches FORMAT RowBinary", &format!("{token}-last"), &last)
    }

    /// Tells the server which pairs of columns are counted together.
    fn tell_pairs(&mut self, client: &Client, schema: &RowSchema) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        let mut new = Vec::new();
        for event in schema.events() {
            for (one, other) in &event.across {
                let column = |place: usize| {
                    let shape = &schema.columns()[place];
                    (shape.name.clone(), kind_byte(shape.kind))
                };
                let (one, other) = (column(*one), column(*other));
                let pair = (schema.product().to_owned(), event.name.clone(), one, other);
                if !self.pairs.contains(&pair) {
                    put_pair(&mut rows, &pair);
                    new.push(pair);
                }
            }
        }
        if !new.is_empty() {
            client.insert("pairs FORMAT RowBinary", "", &rows)?;
            self.pairs.extend(new);
        }
        Ok(())
    }

    /// Tells the server which columns have the version of the host.
    fn tell_versions(&mut self, client: &Client, schema: &RowSchema) -> Result<(), StoreError> {
        let columns = schema.columns().iter();
        for column in columns.filter(|column| column.role == ColumnRole::Version) {
            let told = (schema.product().to_owned(), column.name.clone());
            if !self.versions.contains(&told) {
                let mut row = Vec::new();
                put_text(&mut row, &told.0);
                put_text(&mut row, &told.1);
                client.insert("version_columns FORMAT RowBinary", "", &row)?;
                self.versions.insert(told);
            }
        }
        Ok(())
    }
}

/// Lets the next batch have a higher number than any that the server has.
pub(super) fn number_above_all(client: &Client, spool: &Spool) -> Result<(), StoreError> {
    let (newest,): (u64,) = client.row(&Statement::new("SELECT max(batch) FROM batches"))?;
    spool.number_above(newest);
    Ok(())
}

fn put_pair(out: &mut Vec<u8>, (product, event, one, other): &Pair) {
    put_text(out, product);
    put_text(out, event);
    for (name, kind) in [one, other] {
        put_text(out, name);
        out.push(*kind);
    }
}

/// The rows of `batches`, which are products and days with the number of rows,
/// and those of `last_batches`, which are the same without it.
fn days_of(batch: &SpooledBatch, node: u32) -> (Vec<u8>, Vec<u8>) {
    let mut days: BTreeMap<(&str, Day), u64> = BTreeMap::new();
    for rows in &batch.rows {
        *days.entry((rows.schema().product(), rows.day())).or_default() += rows.len() as u64;
    }
    let (mut with_rows, mut last) = (Vec::new(), Vec::new());
    for ((product, day), rows) in days {
        let begin = with_rows.len();
        put_text(&mut with_rows, product);
        with_rows.extend_from_slice(&date(day).to_le_bytes());
        with_rows.extend_from_slice(&node.to_le_bytes());
        with_rows.extend_from_slice(&batch.number.to_le_bytes());
        last.extend_from_slice(&with_rows[begin..]);
        with_rows.extend_from_slice(&rows.to_le_bytes());
    }
    (with_rows, last)
}

/// Sends the sums of everything up to a batch, which replace those up to the
/// one before.
pub(super) fn ship_totals(
    client: &Client,
    totals: &SpoolTotals,
    node: u32,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for ((product, outcome, reason), count) in &totals.outcomes {
        [product, outcome, reason].into_iter().for_each(|text| put_text(&mut rows, text));
        put_sum(&mut rows, node, totals.through, *count);
    }
    let token = |table: &str, rows: &[u8]| {
        format!("{node}-{}-{table}-{:016x}", totals.through, xxh64(rows))
    };
    if !rows.is_empty() {
        client.insert("outcomes FORMAT RowBinary", &token("outcomes", &rows), &rows)?;
    }
    rows.clear();
    for (key, count) in &totals.rejected {
        put_text(&mut rows, &key.product);
        rows.extend_from_slice(&date(key.day).to_le_bytes());
        [&key.path, &key.kind, &key.reason].into_iter().for_each(|text| put_text(&mut rows, text));
        rows.extend_from_slice(&key.catalog.to_le_bytes());
        put_text(&mut rows, &key.program);
        put_sum(&mut rows, node, totals.through, *count);
    }
    match rows.is_empty() {
        true => Ok(()),
        false => client.insert("rejected FORMAT RowBinary", &token("rejected", &rows), &rows),
    }
}

fn put_sum(out: &mut Vec<u8>, node: u32, batch: u64, count: u64) {
    out.extend_from_slice(&node.to_le_bytes());
    out.extend_from_slice(&batch.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
}

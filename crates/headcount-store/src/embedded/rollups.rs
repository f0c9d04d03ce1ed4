//! Rollups: counts that are kept up with every commit, so that questions about
//! them read no events.
//!
//! ```text
//! rows -> codes -> counters in memory     (counting, by context and code)
//!                        | write, about once a second and before a question
//!                        v
//!         counts by series and day        (collect, write: rollup_cells)
//! ```
//!
//! What is counted follows from the schema alone. Every row has a context: its
//! event, its version, and whether it says that it failed. Every counted column
//! is counted by context and value, so that each number can be asked by version
//! and by failure; further pairs are those that the catalog names. Durations,
//! counts and amounts are histograms. Devices are slots of a table
//! ([`device_table`]) and lie in bitmaps by day, version and weight
//! ([`day_devices`]). When a day goes, numbers and sketches stay ([`expire`]).
//!
//! Everything weighs: an event of a device that sends at one of ten rates
//! stands for as many as the rate says.
//!
//! After an error in a transaction the state must be read again: what was
//! counted may be gone from memory and not be on disk.

mod mix;
mod grid;
mod histogram;
mod sketch;
mod cells;
mod vocabulary;
mod columns;
mod vocabularies;
mod contexts;
mod outcomes;
mod counting;
mod series;
mod device_table;
mod day_devices;
mod product;
mod collect;
mod write_values;
mod write_devices;
mod write;
mod read;
mod cohorts;
mod expire;
mod names;
mod asking;
mod live_devices;
mod answer_rows;
mod ask_counts;
mod ask_devices;
mod ask;
mod recount;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Transaction};

use super::seams::RollupState;
use crate::{DayRows, Pseudonym, Question};
use counting::RowNotes;
use product::ProductRollups;

pub(super) use ask::ask;

pub(crate) use cells::EventOutcome;
pub(crate) use columns::{Coding, FLAGS, PLAIN_EXIT_CODES};
pub(super) use day_devices::{ByWeight, by_smallest, weigh};
pub(super) use device_table::DeviceTable;
pub(super) use histogram::{middle_of, middle_of_whole, quantiles_of, sum_of};
pub(super) use live_devices::LiveDevices;
pub(super) use mix::NumberMap;
pub(crate) use outcomes::{FailureRule, rules as failure_rules};
pub(super) use recount::{DayProof, LiveEvents, ProvedSeries, Recount, Recounter};

/// The rollups of all products.
#[derive(Debug, Default)]
pub(super) struct Rollups {
    products: HashMap<Box<str>, ProductRollups>,
    notes: RowNotes,
}

impl RollupState for Rollups {
    fn read(connection: &Connection) -> Result<Self, Error> {
        let products = read::read(connection)?.into_iter().collect();
        Ok(Self { products, notes: RowNotes::default() })
    }

    fn add(&mut self, rows: &DayRows) {
        if rows.is_empty() {
            return;
        }
        let product = rows.schema().product();
        if !self.products.contains_key(product) {
            self.products.insert(product.into(), ProductRollups::default());
        }
        if let Some(rollups) = self.products.get_mut(product) {
            rollups.add(rows, &mut self.notes);
        }
    }

    fn flush(&mut self, transaction: &Transaction<'_>) -> Result<(), Error> {
        for (product, rollups) in &mut self.products {
            write::write(transaction, product, rollups)?;
        }
        Ok(())
    }
}

/// Takes over what the blocks of an older format do not have: the marks of
/// devices without an id.
pub(super) fn import_format_2(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute_batch(include_str!("../sql/import_marks.sql"))
}

impl Rollups {
    /// The state of one product alone.
    pub(super) fn read_product(connection: &Connection, product: &str) -> Result<Self, Error> {
        let products = read::read_one(connection, product)?.into_iter().collect();
        Ok(Self { products, notes: RowNotes::default() })
    }

    /// What a question needs to know of devices in memory. The state must have
    /// been written before.
    pub(super) fn live_devices(&self, question: &Question) -> LiveDevices {
        let product = match question {
            Question::Active { product, .. } | Question::Retention { product, .. } => product,
            _ => return LiveDevices::default(),
        };
        let rollups = self.products.get(product.as_str());
        rollups.map(|rollups| LiveDevices::of(rollups, question)).unwrap_or_default()
    }

    /// The values of open vocabularies that have a row, by column, of those
    /// columns that `is_wanted` names.
    pub(super) fn value_rows(
        &self,
        product: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> HashMap<Box<str>, HashSet<Box<str>>> {
        let Some(rollups) = self.products.get(product) else { return HashMap::new() };
        let wanted = rollups.vocabularies.all().filter(|(column, _)| is_wanted(column));
        wanted.map(|(column, all)| (column.into(), all.rows().map(Box::from).collect())).collect()
    }

    /// The devices of a product.
    pub(super) fn devices(&self, product: &str) -> Option<&DeviceTable> {
        self.products.get(product).map(|rollups| &rollups.devices)
    }

    /// Takes a day out whose raw events go in the same transaction: numbers and
    /// sketches of its devices stay.
    pub(super) fn expire_day(
        &mut self,
        transaction: &Connection,
        product: &str,
        day: Day,
    ) -> Result<(), Error> {
        let Some(rollups) = self.products.get_mut(product) else { return Ok(()) };
        write::write(transaction, product, rollups)?;
        expire::expire(transaction, product, rollups, day)?;
        write::write(transaction, product, rollups)
    }

    /// Takes a device out whose raw events go in the same transaction. Sums
    /// stay, and so do sketches, in which no device can be found.
    pub(super) fn erase_device(
        &mut self,
        transaction: &Connection,
        product: &str,
        device: Pseudonym,
    ) -> Result<(), Error> {
        let Some(rollups) = self.products.get_mut(product) else { return Ok(()) };
        if let Some(slot) = rollups.devices.find(device) {
            rollups.erase(slot);
            write::write(transaction, product, rollups)?;
        }
        Ok(())
    }

    /// Takes the counts of days before `first` out. Returns the number of days.
    pub(super) fn expire_counts(
        &mut self,
        transaction: &Connection,
        product: &str,
        first: Day,
    ) -> Result<u64, Error> {
        let mut rollups = self.products.get_mut(product);
        if let Some(rollups) = &mut rollups {
            write::write(transaction, product, rollups)?;
        }
        expire::expire_counts(transaction, product, rollups, first)
    }

    /// Lets the window in which values of open vocabularies are told begin with
    /// a day.
    pub(super) fn begin_window(
        &mut self,
        transaction: &Connection,
        product: &str,
        first: Day,
    ) -> Result<(), Error> {
        let Some(rollups) = self.products.get_mut(product) else { return Ok(()) };
        write::write(transaction, product, rollups)?;
        rollups.vocabularies.all_mut().for_each(|known| known.expire(first.plus(-1)));
        write::write(transaction, product, rollups)
    }

    /// Every product and day that has devices. A day may have some and no raw
    /// event: those of an account are erased, and its devices are not.
    pub(super) fn device_days(&self) -> impl Iterator<Item = (&str, Day)> {
        self.products
            .iter()
            .flat_map(|(product, rollups)| rollups.days.keys().map(|day| (&**product, *day)))
    }
}

/// What sealing needs of the devices.
impl Rollups {
    /// The devices of a product, to give slots.
    pub(super) fn devices_mut(&mut self, product: &str) -> &mut DeviceTable {
        if !self.products.contains_key(product) {
            self.products.insert(product.into(), ProductRollups::default());
        }
        let rollups = self.products.get_mut(product);
        &mut rollups.expect("the entry was inserted above").devices
    }

    /// Reads the devices of a product, as they were last written.
    pub(super) fn read_devices(
        connection: &Connection,
        product: &str,
    ) -> Result<DeviceTable, Error> {
        read::read_device_table(connection, product)
    }
}

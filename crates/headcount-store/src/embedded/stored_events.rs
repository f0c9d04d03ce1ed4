//! Reads raw events, for tools.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use headcount_catalog::Day;
use rusqlite::{Connection, Error, params};

use super::connection::{self, OpenMode};
use super::fresh_blocks::each_fresh_of;
use super::schemas::Schemas;
use super::sealing::each_sealed_of;
use crate::{DayRows, StoreError, limits};

/// The raw events of a data folder, for a tool that reads them while a
/// collector runs or while none does. It takes no lock and changes nothing.
pub struct StoredEvents {
    file: PathBuf,
    connection: Connection,
}

impl StoredEvents {
    /// Opens the store's file in a data folder.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file, or if this version cannot
    /// read its format. A file of an older format is migrated when a collector
    /// starts with it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = std::path::absolute(folder)
            .map_err(|error| StoreError::system("find the data folder", folder, error))?
            .join(connection::FILE);
        Self::of(&file)
    }

    pub(super) fn of(file: &Path) -> Result<Self, StoreError> {
        let connection = connection::open(file, OpenMode::Questions)?;
        connection::check_newest(&connection, file)?;
        Ok(Self { file: file.to_path_buf(), connection })
    }

    /// The products and days that have raw events, in order.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read.
    pub fn days(&self) -> Result<Vec<(String, Day)>, StoreError> {
        let read = || -> Result<Vec<(String, Day)>, Error> {
            let sql = include_str!("../sql/read_event_days.sql");
            let mut read = self.connection.prepare_cached(sql)?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Day::from_number(row.get(1)?)));
            read.query_map([], row)?.collect()
        };
        read().map_err(|error| {
            StoreError::database("read the days with events in", &self.file, error)
        })
    }

    /// Calls `each` with all raw events of a product from one day to another,
    /// both included, as [`each_rows_until`](Self::each_rows_until) does.
    ///
    /// # Errors
    ///
    /// Returns an error if a part of the file cannot be read or is damaged.
    /// Events before it have been passed to `each`.
    pub fn each_rows(
        &self,
        product: &str,
        from: Day,
        to: Day,
        mut each: impl FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        let all = self.each_rows_until(product, from, to, |rows| {
            each(rows);
            ControlFlow::<Infallible>::Continue(())
        });
        all.map(|_| ())
    }

    /// Calls `each` with the raw events of a product from one day to another,
    /// both included, until it breaks. The days come in order; of each, those
    /// that are sealed come first, then the others in the order of their
    /// commits. The events of one day are of one moment.
    ///
    /// # Errors
    ///
    /// Returns an error if a part of the file cannot be read or is damaged.
    /// Events before it have been passed to `each`.
    pub fn each_rows_until<B>(
        &self,
        product: &str,
        from: Day,
        to: Day,
        mut each: impl FnMut(&DayRows) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        let reading = |error| StoreError::database("read the events in", &self.file, error);
        let mut next = from;
        loop {
            let started = Instant::now();
            // One transaction: an event that is being sealed is seen once.
            let snapshot = self.connection.unchecked_transaction().map_err(reading)?;
            let Some(day) = first_day(&snapshot, (product, next, to)).map_err(reading)? else {
                return Ok(ControlFlow::Continue(()));
            };
            let schemas = Schemas::read(&snapshot, &self.file)?;
            let days = (product, day, day);
            if let stop @ ControlFlow::Break(_) =
                each_sealed_of(&snapshot, &self.file, &schemas, days, &mut each)?
            {
                return Ok(stop);
            }
            if let stop @ ControlFlow::Break(_) =
                each_fresh_of(&snapshot, &self.file, &schemas, days, &mut each)?
            {
                return Ok(stop);
            }
            drop(snapshot);
            if day == to {
                return Ok(ControlFlow::Continue(()));
            }
            next = day.plus(1);
            let_the_log_be_emptied(started);
        }
    }
}

/// The first day from one to another that has events.
fn first_day(
    connection: &Connection,
    (product, from, to): (&str, Day, Day),
) -> Result<Option<Day>, Error> {
    let mut read = connection.prepare_cached(include_str!("../sql/read_first_day.sql"))?;
    let day: Option<i32> =
        read.query_row(params![product, from.number(), to.number()], |row| row.get(0))?;
    Ok(day.map(Day::from_number))
}

/// The log cannot be emptied while somebody reads. Whoever wants to empty it
/// tries again and again, and finds a pause after what took long.
pub(super) fn let_the_log_be_emptied(started: Instant) {
    let pause = Duration::from_millis(limits::CHECKPOINT_PAUSE_MILLISECONDS);
    if started.elapsed() > pause * 10 {
        std::thread::sleep(pause * 2);
    }
}

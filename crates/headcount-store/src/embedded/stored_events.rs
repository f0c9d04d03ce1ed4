//! Reads raw events, for tools.

use std::path::{Path, PathBuf};

use headcount_catalog::Day;
use rusqlite::Connection;

use super::connection::{self, OpenMode};
use super::fresh_blocks::each_fresh_of;
use super::schemas::Schemas;
use super::sealing::each_sealed_of;
use crate::{DayRows, StoreError};

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

    /// Calls `each` with all raw events of a product from one day to another,
    /// both included: those that are sealed, then the others in the order of
    /// their commits. All are of one moment.
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
        let reading = |error| StoreError::database("read the events in", &self.file, error);
        // One transaction: an event that is being sealed is seen once.
        let snapshot = self.connection.unchecked_transaction().map_err(reading)?;
        let schemas = Schemas::read(&snapshot, &self.file)?;
        each_sealed_of(&snapshot, &self.file, &schemas, (product, from, to), &mut each)?;
        each_fresh_of(&snapshot, &self.file, &schemas, (product, from, to), &mut each)
    }
}

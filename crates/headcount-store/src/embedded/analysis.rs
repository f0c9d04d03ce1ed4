//! SQL over the raw events, for analysts: it reads one moment of the store, and
//! can do nothing else.
//!
//! ```text
//! query --> a database in memory, with no file --> table, cursor --> snapshot --> blocks
//!           permissions: what may be said          days that are asked for
//! ```
//!
//! The query runs on a connection of its own, whose database is in memory and
//! empty. It does not have the store's file: tables of events are virtual, and
//! read through another connection, a part of a day at a time. `permissions`
//! allows reading and a list of functions, and nothing else; limits bound every
//! value, the memory and the time.

mod cursor;
mod days;
mod error;
mod permissions;
mod shape;
mod snapshot;
mod table;
mod table_shape;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use crate::{ColumnKind, StoreError, limits};
use permissions::Deadline;
use snapshot::EventSnapshot;
use table_shape::TableShape;

pub use error::AnalysisError;
pub use permissions::{AnalysisLimits, FUNCTIONS};
pub use shape::{AnalysisColumn, AnalysisRows, AnalysisSource, AnalysisTable, AnalysisValue};

/// The raw events of a data folder at one moment, for queries. A collector may
/// run meanwhile. It takes no lock and changes nothing.
pub struct Analysis {
    snapshot: Arc<Mutex<EventSnapshot>>,
}

impl Analysis {
    /// Opens the store's file in a data folder. Every query sees the events
    /// that were acknowledged before.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file, or if this version cannot
    /// read its format.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let snapshot = EventSnapshot::open(folder)?;
        Ok(Self { snapshot: Arc::new(Mutex::new(snapshot)) })
    }

    /// The products that have events, each with the columns of its rows in the
    /// order in which they came.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, Vec<(String, ColumnKind)>)> {
        snapshot::locked(&self.snapshot).columns()
    }

    /// Runs one query over some tables. The time is looked at between two steps
    /// of it: one call of a function with two texts of a megabyte can take
    /// minutes, so whoever must go on runs it in a process of its own.
    ///
    /// # Errors
    ///
    /// Returns an error if the query is wrong, wants what it may not have, or
    /// needs more time or memory than it may; or if the store cannot be read.
    pub fn query(
        &self,
        tables: &[AnalysisTable],
        sql: &str,
        limits: &AnalysisLimits,
        rows: &mut dyn AnalysisRows,
    ) -> Result<(), AnalysisError> {
        if sql.len() > limits::ANALYSIS_QUERY_BYTES as usize {
            return Err(AnalysisError::long_query());
        }
        // SQLite would read no further.
        if sql.contains('\0') {
            return Err(AnalysisError::nul());
        }
        let deadline = Deadline::after(limits.time);
        let failed = |error| AnalysisError::of_query(&error, limits, &deadline, &self.snapshot);
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        permissions::prepare(&connection, limits).map_err(failed)?;
        for table in tables {
            let shape = TableShape::new(Arc::clone(&self.snapshot), table, deadline.clone());
            table::add(&connection, shape).map_err(failed)?;
        }
        permissions::restrict(&mut connection, tables, &deadline).map_err(failed)?;
        let mut statement = connection.prepare(sql).map_err(failed)?;
        if statement.column_count() == 0 {
            return Err(AnalysisError::no_rows());
        }
        if statement.parameter_count() > 0 {
            return Err(AnalysisError::parameters());
        }
        each_row(&mut statement, rows, &deadline).map_err(failed)
    }
}

fn each_row(
    statement: &mut Statement<'_>,
    rows: &mut dyn AnalysisRows,
    deadline: &Deadline,
) -> Result<(), rusqlite::Error> {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if rows.columns(&names).is_break() {
        return Ok(());
    }
    let mut found = statement.query(())?;
    while let Some(row) = found.next()? {
        let value = |place| -> Result<_, rusqlite::Error> {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => AnalysisValue::Null,
                ValueRef::Integer(number) => AnalysisValue::Integer(number),
                ValueRef::Real(number) => AnalysisValue::Real(number),
                // A query can make a text of any bytes.
                ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => AnalysisValue::Text(text),
                    Err(_) => AnalysisValue::Blob(bytes),
                },
                ValueRef::Blob(bytes) => AnalysisValue::Blob(bytes),
            })
        };
        let values: Vec<_> = (0..names.len()).map(value).collect::<Result<_, _>>()?;
        let since = Instant::now();
        let taken = rows.row(&values);
        deadline.put_off(since);
        if taken.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

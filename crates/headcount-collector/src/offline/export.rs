//! Writes the raw events of a product, also while a collector runs.

use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use headcount_catalog::Day;
use headcount_store::{DayRows, StoredEvents};

use super::csv_rows;
use super::error::OfflineError;
use super::event_tables::EventTables;
use super::json_rows::RowNames;
use super::parquet_rows::ParquetRows;
use crate::registry::KeptCatalogs;

/// The days of an export, both included; `None` is without a bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportRange {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
}

/// In which form events are written, and where.
pub enum ExportTarget<'o> {
    /// One line of JSON each, with what the event has.
    Lines(&'o mut dyn Write),
    /// CSV, with all columns of the product's table.
    Csv(&'o mut dyn Write),
    /// Parquet, with the same columns and their types. Its end says where
    /// everything is, so it needs a file.
    Parquet(File),
}

/// Writes the raw events. `progress` is told the number of events so far,
/// often.
///
/// # Errors
///
/// Returns an error if
/// - there is no such folder, or no store in it that this version can read;
/// - there is neither an event nor a kept catalog of the product;
/// - the target cannot be written; [`OfflineError::is_broken_pipe`] tells apart
///   that its reader has gone.
pub fn export(
    data: &Path,
    product: &str,
    range: ExportRange,
    target: ExportTarget<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, OfflineError> {
    OfflineError::check_folder(data)?;
    let events = StoredEvents::open(data)?;
    let kept = KeptCatalogs::of(data);
    let names = RowNames::new(kept.versions(product));
    let is_without_catalog = names.is_without_catalog();
    let unknown = || OfflineError::unknown_product(product, kept.products());
    let mut writing = Writing::begin(data, product, names, target, unknown)?;
    let from = range.from.unwrap_or(Day::from_number(i32::MIN));
    let to = range.to.unwrap_or(Day::from_number(i32::MAX));
    let mut written = 0;
    let end = events.each_rows_until(product, from, to, |rows| match writing.add(rows) {
        Ok(()) => {
            written += rows.len() as u64;
            progress(written);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    })?;
    match end.break_value().map_or_else(|| writing.finish(), Err) {
        Ok(()) if written == 0 && is_without_catalog => Err(unknown()),
        Ok(()) => Ok(written),
        Err(error) => Err(OfflineError::output(error)),
    }
}

/// A target that takes rows.
enum Writing<'o> {
    Lines(RowNames, &'o mut dyn Write),
    Csv(super::EventTable, &'o mut dyn Write),
    Parquet(Box<ParquetRows>),
}

impl<'o> Writing<'o> {
    fn begin(
        data: &Path,
        product: &str,
        names: RowNames,
        target: ExportTarget<'o>,
        unknown: impl Fn() -> OfflineError,
    ) -> Result<Self, OfflineError> {
        let table = || {
            let tables = EventTables::open(data)?;
            let own = tables.tables().iter().find(|table| table.name == product);
            own.cloned().ok_or_else(&unknown)
        };
        Ok(match target {
            ExportTarget::Lines(out) => Self::Lines(names, out),
            ExportTarget::Csv(out) => {
                let table = table()?;
                csv_rows::write_names(&table, out).map_err(OfflineError::output)?;
                Self::Csv(table, out)
            }
            ExportTarget::Parquet(file) => {
                let rows = ParquetRows::begin(file, table()?).map_err(OfflineError::output)?;
                Self::Parquet(Box::new(rows))
            }
        })
    }

    fn add(&mut self, rows: &DayRows) -> io::Result<()> {
        match self {
            Self::Lines(names, out) => names.write(rows, out),
            Self::Csv(table, out) => csv_rows::write(table, rows, out),
            Self::Parquet(file) => file.add(rows),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Lines(_, out) | Self::Csv(_, out) => out.flush(),
            Self::Parquet(file) => file.finish(),
        }
    }
}

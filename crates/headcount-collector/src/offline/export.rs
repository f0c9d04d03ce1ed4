//! Writes the raw events of a product, also while a collector runs.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use headcount_catalog::Day;
use headcount_store::StoredEvents;

use super::error::OfflineError;
use super::json_rows::RowNames;
use crate::registry::KeptCatalogs;

/// The days of an export, both included; `None` is without a bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportRange {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
}

/// Writes one line of JSON for each raw event. `progress` is told the number of
/// events so far, often.
///
/// # Errors
///
/// Returns an error if
/// - there is no such folder, or no store in it that this version can read;
/// - there is neither an event nor a kept catalog of the product;
/// - `out` cannot be written; [`OfflineError::is_broken_pipe`] tells apart that
///   its reader has gone.
pub fn export(
    data: &Path,
    product: &str,
    range: ExportRange,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, OfflineError> {
    OfflineError::check_folder(data)?;
    let events = StoredEvents::open(data)?;
    let kept = KeptCatalogs::of(data);
    let names = RowNames::new(kept.versions(product));
    let from = range.from.unwrap_or(Day::from_number(i32::MIN));
    let to = range.to.unwrap_or(Day::from_number(i32::MAX));
    let mut written = 0;
    let end = events.each_rows_until(product, from, to, |rows| match names.write(rows, out) {
        Ok(()) => {
            written += rows.len() as u64;
            progress(written);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    })?;
    match end.break_value().map_or_else(|| out.flush(), Err) {
        Ok(()) if written == 0 && names.is_without_catalog() => {
            Err(OfflineError::unknown_product(product, kept.products()))
        }
        Ok(()) => Ok(written),
        Err(error) => Err(OfflineError::output(error)),
    }
}

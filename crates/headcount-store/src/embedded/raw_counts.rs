//! Answers questions that no rollup is kept for, by counting raw events: of the
//! sealed ones, only the columns that a question needs are read.
//!
//! ```text
//! question --> plan: which columns of each schema
//!                |
//! segments, fresh blocks --reading--> parts --> values --> counter --> rows
//!                                               (as rollups would show them)
//! ```
//!
//! What a question reads is known before it begins: where that is more than a
//! bound, nothing is read. Questions about what was done one after another keep
//! the events that they look at; where those are more than a second bound,
//! nothing is counted.

mod value_rows;
mod plan;
mod values;
mod kept_events;
mod row_places;
mod counter;
mod step_rows;
mod visit_rows;
mod rows;
mod reading;

use std::path::Path;

use rusqlite::Connection;

use super::schemas::Schemas;
use crate::{RawAnswer, RawQuestion, StoreError};
use counter::RawCounter;

pub(super) use value_rows::{ValueRows, value_rows};

/// Answers a question at one moment: a transaction is open. Reads at most so
/// many events.
pub(super) fn answer(
    (connection, file): (&Connection, &Path),
    question: &RawQuestion,
    value_rows: &ValueRows,
    most: u64,
) -> Result<RawAnswer, StoreError> {
    let reading = |error| StoreError::database("read the events in", file, error);
    let (from, to) = question.days();
    let first = reading::first_whole_day(connection, &question.product).map_err(reading)?;
    let counted_from = first.map_or(from, |first| first.max(from));
    let days = (question.product.as_str(), counted_from, to);
    let by_day = reading::events_by_day(connection, days).map_err(reading)?;
    if let Some(too_many) = RawAnswer::too_many(&by_day, most) {
        return Ok(too_many);
    }
    let mut counter = RawCounter::new(question, value_rows);
    if by_day.iter().any(|(_, events)| *events > 0) {
        let schemas = Schemas::read(connection, file)?;
        reading::each_part((connection, file), &schemas, days, &mut counter)?;
    }
    if let Some(too_many) = counter.steps.too_many().or_else(|| counter.visits.too_many()) {
        return Ok(too_many);
    }
    Ok(RawAnswer::Counted { counted_from, rows: Box::new(rows::of(counter, counted_from)) })
}

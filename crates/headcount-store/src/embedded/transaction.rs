//! Writes a plan to the file, in one transaction with one sync.

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Transaction, TransactionBehavior, params};

use super::device_counts::{DeviceCounts, MarkCounts, PeriodKey};
use super::plan::{OutcomeKey, Plan, PlannedDay};
use crate::block;

/// Commits a plan. It is on disk when this returns, or after an error not at
/// all.
pub(super) fn write(connection: &mut Connection, plan: &Plan<'_>) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for day in &plan.days {
        write_day(&transaction, day)?;
    }
    write_devices(&transaction, &plan.devices)?;
    write_marks(&transaction, &plan.marks)?;
    write_values(&transaction, plan)?;
    write_outcomes(&transaction, plan)?;
    transaction.commit()
}

/// Counts devices by week and month in a file that was made before they were
/// counted.
pub(super) fn fill(connection: &mut Connection, counts: &DeviceCounts<'_>) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    write_devices(&transaction, counts)?;
    transaction.commit()
}

fn write_day(transaction: &Transaction<'_>, planned: &PlannedDay<'_>) -> Result<(), Error> {
    let PlannedDay { product, day, columns } = planned;
    let day = day.number();
    let body = block::encode(columns);
    transaction.prepare_cached(include_str!("../sql/write_block.sql"))?.execute(params![
        product,
        day,
        columns.ids().len() as i64,
        body
    ])?;
    let mut events = transaction.prepare_cached(include_str!("../sql/write_events.sql"))?;
    for (event, count) in columns.event_counts() {
        events.execute(params![product, day, event, number(count)])?;
    }
    Ok(())
}

fn write_devices(transaction: &Transaction<'_>, counts: &DeviceCounts<'_>) -> Result<(), Error> {
    let mut devices = transaction.prepare_cached(include_str!("../sql/write_devices.sql"))?;
    for (PeriodKey { product, period, start }, count) in counts {
        devices.execute(params![product, period.name(), start.number(), number(*count)])?;
    }
    Ok(())
}

fn write_marks(transaction: &Transaction<'_>, counts: &MarkCounts<'_>) -> Result<(), Error> {
    let mut marks = transaction.prepare_cached(include_str!("../sql/write_marks.sql"))?;
    for ((PeriodKey { product, period, start }, age), count) in counts {
        let age = age.map_or("", |age| age.name());
        marks.execute(params![product, period.name(), start.number(), age, number(*count)])?;
    }
    Ok(())
}

fn write_outcomes(transaction: &Transaction<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    let mut outcome = transaction.prepare_cached(include_str!("../sql/write_outcome.sql"))?;
    for (ended, count) in &plan.outcomes {
        let OutcomeKey { product, outcome: name, reason } = ended;
        outcome.execute(params![product, name, reason, number(*count)])?;
    }
    Ok(())
}

fn write_values(transaction: &Transaction<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    let mut value = transaction.prepare_cached(include_str!("../sql/write_value.sql"))?;
    for new in &plan.new_values {
        value.execute(params![new.number, new.product, new.event, new.property, new.value])?;
    }
    let mut property = transaction.prepare_cached(include_str!("../sql/write_property.sql"))?;
    for ((day, value), count) in &plan.values {
        property.execute(params![Day::number(*day), value, number(*count)])?;
    }
    Ok(())
}

/// SQLite has signed integers only.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

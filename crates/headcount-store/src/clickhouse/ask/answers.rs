//! Rows of a statement as rows of an answer, in its order.

use super::sql_day::SqlDay;
use crate::{
    ActiveRow, AnswerRows, EventCountRow, FailureRow, PairRow, QuantileRow, StoreError, ValueRow,
};

/// What a statement told, or why it told nothing.
type Told<T> = Result<Vec<T>, StoreError>;

/// A number, which is told as `null` if it is too large to be written.
type Large = Option<f64>;

/// The version, the period, how many numbers, quantiles, and the sum.
type QuantileTuple = (String, Option<SqlDay>, u64, [Large; 3], Large);

fn sorted<T, R: Ord>(told: Told<T>, row: impl Fn(T) -> R) -> Result<Vec<R>, StoreError> {
    let mut rows: Vec<R> = told?.into_iter().map(row).collect();
    rows.sort_unstable();
    Ok(rows)
}

/// `is_each`, here and below: whether rows have a version.
pub(super) fn events(
    told: Told<(SqlDay, String, String, u64)>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let rows = sorted(told, |(SqlDay(day), version, event, count)| EventCountRow {
        day,
        version: is_each.then_some(version),
        event,
        count,
    });
    rows.map(AnswerRows::Events)
}

pub(super) fn values(
    told: Told<(SqlDay, String, String, u64)>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let rows = sorted(told, |(SqlDay(day), version, value, count)| ValueRow {
        day,
        version: is_each.then_some(version),
        value,
        count,
    });
    rows.map(AnswerRows::ByProperty)
}

pub(super) fn pairs(
    told: Told<(SqlDay, String, String, String, u64)>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let rows = sorted(told, |(SqlDay(day), version, one, other, count)| PairRow {
        day,
        version: is_each.then_some(version),
        one,
        other,
        count,
    });
    rows.map(AnswerRows::Across)
}

pub(super) fn failures(
    told: Told<(SqlDay, String, String, u64, u64)>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let rows = sorted(told, |(SqlDay(day), version, value, failed, worked)| FailureRow {
        day,
        version: is_each.then_some(version),
        value,
        failed,
        worked,
    });
    rows.map(AnswerRows::Failures)
}

/// Devices by period and version. Those that are not exact are marked by zero.
pub(super) fn active(
    told: Told<(SqlDay, String, u64, u8)>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let mut rows = sorted(told, |(SqlDay(start), version, devices, is_exact)| ActiveRow {
        start,
        version: is_each.then_some(version),
        devices,
        is_exact: is_exact != 0,
    })?;
    // What was kept of a period, and what came since.
    rows.dedup_by(|row, sum| {
        let is_same = (row.start, &row.version) == (sum.start, &sum.version);
        if is_same {
            sum.devices += row.devices;
            sum.is_exact &= row.is_exact;
        }
        is_same
    });
    rows.retain(|row| row.devices > 0);
    Ok(AnswerRows::Active(rows))
}

pub(super) fn quantiles(
    told: Told<QuantileTuple>,
    is_each: bool,
) -> Result<AnswerRows, StoreError> {
    let large = |number: Large| number.unwrap_or(f64::INFINITY);
    let rows =
        told?.into_iter().map(|(version, start, count, [median, p90, p99], sum)| QuantileRow {
            version: is_each.then_some(version),
            start: start.map(|SqlDay(day)| day),
            count,
            median: large(median),
            p90: large(p90),
            p99: large(p99),
            sum: large(sum),
        });
    let mut rows: Vec<QuantileRow> = rows.collect();
    rows.sort_by(|one, other| (&one.version, one.start).cmp(&(&other.version, other.start)));
    Ok(AnswerRows::Quantiles(rows))
}

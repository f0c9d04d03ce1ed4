//! Rows of a statement as rows of an answer, in its order.

use super::super::sql_day::SqlDay;
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

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;

    #[test]
    fn what_was_kept_of_a_period_and_what_came_since_are_one_row() {
        let told = |start, version: &str, devices, is_exact| {
            (SqlDay(Day::from_number(start)), version.to_owned(), devices, is_exact)
        };
        let all =
            vec![told(7, "b", 3, 1), told(0, "a", 5, 0), told(7, "a", 0, 1), told(0, "a", 4, 1)];
        let row = |start, version: &str, devices, is_exact| ActiveRow {
            start: Day::from_number(start),
            version: Some(version.to_owned()),
            devices,
            is_exact,
        };
        let expected = vec![row(0, "a", 9, false), row(7, "b", 3, true)];
        assert_eq!(active(Ok(all), true).expect("rows"), AnswerRows::Active(expected));
    }

    #[test]
    fn the_row_of_all_days_comes_first_and_a_number_that_is_too_large_is_infinite() {
        let day = Some(SqlDay(Day::from_number(7)));
        let told = vec![
            ("b".to_owned(), None, 1, [Some(1.0); 3], Some(1.0)),
            ("a".to_owned(), day, 1, [None; 3], None),
            ("a".to_owned(), None, 1, [Some(1.0); 3], Some(1.0)),
        ];
        let AnswerRows::Quantiles(rows) = quantiles(Ok(told), true).expect("rows") else {
            unreachable!("asked for quantiles")
        };
        let keys: Vec<_> = rows.iter().map(|row| (row.version.as_deref(), row.start)).collect();
        let seven = Day::from_number(7);
        assert_eq!(keys, [(Some("a"), None), (Some("a"), Some(seven)), (Some("b"), None)]);
        assert_eq!((rows[1].median, rows[1].sum), (f64::INFINITY, f64::INFINITY));
    }
}

//! Questions about devices. Periods are whole, whatever days are asked for.

use headcount_catalog::{Age, Day, Period};

use super::super::sql_day::SqlDay;
use super::answers;
use super::asking::Asking;
use crate::raw_question::last_day;
use crate::{AnswerRows, CohortRow, MarkRow, StoreError};

/// The first and the last day of the periods that have one of the days.
fn whole(period: Period, (from, to): (Day, Day)) -> (Day, Day) {
    (period.start(from), last_day(period, to))
}

pub(super) fn active(asking: Asking<'_>, period: Period) -> Result<AnswerRows, StoreError> {
    let asking = Asking { days: whole(period, asking.days), ..asking };
    let own = [("period", period.name())];
    let told: Vec<(SqlDay, String, u64)> = asking.rows("active", &own)?;
    let exact = |(start, version, devices): (SqlDay, String, u64)| (start, version, devices, 1);
    let mut told: Vec<(SqlDay, String, u64, u8)> = told.into_iter().map(exact).collect();
    if asking.plain_row::<(u8,)>("has_kept", &own)?.0 > 0 {
        told.extend(asking.rows("active_kept", &own)?);
    }
    answers::active(Ok(told), asking.is_each())
}

pub(super) fn marks(asking: Asking<'_>, period: Period) -> Result<AnswerRows, StoreError> {
    let asking = Asking { days: whole(period, asking.days), ..asking };
    let told: Vec<(SqlDay, String, u64)> = asking.rows("marks", &[("period", period.name())])?;
    let rows = told.into_iter().map(|(SqlDay(start), age, devices)| MarkRow {
        start,
        age: Age::read(&age),
        devices,
    });
    let mut rows: Vec<MarkRow> = rows.collect();
    rows.sort_unstable();
    Ok(AnswerRows::Marks(rows))
}

/// Whether a device is new in a week is said by all days that live.
pub(super) fn retention(asking: Asking<'_>) -> Result<AnswerRows, StoreError> {
    let (first, last) = asking.days;
    let first = first.week_start();
    let days = (Day::from_number(0), Day::from_number(i32::MAX));
    let told: Vec<(SqlDay, SqlDay, u64)> = Asking { days, ..asking }.rows("retention", &[])?;
    let rows = told.into_iter().map(|(SqlDay(cohort), SqlDay(week), devices)| CohortRow {
        cohort,
        week,
        devices,
    });
    let mut rows: Vec<CohortRow> =
        rows.filter(|row| first <= row.cohort && row.cohort <= last).collect();
    rows.sort_unstable();
    Ok(AnswerRows::Retention(rows))
}

//! Housekeeping: what is due, and in which order.

use std::collections::BTreeSet;
use std::path::Path;

use headcount_catalog::Day;
use rusqlite::Connection;

use super::super::connection::{self, OpenMode};
use super::super::ids::DayIds;
use super::super::writer_slices::WriterSlices;
use super::clean::{clean, empty_log, shrink};
use super::erase::{finish_erasures, unfinished};
use super::expire::{begin_window, expire, expire_counts};
use super::house::House;
use super::merge::merge;
use super::seal::seal;
use super::tables;
use super::write::DayState;
use crate::{HousePolicy, HouseReport, StoreError};

/// Expires, erases, seals and merges what is due. Commits go on meanwhile. What
/// fails for one product or day, as where a chunk is damaged, keeps no other
/// from what is due.
///
/// # Errors
///
/// Returns the first error, after everything else is done.
pub(in crate::embedded) fn keep_house<S: WriterSlices>(
    store: &S,
    house: &House,
    file: &Path,
    policy: &HousePolicy,
) -> Result<HouseReport, StoreError> {
    let mut entered = house.enter();
    house.set_today(policy.today);
    let connection = connection::open(file, OpenMode::Questions)?;
    // What an earlier process began.
    clean(store)?;
    let mut failed = FirstError::default();
    let mut report = HouseReport::default();
    // First: with a day that is too old a damaged chunk may go.
    let mut old = days(&connection, file)?;
    old.extend(store.with_writer(|writer| {
        let days = writer.rollups.device_days();
        Ok(days.map(|(product, day)| (product.to_owned(), day)).collect::<Vec<_>>())
    })?);
    for (product, day) in old {
        if is_expired(policy, &product, day) {
            report.expired += failed.keep(expire(store, (&product, day)));
        }
    }
    for retention in &policy.retention {
        let first = policy.today.plus(-i32::from(retention.raw_days));
        begin_window(store, &retention.product, first)?;
        if let Some(days) = retention.rollup_days {
            let first = policy.today.plus(-i32::try_from(days).unwrap_or(i32::MAX));
            report.expired_rollup_days += expire_counts(store, &retention.product, first)?;
        }
    }
    let mut resumed = 0;
    for product in unfinished(&connection, file)? {
        resumed += failed.keep(finish_erasures(store, (&connection, file), &product));
    }
    if report.expired > 0 || resumed > 0 {
        clean(store)?;
    }
    for (product, day) in days(&connection, file)? {
        entered = house.give_way(entered);
        let day = (product.as_str(), day);
        failed.keep(keep_day(store, house, (&connection, file), day, &mut report));
    }
    // What the thread that seals left while it had the turn.
    clean(store)?;
    count_fresh(store, house)?;
    shrink(store)?;
    empty_log(store)?;
    drop(entered);
    failed.0.map_or(Ok(report), Err)
}

/// The first of several errors.
#[derive(Default)]
struct FirstError(Option<StoreError>);

impl FirstError {
    /// The value; that of nothing if there is an error, which is kept.
    fn keep<T: Default>(&mut self, done: Result<T, StoreError>) -> T {
        done.unwrap_or_else(|error| {
            self.0.get_or_insert(error);
            T::default()
        })
    }
}

/// Seals and merges one day of a product.
fn keep_day<S: WriterSlices>(
    store: &S,
    house: &House,
    (connection, file): (&Connection, &Path),
    (product, day): (&str, Day),
    report: &mut HouseReport,
) -> Result<(), StoreError> {
    let state = house.state(day);
    let rows = fresh_rows(store, product, day)?;
    if rows >= house.seal_rows() || rows > 0 && state == DayState::Closed {
        report.sealed += seal(store, (connection, file), (product, day, state))?;
        clean(store)?;
    }
    let merged = merge(store, house, (connection, file), (product, day, state))?;
    report.merged += merged;
    // A merge that gave up leaves a segment that does not count.
    if merged > 0 || house.is_wanted() {
        clean(store)?;
    }
    if state == DayState::Closed {
        release(store, (product, day))?;
    }
    Ok(())
}

/// Every product and day that has raw events.
fn days(connection: &Connection, file: &Path) -> Result<BTreeSet<(String, Day)>, StoreError> {
    let read = || {
        let mut read = connection.prepare_cached(include_str!("../../sql/read_raw_days.sql"))?;
        let day = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Day::from_number(row.get(1)?)));
        let mut days = read.query_map((), day)?.collect::<Result<BTreeSet<_>, _>>()?;
        let segments = tables::segments(connection)?;
        days.extend(segments.into_iter().map(|segment| (segment.product, segment.day)));
        Ok(days)
    };
    read().map_err(|error| StoreError::database("read", file, error))
}

fn is_expired(policy: &HousePolicy, product: &str, day: Day) -> bool {
    let of_product = policy.retention.iter().find(|retention| retention.product == product);
    of_product.is_some_and(|retention| day < policy.today.plus(-i32::from(retention.raw_days)))
}

fn count_fresh<S: WriterSlices>(store: &S, house: &House) -> Result<(), StoreError> {
    store.with_writer(|writer| {
        house.count(&mut writer.ids);
        Ok(())
    })
}

/// Takes the sealed ids of a day that is closed out of memory, unless events
/// still come.
fn release<S: WriterSlices>(store: &S, (product, day): (&str, Day)) -> Result<(), StoreError> {
    let released = store.with_writer(|writer| {
        Ok(writer.ids.known_day(product, day).and_then(DayIds::release_if_idle))
    })?;
    // Commits do not wait for it.
    drop(released);
    Ok(())
}

fn fresh_rows<S: WriterSlices>(store: &S, product: &str, day: Day) -> Result<usize, StoreError> {
    store.with_writer(|writer| {
        Ok(writer.ids.known_day(product, day).map_or(0, |ids| ids.fresh_rows()))
    })
}

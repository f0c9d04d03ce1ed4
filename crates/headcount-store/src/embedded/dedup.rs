//! Which rows of a commit are new.

use std::borrow::Cow;

use headcount_catalog::EventId;
use rusqlite::Connection;

use super::fresh_ids::FreshIds;
use super::seams::SealedIds;
use crate::content::UNKNOWN_CONTENT;
use crate::{DayRows, RowStatus, StoreError};

/// What a commit's rows are.
pub(super) struct Sorted<'c> {
    /// What the append will return.
    pub(super) statuses: Vec<Vec<RowStatus>>,
    /// The rows that are new, without empty ones.
    pub(super) new: Vec<Cow<'c, DayRows>>,
}

/// Finds the duplicates, and remembers the ids of the others. If the commit
/// fails, [`forget`] them.
pub(super) fn sort<'c>(
    connection: &Connection,
    fresh: &mut FreshIds,
    sealed: &mut impl SealedIds,
    rows: &'c [DayRows],
) -> Result<Sorted<'c>, StoreError> {
    let mut sorted = Sorted { statuses: Vec::with_capacity(rows.len()), new: Vec::new() };
    let mut found = Vec::new();
    for rows in rows {
        let (product, day) = (rows.schema().product(), rows.day());
        found.clear();
        found.resize(rows.len(), None);
        if let Err(error) = sealed.find(connection, product, day, rows.ids(), &mut found) {
            forget(fresh, &sorted);
            return Err(error);
        }
        let known = fresh.day(product, day);
        known.reserve(rows.len());
        let mut status = |(sealed, (id, content)): (&Option<u32>, (&EventId, &u32))| match sealed
            .or_else(|| known.insert(*id, *content))
        {
            None => RowStatus::Stored,
            Some(first) if is_same(first, *content) => RowStatus::Duplicate,
            Some(_) => RowStatus::OtherContent,
        };
        let statuses: Vec<RowStatus> =
            found.iter().zip(rows.ids().iter().zip(rows.contents())).map(&mut status).collect();
        let keep: Vec<bool> = statuses.iter().map(|status| *status == RowStatus::Stored).collect();
        let kept = keep.iter().filter(|kept| **kept).count();
        if kept == rows.len() && kept > 0 {
            sorted.new.push(Cow::Borrowed(rows));
        } else if kept > 0 {
            sorted.new.push(Cow::Owned(rows.filtered(&keep)));
        }
        sorted.statuses.push(statuses);
    }
    Ok(sorted)
}

/// Forgets the rows of a commit that failed.
pub(super) fn forget(fresh: &mut FreshIds, sorted: &Sorted<'_>) {
    for rows in &sorted.new {
        fresh.forget(rows.schema().product(), rows.day(), rows.ids());
    }
}

/// Events of an older format have no hash. Whatever comes again is the same.
fn is_same(first: u32, content: u32) -> bool {
    first == content || first == UNKNOWN_CONTENT
}

//! Which rows of a commit are new.

use std::borrow::Cow;

use rusqlite::Connection;

use super::ids::KnownIds;
use crate::{DayRows, RowStatus, StoreError};

/// What a commit's rows are.
pub(super) struct Sorted<'c> {
    /// What the append will return.
    pub(super) statuses: Vec<Vec<RowStatus>>,
    /// The rows that are new, without empty ones.
    pub(super) new: Vec<Cow<'c, DayRows>>,
}

/// Finds the duplicates, and remembers the ids of the others. If this or the
/// commit fails, [roll them back](KnownIds::roll_back).
pub(super) fn sort<'c>(
    connection: &Connection,
    known: &mut KnownIds,
    rows: &'c [DayRows],
) -> Result<Sorted<'c>, StoreError> {
    let mut sorted = Sorted { statuses: Vec::with_capacity(rows.len()), new: Vec::new() };
    for rows in rows {
        let statuses = known.sort(connection, rows)?;
        let is_new = |status: &RowStatus| *status == RowStatus::Stored;
        let kept = statuses.iter().filter(|status| is_new(status)).count();
        if kept == rows.len() && kept > 0 {
            sorted.new.push(Cow::Borrowed(rows));
        } else if kept > 0 {
            let keep: Vec<bool> = statuses.iter().map(is_new).collect();
            sorted.new.push(Cow::Owned(rows.filtered(&keep)));
        }
        sorted.statuses.push(statuses);
    }
    Ok(sorted)
}

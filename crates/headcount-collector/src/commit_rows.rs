//! Gathers the rows of many requests into one commit: those of one schema and
//! day become one block. Afterwards each request finds the statuses of its own
//! rows again.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use headcount_catalog::Day;
use headcount_store::{Commit, DayRows, RejectedCount, RowSchema, RowStatus, UnstoredCount};

use crate::arrival::{Arrivals, Placed};

/// The rows of a commit.
#[derive(Default)]
pub(crate) struct CommitRows {
    rows: Vec<DayRows>,
    /// Which element of `rows` has a schema and day.
    places: HashMap<(*const RowSchema, Day), usize>,
    rejected: Vec<RejectedCount>,
}

/// Where the rows of one request are in a commit: for each element of its rows,
/// the place in the commit, and the first and the last row + 1 there.
pub(crate) struct RequestPlaces(Vec<(usize, usize, usize)>);

impl CommitRows {
    /// Moves the rows of a request into the commit.
    pub(crate) fn enter(&mut self, arrivals: &mut Arrivals) -> RequestPlaces {
        self.rejected.append(&mut arrivals.rejected);
        let places = mem::take(&mut arrivals.rows).into_iter().map(|rows| {
            // The commit holds the schema as long as it is looked up by its
            // address.
            let key = (Arc::as_ptr(rows.schema()), rows.day());
            let place = *self.places.entry(key).or_insert(self.rows.len());
            let count = rows.len();
            match self.rows.get_mut(place) {
                None => {
                    self.rows.push(rows);
                    (place, 0, count)
                }
                Some(gathered) => {
                    let first = gathered.len();
                    gathered.append(&rows);
                    (place, first, first + count)
                }
            }
        });
        RequestPlaces(places.collect())
    }

    /// The commit of everything that was entered.
    pub(crate) fn commit(mut self, unstored: Vec<UnstoredCount>) -> Commit {
        self.rejected.sort();
        self.rejected.dedup_by(|next, known| {
            let count = mem::replace(&mut next.count, known.count);
            let is_same = next == known;
            next.count = count;
            if is_same {
                known.count = known.count.saturating_add(count);
            }
            is_same
        });
        Commit { rows: self.rows, unstored, rejected: self.rejected }
    }
}

impl RequestPlaces {
    /// The statuses of the request's own rows. `all` are those of the commit.
    pub(crate) fn statuses<'s>(&self, all: &'s [Vec<RowStatus>]) -> Placed<'s> {
        let own = |(place, first, end): &(usize, usize, usize)| {
            all.get(*place).and_then(|rows| rows.get(*first..*end)).unwrap_or_default()
        };
        Placed { statuses: self.0.iter().map(own).collect() }
    }
}

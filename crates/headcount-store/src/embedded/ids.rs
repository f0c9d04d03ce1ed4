//! The ids of stored events, so that none is stored twice.
//!
//! ```text
//! id --hash--> 48 bits --table of the day--> run --> content
//!                                             |
//!                       fresh: ids in memory -+- sealed: a page in the file
//! ```
//!
//! The rows of a day arrive in *runs*. A run is fresh until it is sealed as a
//! segment. One table per day has 48 bits of the hash of every id, and the run
//! in which the id is: one look-up, however many segments there are. Since two
//! ids may share these bits, what the table finds is compared with the id
//! itself; an id whose bits another id has is kept whole, beside the table.
//!
//! Segments from before the store was opened are *unread*: an id that the table
//! does not have is looked up in their pages. If many events arrive for an open
//! day, the thread that seals reads its segments into the table; for closed
//! days it does so while there is room. When a day is closed and few come for
//! it, or there is no room, its sealed ids leave memory, and its segments are
//! unread again.

mod day_ids;
mod fresh_run;
mod id_table;
mod reading;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::sealing::tables;
use crate::sealed::find_in_page;
use crate::{DayRows, RowStatus, StoreError};
use id_table::IdHashing;

pub(super) use day_ids::{DayIds, IdSegment, SealableRun};

pub(super) use reading::ReadSegment;

/// The ids by product and day.
pub(super) struct KnownIds {
    file: PathBuf,
    /// Fresh rows after which a run ends.
    run_rows: usize,
    hashing: IdHashing,
    products: HashMap<Box<str>, HashMap<Day, DayIds>>,
}

impl KnownIds {
    /// Reads the heads of all segments, and none of their ids.
    pub(super) fn read(
        connection: &Connection,
        file: &Path,
        run_rows: usize,
    ) -> Result<Self, StoreError> {
        let (hashing, products) = (IdHashing::default(), HashMap::new());
        let mut known = Self { file: file.to_path_buf(), run_rows, hashing, products };
        let segments = tables::segments(connection)
            .map_err(|error| StoreError::database("read", file, error))?;
        for segment in segments {
            let unread = IdSegment { number: segment.number, rows: segment.rows };
            known.day(&segment.product, segment.day).add_unread(unread);
        }
        Ok(known)
    }

    /// The ids of a product and day, which may be none yet.
    pub(super) fn day(&mut self, product: &str, day: Day) -> &mut DayIds {
        self.file_and_day(product, day).1
    }

    /// The file beside the ids, so that both can be used at the same time.
    fn file_and_day(&mut self, product: &str, day: Day) -> (&Path, &mut DayIds) {
        if !self.products.contains_key(product) {
            self.products.insert(product.into(), HashMap::new());
        }
        let days = self.products.get_mut(product).expect("the entry was inserted above");
        let hashing = self.hashing;
        (&self.file, days.entry(day).or_insert_with(|| DayIds::new(hashing)))
    }

    /// The ids of a product and day, if it has some.
    pub(super) fn known_day(&mut self, product: &str, day: Day) -> Option<&mut DayIds> {
        self.products.get_mut(product)?.get_mut(&day)
    }

    /// Every product and day, with its ids.
    pub(super) fn days(&self) -> impl Iterator<Item = (&str, Day, &DayIds)> {
        let products = self.products.iter();
        products
            .flat_map(|(product, days)| days.iter().map(move |(day, ids)| (&**product, *day, ids)))
    }

    /// Finds which rows are new, and remembers their ids until
    /// [`commit`](Self::commit) or [`roll_back`](Self::roll_back) is called.
    pub(super) fn sort(
        &mut self,
        connection: &Connection,
        rows: &DayRows,
    ) -> Result<Vec<RowStatus>, StoreError> {
        let (file, ids) = self.file_and_day(rows.schema().product(), rows.day());
        let look_up = |segment, id| look_up((connection, file), segment, id);
        ids.sort(rows.ids(), rows.contents(), &look_up)
    }

    /// The new rows of a commit are on disk, the last of them in this block.
    pub(super) fn commit<'r>(&mut self, rows: impl Iterator<Item = &'r DayRows>, last_block: i64) {
        let most = self.run_rows;
        for rows in rows {
            self.day(rows.schema().product(), rows.day()).commit(last_block, most);
        }
    }

    /// A commit failed: its ids are forgotten.
    pub(super) fn roll_back(&mut self) {
        self.products.values_mut().flat_map(HashMap::values_mut).for_each(DayIds::roll_back);
    }

    /// Takes the sealed ids of days that are not open out of memory, until at
    /// most so many are left. Those of the day that was last written to stay.
    pub(super) fn release_beyond(&mut self, most: u64, is_open: impl Fn(Day) -> bool) {
        let days = self.products.values_mut().flat_map(HashMap::iter_mut);
        let closed = days.filter(|(day, ids)| !is_open(**day) && ids.sealed_in_memory() > 0);
        let mut closed: Vec<_> = closed.map(|(_, ids)| ids).collect();
        closed.sort_by_key(|ids| Reverse(ids.last_block()));
        let mut in_memory = 0;
        for (place, ids) in closed.into_iter().enumerate() {
            in_memory += ids.sealed_in_memory();
            if place > 0 && in_memory > most {
                drop(ids.release());
            }
        }
    }

    /// Forgets a whole day.
    pub(super) fn forget_day(&mut self, product: &str, day: Day) {
        if let Some(days) = self.products.get_mut(product) {
            days.remove(&day);
        }
    }

    #[cfg(test)]
    pub(super) fn set_run_rows(&mut self, rows: usize) {
        self.run_rows = rows;
    }
}

/// Looks an id up in the pages of a segment.
fn look_up(
    (connection, file): (&Connection, &Path),
    segment: i64,
    id: EventId,
) -> Result<Option<u32>, StoreError> {
    let page = |number, body: &[u8]| {
        find_in_page(body, id)
            .map_err(|damage| StoreError::sealed(file, ("the page of sealed ids", number), damage))
    };
    let found = tables::page_of(connection, segment, id, page)
        .map_err(|error| StoreError::database("look for an event in", file, error))?;
    found.unwrap_or(Ok(None))
}

//! Brings the ids of segments from before the start into memory.

use headcount_catalog::EventId;

use super::day_ids::{DayIds, IdSegment, Run};
use super::id_table::RunPlace;
use crate::limits;

/// A segment whose ids are being read into the table.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct ReadSegment {
    pub(in crate::embedded) segment: i64,
    run: RunPlace,
}

impl DayIds {
    /// Adds a segment whose ids are not in the table.
    pub(in crate::embedded) fn add_unread(&mut self, segment: IdSegment) {
        self.unread.push(segment);
    }

    /// Whether so many ids were looked up that reading all of them into the
    /// table pays.
    pub(in crate::embedded) fn is_wanted(&self) -> bool {
        !self.unread.is_empty() && self.looked_up >= limits::LOOKED_UP
    }

    /// The number of ids that reading all of them would bring into memory.
    pub(in crate::embedded) fn unread_rows(&self) -> u64 {
        self.unread.iter().map(|segment| segment.rows).sum()
    }

    /// Begins to read the ids of an unread segment into the table.
    pub(in crate::embedded) fn begin_reading(&mut self) -> Option<ReadSegment> {
        let segment = *self.unread.first()?;
        let is_it = |run: &Run| matches!(run, Run::Sealed(known) if *known == segment);
        // It may have been read in part.
        let run = match self.runs.iter().position(is_it) {
            Some(place) => place as RunPlace,
            None => self.begin(Run::Sealed(segment)),
        };
        Some(ReadSegment { segment: segment.number, run })
    }

    /// Adds ids of a segment. Returns false if it must be read from its start
    /// again, because the runs have changed meanwhile.
    pub(in crate::embedded) fn add_read(&mut self, read: ReadSegment, ids: &[EventId]) -> bool {
        let is_in_segment = |runs: &[Run], run: RunPlace| {
            let run = runs.get(usize::from(run));
            matches!(run, Some(Run::Sealed(segment)) if segment.number == read.segment)
        };
        if !is_in_segment(&self.runs, read.run) {
            return false;
        }
        for id in ids {
            if let Some(other) = self.table.insert(self.hashing.hash(*id), read.run)
                && !is_in_segment(&self.runs, other)
            {
                self.beside.insert(*id, read.run);
            }
        }
        true
    }

    /// The ids cannot be read: they are wanted again after as many look-ups.
    pub(in crate::embedded) fn put_off_reading(&mut self) {
        self.looked_up = 0;
    }

    /// All ids of a segment are in the table.
    pub(in crate::embedded) fn is_read(&mut self, read: ReadSegment) {
        self.unread.retain(|segment| segment.number != read.segment);
    }
}

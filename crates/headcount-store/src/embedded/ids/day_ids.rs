//! The ids of one product and day.

use std::collections::{HashMap, HashSet};

use headcount_catalog::EventId;

use super::fresh_run::FreshRun;
use super::id_table::{IdHash, IdHashing, IdTable, RunPlace};
use crate::content::UNKNOWN_CONTENT;
use crate::{RowStatus, StoreError, limits};

/// Looks an id up in a segment.
type LookUp<'l> = dyn Fn(i64, EventId) -> Result<Option<u32>, StoreError> + 'l;

/// Where the rows of a run are.
pub(super) enum Run {
    Fresh(FreshRun),
    Sealed(IdSegment),
    /// Erased, all of them.
    Gone,
}

/// A fresh run that is to be sealed.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct SealableRun {
    /// The number of its last block, by which it is known.
    pub(in crate::embedded) last_block: i64,
}

/// A segment, as far as its ids matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded) struct IdSegment {
    pub(in crate::embedded) number: i64,
    pub(in crate::embedded) rows: u64,
}

/// The ids of one product and day.
pub(in crate::embedded) struct DayIds {
    pub(super) hashing: IdHashing,
    pub(super) table: IdTable,
    /// Ids whose hash another id has in the table, or had before it was erased.
    pub(super) beside: HashMap<EventId, RunPlace>,
    pub(super) runs: Vec<Run>,
    /// The run that new rows are added to, if there is one.
    open: Option<RunPlace>,
    /// Rows of the open run whose commit is not on disk yet.
    uncommitted: usize,
    /// Rows of all fresh runs.
    fresh_rows: usize,
    /// Segments whose ids are not in the table.
    pub(super) unread: Vec<IdSegment>,
    /// Ids that were looked up in unread segments.
    pub(super) looked_up: usize,
    /// Ids that have come since the last housekeeping.
    arrived: usize,
    /// The block of the last commit.
    last_block: i64,
}

impl DayIds {
    pub(super) fn new(hashing: IdHashing) -> Self {
        Self {
            hashing,
            table: IdTable::new(),
            beside: HashMap::new(),
            runs: Vec::new(),
            open: None,
            uncommitted: 0,
            fresh_rows: 0,
            unread: Vec::new(),
            looked_up: 0,
            arrived: 0,
            last_block: 0,
        }
    }

    /// The number of rows that no segment has.
    pub(in crate::embedded) fn fresh_rows(&self) -> usize {
        self.fresh_rows
    }

    /// Finds which ids are new, and adds those to the open run.
    pub(super) fn sort(
        &mut self,
        ids: &[EventId],
        contents: &[u32],
        look_up: &LookUp<'_>,
    ) -> Result<Vec<RowStatus>, StoreError> {
        self.make_room();
        self.arrived += ids.len();
        // The processor looks up many at the same time if nothing is changed
        // meanwhile.
        let hashes: Vec<IdHash> = ids.iter().map(|id| self.hashing.hash(*id)).collect();
        let runs: Vec<_> = hashes.iter().map(|hash| self.table.get(*hash)).collect();
        let mut statuses = Vec::with_capacity(ids.len());
        for (((id, content), hash), run) in ids.iter().zip(contents).zip(hashes).zip(runs) {
            let known = match run {
                Some(run) => self.known(run, *id, look_up)?,
                None => self.add(hash, *id, *content, look_up)?,
            };
            statuses.push(match known {
                None if run.is_none() => RowStatus::Stored,
                None => {
                    self.add_beside(*id, *content);
                    RowStatus::Stored
                }
                Some(first) if is_same(first, *content) => RowStatus::Duplicate,
                Some(_) => RowStatus::OtherContent,
            });
        }
        Ok(statuses)
    }

    /// Adds an id that the table does not have, or did not have before this
    /// commit. Returns the content of the event that has it already.
    fn add(
        &mut self,
        hash: IdHash,
        id: EventId,
        content: u32,
        look_up: &LookUp<'_>,
    ) -> Result<Option<u32>, StoreError> {
        if let Some(known) = self.in_unread(id, look_up)? {
            return Ok(Some(known));
        }
        let open = self.open_run();
        match self.table.insert(hash, open) {
            None => self.push(id, content),
            Some(run) => match self.known(run, id, look_up)? {
                Some(known) => return Ok(Some(known)),
                None => self.add_beside(id, content),
            },
        }
        Ok(None)
    }

    fn add_beside(&mut self, id: EventId, content: u32) {
        let open = self.open_run();
        self.beside.insert(id, open);
        self.push(id, content);
    }

    fn push(&mut self, id: EventId, content: u32) {
        let open = usize::from(self.open_run());
        if let Run::Fresh(run) = &mut self.runs[open] {
            run.push(id, content);
            self.uncommitted += 1;
            self.fresh_rows += 1;
        }
    }

    /// The content of an id whose hash the table has.
    fn known(
        &mut self,
        run: RunPlace,
        id: EventId,
        look_up: &LookUp<'_>,
    ) -> Result<Option<u32>, StoreError> {
        if let Some(content) = self.in_run(run, id, look_up)? {
            return Ok(Some(content));
        }
        if let Some(run) = self.beside.get(&id).copied()
            && let Some(content) = self.in_run(run, id, look_up)?
        {
            return Ok(Some(content));
        }
        self.in_unread(id, look_up)
    }

    fn in_run(
        &mut self,
        run: RunPlace,
        id: EventId,
        look_up: &LookUp<'_>,
    ) -> Result<Option<u32>, StoreError> {
        match &mut self.runs[usize::from(run)] {
            Run::Fresh(run) => Ok(run.content(id)),
            Run::Sealed(segment) => look_up(segment.number, id),
            Run::Gone => Ok(None),
        }
    }

    fn in_unread(&mut self, id: EventId, look_up: &LookUp<'_>) -> Result<Option<u32>, StoreError> {
        self.looked_up += usize::from(!self.unread.is_empty());
        for segment in &self.unread {
            if let Some(content) = look_up(segment.number, id)? {
                return Ok(Some(content));
            }
        }
        Ok(None)
    }

    /// The place of the run that new rows are added to.
    fn open_run(&mut self) -> RunPlace {
        match self.open {
            Some(open) => open,
            None => {
                let open = self.begin(Run::Fresh(FreshRun::default()));
                self.open = Some(open);
                open
            }
        }
    }

    pub(super) fn begin(&mut self, run: Run) -> RunPlace {
        self.make_room();
        self.runs.push(run);
        (self.runs.len() - 1) as RunPlace
    }

    /// Makes room for a run: there are only so many places. After 65,535 runs
    /// the sealed ones are unread again.
    fn make_room(&mut self) {
        if self.runs.len() >= usize::from(RunPlace::MAX) {
            self.release();
        }
    }

    /// The new rows are on disk, the last of them in this block. A run that has
    /// `most` rows ends.
    pub(super) fn commit(&mut self, last_block: i64, most: usize) {
        (self.uncommitted, self.last_block) = (0, last_block);
        if let Some(run) = self.open_fresh()
            && run.len() >= most
        {
            self.end_run(last_block);
        }
    }

    fn open_fresh(&mut self) -> Option<&mut FreshRun> {
        match &mut self.runs[usize::from(self.open?)] {
            Run::Fresh(run) => Some(run),
            Run::Sealed(_) | Run::Gone => None,
        }
    }

    /// Ends the open run, whose last row is in this block or before it.
    pub(in crate::embedded) fn end_run(&mut self, last_block: i64) {
        if let Some(run) = self.open_fresh() {
            run.last_block = Some(last_block);
            self.open = None;
        }
    }

    /// Forgets the rows that are not on disk.
    pub(super) fn roll_back(&mut self) {
        let rows = std::mem::take(&mut self.uncommitted);
        let Some(run) = self.open_fresh().filter(|_| rows > 0) else { return };
        let ids = run.take_last(rows);
        self.fresh_rows -= rows;
        for id in ids {
            if self.beside.remove(&id).is_none() {
                self.table.remove(self.hashing.hash(id));
            }
        }
    }

    /// Forgets fresh rows that were erased. Their hashes stay in the table.
    pub(in crate::embedded) fn forget(&mut self, gone: &HashSet<EventId>) {
        self.fresh_rows = 0;
        for run in &mut self.runs {
            if let Run::Fresh(run) = run {
                run.forget(gone);
                self.fresh_rows += run.len();
            }
        }
    }

    /// Adds rows that are fresh already when the store is opened.
    pub(in crate::embedded) fn add_fresh(
        &mut self,
        ids: &[EventId],
        contents: &[u32],
        (block, most): (i64, usize),
    ) {
        for (id, content) in ids.iter().zip(contents) {
            let open = self.open_run();
            match self.table.insert(self.hashing.hash(*id), open) {
                None => self.push(*id, *content),
                Some(_) => self.add_beside(*id, *content),
            }
        }
        self.commit(block, most);
    }

    /// The oldest run that has ended and is fresh.
    pub(in crate::embedded) fn sealable(&self) -> Option<SealableRun> {
        self.runs.iter().find_map(|run| match run {
            Run::Fresh(run) => Some(SealableRun { last_block: run.last_block? }),
            Run::Sealed(_) | Run::Gone => None,
        })
    }

    /// The rows of a run are in a segment, or gone.
    pub(in crate::embedded) fn sealed(&mut self, sealed: SealableRun, segment: Option<IdSegment>) {
        for run in &mut self.runs {
            if let Run::Fresh(fresh) = run
                && fresh.last_block == Some(sealed.last_block)
            {
                self.fresh_rows -= fresh.len();
                *run = segment.map_or(Run::Gone, Run::Sealed);
                return;
            }
        }
    }

    /// Segments have become one, or are gone.
    pub(in crate::embedded) fn merged(&mut self, before: &[i64], segment: Option<IdSegment>) {
        for run in &mut self.runs {
            if matches!(run, Run::Sealed(segment) if before.contains(&segment.number)) {
                *run = segment.map_or(Run::Gone, Run::Sealed);
            }
        }
        let unread = self.unread.len();
        self.unread.retain(|segment| !before.contains(&segment.number));
        if self.unread.len() < unread {
            self.unread.extend(segment);
        }
    }

    /// The number of ids in memory whose rows are sealed.
    pub(in crate::embedded) fn sealed_in_memory(&self) -> u64 {
        self.table.len().saturating_sub(self.fresh_rows) as u64
    }

    /// The block of the last commit: the larger, the later.
    pub(super) fn last_block(&self) -> i64 {
        self.last_block
    }

    /// Forgets the ids of sealed rows, if few have come since the last time.
    pub(in crate::embedded) fn release_if_idle(&mut self) {
        if std::mem::take(&mut self.arrived) < limits::LOOKED_UP {
            self.release();
        }
    }

    /// Forgets the ids of sealed rows: they are looked up from now on.
    pub(super) fn release(&mut self) {
        if !self.runs.iter().any(|run| matches!(run, Run::Sealed(_))) {
            return;
        }
        let open = self.open.take();
        self.table = IdTable::new();
        self.beside.clear();
        self.looked_up = 0;
        for (place, run) in std::mem::take(&mut self.runs).into_iter().enumerate() {
            match run {
                Run::Gone => {}
                Run::Sealed(segment) if self.unread.contains(&segment) => {}
                Run::Sealed(segment) => self.unread.push(segment),
                Run::Fresh(run) => {
                    let now = self.runs.len() as RunPlace;
                    if open.is_some_and(|open| usize::from(open) == place) {
                        self.open = Some(now);
                    }
                    for id in run.rows() {
                        if self.table.insert(self.hashing.hash(id), now).is_some() {
                            self.beside.insert(id, now);
                        }
                    }
                    self.runs.push(Run::Fresh(run));
                }
            }
        }
    }
}

/// Events of an older format have no hash. Whatever comes again is the same.
fn is_same(first: u32, content: u32) -> bool {
    first == content || first == UNKNOWN_CONTENT
}

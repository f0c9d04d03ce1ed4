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

impl Run {
    fn fresh(&mut self) -> Option<&mut FreshRun> {
        match self {
            Self::Fresh(run) => Some(run),
            Self::Sealed(_) | Self::Gone => None,
        }
    }
}

/// A fresh run that is to be sealed.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct SealableRun {
    /// Which opening of the writer's memory knows it: after an error the file
    /// is read again, and the runs are others.
    opening: u64,
    /// The number of its last block.
    pub(in crate::embedded) last_block: i64,
    /// Whether all of its rows were erased.
    pub(in crate::embedded) is_empty: bool,
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
            statuses.push(match self.find_or_add((*id, *content), (hash, run), look_up)? {
                None => RowStatus::Stored,
                Some(first) if is_same(first, *content) => RowStatus::Duplicate,
                Some(_) => RowStatus::OtherContent,
            });
        }
        Ok(statuses)
    }

    /// Returns the content of the event that has an id already, or adds the id.
    /// `run` is the one that the table had for its hash before this commit.
    fn find_or_add(
        &mut self,
        (id, content): (EventId, u32),
        (hash, run): (IdHash, Option<RunPlace>),
        look_up: &LookUp<'_>,
    ) -> Result<Option<u32>, StoreError> {
        let run = match run {
            Some(run) => Some(run),
            None => {
                if let Some(known) = self.in_unread(id, look_up)? {
                    return Ok(Some(known));
                }
                let open = self.open_run();
                self.table.insert(hash, open)
            }
        };
        let Some(run) = run else {
            self.push(id, content);
            return Ok(None);
        };
        let known = self.known(run, id, look_up)?;
        if known.is_none() {
            self.add_beside(id, content);
        }
        Ok(known)
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
            drop(self.release());
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
        self.runs[usize::from(self.open?)].fresh()
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

    /// Forgets fresh rows of a block that were erased. Their hashes stay in the
    /// table.
    pub(in crate::embedded) fn forget(&mut self, block: i64, gone: &HashSet<EventId>) {
        let has_block = |run: &&mut FreshRun| run.last_block.is_none_or(|last| last >= block);
        let mut fresh = self.runs.iter_mut().filter_map(Run::fresh);
        if let Some(run) = fresh.find(has_block) {
            self.fresh_rows -= run.len();
            run.forget(gone);
            self.fresh_rows += run.len();
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

    /// The oldest run that is fresh and has ended at this block or before it.
    pub(in crate::embedded) fn sealable(&self, until: i64) -> Option<SealableRun> {
        let opening = self.hashing.opening();
        let ended = self.runs.iter().find_map(|run| match run {
            Run::Fresh(run) => Some((run.last_block?, run.len() == 0)),
            Run::Sealed(_) | Run::Gone => None,
        });
        let (last_block, is_empty) = ended?;
        let run = SealableRun { opening, last_block, is_empty };
        Some(run).filter(|run| run.last_block <= until)
    }

    /// Whether a run is still what it was when it was asked for.
    pub(in crate::embedded) fn has(&self, run: SealableRun) -> bool {
        let is_it = |fresh: &Run| matches!(fresh, Run::Fresh(fresh) if fresh.last_block == Some(run.last_block));
        run.opening == self.hashing.opening() && self.runs.iter().any(is_it)
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
        (self.table.len() + self.beside.len()).saturating_sub(self.fresh_rows) as u64
    }

    /// The block of the last commit: the larger, the later.
    pub(super) fn last_block(&self) -> i64 {
        self.last_block
    }

    /// Forgets the ids of sealed rows, if few have come since the last time.
    /// Returns the table that they were in: to drop a large one takes a while.
    pub(in crate::embedded) fn release_if_idle(&mut self) -> Option<IdTable> {
        let is_idle = std::mem::take(&mut self.arrived) < limits::LOOKED_UP;
        is_idle.then(|| self.release())
    }

    /// Forgets the ids of sealed rows: they are looked up from now on.
    pub(super) fn release(&mut self) -> IdTable {
        let open = self.open.take();
        let table = std::mem::replace(&mut self.table, IdTable::new());
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
        table
    }
}

/// Events of an older format have no hash. Whatever comes again is the same.
fn is_same(first: u32, content: u32) -> bool {
    first == content || first == UNKNOWN_CONTENT
}

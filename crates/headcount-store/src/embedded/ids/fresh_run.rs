//! The ids of rows that no segment has yet.

use std::collections::{HashMap, HashSet};

use headcount_catalog::EventId;

/// Rows of some blocks of a day, in the order in which they arrived.
#[derive(Default)]
pub(super) struct FreshRun {
    /// The number of its last block, once no more are added.
    pub(super) last_block: Option<i64>,
    ids: Vec<EventId>,
    /// The hash of each row's content.
    contents: Vec<u32>,
    /// The places of the first `index.len()` ids. Few ids come twice, so they
    /// are put in it when one does.
    index: HashMap<EventId, u32>,
}

impl FreshRun {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn push(&mut self, id: EventId, content: u32) {
        self.ids.push(id);
        self.contents.push(content);
    }

    /// The content of an id, if this run has it.
    pub(super) fn content(&mut self, id: EventId) -> Option<u32> {
        self.index.reserve(self.ids.len() - self.index.len());
        for place in self.index.len()..self.ids.len() {
            self.index.insert(self.ids[place], place as u32);
        }
        self.index.get(&id).map(|place| self.contents[*place as usize])
    }

    /// Takes the last rows away, and returns their ids.
    pub(super) fn take_last(&mut self, rows: usize) -> Vec<EventId> {
        let kept = self.ids.len() - rows;
        self.contents.truncate(kept);
        let last = self.ids.split_off(kept);
        for id in &last {
            self.index.remove(id);
        }
        last
    }

    /// Forgets rows that were erased.
    pub(super) fn forget(&mut self, gone: &HashSet<EventId>) {
        self.index.clear();
        let mut keep = self.ids.iter().map(|id| !gone.contains(id));
        self.contents.retain(|_| keep.next().unwrap_or(true));
        self.ids.retain(|id| !gone.contains(id));
    }

    /// The ids.
    pub(super) fn rows(&self) -> impl Iterator<Item = EventId> {
        self.ids.iter().copied()
    }
}

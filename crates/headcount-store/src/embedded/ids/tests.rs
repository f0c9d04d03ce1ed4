//! Whatever happens to rows, an id is known as long as its row is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use headcount_catalog::EventId;

use super::day_ids::{DayIds, IdSegment};
use super::id_table::IdHashing;
use crate::contract::SeededRandom;
use crate::{RowStatus, limits};

/// A day, and what should be known of it.
struct Day {
    hashing: fn() -> IdHashing,
    ids: DayIds,
    random: SeededRandom,
    /// What is on disk and not sealed, each with its block.
    fresh: BTreeMap<u128, (i64, u32)>,
    segments: BTreeMap<i64, BTreeMap<u128, u32>>,
    block: i64,
    segment: i64,
}

const RUN_ROWS: usize = 20;

impl Day {
    fn new(hashing: fn() -> IdHashing, seed: u64) -> Self {
        Self {
            hashing,
            ids: DayIds::new(hashing()),
            random: SeededRandom::new(seed),
            fresh: BTreeMap::new(),
            segments: BTreeMap::new(),
            block: 0,
            segment: 0,
        }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.random.next() % end
    }

    fn content(&self, id: u128) -> Option<u32> {
        let sealed = self.segments.values().find_map(|segment| segment.get(&id));
        self.fresh.get(&id).map(|(_, content)| content).or(sealed).copied()
    }

    fn append(&mut self) {
        let rows = self.below(12) as usize;
        let ids: Vec<u128> = (0..rows).map(|_| u128::from(self.below(300)) << 60).collect();
        let contents: Vec<u32> = (0..rows).map(|_| 1 + self.below(2) as u32).collect();
        let mut new = BTreeMap::new();
        let mut expected = Vec::new();
        for (id, content) in ids.iter().zip(&contents) {
            expected.push(match self.content(*id).or(new.get(id).copied()) {
                None => {
                    new.insert(*id, *content);
                    RowStatus::Stored
                }
                Some(first) if first == *content => RowStatus::Duplicate,
                Some(_) => RowStatus::OtherContent,
            });
        }
        let ids: Vec<EventId> = ids.into_iter().map(EventId::from_bits).collect();
        let segments = &self.segments;
        let look_up = |segment: i64, id: EventId| Ok(segments[&segment].get(&id.bits()).copied());
        let statuses = self.ids.sort(&ids, &contents, &look_up).unwrap();
        assert_eq!(statuses, expected);
        if self.below(6) == 0 {
            self.ids.roll_back();
        } else {
            self.block += 1;
            self.ids.commit(self.block, RUN_ROWS);
            let block = self.block;
            self.fresh.extend(new.into_iter().map(|(id, content)| (id, (block, content))));
        }
        assert_eq!(self.ids.fresh_rows(), self.fresh.len());
    }

    fn seal(&mut self) {
        if self.below(2) == 0 {
            self.ids.end_run(self.block);
        }
        let Some(run) = self.ids.sealable(self.block) else { return };
        if self.below(4) == 0 {
            // The writer is lost while rows are read and written.
            self.reopen();
            assert!(!self.ids.has(run));
            return;
        }
        assert!(self.ids.has(run));
        self.segment += 1;
        self.ids.sealed(run, Some(IdSegment { number: self.segment, rows: 1 }));
        let rows = std::mem::take(&mut self.fresh).into_iter();
        let (sealed, fresh) = rows.partition(|(_, (block, _))| *block <= run.last_block);
        let sealed: BTreeMap<u128, (i64, u32)> = sealed;
        self.fresh = fresh;
        let sealed = sealed.into_iter().map(|(id, (_, content))| (id, content)).collect();
        self.segments.insert(self.segment, sealed);
        assert_eq!(self.ids.fresh_rows(), self.fresh.len());
    }

    /// As a writer that is opened again reads the file.
    fn reopen(&mut self) {
        self.ids = DayIds::new((self.hashing)());
        for number in self.segments.keys() {
            self.ids.add_unread(IdSegment { number: *number, rows: 1 });
        }
        let mut blocks: BTreeMap<i64, Vec<(u128, u32)>> = BTreeMap::new();
        for (id, (block, content)) in &self.fresh {
            blocks.entry(*block).or_default().push((*id, *content));
        }
        for (block, rows) in blocks {
            let ids: Vec<_> = rows.iter().map(|(id, _)| EventId::from_bits(*id)).collect();
            let contents: Vec<_> = rows.iter().map(|(_, content)| *content).collect();
            self.ids.add_fresh(&ids, &contents, (block, RUN_ROWS));
        }
    }

    fn merge(&mut self) {
        let before: Vec<i64> = self.segments.keys().copied().take(3).collect();
        let mut merged = BTreeMap::new();
        before.iter().for_each(|number| merged.extend(self.segments.remove(number).unwrap()));
        self.segment += 1;
        self.ids.merged(&before, Some(IdSegment { number: self.segment, rows: 1 }));
        self.segments.insert(self.segment, merged);
    }

    fn erase(&mut self) {
        let gone: HashSet<u128> = (0..4).map(|_| u128::from(self.below(300)) << 60).collect();
        let mut of_blocks: BTreeMap<i64, HashSet<EventId>> = BTreeMap::new();
        self.fresh.retain(|id, (block, _)| {
            let is_gone = gone.contains(id);
            if is_gone {
                of_blocks.entry(*block).or_default().insert(EventId::from_bits(*id));
            }
            !is_gone
        });
        for segment in self.segments.values_mut() {
            segment.retain(|id, _| !gone.contains(id));
        }
        for (block, gone) in of_blocks {
            self.ids.forget(block, &gone);
        }
        assert_eq!(self.ids.fresh_rows(), self.fresh.len());
    }

    fn read(&mut self) {
        while let Some(read) = self.ids.begin_reading() {
            let ids: Vec<_> =
                self.segments[&read.segment].keys().map(|id| EventId::from_bits(*id)).collect();
            let part = ids.len() / 2;
            assert!(self.ids.add_read(read, &ids[..part]));
            // It was cut off, and is read again.
            if self.below(3) > 0 {
                assert!(self.ids.add_read(read, &ids[part..]));
                self.ids.is_read(read);
            }
        }
    }
}

fn check(hashing: fn() -> IdHashing, seed: u64) {
    let mut day = Day::new(hashing, seed);
    for _ in 0..600 {
        match day.below(20) {
            0..12 => day.append(),
            12..15 => day.seal(),
            15 => day.merge(),
            16 => day.erase(),
            17 => day.read(),
            18 => drop(day.ids.release_if_idle()),
            _ => day.reopen(),
        }
    }
}

#[test]
fn an_id_is_known_as_long_as_its_row_is_stored() {
    (0..20).for_each(|seed| check(IdHashing::default, seed));
}

/// All ids have the same hash.
#[test]
fn ids_that_collide_are_told_apart() {
    (0..20).for_each(|seed| check(IdHashing::constant, seed));
}

#[test]
fn what_is_being_read_must_be_read_again_after_the_runs_have_changed() {
    let mut ids = DayIds::new(IdHashing::default());
    ids.add_unread(IdSegment { number: 5, rows: 2 });
    let stored = HashMap::from([(1u128, 7u32), (2, 7)]);
    let look_up = |_: i64, id: EventId| Ok(stored.get(&id.bits()).copied());
    let read = ids.begin_reading().unwrap();
    assert!(ids.add_read(read, &[EventId::from_bits(1)]));
    drop(ids.release_if_idle());
    assert!(!ids.add_read(read, &[EventId::from_bits(2)]));
    let status = ids.sort(&[EventId::from_bits(2)], &[7], &look_up).unwrap();
    assert_eq!(status, [RowStatus::Duplicate]);
}

#[test]
fn ids_are_wanted_in_memory_after_many_look_ups_only() {
    let mut ids = DayIds::new(IdHashing::default());
    let look_up = |_: i64, _: EventId| Ok(None);
    let id = |number: usize| EventId::from_bits(number as u128);
    ids.add_unread(IdSegment { number: 5, rows: 2 });
    (1..limits::LOOKED_UP).for_each(|number| drop(ids.sort(&[id(number)], &[1], &look_up)));
    assert!(!ids.is_wanted());
    ids.sort(&[id(0)], &[1], &look_up).unwrap();
    assert!(ids.is_wanted());
    let read = ids.begin_reading().unwrap();
    ids.is_read(read);
    assert!(!ids.is_wanted());
    assert_eq!(ids.unread_rows(), 0);
    // Many come: it stays.
    assert!(ids.release_if_idle().is_none());
    assert_eq!(ids.unread_rows(), 0);
    assert!(ids.release_if_idle().is_some());
    assert_eq!(ids.unread_rows(), 2);
}

#[test]
fn ids_of_closed_days_leave_memory_beyond_the_limit() {
    let home = headcount_testkit::Home::new();
    let file = home.path().join("headcount.db");
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(include_str!("../../sql/format_3_sealed.sql")).unwrap();
    let mut known = super::KnownIds::read(&connection, &file, 10).unwrap();
    let look_up = |_: i64, _: EventId| Ok(None);
    let number = headcount_catalog::Day::from_number;
    for day in 1..=4 {
        let ids = known.day("a", number(day));
        let fresh: Vec<_> = (0..10).map(EventId::from_bits).collect();
        ids.sort(&fresh, &[1; 10], &look_up).unwrap();
        ids.commit(i64::from(10 - day), 10);
        let run = ids.sealable(i64::MAX).unwrap();
        ids.sealed(run, Some(IdSegment { number: i64::from(day), rows: 10 }));
    }
    let in_memory = |known: &mut super::KnownIds| {
        (1..=4).map(|day| known.day("a", number(day)).sealed_in_memory()).collect::<Vec<_>>()
    };
    known.release_beyond(40, |_| false);
    assert_eq!(in_memory(&mut known), [10; 4]);
    known.release_beyond(25, |day| day == number(4));
    assert_eq!(in_memory(&mut known), [10, 10, 0, 10], "day 4 is open, day 3 the oldest");
    known.release_beyond(0, |_| false);
    assert_eq!(in_memory(&mut known), [10, 0, 0, 0], "day 1 was last written to");
    assert_eq!(known.day("a", number(3)).unread_rows(), 10);
}

//! What a commit will write, decided from memory alone: which events are new,
//! which blocks they make, and by how much every count goes up. Nothing is
//! changed here.

use std::collections::{BTreeMap, HashMap, HashSet};

use headcount_catalog::{Day, EventId};

use super::device_counts::{self, DayDevices, DeviceCounts, MarkCounts};
use super::memory::{Memory, NewValue, OpenDay};
use crate::block::Columns;
use crate::{Commit, EventRow, RowStatus, limits};

/// Everything that is written and then remembered.
pub(super) struct Plan<'c> {
    /// What the append will return.
    pub(super) statuses: Vec<RowStatus>,
    /// One for each product and day that has new events.
    pub(super) days: Vec<PlannedDay<'c>>,
    /// Devices that are new in their day, week or month.
    pub(super) devices: DeviceCounts<'c>,
    /// Marks of new events.
    pub(super) marks: MarkCounts<'c>,
    /// Values that no rollup has counted yet.
    pub(super) new_values: Vec<NewValue<'c>>,
    /// New events by day and the number of a value.
    pub(super) values: BTreeMap<(Day, i64), u64>,
    /// Arrivals by outcome.
    pub(super) outcomes: BTreeMap<OutcomeKey<'c>, u64>,
}

/// What arrivals are counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OutcomeKey<'c> {
    pub(super) product: &'c str,
    pub(super) outcome: &'static str,
    /// Empty for stored events and duplicates.
    pub(super) reason: &'static str,
}

/// The new events of one product and day.
pub(super) struct PlannedDay<'c> {
    pub(super) product: &'c str,
    pub(super) day: Day,
    pub(super) columns: Columns<'c>,
}

/// Decides what a commit will write.
pub(super) fn plan<'c>(memory: &Memory, commit: &'c Commit<'c>) -> Plan<'c> {
    let (statuses, mut days) = find_duplicates(memory, &commit.rows);
    days.retain(|day| !day.columns.ids().is_empty());
    let active = days.iter().map(|planned| {
        let PlannedDay { product, day, columns } = planned;
        DayDevices { product, day: *day, columns }
    });
    let devices = device_counts::new_devices(memory, &active.collect::<Vec<_>>());
    let stored = commit.rows.iter().zip(&statuses);
    let stored = stored.filter(|(_, status)| **status == RowStatus::Stored);
    let marks = device_counts::marks(stored.map(|(row, _)| row));
    let outcomes = outcomes(commit, &statuses);
    let mut counts = ValueCounts::new(memory);
    days.iter().for_each(|day| counts.add(day));
    let ValueCounts { new_values, values, .. } = counts;
    Plan { statuses, days, devices, marks, new_values, values, outcomes }
}

/// Finds the duplicates, and sorts new events by product and day.
fn find_duplicates<'c>(
    memory: &Memory,
    rows: &'c [EventRow<'c>],
) -> (Vec<RowStatus>, Vec<PlannedDay<'c>>) {
    struct KnownIds<'m> {
        committed: Option<&'m OpenDay>,
        in_this_commit: HashSet<EventId>,
    }
    let mut statuses = Vec::with_capacity(rows.len());
    let mut days: Vec<PlannedDay<'_>> = Vec::new();
    let mut known: Vec<KnownIds<'_>> = Vec::new();
    let mut places = HashMap::new();
    // The events of one request mostly share product and day, so the last place
    // is tried first.
    let mut place = 0;
    for row in rows {
        let (product, day) = (row.product, row.day);
        if days.get(place).is_none_or(|last| (last.product, last.day) != (product, day)) {
            place = *places.entry((product, day)).or_insert_with(|| {
                days.push(PlannedDay { product, day, columns: Columns::new() });
                let committed = memory.day(product, day);
                known.push(KnownIds { committed, in_this_commit: HashSet::new() });
                days.len() - 1
            });
        }
        let KnownIds { committed, in_this_commit } = &mut known[place];
        let is_committed = committed.is_some_and(|day| day.ids.contains(&row.id));
        if is_committed || !in_this_commit.insert(row.id) {
            statuses.push(RowStatus::Duplicate);
        } else {
            statuses.push(RowStatus::Stored);
            days[place].columns.push(row);
        }
    }
    (statuses, days)
}

fn outcomes<'c>(commit: &'c Commit<'c>, statuses: &[RowStatus]) -> BTreeMap<OutcomeKey<'c>, u64> {
    let mut outcomes = BTreeMap::new();
    for (row, status) in commit.rows.iter().zip(statuses) {
        let outcome = match status {
            RowStatus::Stored => "stored",
            RowStatus::Duplicate => "duplicate",
        };
        let key = OutcomeKey { product: row.product, outcome, reason: "" };
        *outcomes.entry(key).or_default() += 1;
    }
    for unstored in commit.unstored.iter().filter(|unstored| unstored.count > 0) {
        let (product, outcome, reason) = (unstored.product, unstored.outcome, unstored.reason);
        let key = OutcomeKey { product, outcome, reason };
        *outcomes.entry(key).or_default() += unstored.count;
    }
    outcomes
}

/// Gives values their numbers, and counts events by value.
struct ValueCounts<'c, 'm> {
    memory: &'m Memory,
    new_values: Vec<NewValue<'c>>,
    /// The numbers of new values, by property and value.
    new_numbers: HashMap<PropertyKey<'c>, HashMap<&'c str, i64>>,
    values: BTreeMap<(Day, i64), u64>,
}

/// A property whose values are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PropertyKey<'c> {
    product: &'c str,
    event: &'c str,
    property: &'c str,
}

impl<'c, 'm> ValueCounts<'c, 'm> {
    fn new(memory: &'m Memory) -> Self {
        let (new_values, new_numbers) = (Vec::new(), HashMap::new());
        Self { memory, new_values, new_numbers, values: BTreeMap::new() }
    }

    fn add(&mut self, day: &PlannedDay<'c>) {
        for counted in day.columns.value_counts() {
            let (product, event, property) = (day.product, counted.event, counted.property);
            let number = self.number(PropertyKey { product, event, property }, counted.value);
            *self.values.entry((day.day, number)).or_default() += counted.count;
        }
    }

    /// Returns the number of a value. A new value gets the next number, or
    /// beyond the limit that of [`limits::OTHER`].
    fn number(&mut self, key: PropertyKey<'c>, value: &'c str) -> i64 {
        let PropertyKey { product, event, property } = key;
        let known = self.memory.values(product, event, property);
        if let Some(number) = known.and_then(|known| known.get(value)) {
            return *number;
        }
        let next = self.memory.last_value() + 1 + self.new_values.len() as i64;
        let new = self.new_numbers.entry(key).or_default();
        if let Some(number) = new.get(value) {
            return *number;
        }
        let is_full = known.map_or(0, HashMap::len) + new.len() >= limits::COUNTED_VALUES;
        if is_full && value != limits::OTHER {
            return self.number(key, limits::OTHER);
        }
        new.insert(value, next);
        self.new_values.push(NewValue { number: next, product, event, property, value });
        next
    }
}

//! What a commit comes to, decided from memory alone: which arrivals are new, what blocks they make
//! and what every count goes up by. Nothing is changed here.

use std::collections::{BTreeMap, HashMap, HashSet};

use headcount_catalog::{Day, EventId};

use super::memory::{Memory, NewValue, OpenDay};
use crate::block::Columns;
use crate::{Arrival, Commit, Kept, limits};

/// Everything that is to be written, and then remembered.
pub(super) struct Plan<'c> {
    /// The answer.
    pub(super) kept: Vec<Kept>,
    /// One a product and day with something new.
    pub(super) days: Vec<PlannedDay<'c>>,
    /// Values that no rollup has counted yet.
    pub(super) new_values: Vec<NewValue<'c>>,
    /// How often each value came, by day and the value's number.
    pub(super) values: BTreeMap<(Day, i64), u64>,
    /// How many arrivals ended how, by product, outcome and reason.
    pub(super) outcomes: BTreeMap<(&'c str, &'static str, &'static str), u64>,
}

/// What is new on one day of a product.
pub(super) struct PlannedDay<'c> {
    pub(super) product: &'c str,
    pub(super) day: Day,
    pub(super) columns: Columns<'c>,
    /// Devices that this day has not seen before.
    pub(super) new_devices: u64,
}

/// Decides what a commit comes to.
pub(super) fn plan<'c>(memory: &Memory, commit: &'c Commit<'c>) -> Plan<'c> {
    let (kept, mut days) = sort_out(memory, &commit.arrivals);
    days.retain(|day| !day.columns.ids().is_empty());
    for day in &mut days {
        let seen = memory.day(day.product, day.day);
        let is_new = |device| seen.is_none_or(|seen| !seen.devices.contains(device));
        day.new_devices =
            day.columns.devices().iter().filter(|device| is_new(device)).count() as u64;
    }
    let outcomes = outcomes(commit, &kept);
    let mut counting = Counting::new(memory);
    days.iter().for_each(|day| counting.add(day));
    let Counting { new_values, values, .. } = counting;
    Plan { kept, days, new_values, values, outcomes }
}

/// Tells new arrivals from duplicates and gives each new one to its product and day.
fn sort_out<'c>(memory: &Memory, arrivals: &'c [Arrival<'c>]) -> (Vec<Kept>, Vec<PlannedDay<'c>>) {
    struct Sorting<'m> {
        committed: Option<&'m OpenDay>,
        fresh: HashSet<EventId>,
    }
    let mut kept = Vec::with_capacity(arrivals.len());
    let mut days: Vec<PlannedDay<'_>> = Vec::new();
    let mut sorting: Vec<Sorting<'_>> = Vec::new();
    let mut places = HashMap::new();
    // Arrivals of one request are mostly of one day: the last one's place is tried first.
    let mut place = 0;
    for arrival in arrivals {
        let (product, day) = (arrival.product, arrival.day);
        if days.get(place).is_none_or(|last| (last.product, last.day) != (product, day)) {
            place = *places.entry((product, day)).or_insert_with(|| {
                days.push(PlannedDay { product, day, columns: Columns::new(), new_devices: 0 });
                let committed = memory.day(product, day);
                sorting.push(Sorting { committed, fresh: HashSet::new() });
                days.len() - 1
            });
        }
        let Sorting { committed, fresh } = &mut sorting[place];
        let known = committed.is_some_and(|open| open.ids.contains(&arrival.id));
        if known || !fresh.insert(arrival.id) {
            kept.push(Kept::Duplicate);
        } else {
            kept.push(Kept::Stored);
            days[place].columns.push(arrival);
        }
    }
    (kept, days)
}

fn outcomes<'c>(
    commit: &'c Commit<'c>,
    kept: &[Kept],
) -> BTreeMap<(&'c str, &'static str, &'static str), u64> {
    let mut outcomes = BTreeMap::new();
    for (arrival, kept) in commit.arrivals.iter().zip(kept) {
        let outcome = match kept {
            Kept::Stored => "stored",
            Kept::Duplicate => "duplicate",
        };
        *outcomes.entry((arrival.product, outcome, "")).or_default() += 1;
    }
    for tally in commit.tallies.iter().filter(|tally| tally.count > 0) {
        *outcomes.entry((tally.product, tally.outcome, tally.reason)).or_default() += tally.count;
    }
    outcomes
}

/// Gives values their numbers and adds up how often each came.
struct Counting<'c, 'm> {
    memory: &'m Memory,
    new_values: Vec<NewValue<'c>>,
    /// The new ones by product, event and property, then by value.
    new_numbers: HashMap<(&'c str, &'c str, &'c str), HashMap<&'c str, i64>>,
    values: BTreeMap<(Day, i64), u64>,
}

impl<'c, 'm> Counting<'c, 'm> {
    fn new(memory: &'m Memory) -> Self {
        let (new_values, new_numbers) = (Vec::new(), HashMap::new());
        Self { memory, new_values, new_numbers, values: BTreeMap::new() }
    }

    fn add(&mut self, day: &PlannedDay<'c>) {
        for counted in day.columns.value_counts() {
            let property = (day.product, counted.event, counted.property);
            let number = self.number(property, counted.value);
            *self.values.entry((day.day, number)).or_default() += counted.count;
        }
    }

    /// The number of a value; a new one's is the next, and beyond the cap it is [`limits::OTHER`]'s.
    fn number(&mut self, property: (&'c str, &'c str, &'c str), value: &'c str) -> i64 {
        let known = self.memory.values(property.0, property.1, property.2);
        if let Some(number) = known.and_then(|known| known.get(value)) {
            return *number;
        }
        let next = self.memory.last_value() + 1 + self.new_values.len() as i64;
        let new = self.new_numbers.entry(property).or_default();
        if let Some(number) = new.get(value) {
            return *number;
        }
        let full = known.map_or(0, HashMap::len) + new.len() >= limits::COUNTED_VALUES;
        if full && value != limits::OTHER {
            return self.number(property, limits::OTHER);
        }
        new.insert(value, next);
        let (product, event, property) = property;
        self.new_values.push(NewValue { number: next, product, event, property, value });
        next
    }
}

//! Visits: what a device or a session did without a longer pause, and what came
//! next in them.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use crate::step_chains::bit;
use crate::{NextCount, NextRow, limits};

/// An event that is looked at. Sorted, those of one device or session stand
/// together, in the order in which they were done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VisitEvent {
    /// Stands for the device or the session.
    pub(crate) follower: u64,
    /// Seconds since 1970: until 2106.
    pub(crate) at: u32,
    /// The place of its event and value in the order of rows.
    pub(crate) row: u32,
    /// A bit for each step that it can be, the highest one for the first.
    pub(crate) steps: u8,
    pub(crate) weight: u16,
}

/// The midnights before the first and after the last day that are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownTime {
    from: i64,
    until: i64,
}

impl KnownTime {
    /// All of these days, both included.
    pub(crate) fn of_days(from: Day, to: Day) -> Self {
        let midnight = |day: Day| i64::from(day.number()) * 86_400;
        Self { from: midnight(from), until: midnight(to.plus(1)) }
    }

    /// The last day may not be over: nothing is known after the last event.
    fn up_to_last(self, events: &[VisitEvent]) -> Self {
        let last = events.iter().map(|event| i64::from(event.at)).max();
        Self { until: last.map_or(self.until, |last| last.min(self.until)), ..self }
    }
}

/// The rows of what came next. `keys` has the place of the event in the
/// question and the value of each row, in their order.
pub(crate) fn rows(
    events: Vec<VisitEvent>,
    keys: &[(u32, &str)],
    question: &NextCount,
    known: KnownTime,
) -> Vec<NextRow> {
    let all = next(events, question, known).into_iter();
    let row = |(row, came): (Option<u32>, CameNext)| {
        let key = row.and_then(|row| keys.get(row as usize));
        let event = key.and_then(|(event, _)| question.events.get(*event as usize));
        NextRow {
            event: event.map_or(String::new(), |own| own.event.clone()),
            value: key.map_or(String::new(), |(_, value)| (*value).to_owned()),
            times: came.times,
            count: came.count,
        }
    };
    all.map(row).collect()
}

/// How often something came next.
#[derive(Debug, Clone, Copy, Default)]
struct CameNext {
    /// How often.
    times: u64,
    /// To how many devices or sessions.
    count: u64,
}

/// What came next, by its row; without one, the end of a visit.
fn next(
    mut events: Vec<VisitEvent>,
    question: &NextCount,
    known: KnownTime,
) -> BTreeMap<Option<u32>, CameNext> {
    let reader = VisitReader {
        steps: question.after.len().min(limits::STEPS),
        pause: i64::from(question.pause_seconds),
        known: known.up_to_last(&events),
    };
    events.sort_unstable();
    let mut all: BTreeMap<Option<u32>, CameNext> = BTreeMap::new();
    for own in events.chunk_by(|one, other| one.follower == other.follower) {
        let weight = u64::from(own.iter().map(|event| event.weight).min().unwrap_or(1));
        for (row, times) in reader.next(own) {
            let came = all.entry(row).or_default();
            came.times += times * weight;
            came.count += weight;
        }
    }
    all
}

/// Reads what one device or session did.
struct VisitReader {
    steps: usize,
    pause: i64,
    known: KnownTime,
}

impl VisitReader {
    fn next(&self, events: &[VisitEvent]) -> BTreeMap<Option<u32>, u64> {
        let mut all = BTreeMap::new();
        let mut add = |row| *all.entry(row).or_default() += 1;
        // A bit for each number of steps that the last events of this visit
        // are: of the first step alone, of the first two, and so on.
        let mut done = 0_u8;
        let mut last: Option<i64> = None;
        for event in events {
            let at = i64::from(event.at);
            let is_beginning = last.is_none_or(|last| at - last > self.pause);
            if self.is_whole(done) {
                add(if is_beginning { None } else { Some(event.row) });
            }
            if is_beginning {
                done = 0;
                // The first one may go on with an earlier visit.
                let is_known = last.is_some() || at - self.known.from > self.pause;
                if self.steps == 0 && is_known {
                    add(Some(event.row));
                }
            }
            done = (done >> 1 | bit(0)) & event.steps;
            last = Some(at);
        }
        let is_over = last.is_some_and(|last| self.known.until - last > self.pause);
        if self.is_whole(done) && is_over {
            add(None);
        }
        all
    }

    /// Whether the last events are all steps.
    fn is_whole(&self, done: u8) -> bool {
        self.steps.checked_sub(1).is_some_and(|last| done & bit(last) != 0)
    }
}

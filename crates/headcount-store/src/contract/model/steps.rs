//! The model's chains of steps: it tries every event as the beginning of one.

use std::collections::BTreeMap;

use super::Model;
use crate::contract::test_event::{TestCell, TestEvent};
use crate::{Pseudonym, RawQuestion, RowDevice, StepCount, StepFollower, StepRow};

/// An event that can be one of the steps.
struct StepEvent {
    at: i64,
    /// For each step, whether it can be this one.
    steps: Vec<bool>,
    weight: u16,
}

impl Model {
    pub(super) fn raw_steps(&self, question: &RawQuestion, count: &StepCount) -> Vec<StepRow> {
        let mut all: BTreeMap<Pseudonym, Vec<StepEvent>> = BTreeMap::new();
        // Steps are not split: an event counts once.
        let unsplit = RawQuestion { split: None, ..question.clone() };
        for (event, _) in self.raw(&unsplit).1 {
            let steps = count.steps.iter().map(|step| {
                let known = self.product(&question.product);
                let has_value = |filter| known.is_some_and(|known| known.has_one_of(event, filter));
                step.event == event.event && step.value.as_ref().is_none_or(has_value)
            });
            let steps: Vec<bool> = steps.collect();
            if let (Some(at), Some(follower), true) =
                (time(event, &count.times), follower(event, &count.followed), steps.contains(&true))
            {
                let own = all.entry(follower).or_default();
                own.push(StepEvent { at, steps, weight: event.weight });
            }
        }
        let mut reached: Vec<(u64, Vec<(i64, u16)>)> = vec![(0, Vec::new()); count.steps.len()];
        for mut own in all.into_values() {
            own.sort_by(|one, other| one.at.cmp(&other.at).then(other.steps.cmp(&one.steps)));
            let weight = own.iter().map(|event| event.weight).min().unwrap_or(1);
            for (place, reached) in reached.iter_mut().enumerate() {
                if let Some(seconds) = first_way(&own, place, count.within_seconds) {
                    reached.0 += u64::from(weight);
                    reached.1.push((seconds, weight));
                }
            }
        }
        let row = |(place, (count, seconds)): (usize, (u64, Vec<(i64, u16)>))| StepRow {
            step: place as u32 + 1,
            count,
            median_seconds: if place == 0 { None } else { middle(&seconds) },
        };
        reached.into_iter().enumerate().map(row).collect()
    }
}

/// The seconds from the step before, on the way by which a step is reached
/// first; of several, the one that begins last.
fn first_way(events: &[StepEvent], place: usize, within: u32) -> Option<i64> {
    let ways = (0..events.len()).filter(|start| events[*start].steps[0]).filter_map(|start| {
        let mut way = vec![start];
        for step in 1..=place {
            let after = way[way.len() - 1] + 1;
            let is_next = |next: &usize| events[*next].steps[step];
            way.push((after..events.len()).find(is_next)?);
        }
        let last = way[place];
        let is_soon = events[last].at - events[start].at <= i64::from(within);
        let before = if place == 0 { last } else { way[place - 1] };
        // Of several that begin in one second, the first is the first one at
        // each step.
        is_soon.then(|| (last, -events[start].at, start, events[last].at - events[before].at))
    });
    ways.min().map(|(.., seconds)| seconds)
}

pub(super) fn time(event: &TestEvent, times: &[String]) -> Option<i64> {
    event.cells.iter().find_map(|(name, cell)| match cell {
        TestCell::Seconds(seconds) if times.iter().any(|own| own == name) => Some(*seconds),
        _ => None,
    })
}

pub(super) fn follower(event: &TestEvent, followed: &StepFollower) -> Option<Pseudonym> {
    match (followed, event.device) {
        (StepFollower::Devices, RowDevice::Counted(device)) => Some(device),
        (StepFollower::Devices, _) => None,
        (StepFollower::Sessions(names), _) => {
            event.cells.iter().find_map(|(name, cell)| match cell {
                TestCell::Pseudonym(session) if names.iter().any(|own| own == name) => {
                    Some(*session)
                }
                _ => None,
            })
        }
    }
}

/// The number of the nearest rank.
fn middle(seconds: &[(i64, u16)]) -> Option<u64> {
    let each = |(seconds, weight): &(i64, u16)| vec![*seconds; usize::from(*weight)];
    let mut all: Vec<i64> = seconds.iter().flat_map(each).collect();
    all.sort_unstable();
    let middle = all.len().checked_sub(1)? / 2;
    u64::try_from(all[middle]).ok()
}

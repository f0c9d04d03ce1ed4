//! Chains of steps: who did one thing after the other.
//!
//! The events of one device or session are looked at once, in order. For each
//! step it is enough to know the chain that began last: if that one is too old
//! for the window, every other one is.

use crate::{StepCount, StepRow, limits};

/// An event that can be a step. Sorted, those of one device or session stand
/// together, in the order in which a chain takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StepEvent {
    /// Stands for the device or the session.
    pub(crate) follower: u64,
    /// Seconds since 1970: until 2106.
    pub(crate) at: u32,
    /// The complement of a bit a step, the highest bit for the first one, so
    /// that events of one second are in the order of the steps.
    pub(crate) rank: u8,
    pub(crate) weight: u16,
}

impl StepEvent {
    /// Whether it can be the step of this place.
    fn can_be(&self, place: usize) -> bool {
        !self.rank & bit(place) != 0
    }
}

/// The bit of the step of this place.
pub(crate) fn bit(place: usize) -> u8 {
    0x80_u8.checked_shr(place as u32).unwrap_or(0)
}

/// A chain up to a step.
#[derive(Debug, Clone, Copy)]
struct Chain {
    /// When it began, in seconds.
    start: u32,
    /// When it came to this step first.
    at: u32,
}

/// Those who reached a step.
#[derive(Debug, Clone, Default)]
struct Reached {
    count: u64,
    /// Seconds from the step before, and the weight of who took them.
    seconds: Vec<(u32, u16)>,
}

/// A row for each step.
pub(crate) fn rows(mut events: Vec<StepEvent>, question: &StepCount) -> Vec<StepRow> {
    let steps = question.steps.len().min(limits::STEPS);
    let mut all = vec![Reached::default(); steps];
    events.sort_unstable();
    for own in events.chunk_by(|one, other| one.follower == other.follower) {
        let weight = own.iter().map(|event| event.weight).min().unwrap_or(1);
        let seconds = followed(own, steps, question.within_seconds);
        for (place, seconds) in seconds.iter().enumerate() {
            let (Some(seconds), Some(reached)) = (seconds, all.get_mut(place)) else { break };
            reached.count += u64::from(weight);
            if place > 0 {
                reached.seconds.push((*seconds, weight));
            }
        }
    }
    let row = |(place, reached): (usize, Reached)| StepRow {
        step: place as u32 + 1,
        count: reached.count,
        median_seconds: median(reached.seconds),
    };
    all.into_iter().enumerate().map(row).collect()
}

/// For each step that one device or session reached, the seconds from the step
/// before.
fn followed(events: &[StepEvent], steps: usize, within: u32) -> [Option<u32>; limits::STEPS] {
    let mut chains: [Option<Chain>; limits::STEPS] = [None; limits::STEPS];
    let mut first = [None; limits::STEPS];
    for event in events {
        // Backwards, so that the event is one step of a chain.
        for place in (0..steps).rev().filter(|place| event.can_be(*place)) {
            let before = match place.checked_sub(1) {
                None => Chain { start: event.at, at: event.at },
                Some(before) => match chains[before] {
                    Some(chain) if event.at.saturating_sub(chain.start) <= within => chain,
                    _ => continue,
                },
            };
            first[place].get_or_insert(event.at.saturating_sub(before.at));
            if chains[place].is_none_or(|chain| chain.start != before.start) {
                chains[place] = Some(Chain { start: before.start, at: event.at });
            }
        }
    }
    first
}

/// The seconds of the nearest rank.
fn median(mut seconds: Vec<(u32, u16)>) -> Option<u64> {
    seconds.sort_unstable();
    let all: u64 = seconds.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut seen = 0;
    let middle = seconds.iter().find(|(_, weight)| {
        seen += u64::from(*weight);
        seen * 2 >= all
    });
    middle.map(|(seconds, _)| u64::from(*seconds))
}

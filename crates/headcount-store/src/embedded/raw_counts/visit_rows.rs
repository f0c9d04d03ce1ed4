//! Which rows are looked at for what comes next, and the rows of the answer.

use headcount_catalog::Day;

use super::counter::RawCounter;
use super::plan::SchemaPlan;
use super::step_rows::{followers, times};
use crate::sealed::RowPart;
use crate::visits::{self, KnownTime, VisitEvent};
use crate::{NextCount, NextRow};

impl RawCounter<'_> {
    /// Keeps the rows of the events that are looked at.
    pub(super) fn add_visits(&mut self, plan: &SchemaPlan, day: Day, part: &RowPart, rows: &[u32]) {
        let steps = self.steps_of(plan, part, rows);
        let (times, followers) = (times(plan, part), followers(plan, part));
        for own in &plan.followed {
            let values = own.value.as_ref().map(|named| self.values(plan, named, part));
            let is_own = |row: &usize| part.events[*row] == own.event;
            for row in rows.iter().map(|row| *row as usize).filter(is_own) {
                let (Some(at), Some(follower)) = (times[row], followers[row]) else { continue };
                let all = values.as_ref().map_or(&[][..], |values| values.of(row));
                let value = self.first_of(all);
                let event = VisitEvent {
                    follower,
                    at,
                    row: self.places.number((own.place as u32, value)),
                    steps: steps[row],
                    weight: part.weights[row],
                };
                self.visits.push(day, event);
            }
        }
    }

    /// Of several values, the first by alphabet.
    fn first_of(&self, values: &[u32]) -> u32 {
        let first = values.iter().min_by_key(|value| self.texts.get(**value));
        first.copied().unwrap_or(self.empty)
    }
}

/// The rows, in their order.
pub(super) fn rows(counter: RawCounter<'_>, count: &NextCount, known: KnownTime) -> Vec<NextRow> {
    let RawCounter { texts, places, visits, .. } = counter;
    let keys = places.keys().iter().enumerate();
    let mut keys: Vec<(u32, &str, usize)> = keys
        .map(|(number, (event, value))| (*event, texts.get(*value).unwrap_or_default(), number))
        .collect();
    keys.sort_unstable();
    let mut ranks = vec![0; keys.len()];
    for (rank, (.., number)) in keys.iter().enumerate() {
        ranks[*number] = rank as u32;
    }
    let mut events = visits.into_events();
    for event in &mut events {
        event.row = ranks[event.row as usize];
    }
    let keys: Vec<(u32, &str)> = keys.into_iter().map(|(event, value, _)| (event, value)).collect();
    visits::rows(events, &keys, count, known)
}

//! The model's visits: it writes down every visit of everybody, and looks at
//! each place in it.

use std::collections::{BTreeMap, BTreeSet};

use super::Model;
use super::steps::{follower, time};
use crate::contract::test_event::TestEvent;
use crate::{NextCount, NextRow, Pseudonym, RawQuestion};

/// What rows tell of an event: its place in the question, and its value.
type Told = (usize, String);

/// An event that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Done {
    at: i64,
    told: Told,
    /// The places of the steps that it can be, backwards: in one second, those
    /// with the higher steps come first.
    steps: Vec<bool>,
    weight: u16,
}

/// How often, and to whom.
type Came = (u64, BTreeSet<Pseudonym>);

impl Model {
    pub(super) fn raw_next(&self, question: &RawQuestion, count: &NextCount) -> Vec<NextRow> {
        let all = self.done(question, count);
        let weights: BTreeMap<Pseudonym, u64> = all
            .iter()
            .map(|(who, own)| {
                (*who, own.iter().map(|done| u64::from(done.weight)).min().unwrap_or(1))
            })
            .collect();
        let last = all.values().flatten().map(|done| done.at).max().unwrap_or(0);
        let mut came: BTreeMap<Option<Told>, Came> = BTreeMap::new();
        for (who, own) in &all {
            for told in self.next_of(own, last, (question, count)) {
                let came = came.entry(told).or_default();
                came.0 += weights[who];
                came.1.insert(*who);
            }
        }
        let row = |(told, (times, who)): (Option<Told>, Came)| {
            let (event, value) = told.map_or((String::new(), String::new()), |(place, value)| {
                (count.events[place].event.clone(), value)
            });
            let count = who.iter().map(|who| weights[who]).sum();
            NextRow { event, value, times, count }
        };
        came.into_iter().map(row).collect()
    }

    /// Everything that counts, by who did it, in order.
    fn done(&self, question: &RawQuestion, count: &NextCount) -> BTreeMap<Pseudonym, Vec<Done>> {
        let mut all: BTreeMap<Pseudonym, Vec<Done>> = BTreeMap::new();
        let unsplit = RawQuestion { split: None, ..question.clone() };
        for (event, _) in self.raw(&unsplit).1 {
            let place = count.events.iter().position(|own| own.event == event.event);
            if let (Some(at), Some(who), Some(place)) =
                (time(event, &count.times), follower(event, &count.followed), place)
            {
                let done = self.one(event, place, (question, count));
                all.entry(who).or_default().push(Done { at, ..done });
            }
        }
        all.values_mut().for_each(|own| own.sort());
        all
    }

    fn one(
        &self,
        event: &TestEvent,
        place: usize,
        (question, count): (&RawQuestion, &NextCount),
    ) -> Done {
        let known = self.product(&question.product);
        let steps = count.after.iter().map(|step| {
            let has_value = |filter| known.is_some_and(|known| known.has_one_of(event, filter));
            step.event == event.event && step.value.as_ref().is_none_or(has_value)
        });
        let values = |column: &String| {
            known.map(|known| known.raw_values(event, column)).unwrap_or_default()
        };
        let own = count.events[place].value.as_ref().map(values).unwrap_or_default();
        let value = own.into_iter().min().unwrap_or_default();
        Done { at: 0, told: (place, value), steps: steps.collect(), weight: event.weight }
    }

    /// What came next, in every visit of one. Nothing is known after the last
    /// second.
    fn next_of(
        &self,
        own: &[Done],
        last_second: i64,
        (question, count): (&RawQuestion, &NextCount),
    ) -> Vec<Option<Told>> {
        let pause = i64::from(count.pause_seconds);
        let first_second = i64::from(self.raw(question).0.number()) * 86_400;
        let midnight = i64::from(question.to.plus(1).number()) * 86_400;
        let end_second = midnight.min(last_second);
        let visits: Vec<&[Done]> = own.chunk_by(|one, other| other.at - one.at <= pause).collect();
        let mut all = Vec::new();
        for (number, visit) in visits.iter().enumerate() {
            let Some(wanted) = std::num::NonZeroUsize::new(count.after.len()) else {
                if number > 0 || visit[0].at - first_second > pause {
                    all.push(Some(visit[0].told.clone()));
                }
                continue;
            };
            for (place, run) in visit.windows(wanted.get()).enumerate() {
                let is_it = run.iter().enumerate().all(|(step, done)| done.steps[step]);
                let after = visit.get(place + wanted.get());
                let last = visit[visit.len() - 1].at;
                let is_over = number + 1 < visits.len() || end_second - last > pause;
                match after {
                    _ if !is_it => {}
                    Some(done) => all.push(Some(done.told.clone())),
                    None if is_over => all.push(None),
                    None => {}
                }
            }
        }
        all
    }
}

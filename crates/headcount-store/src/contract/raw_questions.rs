//! Random questions about raw events.

use headcount_catalog::{Day, Period};

use super::model::{Model, values_of};
use super::random_commits::PRODUCTS;
use super::seeded_random::SeededRandom;
use super::test_event::{EVENTS, HISTOGRAMS, QUIET, SESSION, TIME};
use crate::{
    FollowedEvent, NextCount, Question, RawCount, RawQuestion, Step, StepCount, StepFollower,
    ValueFilter, VersionScope,
};

/// Columns that are filtered and counted by; the last ones have no values.
const COLUMNS: [&str; 12] = [
    "command", "agent", "success", "model", "text", "texts", "version", "code", "command",
    "version", QUIET, "nothing",
];

/// A random question about these days.
pub(super) fn raw_question(
    random: &mut SeededRandom,
    model: &Model,
    (from, to): (Day, Day),
) -> Question {
    let product = random.pick(&PRODUCTS).to_owned();
    let split = (random.below(4) == 0).then(|| random.pick(&COLUMNS).to_owned());
    let versions = match random.below(6) {
        0 => VersionScope::Only(random.pick(&["1.0", "1.5", "other", "", "none"]).to_owned()),
        1 | 2 if split.is_none() => VersionScope::Each,
        _ => VersionScope::All,
    };
    let filters = (0..random.below(4)).map(|_| filter(random, model, &product)).collect();
    let count = raw_count(random, model, &product);
    Question::Raw(RawQuestion { product, count, from, to, versions, split, filters })
}

fn filter(random: &mut SeededRandom, model: &Model, product: &str) -> ValueFilter {
    let column = random.pick(&COLUMNS).to_owned();
    let mut known = values_of(model, product, &column);
    known.extend([String::new(), "never told".to_owned()]);
    let values = (0..1 + random.below(3)).map(|_| known[random.below(known.len())].clone());
    ValueFilter { values: values.collect(), column }
}

fn steps(random: &mut SeededRandom, model: &Model, product: &str, number: usize) -> Vec<Step> {
    let steps = (0..number).map(|_| {
        let event = random.pick(&EVENTS).to_owned();
        let value = (random.below(4) == 0).then(|| filter(random, model, product));
        Step { event, value }
    });
    steps.collect()
}

fn followed(random: &mut SeededRandom) -> StepFollower {
    match random.below(2) {
        0 => StepFollower::Devices,
        _ => StepFollower::Sessions(vec![SESSION.to_owned()]),
    }
}

fn times() -> Vec<String> {
    vec!["no time".to_owned(), TIME.to_owned()]
}

fn step_count(random: &mut SeededRandom, model: &Model, product: &str) -> StepCount {
    let number = 1 + random.below(4);
    let within_seconds = random.pick(&[0, 1, 3_600, 86_400, 7 * 86_400, 31 * 86_400]);
    let (steps, followed) = (steps(random, model, product, number), followed(random));
    StepCount { steps, times: times(), followed, within_seconds }
}

fn next_count(random: &mut SeededRandom, model: &Model, product: &str) -> NextCount {
    let number = random.below(3);
    let mut events = EVENTS.to_vec();
    if random.below(3) == 0 {
        events.remove(random.below(events.len()));
    }
    let first = random.below(events.len());
    events.rotate_left(first);
    let of = |event: &str| {
        let value = (random.below(3) > 0).then(|| random.pick(&COLUMNS).to_owned());
        FollowedEvent { event: event.to_owned(), value }
    };
    let events = events.into_iter().map(of).collect();
    let (after, followed) = (steps(random, model, product, number), followed(random));
    let pause_seconds = random.pick(&[0, 60, 3_600, 86_400, 7 * 86_400]);
    NextCount { after, events, times: times(), followed, pause_seconds }
}

fn raw_count(random: &mut SeededRandom, model: &Model, product: &str) -> RawCount {
    match random.below(5) {
        0 => return RawCount::Steps(step_count(random, model, product)),
        1 => return RawCount::Next(next_count(random, model, product)),
        _ => {}
    }
    let event = random.pick(&EVENTS).to_owned();
    let period = random.pick(&Period::ALL).0;
    let mut column = || random.pick(&COLUMNS).to_owned();
    let (one, other) = (column(), column());
    match random.below(6) {
        0 => RawCount::Events,
        1 => RawCount::Active { period },
        2 => RawCount::ByProperty { event, property: one },
        3 => RawCount::Across { event, one, other },
        4 => {
            let by = (random.below(3) > 0).then_some(one);
            RawCount::Failures { event, by }
        }
        _ => {
            let property = random.pick(&[HISTOGRAMS[0], HISTOGRAMS[1], "command"]).to_owned();
            RawCount::Quantiles { event, property, period }
        }
    }
}

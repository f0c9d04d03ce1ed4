//! Random questions about raw events.

use headcount_catalog::{Day, Period};

use super::model::{Model, values_of};
use super::random_commits::PRODUCTS;
use super::seeded_random::SeededRandom;
use super::test_event::{EVENTS, HISTOGRAMS, QUIET, SESSION, TIME};
use crate::{
    Question, RawCount, RawQuestion, Step, StepCount, StepFollower, ValueFilter, VersionScope,
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

fn step_count(random: &mut SeededRandom, model: &Model, product: &str) -> StepCount {
    let steps = (0..1 + random.below(4)).map(|_| {
        let event = random.pick(&EVENTS).to_owned();
        let value = (random.below(4) == 0).then(|| filter(random, model, product));
        Step { event, value }
    });
    let steps = steps.collect();
    let followed = match random.below(2) {
        0 => StepFollower::Devices,
        _ => StepFollower::Sessions(vec![SESSION.to_owned()]),
    };
    let times = vec!["no time".to_owned(), TIME.to_owned()];
    let within_seconds = random.pick(&[0, 1, 3_600, 86_400, 7 * 86_400, 31 * 86_400]);
    StepCount { steps, times, followed, within_seconds }
}

fn raw_count(random: &mut SeededRandom, model: &Model, product: &str) -> RawCount {
    if random.below(3) == 0 {
        return RawCount::Steps(step_count(random, model, product));
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

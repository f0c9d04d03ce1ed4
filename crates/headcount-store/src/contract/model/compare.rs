//! Compares the answers of a store with those of the model.

use std::collections::BTreeMap;
use std::fmt::Debug;

use headcount_catalog::{Day, Period};

use super::Model;
use super::answers::Weighed;
use crate::contract::fixture::StoreFixture;
use crate::contract::outcomes::merged;
use crate::contract::shorthand::ask;
use crate::{
    ActiveRow, AnswerRows, QuantileRow, Question, RawAnswer, RawCount, RawQuestion, Store,
};

/// Asks both some questions.
pub(in crate::contract) fn compare(
    fixture: &dyn StoreFixture,
    store: &dyn Store,
    model: &Model,
    questions: &[Question],
) {
    for question in questions {
        match (question, ask(store, question)) {
            (Question::Outcomes, AnswerRows::Outcomes(rows)) => {
                let AnswerRows::Outcomes(expected) = model.ask(question) else { unreachable!() };
                assert_eq!(merged(fixture, rows), merged(fixture, expected));
            }
            (Question::Active { .. }, AnswerRows::Active(rows)) => {
                compare_active(model, question, &rows);
            }
            (Question::Quantiles { .. }, AnswerRows::Quantiles(rows)) => {
                compare_quantiles(model, question, &rows);
            }
            (Question::Raw(raw), AnswerRows::Raw(answer)) => compare_raw(model, raw, &answer),
            (_, answer) => assert_eq!(answer, model.ask(question), "{question:?}"),
        }
    }
}

/// Five standard errors of 0.8 %, and two devices of the largest weight.
fn most_error(devices: u64) -> u64 {
    devices / 25 + 2 * 10
}

fn compare_active(model: &Model, question: &Question, rows: &[ActiveRow]) {
    let Question::Active { product, period, from, to, versions } = question else { return };
    let product = model.product(product);
    let mut expected =
        product.map(|known| known.active(*period, (*from, *to), versions)).unwrap_or_default();
    assert!(rows.is_sorted(), "{question:?}: {rows:?}");
    for row in rows {
        let bounds = expected.remove(&(row.start, row.version.clone()));
        let Some(bounds) = bounds else { panic!("{question:?}: {row:?} has no devices") };
        // A number that is called exact is the least one that can be.
        let most = if row.is_exact { bounds.least } else { bounds.most };
        let least = bounds.least;
        let error = if row.is_exact || *period == Period::Day { 0 } else { most_error(most) };
        let fits = (least.saturating_sub(error)..=most + error).contains(&row.devices);
        assert!(fits, "{question:?}: {row:?} is not from {least} to {most}");
        assert!(row.is_exact || bounds.is_kept, "{question:?}: {row:?} is exact");
    }
    let missing = expected.iter().find(|(_, bounds)| bounds.least > 0);
    assert!(missing.is_none(), "{question:?}: {missing:?} is missing in {rows:?}");
}

fn compare_quantiles(model: &Model, question: &Question, rows: &[QuantileRow]) {
    let Question::Quantiles { product, event, property, period, from, to, versions } = question
    else {
        return;
    };
    let numbers = model
        .product(product)
        .map(|known| known.numbers((event, property), *period, (*from, *to), versions));
    compare_numbers(question, property, numbers.unwrap_or_default(), rows);
}

fn compare_raw(model: &Model, question: &RawQuestion, answer: &RawAnswer) {
    let RawAnswer::Counted { counted_from, rows } = answer else {
        panic!("{question:?}: the suite has few events, and not {answer:?}");
    };
    let (from, expected) = model.ask_raw(question);
    assert_eq!(*counted_from, from, "{question:?}");
    match (&question.count, &**rows) {
        (RawCount::Quantiles { property, .. }, AnswerRows::Quantiles(rows)) => {
            compare_numbers(question, property, model.raw_numbers(question), rows);
        }
        (_, rows) => assert_eq!(*rows, expected, "{question:?}"),
    }
}

fn compare_numbers(
    question: &dyn Debug,
    property: &str,
    numbers: BTreeMap<(Option<String>, Option<Day>), Weighed>,
    rows: &[QuantileRow],
) {
    let keys: Vec<(Option<String>, Option<Day>)> =
        rows.iter().map(|row| (row.version.clone(), row.start)).collect();
    assert_eq!(keys, numbers.keys().cloned().collect::<Vec<_>>(), "{question:?}");
    for (row, mut numbers) in rows.iter().zip(numbers.into_values()) {
        numbers.sort_by(|one, other| one.0.total_cmp(&other.0));
        let count: u64 = numbers.iter().map(|(_, weight)| weight).sum();
        assert_eq!(row.count, count, "{question:?}");
        let sum: f64 =
            numbers.iter().map(|(number, weight)| number.max(0.0) * *weight as f64).sum();
        assert!(
            (row.sum - sum).abs() <= sum / 64.0 + 1e-6,
            "{question:?}: {row:?}: the sum is {sum}"
        );
        for (told, share) in [(row.median, 0.5), (row.p90, 0.9), (row.p99, 0.99)] {
            let exact = quantile(&numbers, count, share).max(0.0);
            let is_exact = told == exact;
            let is_whole_and_small = exact < 64.0 && exact.fract() == 0.0;
            let is_close = (told - exact).abs() <= exact / 64.0 + 1e-12;
            let fits = is_exact || is_close && (!is_whole_and_small || property == "cost");
            assert!(fits, "{question:?}: {row:?}: {share} is {exact}");
        }
    }
}

/// The number of the nearest rank.
fn quantile(numbers: &Weighed, count: u64, share: f64) -> f64 {
    let rank = (count as f64 * share).ceil() as u64;
    let mut before = 0;
    let found = numbers.iter().find(|(_, weight)| {
        before += weight;
        before >= rank
    });
    found.map_or(0.0, |(number, _)| *number)
}

//! Counts as the rows of an answer.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::rollups::{self, EventOutcome};
use super::counter::{PeriodKey, RawCounter};
use super::visit_rows;
use crate::step_chains;
use crate::visits::KnownTime;
use crate::{
    ActiveRow, AnswerRows, EventCountRow, FailureRow, PairRow, QuantileRow, RawCount, ValueRow,
    VersionScope,
};

/// The rows of what was counted, in the order of the question without a filter.
pub(super) fn of(counter: RawCounter<'_>, counted_from: Day) -> AnswerRows {
    match &counter.question.count {
        RawCount::Events => AnswerRows::Events(sorted(&counter, |sum| EventCountRow {
            day: sum.day,
            version: sum.version,
            event: sum.one,
            count: sum.counts.iter().sum(),
        })),
        RawCount::ByProperty { .. } => AnswerRows::ByProperty(sorted(&counter, |sum| ValueRow {
            day: sum.day,
            version: sum.version,
            value: sum.one,
            count: sum.counts.iter().sum(),
        })),
        RawCount::Across { .. } => AnswerRows::Across(sorted(&counter, |sum| PairRow {
            day: sum.day,
            version: sum.version,
            one: sum.one,
            other: sum.other,
            count: sum.counts.iter().sum(),
        })),
        RawCount::Failures { .. } => {
            let mut rows = sorted(&counter, |sum| FailureRow {
                day: sum.day,
                version: sum.version,
                value: sum.one,
                failed: sum.counts[EventOutcome::Failed as usize],
                worked: sum.counts[EventOutcome::Worked as usize],
            });
            rows.retain(|row| row.failed + row.worked > 0);
            AnswerRows::Failures(rows)
        }
        RawCount::Active { .. } => AnswerRows::Active(active(counter)),
        RawCount::Quantiles { .. } => AnswerRows::Quantiles(quantiles(&counter)),
        RawCount::Steps(count) => {
            AnswerRows::Steps(step_chains::rows(counter.steps.into_events(), count))
        }
        RawCount::Next(count) => {
            let known = KnownTime::of_days(counted_from, counter.question.to);
            AnswerRows::Next(visit_rows::rows(counter, count, known))
        }
    }
}

/// A sum with its texts.
struct Sum {
    day: Day,
    version: Option<String>,
    one: String,
    other: String,
    counts: [u64; 3],
}

fn sorted<T: Ord>(counter: &RawCounter<'_>, row: impl Fn(Sum) -> T) -> Vec<T> {
    let text = |code: u32| counter.texts.get(code).unwrap_or_default().to_owned();
    let rows = counter.sums.iter().map(|((day, scope, one, other), counts)| {
        row(Sum {
            day: Day::from_number(day.cast_signed()),
            version: scope_text(counter, *scope),
            one: text(*one),
            other: text(*other),
            counts: *counts,
        })
    });
    let mut rows: Vec<T> = rows.collect();
    rows.sort_unstable();
    rows
}

/// What a row has in the place of the version.
fn scope_text(counter: &RawCounter<'_>, code: u32) -> Option<String> {
    let question = counter.question;
    let is_each = question.split.is_some() || question.versions == VersionScope::Each;
    is_each.then(|| counter.texts.get(code).unwrap_or_default().to_owned())
}

fn active(mut counter: RawCounter<'_>) -> Vec<ActiveRow> {
    let mut all: BTreeMap<PeriodKey, u64> = BTreeMap::new();
    for (key, mut by_weight) in std::mem::take(&mut counter.devices) {
        rollups::by_smallest(&mut by_weight);
        *all.entry(key).or_default() += rollups::weigh(&by_weight);
    }
    for (key, marks) in &counter.marks {
        *all.entry(*key).or_default() += marks;
    }
    let rows = all.into_iter().map(|((start, scope), devices)| ActiveRow {
        start: Day::from_number(start.cast_signed()),
        version: scope_text(&counter, scope),
        devices,
        is_exact: true,
    });
    let mut rows: Vec<ActiveRow> = rows.filter(|row| row.devices > 0).collect();
    rows.sort_unstable();
    rows
}

/// Numbers, by the bits of each, with their counts.
type Numbers = BTreeMap<u64, u64>;

fn quantiles(counter: &RawCounter<'_>) -> Vec<QuantileRow> {
    // Without a day, the values of all days: they are the first.
    let mut all: BTreeMap<(Option<String>, Option<Day>), Numbers> = BTreeMap::new();
    for (((start, scope), number), count) in &counter.numbers {
        let start = Day::from_number(start.cast_signed());
        for start in [None, Some(start)] {
            let numbers = all.entry((scope_text(counter, *scope), start)).or_default();
            *numbers.entry(*number).or_default() += count;
        }
    }
    let rows = all.into_iter().map(|((version, start), numbers)| {
        let (count, [median, p90, p99]) = rollups::quantiles_of(&numbers);
        let sum = rollups::sum_of(&numbers);
        QuantileRow { version, start, count, median, p90, p99, sum }
    });
    rows.collect()
}

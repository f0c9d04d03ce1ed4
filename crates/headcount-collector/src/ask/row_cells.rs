//! The rows of the store's answers, as cells in the order of the columns.

use AnswerCell::{Absent, Count, Flag, Null, Number, Share, Word};
use headcount_catalog::{Day, Period};
use headcount_store::{
    ActiveRow, AnswerRows, CohortRow, NextRow, QuantileRow, RawAnswer, RawCount, Step, StepRow,
};

use super::columns::AnswerShape;
use super::for_store::{RowSplit, StoreQuestions};
use super::http_question::HttpQuestion;
use super::next;
use super::steps;
use super::table::{AnswerCell, AnswerTable};
use crate::cohorts::{self, Retained};

type Row = Vec<AnswerCell>;

/// The rows of the answers to one question. Questions that cannot be asked over
/// HTTP have none.
pub(super) fn table(
    asked: HttpQuestion,
    of: &StoreQuestions,
    answers: &[AnswerRows],
) -> AnswerTable {
    let by_marks = matches!(answers, [AnswerRows::Marks(_)]);
    let rows = match (asked, answers) {
        (HttpQuestion::Retention, [AnswerRows::Marks(rows)]) => {
            each(&cohorts::retention(rows, of.from), retained)
        }
        (_, [AnswerRows::Marks(rows)]) => {
            each(&cohorts::new_and_returning(rows), new_and_returning)
        }
        (HttpQuestion::Retention, [AnswerRows::Retention(rows), _]) => {
            each(rows, |row| cohort(row, rows))
        }
        (_, [AnswerRows::Retention(rows), AnswerRows::Active(active)]) => {
            each(&cohorts::new_by_ids(rows, active), new_and_returning)
        }
        (_, [AnswerRows::Raw(RawAnswer::Counted { rows, .. })]) => rows_of(of, rows),
        (_, [answer]) => rows_of(of, answer),
        _ => Vec::new(),
    };
    let shape = AnswerShape { question: asked, period: of.period, by_marks };
    AnswerTable { columns: shape.columns(), split: of.split, rows }
}

fn each<T>(rows: &[T], cells: impl Fn(&T) -> Row) -> Vec<Row> {
    rows.iter().map(cells).collect()
}

fn rows_of(of: &StoreQuestions, answer: &AnswerRows) -> Vec<Row> {
    match answer {
        AnswerRows::Events(rows) => each(rows, |row| {
            let own = vec![text(&row.event), Count(row.count)];
            [dated(of, row.day, &row.version), own].concat()
        }),
        AnswerRows::Active(rows) => each(rows, |row| active(of, row)),
        AnswerRows::ByProperty(rows) => each(rows, |row| {
            let own = vec![text(&row.value), Count(row.count)];
            [dated(of, row.day, &row.version), own].concat()
        }),
        AnswerRows::Across(rows) => each(rows, |row| {
            let own = vec![text(&row.one), text(&row.other), Count(row.count)];
            [dated(of, row.day, &row.version), own].concat()
        }),
        AnswerRows::Failures(rows) => each(rows, |row| {
            let (failed, worked) = (row.failed, row.worked);
            let share = failed as f64 / (failed + worked).max(1) as f64;
            let own = vec![text(&row.value), Count(failed), Count(worked), Share(share)];
            [dated(of, row.day, &row.version), own].concat()
        }),
        AnswerRows::Quantiles(rows) => each(rows, |row| quantiles(of, row)),
        AnswerRows::Steps(rows) => steps_of(of, rows),
        AnswerRows::Next(rows) => next_of(of, rows),
        AnswerRows::Versions(rows) => each(rows, |row| {
            vec![text(&row.version), day(row.first), day(row.last), Count(row.count)]
        }),
        AnswerRows::Rejected(rows) => each(rows, |row| {
            let [path, kind, reason] = [&row.path, &row.kind, &row.reason].map(|part| text(part));
            let catalog = Count(row.catalog.into());
            vec![path, kind, reason, catalog, text(&row.program), Count(row.count)]
        }),
        _ => Vec::new(),
    }
}

fn day(day: Day) -> AnswerCell {
    AnswerCell::Day(day)
}

fn text(text: &str) -> AnswerCell {
    AnswerCell::Text(text.to_owned())
}

/// A day, and what the row is split by.
fn dated(of: &StoreQuestions, of_day: Day, split: &Option<String>) -> Row {
    let [version, by] = split_cells(of, split);
    vec![day(of_day), version, by]
}

/// The version and the value that rows are split by, of which there is at most
/// one.
fn split_cells(of: &StoreQuestions, split: &Option<String>) -> [AnswerCell; 2] {
    let cell = split.as_deref().map_or(Absent, text);
    match of.split {
        RowSplit::Values => [Absent, cell],
        RowSplit::Versions | RowSplit::Nothing => [cell, Absent],
    }
}

/// The first day of a period, as its column has it.
fn start(period: Period, start: Day) -> AnswerCell {
    match period {
        Period::Day | Period::Week => AnswerCell::Day(start),
        Period::Month => AnswerCell::Month(start),
    }
}

fn active(of: &StoreQuestions, row: &ActiveRow) -> Row {
    let estimated = if row.is_exact { Absent } else { Flag };
    let [version, by] = split_cells(of, &row.version);
    vec![start(of.period, row.start), version, by, Count(row.devices), estimated]
}

fn quantiles(of: &StoreQuestions, row: &QuantileRow) -> Row {
    let (all, start) = match row.start {
        Some(first) => (Absent, start(of.period, first)),
        None => (Flag, Absent),
    };
    let [version, by] = split_cells(of, &row.version);
    let values = [row.median, row.p90, row.p99, row.sum].map(Number);
    [vec![all, start, version, by, Count(row.count)], values.to_vec()].concat()
}

fn steps_of(of: &StoreQuestions, rows: &[StepRow]) -> Vec<Row> {
    let asked = match of.counted.as_ref().map(|question| &question.count) {
        Some(RawCount::Steps(count)) => count.steps.as_slice(),
        _ => &[],
    };
    let first = rows.first().map_or(0, |row| row.count);
    let mut before = None;
    let cells = |(row, step): (&StepRow, &Step)| {
        let share = |of: u64| if of == 0 { Null } else { Share(row.count as f64 / of as f64) };
        let of_before = before.replace(row.count).map_or(Null, share);
        let what = text(&steps::text(step));
        let seconds = row.median_seconds.map_or(Null, Count);
        vec![Count(row.step.into()), what, Count(row.count), share(first), of_before, seconds]
    };
    rows.iter().zip(asked).map(cells).collect()
}

fn next_of(of: &StoreQuestions, rows: &[NextRow]) -> Vec<Row> {
    let events = match of.counted.as_ref().map(|question| &question.count) {
        Some(RawCount::Next(count)) => count.events.as_slice(),
        _ => &[],
    };
    let all: u64 = rows.iter().map(|row| row.times).sum();
    each(rows, |row| {
        let share = Share(row.times as f64 / all.max(1) as f64);
        let step = next::step_of(events, row);
        vec![
            text(&row.event),
            text(&row.value),
            text(&step.unwrap_or_default()),
            Count(row.times),
            share,
            Count(row.count),
        ]
    })
}

fn new_and_returning(row: &cohorts::NewAndReturning) -> Row {
    vec![day(row.week), Count(row.new), Count(row.returning), Count(row.unknown)]
}

/// Devices of a cohort beside all of it.
fn cohort(row: &CohortRow, all: &[CohortRow]) -> Row {
    let is_first = |other: &&CohortRow| other.cohort == row.cohort && other.week == row.cohort;
    let of = all.iter().find(is_first).map_or(0, |first| first.devices);
    let share = row.devices as f64 / of.max(1) as f64;
    vec![day(row.cohort), day(row.week), Count(row.devices), Count(of), Share(share)]
}

fn retained(row: &Retained) -> Row {
    let Retained { week, age, devices, cohorts } = row;
    vec![
        day(*week),
        Word(age.name()),
        Count(*devices),
        cohorts.from.map_or(Null, day),
        day(cohorts.to),
        Count(cohorts.devices),
        row.share().map_or(Null, Share),
    ]
}

//! Rows in JSON, with keys in the order of the documentation.

use headcount_catalog::{Day, Period};
use headcount_store::{ActiveRow, AnswerRows, CohortRow, QuantileRow};
use serde_json::Value as Json;

use super::for_store::StoreQuestions;
use super::http_question::HttpQuestion;
use crate::cohorts::{self, Retained};

/// The rows of the answers to one question, separated by commas. Questions that
/// cannot be asked over HTTP have none.
pub(super) fn json(asked: HttpQuestion, of: &StoreQuestions, answers: &[AnswerRows]) -> String {
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
        (_, [answer]) => rows_of(of.period, answer),
        _ => Vec::new(),
    };
    rows.join(",")
}

fn each<T>(rows: &[T], json: impl Fn(&T) -> String) -> Vec<String> {
    rows.iter().map(json).collect()
}

fn rows_of(period: Period, answer: &AnswerRows) -> Vec<String> {
    match answer {
        AnswerRows::Events(rows) => each(rows, |row| {
            let (day, event) = (on(row.day, row.version.as_deref()), quoted(&row.event));
            format!("{{{day},\"event\":{event},\"count\":{}}}", row.count)
        }),
        AnswerRows::Active(rows) => each(rows, |row| active(period, row)),
        AnswerRows::ByProperty(rows) => each(rows, |row| {
            let (day, value) = (on(row.day, row.version.as_deref()), quoted(&row.value));
            format!("{{{day},\"value\":{value},\"count\":{}}}", row.count)
        }),
        AnswerRows::Across(rows) => each(rows, |row| {
            let day = on(row.day, row.version.as_deref());
            let (one, other) = (quoted(&row.one), quoted(&row.other));
            format!("{{{day},\"one\":{one},\"other\":{other},\"count\":{}}}", row.count)
        }),
        AnswerRows::Failures(rows) => each(rows, |row| {
            let (day, value) = (on(row.day, row.version.as_deref()), quoted(&row.value));
            let (failed, worked) = (row.failed, row.worked);
            let share = failed as f64 / (failed + worked).max(1) as f64;
            format!(
                "{{{day},\"value\":{value},\"failed\":{failed},\"worked\":{worked},\"share\":{share:.4}}}"
            )
        }),
        AnswerRows::Quantiles(rows) => each(rows, |row| quantiles(period, row)),
        AnswerRows::Versions(rows) => each(rows, |row| {
            let version = quoted(&row.version);
            format!(
                "{{\"version\":{version},\"first\":\"{}\",\"last\":\"{}\",\"count\":{}}}",
                row.first, row.last, row.count
            )
        }),
        AnswerRows::Rejected(rows) => each(rows, |row| {
            let [path, kind, reason, program] =
                [&row.path, &row.kind, &row.reason, &row.program].map(|text| quoted(text));
            format!(
                "{{\"path\":{path},\"kind\":{kind},\"reason\":{reason},\"catalog\":{},\"program\":{program},\"count\":{}}}",
                row.catalog, row.count
            )
        }),
        _ => Vec::new(),
    }
}

/// `"day":"2026-11-20"`, and the version if each is asked for.
fn on(day: Day, version: Option<&str>) -> String {
    with_version(format!("\"day\":\"{day}\""), version)
}

fn with_version(key: String, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("{key},\"version\":{}", quoted(version)),
        None => key,
    }
}

fn active(period: Period, row: &ActiveRow) -> String {
    let start = with_version(period_start(period, row.start), row.version.as_deref());
    let estimated = if row.is_exact { "" } else { ",\"estimated\":true" };
    format!("{{{start},\"devices\":{}{estimated}}}", row.devices)
}

fn quantiles(period: Period, row: &QuantileRow) -> String {
    let start = match row.start {
        Some(start) => period_start(period, start),
        None => "\"all\":true".to_owned(),
    };
    let start = with_version(start, row.version.as_deref());
    let QuantileRow { count, median, p90, p99, .. } = row;
    format!("{{{start},\"count\":{count},\"p50\":{median},\"p90\":{p90},\"p99\":{p99}}}")
}

fn new_and_returning(row: &cohorts::NewAndReturning) -> String {
    format!(
        "{{\"week\":\"{}\",\"new\":{},\"returning\":{},\"unknown\":{}}}",
        row.week, row.new, row.returning, row.unknown
    )
}

/// Devices of a cohort beside all of it.
fn cohort(row: &CohortRow, all: &[CohortRow]) -> String {
    let is_first = |other: &&CohortRow| other.cohort == row.cohort && other.week == row.cohort;
    let of = all.iter().find(is_first).map_or(0, |first| first.devices);
    let share = row.devices as f64 / of.max(1) as f64;
    format!(
        "{{\"cohort\":\"{}\",\"week\":\"{}\",\"devices\":{},\"of\":{of},\"share\":{share:.4}}}",
        row.cohort, row.week, row.devices
    )
}

/// `"day":"2026-11-20"`, `"week":"2026-11-16"` or `"month":"2026-11"`.
fn period_start(period: Period, start: Day) -> String {
    let mut text = start.to_string();
    if period == Period::Month {
        text.truncate(text.len() - "-01".len());
    }
    format!("\"{}\":\"{text}\"", period.name())
}

fn retained(row: &Retained) -> String {
    let Retained { week, age, devices, cohorts } = row;
    let from = cohorts.from.map_or("null".to_owned(), |from| format!("\"{from}\""));
    let share = row.share().map_or("null".to_owned(), |share| format!("{share:.4}"));
    format!(
        "{{\"week\":\"{week}\",\"age\":\"{}\",\"devices\":{devices},\"cohorts\":{{\"from\":{from},\
         \"to\":\"{}\",\"devices\":{}}},\"share\":{share}}}",
        age.name(),
        cohorts.to,
        cohorts.devices
    )
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

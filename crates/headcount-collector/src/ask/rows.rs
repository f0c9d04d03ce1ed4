//! Rows in JSON, with keys in the order of the documentation.

use headcount_catalog::{Day, Period};
use headcount_store::{AnswerRows, Question};
use serde_json::Value as Json;

use super::http_question::{HttpQuestion, StoreQuestion};
use crate::cohorts::{self, Retained};

/// The rows of an answer, separated by commas. Questions that cannot be asked
/// over HTTP have none.
pub(super) fn json(asked: HttpQuestion, for_store: &StoreQuestion, answer: &AnswerRows) -> String {
    let rows: Vec<String> = match (asked, answer) {
        (_, AnswerRows::Events(rows)) => rows
            .iter()
            .map(|row| {
                let (day, event) = (row.day, quoted(&row.event));
                format!("{{\"day\":\"{day}\",\"event\":{event},\"count\":{}}}", row.count)
            })
            .collect(),
        (_, AnswerRows::Active(rows)) => rows
            .iter()
            .map(|row| {
                let start = period_start(&for_store.question, row.start);
                format!("{{{start},\"devices\":{}}}", row.devices)
            })
            .collect(),
        (_, AnswerRows::ByProperty(rows)) => rows
            .iter()
            .map(|row| {
                let (day, value) = (row.day, quoted(&row.value));
                format!("{{\"day\":\"{day}\",\"value\":{value},\"count\":{}}}", row.count)
            })
            .collect(),
        (HttpQuestion::Retention, AnswerRows::Marks(rows)) => {
            cohorts::retention(rows, for_store.from).iter().map(retained).collect()
        }
        (_, AnswerRows::Marks(rows)) => cohorts::new_and_returning(rows)
            .iter()
            .map(|row| {
                format!(
                    "{{\"week\":\"{}\",\"new\":{},\"returning\":{},\"unknown\":{}}}",
                    row.week, row.new, row.returning, row.unknown
                )
            })
            .collect(),
        _ => Vec::new(),
    };
    rows.join(",")
}

/// `"day":"2026-11-20"`, `"week":"2026-11-16"` or `"month":"2026-11"`.
fn period_start(question: &Question, start: Day) -> String {
    let period = match question {
        Question::Active { period, .. } => *period,
        _ => Period::Day,
    };
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

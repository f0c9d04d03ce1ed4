//! Rows in JSON, with keys in the order of the documentation.

use headcount_store::AnswerRows;
use serde_json::Value as Json;

/// The rows of an answer, separated by commas. Questions that cannot be asked
/// over HTTP have none.
pub(super) fn json(answer: &AnswerRows) -> String {
    let rows: Vec<String> = match answer {
        AnswerRows::Events(rows) => rows
            .iter()
            .map(|row| {
                let (day, event) = (row.day, quoted(&row.event));
                format!("{{\"day\":\"{day}\",\"event\":{event},\"count\":{}}}", row.count)
            })
            .collect(),
        AnswerRows::Active(rows) => rows
            .iter()
            .map(|row| format!("{{\"day\":\"{}\",\"devices\":{}}}", row.day, row.devices))
            .collect(),
        AnswerRows::ByProperty(rows) => rows
            .iter()
            .map(|row| {
                let (day, value) = (row.day, quoted(&row.value));
                format!("{{\"day\":\"{day}\",\"value\":{value},\"count\":{}}}", row.count)
            })
            .collect(),
        _ => Vec::new(),
    };
    rows.join(",")
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

//! Rows in JSON, their keys in the order of the documentation.

use headcount_store::Answer;
use serde_json::Value as Json;

/// The rows of an answer, with commas between them. Questions that are not asked over HTTP have
/// none.
pub(super) fn json(answer: &Answer) -> String {
    let rows: Vec<String> = match answer {
        Answer::Events(rows) => rows
            .iter()
            .map(|row| {
                let (day, event) = (row.day, quoted(&row.event));
                format!("{{\"day\":\"{day}\",\"event\":{event},\"count\":{}}}", row.count)
            })
            .collect(),
        Answer::Active(rows) => rows
            .iter()
            .map(|row| format!("{{\"day\":\"{}\",\"devices\":{}}}", row.day, row.devices))
            .collect(),
        Answer::ByProperty(rows) => rows
            .iter()
            .map(|row| {
                let (day, value) = (row.day, quoted(&row.value));
                format!("{{\"day\":\"{day}\",\"value\":{value},\"count\":{}}}", row.count)
            })
            .collect(),
        Answer::Outcomes(_) | Answer::Products(_) => Vec::new(),
    };
    rows.join(",")
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

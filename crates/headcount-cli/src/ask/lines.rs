//! What an answer counts, gathered into lines, and what several tables say of
//! it.

use std::collections::BTreeMap;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::numbers::{change, fraction};
use super::table::{Fit, Shown, ShownCell};

pub(super) fn period_name(asked: &Asked) -> &'static str {
    asked.period().name()
}

pub(super) fn text(text: impl Into<String>) -> ShownCell {
    ShownCell::Text(text.into())
}

/// A value as a table shows it: no value at all is worth a word.
pub(super) fn named(value: &str) -> String {
    if value.is_empty() { "(none)".to_owned() } else { value.to_owned() }
}

/// Numbers of one thing that is counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) key: Vec<String>,
    pub(super) by_bucket: Vec<f64>,
    pub(super) total: f64,
    pub(super) before: f64,
    pub(super) is_estimated: bool,
}

/// The lines of an answer, those with the most first.
pub(super) fn lines(
    asked: &Asked,
    answer: &Answer,
    keys: &[&str],
    number: impl Fn(&AnswerRow) -> f64,
) -> Vec<Line> {
    let buckets = asked.buckets();
    let place: BTreeMap<&str, usize> =
        buckets.iter().enumerate().map(|(place, start)| (start.as_str(), place)).collect();
    let mut lines: BTreeMap<Vec<String>, Line> = BTreeMap::new();
    let mut line = |row: &AnswerRow, add: &dyn Fn(&mut Line, f64)| {
        let key: Vec<String> = keys.iter().map(|key| named(row.text(key))).collect();
        let line = lines.entry(key.clone()).or_insert_with(|| Line {
            key,
            by_bucket: vec![0.0; buckets.len()],
            ..Line::default()
        });
        add(line, number(row));
    };
    for row in &answer.rows {
        let at = row.start().and_then(|start| place.get(start));
        line(row, &|line, number| {
            line.total += number;
            line.is_estimated |= row.has("estimated");
            if let Some(at) = at {
                line.by_bucket[*at] += number;
            }
        });
    }
    for row in answer.before.iter().flatten() {
        line(row, &|line, number| line.before += number);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|one, other| other.total.total_cmp(&one.total));
    lines
}

/// The columns of a comparison with the days before, if it is asked for.
pub(super) fn compared_columns(shown: &mut Shown, answer: &Answer) {
    if answer.before.is_some() {
        shown.column("before", Fit::Optional(0));
        shown.column("change", Fit::Number);
    }
}

pub(super) fn compared(row: &mut Vec<ShownCell>, answer: &Answer, now: f64, before: f64) {
    if answer.before.is_some() {
        row.extend([text(fraction(before)), text(change(now, before))]);
    }
}

/// `40 before (+12 %)`
pub(super) fn beside(now: f64, before: f64) -> String {
    if before <= 0.0 {
        return "none before".to_owned();
    }
    format!("{} before ({})", fraction(before), change(now, before))
}

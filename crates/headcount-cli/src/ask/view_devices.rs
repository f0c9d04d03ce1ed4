//! Tables of devices: active ones, and those that are new.

use std::collections::BTreeMap;

use headcount_catalog::plain_words::thousands;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::lines::{beside, lines, period_name, text};
use super::numbers::{change, fraction, tenths, to_a_tenth};
use super::table::{Fit, Shown, ShownCell};

/// `~1,234`, where a number is an estimate.
fn devices(number: f64, is_estimated: bool) -> String {
    format!("{}{}", if is_estimated { "~" } else { "" }, fraction(number.round()))
}

const ESTIMATED: &str = "~ marks an estimate, with a standard error of 0.8 %.";

fn average(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

fn most(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(0.0, f64::max)
}

pub(super) fn active(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let period = period_name(asked);
    shown.column(period, Fit::Text);
    shown.column("devices", Fit::Number);
    shown.column("", Fit::Drawn);
    let mut by_start: BTreeMap<&str, (f64, bool)> = BTreeMap::new();
    for row in &answer.rows {
        let number = (row.number("devices"), row.has("estimated"));
        by_start.insert(row.start().unwrap_or_default(), number);
    }
    let buckets = asked.buckets();
    let numbers = buckets.iter().map(|start| by_start.get(start.as_str()).copied());
    let numbers: Vec<(f64, bool)> = numbers.map(Option::unwrap_or_default).collect();
    let values: Vec<f64> = numbers.iter().map(|(number, _)| *number).collect();
    for (start, (number, is_estimated)) in buckets.iter().zip(&numbers) {
        shown.rows.push(vec![
            text(start),
            text(devices(*number, *is_estimated)),
            ShownCell::Bar(*number, most(&values)),
        ]);
    }
    let now = average(&values);
    let mut note = format!("On average {} devices a {period}", to_a_tenth(now));
    if let Some(before) = &answer.before {
        let sum: f64 = before.iter().map(|row| row.number("devices")).sum();
        let before = sum / buckets.len().max(1) as f64;
        note.push_str(&format!(", and {}", beside(tenths(now), tenths(before))));
    }
    shown.notes.push(format!("{note}."));
    if numbers.iter().any(|(_, is_estimated)| *is_estimated) {
        shown.notes.push(ESTIMATED.to_owned());
    }
}

/// A row is a version, or a value of a property: its name in rows, and its own.
pub(super) fn active_by(
    shown: &mut Shown,
    asked: &Asked,
    answer: &Answer,
    (name, title): (&str, &str),
) {
    let lines = lines(asked, answer, &[name], |row| row.number("devices"));
    shown.column(title, Fit::Text);
    shown.column("last", Fit::Number);
    shown.column("average", Fit::Optional(1));
    shown.column("most", Fit::Optional(2));
    if answer.before.is_some() {
        shown.column("change", Fit::Number);
    }
    shown.column(format!("devices by {}", period_name(asked)), Fit::Drawn);
    for line in &lines {
        let numbers = &line.by_bucket;
        let number = |number: f64| text(devices(number, line.is_estimated));
        let mut row = vec![text(&line.key[0])];
        row.push(number(numbers.last().copied().unwrap_or_default()));
        row.extend([number(average(numbers)), number(most(numbers))]);
        if answer.before.is_some() {
            row.push(text(change(line.total, line.before)));
        }
        row.push(ShownCell::Series(numbers.clone()));
        shown.rows.push(row);
    }
    if lines.iter().any(|line| line.is_estimated) {
        shown.notes.push(ESTIMATED.to_owned());
    }
}

pub(super) fn new_and_returning(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    shown.column("week", Fit::Text);
    for name in ["new", "returning"] {
        shown.column(name, Fit::Number);
    }
    shown.column("unknown", Fit::Optional(0));
    shown.column("new", Fit::Drawn);
    let greatest = answer.rows.iter().map(|row| row.number("new")).fold(0.0, f64::max);
    for week in asked.buckets() {
        let row = answer.rows.iter().find(|row| row.text("week") == week);
        let number = |name: &str| row.map_or(0, |row| row.count(name));
        let mut cells = vec![text(&week)];
        cells.extend(["new", "returning", "unknown"].map(|name| text(thousands(number(name)))));
        cells.push(ShownCell::Bar(number("new") as f64, greatest));
        shown.rows.push(cells);
    }
    if let Some(before) = &answer.before {
        let sum = |rows: &[AnswerRow]| rows.iter().map(|row| row.number("new")).sum::<f64>();
        let (now, before) = (sum(&answer.rows), sum(before));
        shown.notes.push(format!("{} new devices, and {}.", fraction(now), beside(now, before)));
    }
}

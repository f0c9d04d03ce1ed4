//! Tables of events: by name and value, by version, and those that were
//! rejected.

use headcount_catalog::plain_words::thousands;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::lines::{Line, compared, compared_columns, lines, named, text};
use super::numbers::{fraction, percent, to_a_tenth};
use super::table::{Fit, Shown, ShownCell};

/// Events: totals, their shares and their days.
pub(super) fn counted(shown: &mut Shown, asked: &Asked, answer: &Answer, keys: &[(&str, &str)]) {
    let mut keys = keys.to_vec();
    keys.extend(asked.split());
    for (_, title) in &keys {
        shown.column(*title, Fit::Text);
    }
    let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    let lines = lines(asked, answer, &names, |row| row.number("count"));
    let all: f64 = lines.iter().map(|line| line.total).sum();
    shown.column("total", Fit::Number);
    shown.column("share", Fit::Optional(1));
    shown.column("per day", Fit::Optional(3));
    compared_columns(shown, answer);
    shown.column("by day", Fit::Drawn);
    for line in &lines {
        shown.rows.push(counted_row(asked, answer, line, all));
    }
    if lines.len() > 1 {
        let mut sum = Line { key: vec![String::new(); keys.len()], ..Line::default() };
        sum.key[0] = "all".to_owned();
        sum.by_bucket = vec![0.0; asked.buckets().len()];
        for line in &lines {
            sum.total += line.total;
            sum.before += line.before;
            sum.by_bucket.iter_mut().zip(&line.by_bucket).for_each(|(sum, own)| *sum += own);
        }
        let row = counted_row(asked, answer, &sum, all);
        // First, so that it is there where the rest is not shown.
        shown.rows.insert(0, row);
    }
}

fn counted_row(asked: &Asked, answer: &Answer, line: &Line, all: f64) -> Vec<ShownCell> {
    let mut row: Vec<ShownCell> = line.key.iter().map(text).collect();
    row.push(text(fraction(line.total)));
    row.push(text(percent(line.total / all.max(1.0))));
    row.push(text(to_a_tenth(line.total / asked.days().max(1) as f64)));
    compared(&mut row, answer, line.total, line.before);
    row.push(ShownCell::Series(line.by_bucket.clone()));
    row
}

pub(super) fn versions(shown: &mut Shown, answer: &Answer) {
    shown.column("version", Fit::Text);
    shown.column("first", Fit::Optional(2));
    shown.column("last", Fit::Optional(1));
    shown.column("events", Fit::Number);
    shown.column("share", Fit::Number);
    compared_columns(shown, answer);
    shown.column("", Fit::Drawn);
    let all: f64 = answer.rows.iter().map(|row| row.number("count")).sum();
    let greatest = answer.rows.iter().map(|row| row.number("count")).fold(0.0, f64::max);
    let mut rows: Vec<&AnswerRow> = answer.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count("count")));
    for row in rows {
        let (version, count) = (row.text("version"), row.number("count"));
        let mut cells = vec![text(named(version))];
        cells.extend([row.text("first"), row.text("last")].map(text));
        cells.extend([fraction(count), percent(count / all.max(1.0))].map(text));
        let mut before = answer.before.iter().flatten();
        let before = before.find(|row| row.text("version") == version);
        compared(&mut cells, answer, count, before.map_or(0.0, |row| row.number("count")));
        cells.push(ShownCell::Bar(count, greatest));
        shown.rows.push(cells);
    }
}

pub(super) fn rejected(shown: &mut Shown, answer: &Answer) {
    const NAMES: [&str; 4] = ["reason", "path", "kind", "program"];
    shown.column("reason", Fit::Text);
    shown.column("path", Fit::Text);
    shown.column("kind", Fit::Optional(2));
    shown.column("program", Fit::Optional(1));
    shown.column("catalog", Fit::Optional(3));
    shown.column("count", Fit::Number);
    compared_columns(shown, answer);
    let mut rows: Vec<&AnswerRow> = answer.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count("count")));
    let is_alike = |one: &AnswerRow, other: &AnswerRow| {
        NAMES.iter().all(|name| one.text(name) == other.text(name))
            && one.count("catalog") == other.count("catalog")
    };
    for row in rows {
        let mut cells: Vec<ShownCell> =
            NAMES.iter().map(|name| text(named(row.text(name)))).collect();
        cells.push(text(row.count("catalog").to_string()));
        cells.push(text(thousands(row.count("count"))));
        let mut before = answer.before.iter().flatten();
        let before = before.find(|other| is_alike(row, other));
        let number = before.map_or(0.0, |row| row.number("count"));
        compared(&mut cells, answer, row.number("count"), number);
        shown.rows.push(cells);
    }
}

//! Tables of how well it went: failures, and quantiles of what took time.

use std::collections::BTreeMap;

use headcount_collector::QuestionParameter;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::lines::{Line, lines, named, period_name, text};
use super::numbers::{change, fraction, percent};
use super::table::{Fit, Shown, ShownCell};

pub(super) fn failures(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let mut keys = Vec::new();
    if let Some(property) = asked.get(QuestionParameter::Property) {
        keys.push(("value", property));
    }
    keys.extend(asked.split());
    let is_one = keys.is_empty();
    let names: Vec<&str> =
        if is_one { vec!["day"] } else { keys.iter().map(|(name, _)| *name).collect() };
    let mut failed = lines(asked, answer, &names, |row| row.number("failed"));
    let worked = lines(asked, answer, &names, |row| row.number("worked"));
    let worked: BTreeMap<&[String], &Line> =
        worked.iter().map(|line| (line.key.as_slice(), line)).collect();
    if is_one {
        shown.column("day", Fit::Text);
        failed.sort_by(|one, other| one.key.cmp(&other.key));
        failed.retain(|line| asked.buckets().contains(&line.key[0]));
    }
    for (_, title) in &keys {
        shown.column(*title, Fit::Text);
    }
    for title in ["failed", "worked", "share"] {
        shown.column(title, Fit::Number);
    }
    if !is_one && answer.before.is_some() {
        shown.column("before", Fit::Optional(0));
    }
    shown.column(if is_one { "" } else { "share by day" }, Fit::Drawn);
    let share = |failed: f64, worked: f64| failed / (failed + worked).max(1.0);
    let shares = failed.iter().map(|line| share(line.total, worked[&*line.key].total));
    let greatest = shares.fold(0.0, f64::max);
    for line in &failed {
        let good = worked[&*line.key];
        let own = share(line.total, good.total);
        let mut row: Vec<ShownCell> = line.key.iter().map(text).collect();
        row.extend([fraction(line.total), fraction(good.total), percent(own)].map(text));
        if !is_one && answer.before.is_some() {
            row.push(text(percent(share(line.before, good.before))));
        }
        let by_day = line.by_bucket.iter().zip(&good.by_bucket);
        row.push(match is_one {
            true => ShownCell::Bar(own, greatest),
            false => ShownCell::Series(by_day.map(|(bad, good)| share(*bad, *good)).collect()),
        });
        shown.rows.push(row);
    }
    let sum = |rows: &[AnswerRow]| {
        let sum = |name: &str| rows.iter().map(|row| row.number(name)).sum::<f64>();
        percent(share(sum("failed"), sum("worked")))
    };
    let before = answer.before.as_deref().map(|rows| match rows {
        [] => ", and there were none before".to_owned(),
        rows => format!(", and {} before", sum(rows)),
    });
    let before = before.unwrap_or_default();
    shown.notes.push(format!("{} of all failed{before}.", sum(&answer.rows)));
}

pub(super) fn quantiles(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let split = asked.split();
    let period = period_name(asked);
    shown.column(split.map_or(period, |(_, title)| title), Fit::Text);
    shown.column("count", Fit::Optional(0));
    for name in ["p50", "p90", "p99"] {
        shown.column(name, Fit::Number);
    }
    let of_split = |row: &AnswerRow| split.map_or("", |(name, _)| row.text(name)).to_owned();
    let all = |rows: &[AnswerRow], value: &str| {
        let is_all = |row: &&AnswerRow| row.has("all") && of_split(row) == value;
        rows.iter().find(is_all).map(|row| row.number("p50"))
    };
    let numbers = |row: &AnswerRow| {
        ["count", "p50", "p90", "p99"].map(|name| text(fraction(row.number(name))))
    };
    if let Some((name, _)) = split {
        if answer.before.is_some() {
            shown.column("p50 before", Fit::Number);
        }
        shown.column(format!("p50 by {period}"), Fit::Drawn);
        let series = lines(asked, answer, &[name], |row| row.number("p50"));
        for row in answer.rows.iter().filter(|row| row.has("all")) {
            let value = row.text(name);
            let mut cells = vec![text(named(value))];
            cells.extend(numbers(row));
            if let Some(before) = &answer.before {
                cells.push(text(all(before, value).map_or("-".to_owned(), fraction)));
            }
            let own = series.iter().find(|line| line.key[0] == named(value));
            cells.push(ShownCell::Series(
                own.map(|line| line.by_bucket.clone()).unwrap_or_default(),
            ));
            shown.rows.push(cells);
        }
        return;
    }
    shown.column("p50", Fit::Drawn);
    let greatest = answer.rows.iter().map(|row| row.number("p50")).fold(0.0, f64::max);
    for row in &answer.rows {
        let mut cells = vec![text(row.start().unwrap_or("all"))];
        cells.extend(numbers(row));
        cells.push(ShownCell::Bar(row.number("p50"), greatest));
        shown.rows.push(cells);
    }
    if let Some(before) = answer.before.as_deref() {
        let (now, before) = (all(&answer.rows, ""), all(before, ""));
        let told = |number: Option<f64>| number.map_or("none".to_owned(), fraction);
        let change = now.zip(before).map(|(now, before)| format!(" ({})", change(now, before)));
        shown.notes.push(format!(
            "The p50 is {}, and {} before{}.",
            told(now),
            told(before),
            change.unwrap_or_default()
        ));
    }
}

//! What a person is shown of an answer. Rows are what the question counts by,
//! with their days as a line; where there is one series alone, rows are its
//! days.

use std::collections::BTreeMap;

use headcount_collector::{HttpQuestion, QuestionParameter};

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::matrix;
use super::numbers::{change, fraction, percent, plural, thousands};
use super::table::{Fit, Shown, ShownCell};

/// The answer as a table.
pub(super) fn view(asked: &Asked, answer: &Answer) -> Shown {
    let mut shown = Shown { title: title(asked), ..Shown::default() };
    if answer.rows.is_empty() {
        shown.notes.push("Nothing is counted in these days.".to_owned());
        return shown;
    }
    let by_version = asked.is_by_version();
    match asked.question {
        HttpQuestion::Events => counted(&mut shown, asked, answer, &[("event", "event")]),
        HttpQuestion::ByProperty => {
            let name = asked.get(QuestionParameter::Property).unwrap_or("value");
            counted(&mut shown, asked, answer, &[("value", name)]);
        }
        HttpQuestion::Across => {
            let name = |parameter| asked.get(parameter).unwrap_or_default();
            let (one, other) = (name(QuestionParameter::One), name(QuestionParameter::Other));
            counted(&mut shown, asked, answer, &[("one", one), ("other", other)]);
        }
        HttpQuestion::Active if by_version => active_by_version(&mut shown, asked, answer),
        HttpQuestion::Active => active(&mut shown, asked, answer),
        HttpQuestion::NewAndReturning => new_and_returning(&mut shown, asked, answer),
        HttpQuestion::Failures => failures(&mut shown, asked, answer),
        HttpQuestion::Quantiles => quantiles(&mut shown, asked, answer),
        HttpQuestion::Versions => versions(&mut shown, answer),
        HttpQuestion::Rejected => rejected(&mut shown, answer),
        HttpQuestion::Retention => matrix::retention(&mut shown, answer),
    }
    if asked.to >= asked.today {
        let period = period_name(asked);
        shown.notes.push(format!("Days are UTC, and the last {period} is not over."));
    }
    shown
}

fn title(asked: &Asked) -> Vec<String> {
    let product = asked.get(QuestionParameter::Product).unwrap_or_default();
    let mut first = format!("{} of {product}", asked.question.name());
    if let Some(event) = asked.get(QuestionParameter::Event) {
        first.push_str(&format!(" ({event})"));
    }
    let version = asked.get(QuestionParameter::Version);
    let version = version.map(|version| format!("version {version}"));
    let days = format!("{} to {}", asked.from, asked.to);
    let number = plural(asked.days(), "day");
    [Some(first), version, Some(format!("{days} ({number})"))].into_iter().flatten().collect()
}

fn period_name(asked: &Asked) -> &'static str {
    asked.period().name()
}

fn text(text: impl Into<String>) -> ShownCell {
    ShownCell::Text(text.into())
}

/// A value as a table shows it: no value at all is worth a word.
fn named(value: &str) -> String {
    if value.is_empty() { "(none)".to_owned() } else { value.to_owned() }
}

/// Numbers of one thing that is counted.
#[derive(Debug, Clone, Default)]
struct Line {
    key: Vec<String>,
    by_bucket: Vec<f64>,
    total: f64,
    before: f64,
    is_estimated: bool,
}

/// The lines of an answer, those with the most first.
fn lines(
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

/// Events: totals, their shares and their days.
fn counted(shown: &mut Shown, asked: &Asked, answer: &Answer, keys: &[(&str, &str)]) {
    let mut keys = keys.to_vec();
    if asked.is_by_version() {
        keys.push(("version", "version"));
    }
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
    let per_day = (line.total / asked.days().max(1) as f64 * 10.0).round() / 10.0;
    row.push(text(fraction(line.total)));
    row.push(text(percent(line.total / all.max(1.0))));
    row.push(text(fraction(per_day)));
    compared(&mut row, answer, line.total, line.before);
    row.push(ShownCell::Series(line.by_bucket.clone()));
    row
}

/// The columns of a comparison with the days before, if it is asked for.
fn compared_columns(shown: &mut Shown, answer: &Answer) {
    if answer.before.is_some() {
        shown.column("before", Fit::Optional(0));
        shown.column("change", Fit::Number);
    }
}

fn compared(row: &mut Vec<ShownCell>, answer: &Answer, now: f64, before: f64) {
    if answer.before.is_some() {
        row.extend([text(fraction(before)), text(change(now, before))]);
    }
}

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

fn active(shown: &mut Shown, asked: &Asked, answer: &Answer) {
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
    let mut note = format!("On average {} devices a {period}", fraction(now.round()));
    if let Some(before) = &answer.before {
        let sum: f64 = before.iter().map(|row| row.number("devices")).sum();
        let before = sum / buckets.len().max(1) as f64;
        note.push_str(&format!(
            ", and {} before ({})",
            fraction(before.round()),
            change(now.round(), before.round())
        ));
    }
    shown.notes.push(format!("{note}."));
    if numbers.iter().any(|(_, is_estimated)| *is_estimated) {
        shown.notes.push(ESTIMATED.to_owned());
    }
}

fn active_by_version(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let lines = lines(asked, answer, &["version"], |row| row.number("devices"));
    shown.column("version", Fit::Text);
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

fn new_and_returning(shown: &mut Shown, asked: &Asked, answer: &Answer) {
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
        shown.notes.push(format!(
            "{} new devices, and {} before ({}).",
            fraction(now),
            fraction(before),
            change(now, before)
        ));
    }
}

fn failures(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let mut keys = Vec::new();
    if let Some(property) = asked.get(QuestionParameter::Property) {
        keys.push(("value", property));
    }
    if asked.is_by_version() {
        keys.push(("version", "version"));
    }
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
    let before = answer.before.as_deref().map(|rows| format!(", and {} before", sum(rows)));
    let before = before.unwrap_or_default();
    shown.notes.push(format!("{} of all failed{before}.", sum(&answer.rows)));
}

fn quantiles(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let by_version = asked.is_by_version();
    let period = period_name(asked);
    shown.column(if by_version { "version" } else { period }, Fit::Text);
    shown.column("count", Fit::Optional(0));
    for name in ["p50", "p90", "p99"] {
        shown.column(name, Fit::Number);
    }
    let all = |rows: &[AnswerRow], version: &str| {
        let is_all = |row: &&AnswerRow| row.has("all") && row.text("version") == version;
        rows.iter().find(is_all).map(|row| row.number("p50"))
    };
    let numbers = |row: &AnswerRow| {
        ["count", "p50", "p90", "p99"].map(|name| text(fraction(row.number(name))))
    };
    if by_version {
        if answer.before.is_some() {
            shown.column("p50 before", Fit::Number);
        }
        shown.column(format!("p50 by {period}"), Fit::Drawn);
        let series = lines(asked, answer, &["version"], |row| row.number("p50"));
        for row in answer.rows.iter().filter(|row| row.has("all")) {
            let version = row.text("version");
            let mut cells = vec![text(named(version))];
            cells.extend(numbers(row));
            if let Some(before) = &answer.before {
                cells.push(text(all(before, version).map_or("-".to_owned(), fraction)));
            }
            let own = series.iter().find(|line| line.key[0] == named(version));
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

fn versions(shown: &mut Shown, answer: &Answer) {
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

fn rejected(shown: &mut Shown, answer: &Answer) {
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

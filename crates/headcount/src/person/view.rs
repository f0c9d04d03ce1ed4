//! `view`: charts of the person's own use, drawn from the local records, the
//! records that wait to be sent, and what is kept of those that were sent.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use headcount_catalog::{Checked, Day, Kind, Value};
use headcount_wire::read;
use serde_json::{Value as Json, json};

use super::arguments::Reader;
use super::limits::{NAME_COLUMNS, VIEW_DAYS, VIEW_VALUES};
use super::marks::AS_IT_IS;
use super::reply::{Reply, call};
use super::screen::Screen;
use super::sent;
use super::wrapped::counted;
use crate::standing::Standing;

pub(super) fn view(standing: &Standing, screen: Screen, reader: Reader) -> Reply {
    let usage = match Usage::of(standing) {
        Ok(usage) => usage,
        Err(error) => return Reply::failed(&format!("The records cannot be read: {error}.")),
    };
    match reader {
        Reader::Program => Reply::json(&usage.json()),
        Reader::Person if usage.events() == 0 => Reply::said(format!(
            "Nothing is recorded on this machine. To record for yourself only: {} local.\n",
            call(standing)
        )),
        Reader::Person => Reply::said(usage.text(standing.catalog().product.title, screen)),
    }
}

/// The counted records.
#[derive(Debug, Default)]
struct Usage {
    local: u64,
    waiting: u64,
    /// Events that do not wait any more.
    sent: u64,
    days: BTreeMap<Day, u64>,
    names: BTreeMap<&'static str, u64>,
    values: BTreeMap<(&'static str, &'static str), Values>,
}

/// The values of one property.
#[derive(Debug, Default)]
struct Values {
    words: BTreeMap<String, u64>,
    numbers: Vec<f64>,
}

impl Usage {
    fn of(standing: &Standing) -> Result<Self, String> {
        let mut usage = Self::default();
        if let Some(queue) = standing.local_queue() {
            for line in queue.lines().map_err(told)? {
                usage.local += usage.count(standing, &line.map_err(told)?.text);
            }
        }
        // An event may wait for one destination and be sent to others. Each has
        // an id, so no two lines are alike.
        let mut seen = HashSet::new();
        if let Some(queue) = standing.shipped_queue() {
            for line in queue.lines().map_err(told)? {
                let line = line.map_err(told)?.text;
                usage.waiting += usage.count(standing, &line);
                seen.insert(line);
            }
        }
        // Read last: what is sent meanwhile is in both, and not in neither.
        for sent in sent::kept(standing).map_err(told)?.records {
            if !seen.contains(&sent.line) {
                usage.sent += usage.count(standing, &sent.line);
                seen.insert(sent.line);
            }
        }
        Ok(usage)
    }

    /// Counts the record of a line, if it is one, and returns how many that
    /// are.
    fn count(&mut self, standing: &Standing, line: &str) -> u64 {
        match read(standing.catalog(), line) {
            Ok(record) => {
                self.add(&record);
                1
            }
            Err(_) => 0,
        }
    }

    fn add(&mut self, record: &Checked) {
        if let Some(time) = record.time {
            *self.days.entry(time.day()).or_default() += 1;
        }
        *self.names.entry(record.event.name).or_default() += 1;
        for (property, value) in record.event.properties.iter().zip(&record.properties) {
            let Some(value) = value else { continue };
            if matches!(property.kind, Kind::Constant(_) | Kind::Reference(_) | Kind::Time(_)) {
                continue;
            }
            self.values
                .entry((record.event.name, property.name))
                .or_default()
                .add(&property.kind, value);
        }
    }

    fn events(&self) -> u64 {
        self.local + self.waiting + self.sent
    }

    /// The days of the chart, including days without events between them.
    fn drawn(&self) -> Vec<(Day, u64)> {
        let (Some((first, _)), Some((last, _))) =
            (self.days.first_key_value(), self.days.last_key_value())
        else {
            return Vec::new();
        };
        let start = first.number().max(last.number() - VIEW_DAYS + 1);
        (start..=last.number())
            .map(Day::from_number)
            .map(|day| (day, self.days.get(&day).copied().unwrap_or(0)))
            .collect()
    }

    fn ranked(&self) -> Vec<(&'static str, u64)> {
        most_first(self.names.iter().map(|(name, count)| (*name, *count)).collect())
    }

    fn text(&self, title: &str, screen: Screen) -> String {
        let mut text = String::new();
        // Writing into a `String` cannot fail.
        let _ = self.write(title, screen, &mut text);
        text
    }

    fn write(&self, title: &str, screen: Screen, out: &mut String) -> std::fmt::Result {
        let Self { local, waiting, sent, .. } = self;
        writeln!(
            out,
            "{title} on this machine: {} ({local} for yourself only, {waiting} waiting to be sent, {sent} sent)",
            counted(self.events(), "event")
        )?;
        let days: Vec<(String, u64)> =
            self.drawn().iter().map(|(day, count)| (day.to_string(), *count)).collect();
        chart("By day", &days, screen, out)?;
        let names = self.ranked();
        let rows: Vec<(String, u64)> =
            names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        chart("By event", &rows, screen, out)?;
        writeln!(out, "\nTop values")?;
        for (event, _) in names {
            let of = self.values.iter().filter(|((name, _), _)| *name == event);
            for ((_, property), values) in of {
                writeln!(out, "  {event} {property}: {values}")?;
            }
        }
        Ok(())
    }

    fn json(&self) -> Json {
        let days = self.days.iter();
        let days: Vec<Json> =
            days.map(|(day, count)| json!({"day": day.to_string(), "events": count})).collect();
        let names = self.ranked().into_iter();
        let names: Vec<Json> =
            names.map(|(name, count)| json!({"event": name, "events": count})).collect();
        let values = self.values.iter();
        let values: Vec<Json> = values
            .map(|((event, property), values)| {
                let mut json = values.json();
                json["event"] = Json::from(*event);
                json["property"] = Json::from(*property);
                json
            })
            .collect();
        json!({
            "local": self.local, "waiting": self.waiting, "sent": self.sent,
            "days": days, "events": names, "values": values,
        })
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Sorts by count, highest first; equal counts keep their order.
fn most_first(mut counted: Vec<(&str, u64)>) -> Vec<(&str, u64)> {
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted
}

impl Values {
    fn add(&mut self, kind: &Kind, value: &Value) {
        let measured = matches!(
            kind,
            Kind::Count { .. } | Kind::Amount { .. } | Kind::Duration { .. } | Kind::CountOf(_)
        );
        let mut word = |word: String| *self.words.entry(word).or_default() += 1;
        match value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a number to look at, not to count with"
            )]
            Value::Number(number) if measured => self.numbers.push(*number as f64),
            Value::Decimal(number) if measured => self.numbers.push(number.get()),
            Value::Number(number) => word(number.to_string()),
            Value::Decimal(number) => word(number.get().to_string()),
            Value::Flag(flag) => word(flag.to_string()),
            Value::Word(one) => word(one.as_str().to_owned()),
            Value::Words(words) => words.iter().for_each(|one| word(one.as_str().to_owned())),
            Value::Token(token) => word(token.as_str().to_owned()),
            Value::Tokens(tokens) => tokens.iter().for_each(|one| word(one.as_str().to_owned())),
            Value::Time(..) => {}
        }
    }

    fn ranked(&self) -> Vec<(&str, u64)> {
        most_first(self.words.iter().map(|(word, count)| (word.as_str(), *count)).collect())
    }

    /// The median of the numbers, and the largest.
    fn measured(&self) -> Option<(f64, f64)> {
        let mut numbers = self.numbers.clone();
        numbers.sort_by(f64::total_cmp);
        Some((*numbers.get(numbers.len() / 2)?, *numbers.last()?))
    }

    fn json(&self) -> Json {
        let values: Vec<Json> = self
            .ranked()
            .into_iter()
            .map(|(value, count)| json!({"value": value, "events": count}))
            .collect();
        match self.measured() {
            Some((median, largest)) => json!({"median": median, "largest": largest}),
            None => json!({"values": values}),
        }
    }
}

impl std::fmt::Display for Values {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some((median, largest)) = self.measured() {
            return write!(out, "median {median}, largest {largest}");
        }
        let ranked = self.ranked();
        for (index, (value, count)) in ranked.iter().take(VIEW_VALUES).enumerate() {
            write!(out, "{}{value} {count}", if index > 0 { ", " } else { "" })?;
        }
        match ranked.len().saturating_sub(VIEW_VALUES) {
            0 => Ok(()),
            more => write!(out, ", and {more} more"),
        }
    }
}

/// Draws one bar per row, scaled to the largest.
fn chart(head: &str, rows: &[(String, u64)], screen: Screen, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n{head}")?;
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let names =
        rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(NAME_COLUMNS);
    // Two columns before the name, two after it, one before the count.
    let taken = 2 + names + 2 + 1 + most.to_string().len();
    let columns = screen.columns.saturating_sub(taken).max(1);
    for (name, count) in rows {
        let bar = screen.bar(*count, most, columns);
        let space = if bar.is_empty() { "" } else { " " };
        writeln!(out, "{AS_IT_IS}  {:<names$}  {bar}{space}{count}", cut(name, names))?;
    }
    Ok(())
}

/// Shortens a text to at most `columns` columns.
fn cut(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    let head: String = text.chars().take(columns.saturating_sub(3)).collect();
    format!("{head}...")
}

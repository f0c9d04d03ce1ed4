//! `view`: charts of the person's own use, drawn from the local records, the
//! records that wait to be sent, and what is kept of those that were sent.

use std::collections::HashSet;
use std::fmt::Write as _;

use headcount_catalog::{Checked, Day, Kind, NameMap, Value};
use headcount_wire::read;
use serde_json::Value as Json;

use super::arguments::Reader;
use super::limits::{NAME_COLUMNS, VIEW_DAYS, VIEW_VALUES};
use super::marks::AS_IT_IS;
use super::reply::{Reply, call};
use super::screen::Screen;
use super::sent;
use super::wrapped::counted;
use crate::as_json::json;
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
    /// Sorted by day.
    days: Vec<(Day, u64)>,
    events: NameMap<Recorded>,
}

/// The records of one event, and the values of its properties.
#[derive(Debug, Default)]
struct Recorded {
    count: u64,
    properties: NameMap<Values>,
}

/// The values of one property.
#[derive(Debug, Default)]
struct Values {
    words: NameMap<u64>,
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
            let day = time.day();
            match self.days.binary_search_by_key(&day, |(day, _)| *day) {
                Ok(place) => self.days[place].1 += 1,
                Err(place) => self.days.insert(place, (day, 1)),
            }
        }
        let recorded = self.events.or_default(record.event.name);
        recorded.count += 1;
        for (property, value) in record.event.properties.iter().zip(&record.properties) {
            let Some(value) = value else { continue };
            if matches!(property.kind, Kind::Constant(_) | Kind::Reference(_) | Kind::Time(_)) {
                continue;
            }
            recorded.properties.or_default(property.name).add(&property.kind, value);
        }
    }

    fn events(&self) -> u64 {
        self.local + self.waiting + self.sent
    }

    /// The days of the chart, including days without events between them.
    fn drawn(&self) -> Vec<(Day, u64)> {
        let (Some((first, _)), Some((last, _))) = (self.days.first(), self.days.last()) else {
            return Vec::new();
        };
        let start = first.number().max(last.number() - VIEW_DAYS + 1);
        let count = |day| self.days.iter().find(|(other, _)| *other == day).map_or(0, |of| of.1);
        let days = (start..=last.number()).map(Day::from_number);
        days.map(|day| (day, count(day))).collect()
    }

    fn ranked(&self) -> Vec<(&str, u64)> {
        let events = self.events.iter();
        let counted = events.map(|(name, recorded)| (name.as_str(), recorded.count));
        most_first(&counted.collect::<Vec<_>>())
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
            let properties = self.events.get(event).map(|recorded| &recorded.properties);
            for (property, values) in properties.into_iter().flatten() {
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
        let mut values = Vec::new();
        for (event, recorded) in &self.events {
            for (property, of) in &recorded.properties {
                let mut json = of.json();
                json["event"] = Json::from(event.as_str());
                json["property"] = Json::from(property.as_str());
                values.push(json);
            }
        }
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
fn most_first<'a>(counted: &[(&'a str, u64)]) -> Vec<(&'a str, u64)> {
    let keys = counted.iter().map(|(_, count)| u64::MAX - count).collect();
    places_in_order(keys).into_iter().map(|place| counted[place]).collect()
}

/// The places of these keys, smallest key first; equal keys keep their order.
/// Everything here is sorted by it: each sort of another type is 6 KB in every
/// host.
fn places_in_order(keys: Vec<u64>) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = keys.into_iter().zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, place)| place).collect()
}

/// A number as a key in the order of [`f64::total_cmp`].
fn key(number: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = number.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

impl Values {
    fn add(&mut self, kind: &Kind, value: &Value) {
        let measured = matches!(
            kind,
            Kind::Count { .. } | Kind::Amount { .. } | Kind::Duration { .. } | Kind::CountOf(_)
        );
        let mut word = |word: &str| *self.words.or_default(word) += 1;
        match value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a number to look at, not to count with"
            )]
            Value::Number(number) if measured => self.numbers.push(*number as f64),
            Value::Decimal(number) if measured => self.numbers.push(number.get()),
            Value::Number(number) => word(&number.to_string()),
            Value::Decimal(number) => word(&number.get().to_string()),
            Value::Flag(flag) => word(&flag.to_string()),
            Value::Word(one) => word(one.as_str()),
            Value::Words(words) => words.iter().for_each(|one| word(one.as_str())),
            Value::Token(token) => word(token.as_str()),
            Value::Tokens(tokens) => tokens.iter().for_each(|one| word(one.as_str())),
            Value::Time(..) => {}
        }
    }

    fn ranked(&self) -> Vec<(&str, u64)> {
        let counted = self.words.iter().map(|(word, count)| (word.as_str(), *count));
        most_first(&counted.collect::<Vec<_>>())
    }

    /// The median of the numbers, and the largest.
    fn measured(&self) -> Option<(f64, f64)> {
        let places = places_in_order(self.numbers.iter().copied().map(key).collect());
        let (median, largest) = (places.get(places.len() / 2)?, places.last()?);
        Some((self.numbers[*median], self.numbers[*largest]))
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

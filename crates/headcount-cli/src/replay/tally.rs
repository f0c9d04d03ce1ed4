//! What became of the events of a replay, and how that is told.

use std::collections::BTreeMap;

use headcount_catalog::{Checked, Day, Time};
use serde_json::{Value as Json, json};

use super::limits;
use crate::ask::plural;

/// What became of the events of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Lines that were read and not sent, by reason.
    pub(super) left_out: BTreeMap<String, u64>,
    /// Events by their names: sent, or to be sent in a dry run.
    pub(super) events: BTreeMap<&'static str, u64>,
    /// The first and the last day of them.
    pub(super) days: Option<(Day, Day)>,
    pub(super) requests: u64,
    /// Events that the destination has now.
    pub(super) taken: u64,
    /// Those of them that it had before, as far as it says so.
    pub(super) duplicates: u64,
    /// Events that it will never take, by reason.
    pub(super) rejected: BTreeMap<String, u64>,
}

impl Tally {
    pub(super) fn leave_out(&mut self, reason: &str, lines: u64) {
        if lines > 0 {
            *self.left_out.entry(reason.to_owned()).or_default() += lines;
        }
    }

    pub(super) fn reject(&mut self, reason: &str, events: u64) {
        if events > 0 {
            *self.rejected.entry(reason.to_owned()).or_default() += events;
        }
    }

    /// Counts what a request has, or would have.
    pub(super) fn request(&mut self, records: &[Checked]) {
        self.requests += 1;
        for record in records {
            *self.events.entry(record.event.name).or_default() += 1;
            let Some(day) = record.time.map(Time::day) else { continue };
            let (first, last) = self.days.unwrap_or((day, day));
            self.days = Some((first.min(day), last.max(day)));
        }
    }

    /// All events that were sent, or would be.
    pub(super) fn sent(&self) -> u64 {
        self.events.values().sum()
    }

    fn all(counts: &BTreeMap<String, u64>) -> (u64, String) {
        let listed: Vec<String> =
            counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        (counts.values().sum(), listed.join(", "))
    }

    /// The lines about what was read, as the end of both reports.
    fn left_out_lines(&self) -> String {
        match Self::all(&self.left_out) {
            (0, _) => String::new(),
            (lines, reasons) => format!("  {} left out: {reasons}\n", plural(lines, "line")),
        }
    }

    /// What was done, for a person.
    pub(super) fn text(&self, product: &str, from: &str, to: &str) -> String {
        let mut text = format!(
            "Replayed {} of {product} from {from} to {to} in {}.\n  {} taken",
            plural(self.sent(), "event"),
            plural(self.requests, "request"),
            self.taken
        );
        if self.duplicates > 0 {
            text.push_str(&format!(", {} of which were there before", self.duplicates));
        }
        text.push('\n');
        let (rejected, reasons) = Self::all(&self.rejected);
        if rejected > 0 {
            text.push_str(&format!("  {rejected} rejected there: {reasons}\n"));
        }
        text + &self.left_out_lines()
    }

    /// What would be done, for a person.
    pub(super) fn dry_text(&self, product: &str, from: &str, to: &str) -> String {
        let mut text = format!(
            "Would send {} of {product} from {from} to {to} in {}.\n",
            plural(self.sent(), "event"),
            plural(self.requests, "request"),
        );
        if let Some((first, last)) = self.days {
            text.push_str(&format!("  from {first} to {last}\n"));
        }
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
        for (name, count) in events.iter().take(limits::NAMED_EVENTS) {
            text.push_str(&format!("  {name} {count}\n"));
        }
        if events.len() > limits::NAMED_EVENTS {
            let more = (events.len() - limits::NAMED_EVENTS) as u64;
            text.push_str(&format!("  and {}\n", plural(more, "more kind")));
        }
        text + &self.left_out_lines() + "Nothing was sent.\n"
    }

    /// The same for a program.
    pub(super) fn json(
        &self,
        (product, to): (&str, &str),
        is_dry: bool,
        problem: Option<&str>,
    ) -> Json {
        json!({
            "product": product,
            "to": to,
            "dryRun": is_dry,
            "requests": self.requests,
            "sent": if is_dry { 0 } else { self.sent() },
            "wouldSend": if is_dry { Json::from(self.sent()) } else { Json::Null },
            "taken": self.taken,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "leftOut": self.left_out,
            "events": self.events,
            "firstDay": self.days.map(|(first, _)| first.to_string()),
            "lastDay": self.days.map(|(_, last)| last.to_string()),
            "problem": problem,
        })
    }
}

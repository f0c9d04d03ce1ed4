//! Versions in their own order, and how fast each is taken on.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use maud::html;

use super::call::rows;
use super::lines::{self, Line};
use super::panel::{Panel, Width};
use super::text;
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::limits;

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    if view.versions.is_empty() {
        return Vec::new();
    }
    vec![adoption(view), list(view)]
}

/// The share of each version of the events of a day.
fn adoption<'a>(view: &'a View<'_>) -> Panel<'a> {
    let call = view
        .call(HttpQuestion::Events)
        .without(QuestionParameter::Version)
        .with(QuestionParameter::By, "version");
    Panel::new("adoption", "Share of events by version", Width::Whole, vec![call], move |answers| {
        let mut counts: BTreeMap<(&str, Day), u64> = BTreeMap::new();
        for row in answers.iter().flat_map(|answer| rows!(answer.rows(), Events)) {
            let version = row.version.as_deref().unwrap_or_default();
            *counts.entry((version, row.day)).or_default() += row.count;
        }
        let days: Vec<Day> = view.address.range.days().collect();
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        counts.iter().for_each(|((version, _), count)| *sums.entry(version).or_default() += count);
        let order = view.versions.iter().map(|row| row.version.as_str());
        let sent: Vec<&str> = order.filter(|version| sums.contains_key(version)).collect();
        if sent.is_empty() {
            return html! { p.quiet { "No events in these days." } };
        }
        let shown = sent.len().saturating_sub(limits::PAGE_VERSIONS);
        let (older, newest) = sent.split_at(shown);
        let of_day = |day: &Day| {
            sums.keys().filter_map(|version| counts.get(&(*version, *day))).sum::<u64>()
        };
        let line = |label: String, versions: &[&str]| {
            let share = |day: &Day| {
                let count: u64 =
                    versions.iter().filter_map(|version| counts.get(&(*version, *day))).sum();
                let all = of_day(day);
                (all > 0).then(|| count as f64 * 100.0 / all as f64)
            };
            Line { label, points: days.iter().map(share).collect() }
        };
        let mut all: Vec<Line> =
            newest.iter().rev().map(|version| line((*version).to_owned(), &[version])).collect();
        if !older.is_empty() {
            all.push(line("older".to_owned(), older));
        }
        let marks = view.marks(view.address.range.from());
        let label = "Share of events by version and day";
        lines::bands(
            &all,
            lines::Subject {
                label,
                days: &days,
                today: view.address.range.today(),
                marks: &marks,
                written: text::percentage,
                scale: text::scale_of_percent,
            },
        )
    })
}

/// When each was first and last seen.
fn list<'a>(view: &'a View<'_>) -> Panel<'a> {
    let call = view.call(HttpQuestion::Versions);
    Panel::new("version-list", "Versions", Width::Whole, vec![call], move |answers| {
        let rows: Vec<_> =
            answers.iter().flat_map(|answer| rows!(answer.rows(), Versions)).collect();
        let sent = |version: &str| {
            rows.iter().find(|row| row.version == version).map_or(0, |row| row.count)
        };
        let all = view.versions.len();
        html! {
            table.plain.stacked {
                thead { tr {
                    th scope="col" { "Version" } th scope="col" { "First seen" }
                    th scope="col" { "Last seen" } th.number scope="col" { "Events in these days" }
                } }
                tbody { @for row in view.versions.iter().rev().take(limits::PAGE_ROWS) { tr {
                    th scope="row" { a href=(view.address.of_version(Some(&row.version)).url()) { (row.version) } }
                    td data-label="First seen" { (text::time(row.first)) }
                    td data-label="Last seen" { (text::time(row.last)) }
                    td.number data-label="Events" { (text::number(sent(&row.version))) }
                } } }
            }
            @if all > limits::PAGE_ROWS {
                p.quiet.note { "The newest " (limits::PAGE_ROWS) " of " (text::counted(all as u64, "version")) "." }
            }
        }
    })
}

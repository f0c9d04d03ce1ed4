//! What fails: each event that says so by the values of its properties, the
//! worst first, and the versions since which it is worse.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use headcount_catalog::{Day, Event};
use headcount_store::{AnswerRows, FailureRow};
use maud::{Markup, html};

use super::address::FailureOrder;
use super::call::rows;
use super::lines::{self, Line};
use super::panel::{Panel, Width, slug};
use super::view::View;
use super::{rates, text};
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::share::{self, Share};
use crate::{limits, version_order};

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let mut panels = Vec::new();
    for event in view.failing() {
        panels.push(by_day(view, event));
        panels.push(by_version(view, event));
        for name in subjects(view, event) {
            panels.push(by_value(view, event, name));
        }
    }
    panels
}

/// The properties that say what failed.
pub(super) fn subjects(view: &View<'_>, event: &Event) -> Vec<&'static str> {
    view.product.closed_sets(event).into_iter().take(3).collect()
}

/// The share that failed, by day.
fn by_day<'a>(view: &'a View<'_>, event: &'static Event) -> Panel<'a> {
    let id = format!("failures {}", event.name);
    let call = view.call_of(HttpQuestion::Failures, event.name);
    let title = format!("{}: share that failed", event.name);
    Panel::new(&id, title, Width::Half, vec![call], move |answers| {
        let mut days: BTreeMap<Day, Share> = BTreeMap::new();
        for row in answers.iter().flat_map(|answer| rows!(answer.rows(), Failures)) {
            *days.entry(row.day).or_default() += Share::of(row.failed, row.worked);
        }
        if days.is_empty() {
            return nothing();
        }
        let shown: Vec<Day> = view.address.range.days().collect();
        let share = |day: &Day| days.get(day).map(|share| share.value() * 100.0);
        let points = shown.iter().map(share).collect();
        let line = Line { label: "failed".to_owned(), points };
        let marks = view.marks(view.address.range.from());
        let label = format!("{}: share that failed by day", event.name);
        let subject = lines::Subject {
            label: &label,
            days: &shown,
            today: view.address.range.today(),
            marks: &marks,
            written: text::percentage,
            scale: text::scale_of_percent,
        };
        lines::lines(&[line], subject)
    })
}

/// The share of each version, in their order.
fn by_version<'a>(view: &'a View<'_>, event: &'static Event) -> Panel<'a> {
    let id = format!("failures {} version", event.name);
    let call = view.by_version(view.call_of(HttpQuestion::Failures, event.name));
    let title = format!("{}: failures by version", event.name);
    Panel::new(&id, title, Width::Half, vec![call], move |answers| {
        let rows = answers.iter().flat_map(|answer| rows!(answer.rows(), Failures));
        let versions = versions_of(rows);
        if versions.is_empty() {
            return nothing();
        }
        let order: Vec<(&str, Share)> =
            versions.iter().map(|(version, share)| (version.as_str(), *share)).collect();
        let steps = share::steps(&order, limits::COMPARED_EVENTS);
        let said = |version: &str| {
            let step = steps.iter().find(|step| step.version == version)?;
            Some(if step.is_worse { "worse" } else { "better" })
        };
        let shown = || order.iter().rev().take(limits::PAGE_ROWS);
        let scale = rates::scale(shown().map(|(_, share)| *share));
        html! {
            table.plain.rates.stacked {
                (rates::head(&html! { "Version" }, scale, None))
                tbody { @for (version, share) in shown() {
                    @let change = said(version).map(|said| html! { span class=(said) { (said) } });
                    (rates::row(&html! { (version) }, *share, change.as_ref(), scale))
                } }
            }
            (rates::note(order.len(), "version"))
        }
    })
}

/// The values with the highest shares, and since which version.
fn by_value<'a>(view: &'a View<'_>, event: &'static Event, name: &'static str) -> Panel<'a> {
    let id = format!("failures {} {name}", event.name);
    let call = view.by_version(
        view.call_of(HttpQuestion::Failures, event.name).with(QuestionParameter::Property, name),
    );
    let title = format!("{}: failures by {name}", event.name);
    Panel::new(&id, title, Width::Whole, vec![call], move |answers| {
        let mut values: BTreeMap<&str, Vec<&FailureRow>> = BTreeMap::new();
        for row in answers.iter().flat_map(|answer| rows!(answer.rows(), Failures)) {
            values.entry(&row.value).or_default().push(row);
        }
        if values.is_empty() {
            return nothing();
        }
        let mut worst: Vec<(&str, Share, Markup)> = values
            .into_iter()
            .map(|(value, rows)| {
                let versions = versions_of(rows.iter().copied());
                (value, versions.iter().map(|(_, share)| *share).sum(), since(&versions))
            })
            .collect();
        match view.address.order {
            // By what is certain: one event that failed is not the worst.
            FailureOrder::Share => worst.sort_by(|(_, one, _), (_, other, _)| {
                other.interval().0.total_cmp(&one.interval().0)
            }),
            FailureOrder::Number => worst.sort_by_key(|(_, share, _)| Reverse(share.failed)),
        }
        let all = worst.len();
        worst.truncate(limits::PAGE_ROWS);
        let scale = rates::scale(worst.iter().map(|(_, share, _)| *share));
        let place = slug(&format!("failures {} {name}", event.name));
        html! {
            table.plain.rates.stacked {
                (rates::head(&html! { (name) }, scale, Some((view.address, &place))))
                tbody { @for (value, share, since) in &worst {
                    (rates::row(&link(view, name, value), *share, Some(since), scale))
                } }
            }
            (rates::note(all, "value"))
        }
    })
}

/// A value that leads to the page of the events with it.
pub(super) fn link(view: &View<'_>, name: &str, value: &str) -> Markup {
    html! {
        a href=(view.address.with_filter(name, value).url()) {
            @if value.is_empty() { "none" } @else { code { (value) } }
        }
    }
}

/// The share of each version, in their order.
pub(super) fn versions_of<'r>(rows: impl Iterator<Item = &'r FailureRow>) -> Vec<(String, Share)> {
    let mut versions: BTreeMap<&str, Share> = BTreeMap::new();
    for row in rows {
        let version = row.version.as_deref().unwrap_or("all versions");
        *versions.entry(version).or_default() += Share::of(row.failed, row.worked);
    }
    let mut versions: Vec<(String, Share)> =
        versions.into_iter().map(|(version, share)| (version.to_owned(), share)).collect();
    versions.sort_by(|(one, _), (other, _)| version_order::compare(one, other));
    versions
}

/// Since which version it is worse, or that it is better again.
fn since(versions: &[(String, Share)]) -> Markup {
    let order: Vec<(&str, Share)> =
        versions.iter().map(|(version, share)| (version.as_str(), *share)).collect();
    let steps = share::steps(&order, limits::COMPARED_EVENTS);
    let worse = steps.iter().rev().find(|step| step.is_worse);
    let last = steps.last();
    html! {
        @if let (Some(worse), Some(last)) = (worse, last) {
            @if last.is_worse {
                strong.worse { "worse since " (worse.version) } " " (from_to(worse))
            } @else {
                "worse in " (worse.version) " " (from_to(worse)) "; "
                span.better { "better since " (last.version) } " " (from_to(last))
            }
        }
    }
}

/// The shares before a step and after it.
fn from_to(step: &share::Step<'_>) -> Markup {
    let [before, after] =
        [step.before, step.after].map(|share| text::percentage(share.value() * 100.0));
    html! { span.aside { (before) " → " (after) } }
}

fn nothing() -> Markup {
    html! { p.quiet { "No events in these days say whether they failed." } }
}

/// How many of all events of an answer failed.
pub(super) fn shares(rows: &[AnswerRows]) -> Share {
    rows!(rows, Failures).map(|row| Share::of(row.failed, row.worked)).sum()
}

//! What a person can choose on a product's page: days, the comparison, a
//! version. All of it is in the address, so that it works without a script.

use headcount_catalog::Period;
use maud::{Markup, html};

use super::address::PageAddress;
use super::comparison::Comparison;
use super::day_range::DayRange;
use super::text;
use super::view::View;
use crate::compared_days::ComparedDays;

pub(super) fn drawn(view: &View<'_>) -> Markup {
    let address = view.address;
    html! {
        div.choices {
            nav.ranges aria-label="Days" {
                ul {
                    @for (days, name) in DayRange::LENGTHS {
                        @let here = (address.range.last_days() == Some(days)).then_some("true");
                        li { a href=(address.with_days(days).url()) aria-current=[here] { (name) } }
                    }
                }
            }
            (between(address))
            (compared(address))
            div.toggles {
                @if let Some(version) = &address.version {
                    a.chip href=(address.of_version(None).url()) {
                        "Version " (version) " " span aria-hidden="true" { "×" }
                        span.hidden { "show all versions" }
                    }
                }
                @for filter in &address.filters {
                    a.chip href=(address.without_filter(filter).url()) {
                        (filter.0) ": " (said(&filter.1)) " " span aria-hidden="true" { "×" }
                        span.hidden { "remove this filter" }
                    }
                }
            }
        }
    }
}

/// The value of a filter, in words where an event says nothing.
fn said(value: &str) -> &str {
    if value.is_empty() { "not said" } else { value }
}

/// What the page shows otherwise than its address asks, a sentence each.
pub(super) fn corrections(view: &View<'_>) -> Markup {
    html! {
        @for sentence in &view.address.corrections { p.quiet { (text::quoted(sentence)) } }
        @if let Some(version) = unseen_version(view) {
            p.quiet {
                "No event of version " code { (version) } " has arrived"
                @if view.versions.iter().any(|row| row.version == headcount_store::limits::OTHER) {
                    ", unless too few devices have it for a row of its own"
                }
                "."
            }
        }
    }
}

/// The version of the page, if none of the events that ever arrived has it.
fn unseen_version<'a>(view: &View<'a>) -> Option<&'a str> {
    let version = view.address.version.as_deref().filter(|_| !view.versions.is_empty())?;
    view.versions.iter().all(|row| row.version != version).then_some(version)
}

/// Any two days.
fn between(address: &PageAddress) -> Markup {
    let range = address.range;
    html! {
        form.between method="get" action={ "/product/" (address.product) } {
            (kept(address, &["days", "from", "to"]))
            label { span.hidden { "From" } input type="date" name="from" value=(range.from()) max=(range.today()); }
            span aria-hidden="true" { "–" }
            label { span.hidden { "To" } input type="date" name="to" value=(range.to()) max=(range.today()); }
            button type="submit" { "Show" }
        }
    }
}

/// What to compare with: the days right before, those a year before, those from
/// any day on, or nothing.
fn compared(address: &PageAddress) -> Markup {
    let chosen = address.comparison.days();
    let links = [
        ("Nothing", Comparison::Nothing, chosen.is_none()),
        (
            "The days before",
            Comparison::Days(ComparedDays::Before),
            chosen == Some(ComparedDays::Before),
        ),
        ("A year before", Comparison::Days(ComparedDays::Year), chosen == Some(ComparedDays::Year)),
    ];
    let day = match chosen {
        Some(ComparedDays::From(day)) => Some(day),
        _ => None,
    };
    html! {
        div.compared {
            span.quiet id="compared-with" { "Compared with" }
            nav.ranges aria-labelledby="compared-with" {
                ul { @for (name, comparison, is_chosen) in links {
                    @let here = is_chosen.then_some("true");
                    li { a href=(address.comparing(comparison).url()) aria-current=[here] { (name) } }
                } }
            }
            form.between method="get" action={ "/product/" (address.product) } {
                (kept(address, &["compare"]))
                label {
                    span.hidden { "The day from which on to compare" }
                    input type="date" name="compare" value=[day] max=(address.range.today()) required;
                }
                button type="submit" { "Compare" }
            }
        }
    }
}

/// The other choices, which a form keeps.
fn kept(address: &PageAddress, own: &[&str]) -> Markup {
    let pairs = address.pairs().into_iter();
    html! {
        @for (name, value) in pairs.filter(|(name, _)| !own.contains(name)) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// Which days the page compares with, in words, and what is known of them.
pub(super) fn compared_in_words(view: &View<'_>) -> Markup {
    let range = view.address.range;
    let days = view.address.comparison.days();
    let days = days.map(|days| (days, days.span(Period::Day, (range.from(), range.to()))));
    html! {
        @if view.address.comparison == Comparison::Unreadable {
            p.quiet { "The address asks to compare with something else than " code { "no" } ", " code { "year" }
                " or a day that has begun, as in " code { "2026-10-01" } ". The days before are shown." }
        }
        @if let Some((days, (from, to))) = days {
            p.quiet {
                "Compared with " (text::time(from)) " – " (text::time(to))
                @if days == ComparedDays::Year { ", 52 weeks before, and months with those a year before" }
                @match view.since {
                    Some(since) if to < since => { ": all before the first event, on " (text::time(since)) }
                    Some(since) if from < since => { ": known from the first event on, " (text::time(since)) }
                    _ if to > range.today() => { ": known up to today" }
                    _ => {}
                }
                "."
            }
        }
    }
}

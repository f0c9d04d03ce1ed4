//! What the last release changed: the newest version beside the one before it.

use headcount_catalog::Event;
use headcount_store::{QuantileRow, VersionRow};
use maud::{Markup, html};

use super::call::{Answered, Call, rows};
use super::failures::versions_of;
use super::panel::{Panel, Width};
use super::view::View;
use super::{durations, text};
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::limits;
use crate::share::Share;

const TITLE: &str = "What the last release changed";

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    if view.versions.len() < 2 {
        return Vec::new();
    }
    if let Some(version) = &view.address.version {
        let all = view.address.of_version(None).url();
        let draw = move |_: &[Answered]| {
            html! { p.quiet {
                "Two versions are compared here, and this page is of version " (version) " alone. "
                a href={ (all) "#release" } { "Show all versions" } "."
            } }
        };
        return vec![Panel::new("release-left-out", TITLE, Width::Whole, Vec::new(), draw)];
    }
    let failing: Vec<&'static Event> = view.failing();
    let measured: Vec<(&'static Event, &'static str)> = view
        .events()
        .flat_map(|event| {
            let names = view.product.measured_names(event.name).into_iter();
            names.map(move |name| (event, name))
        })
        .collect();
    let sent = view.by_version(view.call(HttpQuestion::Events));
    let failures = failing
        .iter()
        .map(|event| view.by_version(view.call_of(HttpQuestion::Failures, event.name)));
    let quantiles = measured.iter().map(|(event, name)| {
        let call = view.call_of(HttpQuestion::Quantiles, event.name);
        view.by_version(call.with(QuestionParameter::Property, *name))
    });
    let calls: Vec<Call> = [sent].into_iter().chain(failures).chain(quantiles).collect();
    let draw = move |answers: &[Answered]| {
        let Some((sent, rest)) = answers.split_first() else { return html! {} };
        let (failures, quantiles) = rest.split_at(failing.len().min(rest.len()));
        let Some(pair) = Pair::of(view, sent) else {
            return html! { p.quiet { "No two versions sent " (limits::COMPARED_EVENTS) " events or more in these days." } };
        };
        html! {
            p { (pair.adoption()) }
            table.plain.released {
                thead { tr {
                    th scope="col" { "" } th.number scope="col" { (pair.before.version) }
                    th.number scope="col" { (pair.newest.version) } th scope="col" { "Change" }
                } }
                tbody {
                    @for (event, answer) in failing.iter().zip(failures) {
                        (pair.failures(event, answer))
                    }
                    @for ((event, name), answer) in measured.iter().zip(quantiles) {
                        (pair.durations(event, name, answer))
                    }
                }
            }
        }
    };
    vec![Panel::new("last-release", TITLE, Width::Whole, calls, draw)]
}

/// The newest version with enough events, and the one before it.
struct Pair<'a> {
    newest: &'a VersionRow,
    before: &'a VersionRow,
    /// Events of the newest version and of all, on the last seven days.
    of_last_week: (u64, u64),
}

impl<'a> Pair<'a> {
    fn of(view: &'a View<'_>, sent: &Answered) -> Option<Self> {
        let count = |version: &str| -> u64 {
            let rows = rows!(sent.rows(), Events);
            rows.filter(|row| row.version.as_deref() == Some(version)).map(|row| row.count).sum()
        };
        let enough = |row: &&VersionRow| count(&row.version) >= limits::COMPARED_EVENTS;
        let mut newest_first = view.versions.iter().rev().filter(enough);
        let (newest, before) = (newest_first.next()?, newest_first.next()?);
        let last = view.address.range.to();
        let of_week = |own: &str| -> u64 {
            let rows = rows!(sent.rows(), Events).filter(|row| last.days_since(row.day) < 7);
            let own = rows.filter(|row| own.is_empty() || row.version.as_deref() == Some(own));
            own.map(|row| row.count).sum()
        };
        Some(Self { newest, before, of_last_week: (of_week(&newest.version), of_week("")) })
    }

    fn adoption(&self) -> Markup {
        let (own, all) = self.of_last_week;
        html! {
            strong { (self.newest.version) } " was first seen on " (text::long(self.newest.first))
            " and sends " (text::percent(own, all)) " of the events of the last seven days."
        }
    }

    fn failures(&self, event: &Event, answer: &Answered) -> Markup {
        let versions = versions_of(rows!(answer.rows(), Failures));
        let of = |row: &VersionRow| {
            let found = versions.iter().find(|(version, _)| *version == row.version);
            found.map_or_else(Share::default, |(_, share)| *share)
        };
        let (after, before) = (of(self.newest), of(self.before));
        let shown = |share: Share| match share.all {
            0 => None,
            _ => Some(text::percentage(share.value() * 100.0)),
        };
        html! {
            tr {
                th scope="row" { (event.name) " that failed" }
                (number(shown(before), before.all, "event")) (number(shown(after), after.all, "event"))
                td {
                    @if let Some(few) = too_few(before.all, after.all) { (few) }
                    @else if after.is_above(before) { strong.worse { "worse" } }
                    @else if before.is_above(after) { span.better { "better" } }
                    @else { "no clear difference" }
                }
            }
        }
    }

    fn durations(&self, event: &Event, name: &str, answer: &Answered) -> Markup {
        let of = |version: &VersionRow| {
            let mut rows = rows!(answer.rows(), Quantiles);
            rows.find(|row| row.start.is_none() && row.version.as_deref() == Some(&version.version))
        };
        let (after, before) = (of(self.newest), of(self.before));
        let written = durations::written(event, name);
        let [sent, sends] = [before, after].map(|row| row.map_or(0, |row| row.count));
        let line = |label: &str, quantile: fn(&QuantileRow) -> f64| {
            let [was, is] = [before, after].map(|row| row.map(quantile));
            html! {
                tr {
                    th scope="row" { (event.name) " " (name) " " (label) }
                    (number(was.map(written), sent, "value")) (number(is.map(written), sends, "value"))
                    td {
                        @if let Some(few) = too_few(sent, sends) { (few) }
                        @else if let (Some(was), Some(is)) = (was, is) { (change(was, is)) }
                    }
                }
            }
        };
        html! { (line("p50", |row| row.median)) (line("p90", |row| row.p90)) }
    }
}

/// A number, and of how many events or values it is.
fn number(shown: Option<String>, count: u64, one: &str) -> Markup {
    html! { td.number { @match shown {
        Some(shown) => { (shown) span.aside { (text::counted(count, one)) } }
        None => { "–" }
    } } }
}

/// That there is nothing to say of a change: with few values on either side, it
/// is mere chance.
fn too_few(before: u64, after: u64) -> Option<Markup> {
    (before.min(after) < limits::COMPARED_EVENTS).then(|| {
        html! { span.quiet { "fewer than " (limits::COMPARED_EVENTS) " on a side" } }
    })
}

fn change(was: f64, is: f64) -> Markup {
    let percent = if was > 0.0 { (is - was) * 100.0 / was } else { 0.0 };
    html! {
        // A histogram is right to 1.6 %, and so is each of the two.
        @if percent.abs() < 4.0 { "about the same" }
        @else if percent > 0.0 { "+" (format!("{percent:.0}")) "%" }
        @else { "−" (format!("{:.0}", -percent)) "%" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_needs_enough_values_on_either_side() {
        for (before, after, is_told) in
            [(30, 30, true), (29, 400, false), (400, 29, false), (7, 3, false), (0, 90, false)]
        {
            assert_eq!(too_few(before, after).is_none(), is_told, "{before} {after}");
        }
        let shown = number(Some("2.36 s".to_owned()), 7, "value").into_string();
        assert_eq!(shown, "<td class=\"number\">2.36 s<span class=\"aside\">7 values</span></td>");
        assert_eq!(number(None, 0, "value").into_string(), "<td class=\"number\">–</td>");
    }
}

//! How long things take, and other numbers: the median, the 90th and the 99th
//! percentile of every measured property, by version and by day.

use headcount_catalog::{Day, Event, Kind, Unit};
use headcount_store::QuantileRow;
use maud::{Markup, html};

use super::call::rows;
use super::lines::{self, Line};
use super::panel::{Panel, Width};
use super::text;
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::{limits, version_order};

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let measured = view.events().flat_map(|event| {
        let names = view.product.measured_names(event.name).into_iter();
        names.map(move |name| (event, name))
    });
    let panels = measured
        .flat_map(|(event, name)| [by_day(view, event, name), by_version(view, event, name)]);
    panels.take(limits::PAGE_VALUE_PANELS).collect()
}

/// Writes a number of this property.
pub(super) fn written(event: &Event, name: &str) -> fn(f64) -> String {
    match event.property(name).map(|(_, property)| property.kind) {
        Some(Kind::Duration { unit: Unit::Milliseconds, .. }) => text::milliseconds,
        Some(Kind::Duration { unit: Unit::Seconds, .. }) => text::seconds,
        _ => text::measured,
    }
}

/// The unit of a scale for numbers of this property.
fn unit(event: &Event, name: &str) -> fn(f64) -> u64 {
    match event.property(name).map(|(_, property)| property.kind) {
        Some(Kind::Duration { unit: Unit::Milliseconds, .. }) => text::unit_of_milliseconds,
        Some(Kind::Duration { unit: Unit::Seconds, .. }) => text::unit_of_seconds,
        _ => lines::one,
    }
}

fn by_day<'a>(view: &'a View<'_>, event: &'static Event, name: &'static str) -> Panel<'a> {
    let id = format!("measured {} {name} day", event.name);
    let call =
        view.call_of(HttpQuestion::Quantiles, event.name).with(QuestionParameter::Property, name);
    let title = format!("{}: {name} by day", event.name);
    Panel::new(&id, title, Width::Half, vec![call], move |answers| {
        let rows: Vec<&QuantileRow> =
            answers.iter().flat_map(|answer| rows!(answer.rows(), Quantiles)).collect();
        if rows.is_empty() {
            return nothing();
        }
        let days: Vec<Day> = view.address.range.days().collect();
        let line = |label: &str, of: fn(&QuantileRow) -> f64| {
            let point =
                |day: &Day| rows.iter().find(|row| row.start == Some(*day)).map(|row| of(row));
            Line { label: label.to_owned(), points: days.iter().map(point).collect() }
        };
        let all =
            [line("p50", |row| row.median), line("p90", |row| row.p90), line("p99", |row| row.p99)];
        let marks = view.marks(view.address.range.from());
        let label = format!("{}: {name} by day", event.name);
        let written = written(event, name);
        lines::lines(
            &all,
            lines::Subject {
                label: &label,
                days: &days,
                today: view.address.range.today(),
                marks: &marks,
                written,
                unit: unit(event, name),
            },
        )
    })
}

fn by_version<'a>(view: &'a View<'_>, event: &'static Event, name: &'static str) -> Panel<'a> {
    let id = format!("measured {} {name} version", event.name);
    let call = view.by_version(
        view.call_of(HttpQuestion::Quantiles, event.name).with(QuestionParameter::Property, name),
    );
    let title = format!("{}: {name} by version", event.name);
    Panel::new(&id, title, Width::Half, vec![call], move |answers| {
        let rows = answers.iter().flat_map(|answer| rows!(answer.rows(), Quantiles));
        let mut rows: Vec<&QuantileRow> = rows.filter(|row| row.start.is_none()).collect();
        let version = |row: &QuantileRow| row.version.clone().unwrap_or_default();
        rows.sort_by(|one, other| version_order::compare(&version(other), &version(one)));
        if rows.is_empty() {
            return nothing();
        }
        let written = written(event, name);
        html! {
            table.plain {
                thead { tr {
                    th scope="col" { "Version" }
                    th.number scope="col" { "p50" } th.number scope="col" { "p90" }
                    th.number scope="col" { "p99" } th.number scope="col" { "Values" }
                } }
                tbody { @for row in rows.iter().take(limits::PAGE_ROWS) { tr {
                    th scope="row" { @match row.version.as_deref() {
                        None => "all", Some("") => "unknown", Some(version) => (version),
                    } }
                    td.number { (written(row.median)) } td.number { (written(row.p90)) }
                    td.number { (written(row.p99)) } td.number { (text::number(row.count)) }
                } } }
            }
        }
    })
}

fn nothing() -> Markup {
    html! { p.quiet { "No values in these days." } }
}

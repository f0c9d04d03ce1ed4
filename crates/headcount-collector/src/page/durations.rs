//! How long things take, and other numbers: the median, the 90th and the 99th
//! percentile of every measured property, by version, by day, and by what the
//! event is about, such as its command.

use headcount_catalog::{Day, Event, Kind, Unit};
use headcount_store::QuantileRow;
use maud::{Markup, html};

use super::call::{Answered, rows};
use super::failures::{link, subjects};
use super::lines::{self, Line};
use super::panel::{Panel, Width, slug};
use super::scale::Scale;
use super::text;
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::{limits, version_order};

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let measured = view.events().flat_map(|event| {
        let names = view.product.measured_names(event.name).into_iter();
        names.map(move |name| (event, name))
    });
    let mut splits = 0;
    let panels = measured.flat_map(|(event, name)| {
        let value = subjects(view, event).into_iter().next();
        let value = value.filter(|_| splits < limits::PAGE_SPLIT_PANELS);
        splits += usize::from(value.is_some());
        let by_value = value.map(|value| by_value(view, event, name, value));
        [by_day(view, event, name), by_version(view, event, name)].into_iter().chain(by_value)
    });
    panels.take(limits::PAGE_VALUE_PANELS).collect()
}

/// For each value of a closed set, the slowest first: raw events are counted,
/// so that a product with many is counted once somebody asks for it.
fn by_value<'a>(
    view: &'a View<'_>,
    event: &'static Event,
    name: &'static str,
    value: &'static str,
) -> Panel<'a> {
    let id = format!("measured {} {name} {value}", event.name);
    let title = format!("{}: {name} by {value}", event.name);
    if !view.is_counted_unasked() && !view.address.counts_durations {
        let url = format!("{}#{}", view.address.counting_durations().url(), slug(&id));
        let draw = move |_: &[Answered]| {
            html! { p.quiet {
                "These are counted from raw events, and this product has many: "
                a href=(url) { "count them" } "."
            } }
        };
        return Panel::new(&id, title, Width::Whole, Vec::new(), draw);
    }
    let call = view
        .call_of(HttpQuestion::Quantiles, event.name)
        .with(QuestionParameter::Property, name)
        .with(QuestionParameter::By, value);
    Panel::new(&id, title, Width::Whole, vec![call], move |answers| {
        let rows = answers.iter().flat_map(|answer| rows!(answer.rows(), Quantiles));
        let rows = slowest_first(rows.filter(|row| row.start.is_none()).collect());
        if rows.is_empty() {
            return nothing();
        }
        let named =
            |row: &QuantileRow| link(view, value, row.version.as_deref().unwrap_or_default());
        html! {
            (table(value, &rows, &named, written(event, name)))
            p.quiet.note {
                @if rows.len() > limits::PAGE_ROWS {
                    "The first " (limits::PAGE_ROWS) " of " (text::counted(rows.len() as u64, "value")) ". "
                }
                "The highest p90 first; those with fewer than " (limits::COMPARED_EVENTS) " values come last."
            }
        }
    })
}

/// By their 90th percentile; with few values, the highest is mere chance.
fn slowest_first(mut rows: Vec<&QuantileRow>) -> Vec<&QuantileRow> {
    let has_few = |row: &QuantileRow| row.count < limits::COMPARED_EVENTS;
    rows.sort_by(|one, other| {
        has_few(one).cmp(&has_few(other)).then_with(|| other.p90.total_cmp(&one.p90))
    });
    rows
}

/// Rows with what each is of, the first ones.
fn table(
    heading: &str,
    rows: &[&QuantileRow],
    named: &dyn Fn(&QuantileRow) -> Markup,
    written: fn(f64) -> String,
) -> Markup {
    html! {
        table.plain.stacked {
            thead { tr {
                th scope="col" { (heading) }
                th.number scope="col" { "p50" } th.number scope="col" { "p90" }
                th.number scope="col" { "p99" } th.number scope="col" { "Values" }
            } }
            tbody { @for row in rows.iter().take(limits::PAGE_ROWS) { tr {
                th scope="row" { (named(row)) }
                td.number data-label="p50" { (written(row.median)) }
                td.number data-label="p90" { (written(row.p90)) }
                td.number data-label="p99" { (written(row.p99)) }
                td.number data-label="Values" { (text::number(row.count)) }
            } } }
        }
    }
}

/// Writes a number of this property.
pub(super) fn written(event: &Event, name: &str) -> fn(f64) -> String {
    match event.property(name).map(|(_, property)| property.kind) {
        Some(Kind::Duration { unit: Unit::Milliseconds, .. }) => text::milliseconds,
        Some(Kind::Duration { unit: Unit::Seconds, .. }) => text::seconds,
        _ => text::measured,
    }
}

/// The scale for numbers of this property.
fn scale(event: &Event, name: &str) -> fn(f64) -> Scale {
    match event.property(name).map(|(_, property)| property.kind) {
        Some(Kind::Duration { unit: Unit::Milliseconds, .. }) => text::scale_of_milliseconds,
        Some(Kind::Duration { unit: Unit::Seconds, .. }) => text::scale_of_seconds,
        _ => Scale::fine,
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
                scale: scale(event, name),
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
        let named = |row: &QuantileRow| {
            html! { @match row.version.as_deref() {
                None => "all", Some("") => "unknown", Some(version) => (version),
            } }
        };
        table("Version", &rows, &named, written(event, name))
    })
}

fn nothing() -> Markup {
    html! { p.quiet { "No values in these days." } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_comes_first_unless_it_has_few_values() {
        let row = |name: &str, count, p90| {
            let (version, start) = (Some(name.to_owned()), None);
            QuantileRow { version, start, count, median: 1.0, p90, p99: p90, sum: 1.0 }
        };
        let rows = [row("a", 30, 2.0), row("b", 29, 9.0), row("c", 400, 5.0), row("d", 1, 1.0)];
        let order: Vec<_> = slowest_first(rows.iter().collect())
            .iter()
            .map(|row| row.version.clone().unwrap_or_default())
            .collect();
        assert_eq!(order, ["c", "a", "b", "d"]);
    }
}

//! One small panel for every property and entry of the envelope by which events
//! are counted. Its title names the event and the property, so that no two are
//! alike.

use headcount_catalog::{Event, Source};
use maud::html;

use super::bars;
use super::call::{Call, rows};
use super::events::highest_first;
use super::panel::{Panel, Width};
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::limits;

/// What people did: the properties of each event.
pub(super) fn of_events<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let counted = view.events().flat_map(|event| {
        let names = view.product.counted_names(event.name).into_iter();
        let own = move |name: &&str| event.property(name).is_some();
        names.filter(own).map(move |name| (event, name))
    });
    let panels = counted.map(|(event, name)| {
        let id = format!("values {} {name}", event.name);
        let title = format!("{} by {name}", event.name);
        panel(view, &id, title, vec![of_event(view, event, name)])
    });
    panels.take(limits::PAGE_VALUE_PANELS).collect()
}

fn of_event(view: &View<'_>, event: &Event, name: &str) -> Call {
    view.call_of(HttpQuestion::ByProperty, event.name).with(QuestionParameter::Property, name)
}

/// Where the events come from: the entries of the envelope, over all events.
pub(super) fn of_senders<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let entries = view.product.newest().envelope.iter().filter(|entry| tells(&entry.source));
    let counted = |name: &str| {
        let events = view.events();
        let counted = events.filter(|event| {
            event.property(name).is_none() && view.product.counted_names(event.name).contains(&name)
        });
        counted.map(|event| of_event(view, event, name)).collect::<Vec<_>>()
    };
    let panels = entries.filter_map(|entry| {
        let calls = counted(entry.key);
        let id = format!("senders {}", entry.key);
        let title = format!("All events by {}", entry.key);
        (!calls.is_empty()).then(|| panel(view, &id, title, calls))
    });
    panels.take(limits::PAGE_VALUE_PANELS).collect()
}

/// Whether an entry tells something of who sends: its version has a panel of
/// its own, and a constant is always the same.
fn tells(source: &Source) -> bool {
    !matches!(
        source,
        Source::Constant(_) | Source::Properties | Source::Version | Source::Marks | Source::Age
    )
}

/// A list of the values, summed over the calls.
fn panel<'a>(view: &'a View<'_>, id: &str, title: String, calls: Vec<Call>) -> Panel<'a> {
    let name = title.rsplit_once(' ').map_or("", |(_, name)| name).to_owned();
    Panel::new(id, title, Width::Third, calls, move |answers| {
        let rows = answers.iter().flat_map(|answer| rows!(answer.rows(), ByProperty));
        let values = highest_first(rows.map(|row| (row.value.as_str(), row.count)));
        if values.is_empty() {
            return html! { p.quiet { "No events in these days." } };
        }
        let link = |value: &str| view.address.with_filter(&name, value).url();
        bars::bars(&values, &name, Some(&link))
    })
    .beside("of events that have it")
}

//! One small panel for every property and entry of the envelope by which events
//! are counted. Its title names the event and the property, so that no two are
//! alike.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use headcount_catalog::{Day, Event, Period, Scheme, Source};
use maud::{Markup, html};

use super::bars::{self, CountedValue};
use super::call::{Answered, Call, rows};
use super::events::highest_first;
use super::panel::{Panel, Width};
use super::text;
use super::tiles::last_week;
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

/// Where the events come from: the entries of the envelope, over all events,
/// and how many devices had each value in the last whole week.
pub(super) fn of_senders<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let entries = view.product.newest().envelope.iter().filter(|entry| tells(&entry.source));
    let counted = |name: &str| {
        let events = view.events();
        let counted = events.filter(|event| {
            event.property(name).is_none() && view.product.counted_names(event.name).contains(&name)
        });
        counted.map(|event| of_event(view, event, name)).collect::<Vec<_>>()
    };
    let mut asked = 0;
    let panels = entries.filter_map(|entry| {
        let calls = counted(entry.key);
        if calls.is_empty() {
            return None;
        }
        let id = format!("senders {}", entry.key);
        let title = format!("All events by {}", entry.key);
        let Some(devices) = devices(view, entry.key) else {
            return Some(panel(view, &id, title, calls));
        };
        let is_asked = view.is_counted_unasked() && asked < limits::PAGE_DEVICE_PANELS;
        asked += usize::from(is_asked);
        Some(match is_asked {
            true => with_devices(view, entry.key, &id, title, (calls, devices)),
            false => panel(view, &id, title, calls).with_form(not_asked(view, &devices)),
        })
    });
    panels.take(limits::PAGE_VALUE_PANELS).collect()
}

/// Asks for the devices with each value in the week of the tile, if they can be
/// counted. That question reads raw events.
fn devices(view: &View<'_>, name: &str) -> Option<Call> {
    use QuestionParameter::{By, From, Period as Periods, To};

    let week = last_week(view.address.range);
    if !view.product.counts_devices(Period::Week) || view.is_before_first_event(week) {
        return None;
    }
    // It would count an event's own property of the name, too.
    if view.product.events().any(|event| event.property(name).is_some()) {
        return None;
    }
    if is_by_marks(view) {
        // Which event has the mark says nothing of what only some events have.
        let known = view.product.entry_names();
        let mut filters = view.address.filters.iter().map(|(name, _)| name.as_str());
        if !known.contains(&name) || !filters.all(|filter| known.contains(&filter)) {
            return None;
        }
    }
    let call = view.call(HttpQuestion::Active).with(From, week.to_string());
    let call = call.with(To, week.plus(6).to_string());
    Some(call.with(Periods, Period::Week.name()).with(By, name))
}

fn is_by_marks(view: &View<'_>) -> bool {
    view.product.newest().identity.scheme == Scheme::None
}

/// Instead of the devices, of a product with many events or of a further panel.
fn not_asked(view: &View<'_>, devices: &Call) -> Markup {
    html! { p.quiet.note {
        "Devices with each value are not counted here, as that reads raw events: "
        a href=(devices.page(view.address)) { "the question that counts them" } "."
    } }
}

/// Whether an entry tells something of who sends: its version has a panel of
/// its own, and a constant is always the same.
fn tells(source: &Source) -> bool {
    !matches!(
        source,
        Source::Constant(_) | Source::Properties | Source::Version | Source::Marks | Source::Age
    )
}

/// The values with the most devices of the week first. Without an answer about
/// a whole week, those with the most events.
fn with_devices<'a>(
    view: &'a View<'_>,
    name: &'static str,
    id: &str,
    title: String,
    (calls, devices): (Vec<Call>, Call),
) -> Panel<'a> {
    let needed = calls.len();
    let draw = move |answers: &[Answered]| {
        let (events, devices) = answers.split_at(needed.min(answers.len()));
        let week = last_week(view.address.range);
        let heading = format!("Devices, week of {}", text::short(week));
        let Some(devices) = devices.first() else { return by_events(view, name, events) };
        if devices.counted_later().is_some() {
            return html! {
                (by_events(view, name, events))
                p.quiet.note { (heading) ": not known, as raw events of that week have expired." }
            };
        }
        let values = most_devices_first(summed(events), of_week(devices, week));
        if values.is_empty() {
            return by_events(view, name, events);
        }
        html! {
            (bars::with_devices(&values, name, &heading, &|value| {
                view.address.with_filter(name, value).url()
            }))
            p.quiet.note {
                @if is_by_marks(view) { "A device counts for what its first event of that week has." }
                @else { "A device with two values in that week counts for both. " (TEMPORARY) }
                " Bars show devices, and the share is of events."
            }
        }
    };
    Panel::new(id, title, Width::Third, calls, draw)
        .beside("of events that have it")
        .and_perhaps(devices)
}

/// Whom a panel of devices leaves out.
pub(super) const TEMPORARY: &str =
    "Machines whose home folder is temporary, as in CI, are not counted as devices.";

/// The devices of a week by value: those of events without one are left out.
fn of_week(answer: &Answered, week: Day) -> Vec<(String, u64)> {
    let rows = rows!(answer.rows(), Active).filter(|row| row.start == week);
    let named = rows.filter_map(|row| Some((row.version.clone()?, row.devices)));
    named.filter(|(value, _)| !value.is_empty()).collect()
}

fn most_devices_first(
    events: Vec<(String, u64)>,
    devices: Vec<(String, u64)>,
) -> Vec<CountedValue> {
    let mut all: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (value, count) in devices {
        all.entry(value).or_default().0 += count;
    }
    for (value, count) in events {
        all.entry(value).or_default().1 += count;
    }
    let rows = all.into_iter();
    let rows = rows.map(|(value, (devices, events))| CountedValue { value, events, devices });
    let mut rows: Vec<CountedValue> = rows.collect();
    rows.sort_by_key(|row| Reverse((row.devices, row.events)));
    rows
}

/// A list of the values, summed over the calls.
fn panel<'a>(view: &'a View<'_>, id: &str, title: String, calls: Vec<Call>) -> Panel<'a> {
    let name = title.rsplit_once(' ').map_or("", |(_, name)| name).to_owned();
    let draw = move |answers: &[Answered]| by_events(view, &name, answers);
    Panel::new(id, title, Width::Third, calls, draw).beside("of events that have it")
}

fn by_events(view: &View<'_>, name: &str, answers: &[Answered]) -> Markup {
    let values = summed(answers);
    if values.is_empty() {
        return html! { p.quiet { "No events in these days." } };
    }
    let link = |value: &str| view.address.with_filter(name, value).url();
    bars::bars(&values, name, Some(&link))
}

/// The events with each value, over the answers to all calls.
fn summed(answers: &[Answered]) -> Vec<(String, u64)> {
    let rows = answers.iter().flat_map(|answer| rows!(answer.rows(), ByProperty));
    highest_first(rows.map(|row| (row.value.as_str(), row.count)))
}

#[cfg(test)]
mod tests {
    use headcount_store::VersionRow;

    use super::*;
    use crate::Registry;
    use crate::page::address::PageAddress;

    /// The calls of the panel of systems, and what it says below them, of a
    /// product with so many events.
    fn systems(count: u64) -> (Vec<String>, String) {
        let text = include_str!("../../tests/collector/asking.toml");
        let text = text.replace("event = \"event\"", "event = \"event\"\nlang = \"locale\"");
        let registry = Registry::of(vec![headcount_catalog::parse(&text).unwrap()]).unwrap();
        let day = |text: &str| Day::parse(text).unwrap();
        let address = PageAddress::new("tool", day("2026-11-20"));
        let (first, last) = (day("2026-10-01"), day("2026-11-20"));
        let versions = vec![VersionRow { version: "1.4.0".to_owned(), first, last, count }];
        let view = View::new(registry.product("tool").unwrap(), &address, versions);
        let mut panels = of_senders(&view);
        let panel = panels.pop().unwrap();
        assert_eq!(panel.id, "senders-lang");
        let calls = panel.calls.iter().map(|call| call.url("json")).collect();
        (calls, panel.form.into_string())
    }

    #[test]
    fn of_many_events_devices_are_not_counted_but_linked() {
        let (calls, told) = systems(limits::PAGE_SPLIT_EVENTS);
        assert!(calls.iter().any(|url| url.starts_with("/api/v1/ask/active?")), "{calls:?}");
        assert_eq!(told, "");
        let (calls, told) = systems(limits::PAGE_SPLIT_EVENTS + 1);
        assert!(!calls.iter().any(|url| url.contains("active")), "{calls:?}");
        let link = "href=\"/question/active?product=tool&amp;from=2026-11-09&amp;to=2026-11-15\
                    &amp;period=week&amp;by=lang&amp;back=";
        assert!(told.contains(link), "{told}");
    }

    #[test]
    fn a_value_has_its_devices_and_its_events_even_without_one_of_the_two() {
        let of = |rows: &[(&str, u64)]| -> Vec<(String, u64)> {
            rows.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
        };
        let events = of(&[("loop", 9_000), ("old", 7), ("a", 5), ("b", 5), ("few", 1)]);
        let devices = of(&[("a", 3), ("b", 3), ("few", 12), ("loop", 1), ("new", 2)]);
        let rows = most_devices_first(events, devices);
        let rows: Vec<(&str, u64, u64)> =
            rows.iter().map(|row| (row.value.as_str(), row.devices, row.events)).collect();
        let wanted = [
            ("few", 12, 1),
            ("a", 3, 5),
            ("b", 3, 5),
            ("new", 2, 0),
            ("loop", 1, 9_000),
            ("old", 0, 7),
        ];
        assert_eq!(rows, wanted);
    }
}

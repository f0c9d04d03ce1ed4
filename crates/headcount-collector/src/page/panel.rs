//! The panels of a product's page.

use headcount_catalog::Period;
use maud::{Markup, html};

use super::chart::{self, Subject};
use super::figures::{Figures, ValueList};
use super::{bars, devices, text};
use crate::registry::LoadedProduct;

/// Everything between the headline and the catalog.
pub(super) fn all(product: &LoadedProduct, figures: &Figures, url: &str) -> Markup {
    if figures.all_events() == 0 {
        return empty(product, figures, url);
    }
    let lists = figures.lists.iter().map(|ValueList { breakdown, values }| {
        let only = match breakdown.events.as_slice() {
            [event] => *event,
            _ => "",
        };
        list(breakdown.by, only, values)
    });
    let mut lists: Vec<Markup> = lists.collect();
    lists.insert(lists.len().min(1), list("name", "", &figures.names));
    html! {
        (key_figures(product, figures))
        (devices::all(product, figures))
        (chart::panel("Events", &figures.events, "Events",
            Subject { one: "event", label: "Events by day", period: Period::Day }))
        div.pair {
            @for list in lists { (list) }
        }
    }
}

/// The four most important numbers.
fn key_figures(product: &LoadedProduct, figures: &Figures) -> Markup {
    // Today is not over, and before the first device nothing was counted: the
    // average is of the days between.
    let over = figures.devices.len().saturating_sub(1);
    let whole_days = &figures.devices[..over];
    let counted_days = whole_days.iter().skip_while(|(_, count)| *count == 0).count();
    let devices: u64 = whole_days.iter().map(|(_, count)| count).sum();
    let average = (devices as f64 / counted_days.max(1) as f64).round() as u64;
    let latest = whole_days.last().map_or(0, |(_, count)| *count);
    let busiest = figures.devices.iter().max_by_key(|(_, count)| *count);
    html! {
        dl.figures {
            @if product.counts_devices(Period::Day) {
                div { dt { "Devices yesterday" } dd { (text::number(latest)) } }
                div { dt { "Daily average" } dd { (text::number(average)) } }
                @if let Some((day, count)) = busiest {
                    div {
                        dt { "Busiest day" }
                        dd { (text::number(*count)) span.aside { (text::short(*day)) } }
                    }
                }
            }
            div { dt { "Events" } dd { (text::number(figures.all_events())) } }
        }
    }
}

/// Counts by value. `only` is the event's name, or empty if the list counts
/// several events.
fn list(by: &str, only: &str, values: &[(String, u64)]) -> Markup {
    html! {
        section.panel {
            h2 { "Events by " (by) @if !only.is_empty() { span.aside { (only) } } }
            @if values.is_empty() {
                p.quiet { "No events in these days." }
            } @else {
                (bars::bars(values, by))
            }
        }
    }
}

/// The panel if there are no events: what to do.
fn empty(product: &LoadedProduct, figures: &Figures, url: &str) -> Markup {
    let catalog = product.newest();
    let example = catalog.events.first().map_or("EVENT", |event| event.name);
    html! {
        section.panel.empty {
            @if figures.has_arrivals() {
                h2 { "No events in these days" }
                p { "There are events on other days: choose a longer range above." }
            } @else {
                h2 { "Nothing has arrived yet" }
                p { "Let " (catalog.product.title) " send its events here:" }
                pre tabindex="0" { code { (catalog.variable("ENDPOINT")) "=" (url) } }
                p { "Or record an event by hand, with the same catalog:" }
                pre tabindex="0" { code {
                    "headcount record --catalog telemetry.toml " (example) " …"
                } }
                p.quiet { "Nothing arrives while telemetry is off. If the catalog asks for consent, it is "
                    "off until a person agrees. Reload this page to see new events." }
            }
        }
    }
}

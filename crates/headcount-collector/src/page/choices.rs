//! What a person can choose on a product's page: days, the comparison, a
//! version. All of it is in the address, so that it works without a script.

use maud::{Markup, html};

use super::address::PageAddress;
use super::day_range::DayRange;
use super::view::View;

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
            div.toggles {
                a.toggle href=(address.comparing(!address.compares).url()) {
                    @if address.compares { "Without the days before" } @else { "With the days before" }
                }
                @if let Some(version) = &address.version {
                    a.chip href=(address.of_version(None).url()) {
                        "Version " (version) " " span aria-hidden="true" { "×" }
                        span.hidden { "show all versions" }
                    }
                }
                @for filter in &address.filters {
                    a.chip href=(address.without_filter(filter).url()) {
                        (filter.0) ": " (filter.1) " " span aria-hidden="true" { "×" }
                        span.hidden { "leave this filter out" }
                    }
                }
            }
        }
    }
}

/// Any two days.
fn between(address: &PageAddress) -> Markup {
    let kept: Vec<(&str, String)> = address
        .pairs()
        .into_iter()
        .filter(|(name, _)| !["days", "from", "to"].contains(name))
        .collect();
    let range = address.range;
    html! {
        form.between method="get" action={ "/product/" (address.product) } {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            label { span.hidden { "From" } input type="date" name="from" value=(range.from()) max=(range.today()); }
            span aria-hidden="true" { "–" }
            label { span.hidden { "To" } input type="date" name="to" value=(range.to()) max=(range.today()); }
            button type="submit" { "Show" }
        }
    }
}

//! Which events and properties end soon: those with a last day.

use headcount_catalog::{Catalog, Day};
use maud::{Markup, html};

use crate::limits;
use crate::page::text;

/// What has a last day, the nearest first.
pub(super) fn panel(catalog: &Catalog, today: Day) -> Markup {
    let ending = ending(catalog, today);
    html! {
        section.panel {
            h2 { "What ends" span.aside { "within " (limits::CATALOG_PAGE_DAYS) " days, or already" } }
            @if ending.is_empty() {
                p.quiet { "No event and no property has its last day soon." }
            } @else {
                table.plain {
                    thead { tr { th scope="col" { "What" } th scope="col" { "Last day" } } }
                    tbody { @for (day, event, property) in ending.iter().take(limits::CATALOG_PAGE_ROWS) { tr {
                        th scope="row" {
                            @if let Some(property) = property { code { (property) } " of " }
                            code { (event) }
                        }
                        td { (text::time(*day)) @if *day < today { span.aside { "over" } } }
                    } } }
                }
            }
        }
    }
}

/// A last day, its event, and its property if it is not of the whole event.
type Ending = (Day, &'static str, Option<&'static str>);

fn ending(catalog: &Catalog, today: Day) -> Vec<Ending> {
    let events = catalog.events.iter().filter_map(|event| Some((event.expires?, event.name, None)));
    let properties = catalog.events.iter().flat_map(|event| {
        let own = event.properties.iter();
        own.filter_map(|property| Some((property.expires?, event.name, Some(property.name))))
    });
    let soon = today.plus(limits::CATALOG_PAGE_DAYS);
    let mut ending: Vec<Ending> =
        events.chain(properties).filter(|(day, ..)| *day <= soon).collect();
    ending.sort_unstable();
    ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_within_ninety_days_is_listed_and_what_has_ended_too() {
        let text = include_str!("../../../tests/collector/asking.toml")
            .replace(
                "owner = \"cli team\"\nacross",
                "owner = \"cli team\"\nexpires = \"2026-10-01\"\nacross",
            )
            .replace("agent = {", "agent = { expires = \"2027-02-18\",")
            .replace("took = {", "took = { expires = \"2027-02-19\",");
        let catalog =
            headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let day = |text| Day::parse(text).unwrap();
        let all = ending(&catalog, day("2026-11-20"));
        assert_eq!(
            all,
            [(day("2026-10-01"), "run", None), (day("2027-02-18"), "run", Some("agent")),]
        );
    }
}

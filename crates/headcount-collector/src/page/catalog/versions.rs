//! Every version of a catalog that was received.

use headcount_catalog::{Catalog, Judgement, difference};
use maud::{Markup, html};

use crate::limits;

/// The table of versions, the newest first, each beside the one before.
pub(super) fn panel(versions: &[Catalog], product: &str) -> Markup {
    html! {
        section.panel {
            h2 { "Versions" span.aside { "received by this collector" } }
            table.plain {
                thead { tr {
                    th scope="col" { "Version" }
                    th.number scope="col" { "Events" }
                    th.number scope="col" { "Properties" }
                    th scope="col" { "Compared with the previous version" }
                } }
                tbody {
                    @for (place, catalog) in versions.iter().enumerate().take(limits::CATALOG_PAGE_ROWS) {
                        tr {
                            th scope="row" { (catalog.version) }
                            td.number { (catalog.events.len()) }
                            td.number { (properties(catalog)) }
                            td { (beside(versions.get(place + 1), catalog, product)) }
                        }
                    }
                }
            }
            @if versions.len() > limits::CATALOG_PAGE_ROWS {
                p.quiet.note { "There are older versions, which can be compared below." }
            }
        }
    }
}

fn properties(catalog: &Catalog) -> usize {
    catalog.events.iter().map(|event| event.properties.len()).sum()
}

fn beside(before: Option<&Catalog>, catalog: &Catalog, product: &str) -> Markup {
    let Some(before) = before else {
        return html! { span.quiet { "first version received" } };
    };
    let all = difference(before, catalog);
    let told = match Judgement::of(&all) {
        Judgement::Widens => "collects more",
        Judgement::Narrows => "collects less",
        Judgement::Same if all.is_empty() => "no difference",
        Judgement::Same => "collects as much",
    };
    html! {
        a href={ "/product/" (product) "/catalog?old=" (before.version) "&new=" (catalog.version) "#difference" } {
            (told)
        }
    }
}

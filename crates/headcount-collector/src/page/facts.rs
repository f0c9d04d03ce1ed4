//! Two tables: arrivals by outcome, and what the catalog allows.

use headcount_catalog::{Catalog, Rotation, Scheme, Source};
use headcount_store::OutcomeRow;
use maud::{Markup, html};

use super::text;
use crate::registry::LoadedProduct;

/// Arrivals by outcome. The counter of `/metrics` has the same numbers.
pub(super) fn outcomes(rows: &[OutcomeRow]) -> Markup {
    let all: u64 = rows.iter().map(|row| row.count).sum();
    let mut rows: Vec<&OutcomeRow> = rows.iter().collect();
    rows.sort_by_key(|row| OUTCOMES.iter().position(|(outcome, _)| *outcome == row.outcome));
    html! {
        section.panel {
            h2 { "Outcomes of all received events" span.aside { "since the beginning, whatever is chosen above" } }
            table.plain {
                thead { tr {
                    th scope="col" { "Outcome" } th scope="col" { "Reason" }
                    th.number scope="col" { "Events" }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { (row.outcome) span.aside { (meaning(&row.outcome)) } }
                            td { @if row.reason.is_empty() { "–" } @else { code { (row.reason) } } }
                            td.number { (text::number(row.count)) }
                        }
                    }
                }
                tfoot { tr {
                    th scope="row" { "all" } td {} td.number { (text::number(all)) }
                } }
            }
        }
    }
}

/// Every outcome with its meaning, the most interesting first.
const OUTCOMES: [(&str, &str); 4] = [
    ("stored", "on disk, counted once"),
    ("duplicate", "already stored, not counted again"),
    ("rejected", "not allowed by the catalog"),
    ("refused", "not accepted this time, can be sent again"),
];

fn meaning(outcome: &str) -> &'static str {
    OUTCOMES.iter().find(|(own, _)| *own == outcome).map_or("", |(_, meaning)| meaning)
}

/// What the product may report, from its catalog.
pub(super) fn catalog(product: &LoadedProduct) -> Markup {
    let catalog = product.newest();
    html! {
        section.panel {
            h2 { "What " (catalog.product.title) " may report" span.aside { "and nothing else" } }
            dl.facts {
                div { dt { "Catalog" } dd { "version " (catalog.version) } }
                div { dt { "Device" } dd { (identity(catalog)) } }
                div { dt { "Raw events" } dd { "kept " (days(catalog.retention.raw.0)) } }
                @if let Some(policy) = catalog.product.policy {
                    div { dt { "Policy" } dd { a href=(policy) rel="noreferrer" { (without_scheme(policy)) } } }
                }
                @if let Some(contact) = catalog.product.contact {
                    div { dt { "Report a leak" } dd { a href=(link_of(contact)) rel="noreferrer" { (without_scheme(contact)) } } }
                }
            }
            p.quiet {
                "With every event: "
                @for entry in catalog.envelope.iter().filter(|entry| entry.source != Source::Properties) {
                    code { (entry.key) } " "
                }
            }
            table.plain.events {
                thead { tr {
                    th scope="col" { "Event" } th scope="col" { "Why" } th scope="col" { "Properties" }
                } }
                tbody {
                    @for event in product.events() {
                        tr {
                            th scope="row" { code { (event.name) } }
                            td { (event.why) }
                            td.with {
                                @for property in event.properties { code { (property.name) } " " }
                                @if event.properties.is_empty() { span.quiet { "–" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn identity(catalog: &Catalog) -> &'static str {
    match (catalog.identity.scheme, catalog.identity.rotation) {
        (Scheme::Random, Rotation::Never) => "a random id",
        (Scheme::Random, Rotation::Monthly) => "a random id, replaced every month",
        (Scheme::MachineHash, _) => "a hash of the machine",
        (Scheme::None, _) if catalog.identity.count.is_empty() => "no id",
        (Scheme::None, _) => "no id: devices count themselves",
    }
}

fn days(days: u16) -> String {
    text::counted(u64::from(days), "day")
}

/// The link to a contact, which is a URL or a mail address.
fn link_of(contact: &str) -> String {
    if contact.contains("://") { contact.to_owned() } else { format!("mailto:{contact}") }
}

/// Returns a URL without its scheme.
fn without_scheme(policy: &str) -> &str {
    policy.split_once("://").map_or(policy, |(_, rest)| rest.trim_end_matches('/'))
}

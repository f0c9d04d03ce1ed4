//! Which versions of the program still send.

use headcount_store::VersionRow;
use maud::{Markup, html};

use crate::limits;
use crate::page::text;

/// The versions of the last days, those that sent last first. `None` if the
/// store cannot answer.
pub(super) fn panel(versions: Option<Vec<VersionRow>>) -> Markup {
    html! {
        section.panel {
            h2 {
                "Versions of the program that send"
                span.aside { "in the last " (limits::CATALOG_PAGE_DAYS) " days" }
            }
            @match versions {
                None => { p.quiet { "The store cannot answer right now. Reload this page later." } }
                Some(versions) if versions.is_empty() => { p.quiet { "No events in these days." } }
                Some(versions) => { (table(versions)) }
            }
        }
    }
}

fn table(mut versions: Vec<VersionRow>) -> Markup {
    versions.sort_by_key(|row| std::cmp::Reverse((row.last, row.count)));
    html! {
        table.plain {
            thead { tr {
                th scope="col" { "Version" } th scope="col" { "First day" }
                th scope="col" { "Last day" } th.number scope="col" { "Events" }
            } }
            tbody {
                @for row in versions.iter().take(limits::CATALOG_PAGE_ROWS) { tr {
                    th scope="row" {
                        @if row.version.is_empty() { span.quiet { "not said" } } @else { (row.version) }
                    }
                    td { (text::time(row.first)) } td { (text::time(row.last)) }
                    td.number { (text::number(row.count)) }
                } }
            }
        }
        @if versions.len() > limits::CATALOG_PAGE_ROWS {
            p.quiet.note { "There are " (versions.len() - limits::CATALOG_PAGE_ROWS) " more." }
        }
    }
}

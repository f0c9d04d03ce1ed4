//! What nobody has asked for in a long time, so that an author can drop it.

use maud::{Markup, html};

use crate::last_asked::{Unasked, UnaskedRow};
use crate::limits;
use crate::page::text;

/// Each event and property, the longest first, with the day since which.
pub(super) fn panel(unasked: &Unasked) -> Markup {
    let Unasked { rows, since, is_old_enough } = unasked;
    html! {
        section.panel id="unasked" {
            h2 { "Not asked for in " (limits::UNASKED_DAYS) " days" span.aside { "perhaps nobody needs it" } }
            @if !is_old_enough {
                p.quiet {
                    "Questions have been tracked since " (text::time(*since)) ", so this list starts on "
                    (text::time(since.plus(limits::UNASKED_DAYS))) "."
                }
            } @else if rows.is_empty() {
                p.quiet { "Every event and property was asked for, or is newer than that." }
            } @else {
                (table(rows))
                p.quiet.note {
                    "A question that names it, a filter and a split count; the panels of a product's page, alerts, "
                    "SQL and exports do not."
                }
            }
        }
    }
}

fn table(rows: &[UnaskedRow]) -> Markup {
    html! {
        table.plain {
            thead { tr { th scope="col" { "What" } th scope="col" { "Since" } } }
            tbody { @for row in rows.iter().take(limits::UNASKED_ROWS) { tr {
                th scope="row" {
                    @if let Some(property) = &row.subject.property { code { (property) } " of " }
                    code { (row.subject.event) }
                }
                td {
                    (text::time(row.since))
                    span.aside { @if row.was_asked { "last asked for" } @else { "never asked for" } }
                }
            } } }
        }
        @if rows.len() > limits::UNASKED_ROWS {
            p.quiet.note { "There are " (rows.len() - limits::UNASKED_ROWS) " more." }
        }
    }
}

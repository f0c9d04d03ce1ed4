//! The notes on the days that are shown, and a form for one more.

use maud::{Markup, html};

use super::text;
use super::view::View;
use crate::limits;
use crate::notes::DayNote;

pub(super) fn drawn(view: &View<'_>) -> Markup {
    let range = view.address.range;
    let shown = view.notes.iter().filter(|note| (range.from()..=range.to()).contains(&note.day));
    let shown: Vec<&DayNote> = shown.collect();
    let action = format!("/product/{}/notes", view.product.name());
    let query = view.address.query();
    html! {
        section.panel.whole id="notes" aria-labelledby="notes-heading" {
            h2 id="notes-heading" { "Notes" span.aside { "drawn on every chart" } }
            @if shown.is_empty() {
                p.quiet { "No notes on these days. Add one (a release, an outage) to explain a change in the charts." }
            } @else {
                ul.notes { @for note in shown { li {
                    (text::time(note.day)) " " (note.text)
                    @if let Some(by) = &note.by { span.aside { (by) } }
                    form method="post" action=(action) {
                        input type="hidden" name="remove" value=(note.id);
                        input type="hidden" name="query" value=(query);
                        button type="submit" aria-label={ "Remove the note " (note.text) } { "Remove" }
                    }
                } } }
            }
            form.between method="post" action=(action) {
                input type="hidden" name="query" value=(query);
                label { span.hidden { "Day" } input type="date" name="day" value=(range.to()) max=(range.today()) required; }
                label.text { span.hidden { "Note" } input type="text" name="text" maxlength=(limits::NOTE_CHARACTERS) placeholder="A release, an outage" required; }
                button type="submit" { "Add the note" }
            }
        }
    }
}

//! `[report]`: turns the built-in event on, and says who is responsible for it.

use super::event::EventSection;
use super::fields::Fields;
use super::names;
use super::notes::Notes;
use super::toml_tree::Pair;
use crate::{Event, report};

pub(super) fn read(pair: Option<&Pair>, notes: &mut Notes<'_>) -> Option<EventSection> {
    let pair = pair?;
    let mut fields = Fields::new(pair.table(notes)?, "`[report]`");
    let must = names::LINE;
    let owner =
        fields.need_text("owner", notes).and_then(|text| text.checked(names::is_line, must, notes));
    let why = match fields.text("why", notes) {
        Some(text) => text.checked(names::is_line, must, notes),
        None => Some(report::WHY),
    };
    fields.finish(notes);
    Some(EventSection::report(pair.at, Event::report(why?, owner?)))
}

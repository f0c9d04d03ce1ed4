//! `[report]`: turns the built-in event on, and says who looks after it.

use super::event::Read;
use super::fields::Fields;
use super::names;
use super::notes::Notes;
use super::source::Pair;
use super::whole::Parts;
use crate::{Dialect, Event, Mode, Source, limits, report};

pub(super) fn read(pair: Option<&Pair>, notes: &mut Notes<'_>) -> Option<Read> {
    let pair = pair?;
    let mut fields = Fields::new(pair.table(notes)?, "`[report]`");
    let must = "a sentence for people, on one line";
    let owner =
        fields.need_text("owner", notes).and_then(|it| it.checked(names::is_line, must, notes));
    let why = match fields.text("why", notes) {
        Some(text) => text.checked(names::is_line, must, notes),
        None => Some(report::WHY),
    };
    fields.finish(notes);
    Some(Read::report(pair.at, Event::report(why?, owner?)))
}

/// What the rest of the catalog must be like for the shipper to say it.
pub(super) fn agree(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    let events = parts.events.unwrap_or_default();
    let Some(report) = events.iter().find(|event| event.is_report()) else { return };
    if events.len() > limits::EVENTS {
        let most = limits::EVENTS;
        notes.wrong(report.at, format!("With `[report]` a catalog has more than {most} events."));
    }
    if parts.shipping.is_some_and(|shipping| shipping.mode == Mode::Thread) {
        let message = "`[report]` needs a queue on disk, and the mode `thread` keeps none; leave `[report]` out.";
        notes.wrong(report.at, message);
    }
    let mut destinations = parts.destinations.unwrap_or_default().iter();
    if destinations.any(|destination| destination.it.dialect == Dialect::Clacky) {
        let message = "A `clacky` destination has one path an event, and `[report]` has none; leave `[report]` out.";
        notes.wrong(report.at, message);
    }
    // The program has ended when the shipper makes a report.
    for entry in parts.envelope.map_or(&[][..], |envelope| &envelope.entries) {
        let is_the_programs = matches!(
            entry.it.source,
            Source::Host(_) | Source::Session | Source::Turn | Source::Account | Source::Locale
        );
        if is_the_programs && entry.it.optional.is_none() {
            let message = format!(
                "The shipper, which makes `[report]`, cannot tell `{}`: make it optional, or leave `[report]` out.",
                entry.it.key
            );
            notes.wrong(entry.at, message);
        }
    }
}

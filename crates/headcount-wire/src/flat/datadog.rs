//! Datadog's logs: flat attributes, of which some have a meaning of their own.

use super::event::{FlatEvent, FlatField, FlatValue};
use super::lexer::{Lexer, Wrong};
use super::object::{First, each_of, each_of_first, not_an_object};
use super::sink::Sink;
use crate::SentTime;
use crate::datadog::RESERVED;

/// Reads one log.
pub(super) fn event<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return not_an_object(lexer, sink) };
    let [mut message, mut service, mut version, mut date, mut timestamp] = [First::default(); 5];
    while lexer.goes_on(&mut inside)? {
        let outer = lexer.name()?;
        let first = match outer {
            "message" => &mut message,
            "service" => &mut service,
            "version" => &mut version,
            "date" => &mut date,
            "timestamp" => &mut timestamp,
            _ => {
                each_of(lexer, sink, outer, put)?;
                continue;
            }
        };
        each_of_first(lexer, sink, (outer, first), put)?;
    }
    let event = &mut sink.event;
    event.given.event = message.text();
    event.given.version = version.text();
    event.service = service.text();
    let is_there = |value: &FlatValue<'_>| *value != FlatValue::Null;
    let time = date.value().filter(is_there).or(timestamp.value());
    event.set_time(SentTime::of_datadog(time.map(FlatValue::single).as_ref()));
    Ok(())
}

/// Keeps a field, unless it belongs to Datadog. To what only Datadog gives a
/// meaning, no catalog does.
fn put<'b>(event: &mut FlatEvent<'b>, mut field: FlatField<'b>) {
    if let FlatValue::Text(text) = field.value
        && field.is_named("usr.anonymous_id")
    {
        event.given.device = Some(text);
        return;
    }
    let outermost = field.outer.split('.').next().unwrap_or_default();
    if RESERVED.contains(&outermost) {
        if field.inner.is_none() && is_framed(field.outer) {
            return;
        }
        field = FlatField::new("", field.value);
    }
    event.fields.push(field);
}

/// Whether a log always has this attribute.
fn is_framed(name: &str) -> bool {
    matches!(name, "date" | "message" | "service" | "status" | "ddsource" | "ddtags")
}

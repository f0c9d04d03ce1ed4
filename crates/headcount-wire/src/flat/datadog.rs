//! Datadog's logs: flat attributes, of which some have a meaning of their own.

use super::event::{FlatField, FlatValue};
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
        let first = match outer.text {
            "message" => &mut message,
            "service" => &mut service,
            "version" => &mut version,
            "date" => &mut date,
            "timestamp" => &mut timestamp,
            _ => {
                each_of(lexer, sink, outer, review)?;
                continue;
            }
        };
        each_of_first(lexer, sink, (outer, first), review)?;
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

/// Keeps the last field, unless it belongs to Datadog.
#[inline(always)]
fn review(sink: &mut Sink<'_, '_>) {
    if !sink.is_last_plain() {
        review_name(sink);
    }
}

/// To what only Datadog gives a meaning, no catalog does.
#[inline(never)]
fn review_name(sink: &mut Sink<'_, '_>) {
    let event = &mut sink.event;
    let Some(field) = event.fields.last_mut() else { return };
    let is_device = field.is_named("usr.anonymous_id");
    if let FlatValue::Text(text) = field.value
        && is_device
    {
        event.given.device = Some(text);
        event.fields.pop();
        return;
    }
    let outermost = field.outer.split('.').next().unwrap_or_default();
    if !RESERVED.contains(&outermost) {
        if !is_device {
            sink.plain_names.add(field.number);
        }
    } else if field.inner.is_none() && is_framed(field.outer) {
        event.fields.pop();
    } else {
        *field = FlatField::new("", None, field.value);
    }
}

/// Whether a log always has this attribute.
fn is_framed(name: &str) -> bool {
    matches!(name, "date" | "message" | "service" | "status" | "ddsource" | "ddtags")
}

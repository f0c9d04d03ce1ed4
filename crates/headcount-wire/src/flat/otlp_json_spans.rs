//! OTLP's spans and metrics in JSON: the events of spans, and how many spans
//! and data points there are.

use headcount_catalog::Reason;

use super::lexer::{Lexer, Wrong};
use super::object::First;
use super::otlp_json_record::{attributes, each_item, first_of};
use super::otlp_record::{RecordFields, Resource};
use super::sink::Sink;
use crate::otlp::METRICS;
use crate::sent_time::{Nanoseconds, SentTime};

/// Reads a span: each of its events, and then itself, of which nothing is kept.
pub(super) fn span<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
) -> Result<(), Wrong> {
    match lexer.enter_object()? {
        None => lexer.skip()?,
        Some(mut inside) => {
            let (mut id, mut lists) = (First::default(), 0);
            while lexer.goes_on(&mut inside)? {
                let key = lexer.name()?.text;
                match key {
                    "spanId" => id.read(lexer)?,
                    "events" => {
                        lists += 1;
                        if lists > 1 {
                            lexer.has_repeated("events");
                            lexer.skip()?;
                            continue;
                        }
                        let digits = id.text().filter(|digits| digits.len() == 16);
                        let span = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
                        let span = span.unwrap_or_default();
                        each_item(lexer, |lexer| event(lexer, sink, resource, span))?;
                    }
                    _ => lexer.skip()?,
                }
            }
        }
    }
    not_kept(lexer, sink, resource)
}

/// Reads a metric: how many data points it has.
pub(super) fn metric<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return lexer.skip() };
    while lexer.goes_on(&mut inside)? {
        if !METRICS.contains(&lexer.name()?.text) {
            lexer.skip()?;
            continue;
        }
        first_of(lexer, "dataPoints", |lexer| {
            each_item(lexer, |lexer| {
                lexer.skip()?;
                not_kept(lexer, sink, resource)
            })
        })?;
    }
    Ok(())
}

/// Gives out a span or a data point.
fn not_kept<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
) -> Result<(), Wrong> {
    RecordFields::begin(sink, resource);
    sink.refuse(Reason::NotKept);
    lexer.give_out(sink)
}

fn event<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
    span: u64,
) -> Result<(), Wrong> {
    let mut fields = RecordFields::begin(sink, resource);
    sink.event.span = span;
    let [mut name, mut time] = [First::default(); 2];
    match lexer.enter_object()? {
        None => lexer.skip()?,
        Some(mut inside) => {
            let mut has_attributes = false;
            while lexer.goes_on(&mut inside)? {
                let key = lexer.name()?.text;
                match key {
                    "name" => name.read(lexer)?,
                    "timeUnixNano" => time.read(lexer)?,
                    "attributes" if !has_attributes => {
                        has_attributes = true;
                        attributes(lexer, sink, &mut fields)?;
                    }
                    _ => lexer.skip()?,
                }
            }
        }
    }
    fields.name = name.text();
    let time = match time.value() {
        Some(value) => Nanoseconds::of_json(&value.single()),
        None => Nanoseconds::Unset,
    };
    fields.end(sink, SentTime::of_otlp([time, Nanoseconds::Unset]));
    lexer.give_out(sink)
}

//! Reads log records, events of spans and data points from protocol buffers.
//! Unknown fields are skipped. Text that is not UTF-8 is rejected on its own.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw};

use super::protobuf::{Broken, Fields, Wire, messages};
use super::record::{Record, SpanItem, take, unchecked};
use super::resource::describe;
use crate::sent_time::{Nanoseconds, SentTime};
use crate::{Malformed, limits};

pub(super) fn records(export: &[u8]) -> Result<Vec<Record<'_>>, Malformed> {
    let mut records = Vec::new();
    each(export, |service, given, log| {
        take(&mut records, Record { service, unchecked: record(log, given)? })
    })?;
    Ok(records)
}

/// Reads the events of spans. Each span comes after its events.
pub(super) fn spans(export: &[u8]) -> Result<Vec<SpanItem<'_>>, Malformed> {
    let mut items = Vec::new();
    each(export, |service, given, span| {
        for event in messages(span, 11) {
            let unchecked = event_of(event?, given)?;
            take(&mut items, SpanItem::Event(Record { service, unchecked }))?;
        }
        take(&mut items, SpanItem::NotKept(service))
    })?;
    Ok(items)
}

/// Reads whose the data points of metrics are.
pub(super) fn data_points(export: &[u8]) -> Result<Vec<SpanItem<'_>>, Malformed> {
    let mut items = Vec::new();
    each(export, |service, _, metric| {
        for field in Fields::of(metric) {
            let (5 | 7 | 9 | 10 | 11, Wire::Bytes(data)) = field? else { continue };
            for point in messages(data, 1) {
                point?;
                take(&mut items, SpanItem::NotKept(service))?;
            }
        }
        Ok(())
    })?;
    Ok(items)
}

/// Calls `put` with every message three levels down, and with what its resource
/// says. All three signals have the same numbers.
fn each<'a>(
    export: &'a [u8],
    mut put: impl FnMut(Option<&'a str>, Given<'a>, &'a [u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    for of_resource in messages(export, 1) {
        let of_resource = of_resource?;
        let (mut service, mut given) = (None, Given::default());
        for resource in messages(of_resource, 1) {
            for attribute in messages(resource?, 1) {
                if let (Some(key), Raw::Text(text)) = pair(attribute?)? {
                    describe(&mut service, &mut given, key, text);
                }
            }
        }
        for of_scope in messages(of_resource, 2) {
            for item in messages(of_scope?, 2) {
                put(service, given, item?)?;
            }
        }
    }
    Ok(())
}

/// Reads an event of a span.
fn event_of<'a>(
    event: &'a [u8],
    given: Given<'a>,
) -> Result<headcount_catalog::Unchecked<'a>, Broken> {
    let (mut time, mut name, mut attributes) = (Nanoseconds::Unset, None, Vec::new());
    for field in Fields::of(event) {
        match field? {
            (1, Wire::Fixed64(nanoseconds)) => time = Nanoseconds::of(nanoseconds),
            (2, Wire::Bytes(bytes)) => name = std::str::from_utf8(bytes).ok(),
            (3, Wire::Bytes(bytes)) if attributes.len() <= limits::FIELDS => {
                let (key, value) = pair(bytes)?;
                attributes.push((Cow::Borrowed(key.unwrap_or("")), value));
            }
            _ => {}
        }
    }
    Ok(unchecked(given, name, attributes, SentTime::of_otlp([time, Nanoseconds::Unset])))
}

fn record<'a>(log: &'a [u8], given: Given<'a>) -> Result<headcount_catalog::Unchecked<'a>, Broken> {
    let (mut times, mut name, mut attributes) = ([Nanoseconds::Unset; 2], None, Vec::new());
    for field in Fields::of(log) {
        match field? {
            (1, Wire::Fixed64(nanoseconds)) => times[0] = Nanoseconds::of(nanoseconds),
            (11, Wire::Fixed64(nanoseconds)) => times[1] = Nanoseconds::of(nanoseconds),
            (12, Wire::Bytes(bytes)) => name = std::str::from_utf8(bytes).ok(),
            (6, Wire::Bytes(bytes)) if attributes.len() <= limits::FIELDS => {
                let (key, value) = pair(bytes)?;
                attributes.push((Cow::Borrowed(key.unwrap_or("")), value));
            }
            _ => {}
        }
    }
    Ok(unchecked(given, name, attributes, SentTime::of_otlp(times)))
}

/// Reads a `KeyValue`.
fn pair(message: &[u8]) -> Result<(Option<&str>, Raw<'_>), Broken> {
    let (mut key, mut value) = (None, Raw::Null);
    for field in Fields::of(message) {
        match field? {
            (1, Wire::Bytes(bytes)) => key = std::str::from_utf8(bytes).ok(),
            (2, Wire::Bytes(bytes)) => value = any_value(bytes, Within::Attribute)?,
            _ => {}
        }
    }
    Ok((key, value))
}

/// Where a value is. No kind accepts a list of lists.
#[derive(Clone, Copy)]
enum Within {
    Attribute,
    List,
}

fn any_value(message: &[u8], within: Within) -> Result<Raw<'_>, Broken> {
    let mut value = Raw::Null;
    for field in Fields::of(message) {
        value = match (field?, within) {
            ((1, Wire::Bytes(bytes)), _) => {
                std::str::from_utf8(bytes).map_or(Raw::Other, Raw::Text)
            }
            ((2, Wire::Varint(flag)), _) => Raw::Flag(flag != 0),
            ((3, Wire::Varint(bits)), _) => Raw::Integer(bits.cast_signed()),
            ((4, Wire::Fixed64(bits)), _) => Raw::Decimal(f64::from_bits(bits)),
            ((5, Wire::Bytes(array)), Within::Attribute) => list(array)?,
            _ => Raw::Other,
        };
    }
    Ok(value)
}

fn list(array: &[u8]) -> Result<Raw<'_>, Broken> {
    let mut items = Vec::new();
    for item in messages(array, 1) {
        if items.len() == limits::LIST_VALUES {
            return Ok(Raw::Other);
        }
        items.push(any_value(item?, Within::List)?);
    }
    Ok(Raw::List(items))
}

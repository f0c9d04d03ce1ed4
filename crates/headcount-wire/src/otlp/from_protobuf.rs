//! Reads log records from protocol buffers. Unknown fields are skipped. Text
//! that is not UTF-8 is rejected on its own.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw};

use super::protobuf::{Broken, Fields, Wire, messages};
use super::record::{Record, take, unchecked};
use super::resource::describe;
use crate::sent_time::{Nanoseconds, SentTime};
use crate::{Malformed, limits};

pub(super) fn records(export: &[u8]) -> Result<Vec<Record<'_>>, Malformed> {
    let mut records = Vec::new();
    for resource_logs in messages(export, 1) {
        let resource_logs = resource_logs?;
        let (mut service, mut given) = (None, Given::default());
        for resource in messages(resource_logs, 1) {
            for attribute in messages(resource?, 1) {
                if let (Some(key), Raw::Text(text)) = pair(attribute?)? {
                    describe(&mut service, &mut given, key, text);
                }
            }
        }
        for scope_logs in messages(resource_logs, 2) {
            for log in messages(scope_logs?, 2) {
                take(&mut records, Record { service, unchecked: record(log?, given)? })?;
            }
        }
    }
    Ok(records)
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

//! OTLP's log records in protocol buffers. Unknown fields are skipped. Text
//! that is not UTF-8 is rejected on its own.

use super::Budget;
use super::event::FlatValue;
use super::otlp_record::{RecordFields, Resource, Within};
use super::sink::Sink;
use crate::json::Fault;
use crate::otlp::protobuf::{Broken, Fields, Wire, messages};
use crate::sent_time::{Nanoseconds, SentTime};
use crate::{Malformed, limits};

/// Reads a body in protocol buffers.
pub(super) fn read<'b>(
    body: &'b [u8],
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Malformed> {
    export(body, budget, sink).map_err(|failure| match failure {
        Failure::Broken => Broken.into(),
        Failure::Beyond(fault) => Malformed::json(body, fault, ""),
    })
}

/// Why a body cannot be read.
enum Failure {
    Broken,
    /// It is beyond its budget.
    Beyond(Fault),
}

impl From<Broken> for Failure {
    fn from(_: Broken) -> Self {
        Self::Broken
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Beyond(fault)
    }
}

fn export<'b>(body: &'b [u8], budget: &mut Budget, sink: &mut Sink<'b, '_>) -> Result<(), Failure> {
    for resource_logs in messages(body, 1) {
        let resource_logs = resource_logs?;
        // The resource may come after the records.
        let (mut resource, mut items) = (Resource::default(), Vec::new());
        for message in messages(resource_logs, 1) {
            for attribute in messages(message?, 1) {
                take(budget)?;
                items.clear();
                if let (Some(key), value) = pair(attribute?, &mut items, budget)? {
                    resource.attribute(key, value);
                }
            }
        }
        for scope_logs in messages(resource_logs, 2) {
            for log in messages(scope_logs?, 2) {
                record(log?, &resource, budget, sink)?;
            }
        }
    }
    Ok(())
}

/// Takes a value from the budget.
#[inline]
fn take(budget: &mut Budget) -> Result<(), Fault> {
    budget.values = budget.values.checked_sub(1).ok_or(Fault::TooMany)?;
    Ok(())
}

fn record<'b>(
    log: &'b [u8],
    resource: &Resource<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let mut fields = RecordFields::begin(sink, resource);
    let mut times = [Nanoseconds::Unset; 2];
    for field in Fields::of(log) {
        match field? {
            (1, Wire::Fixed64(time)) => times[0] = Nanoseconds::of(time),
            (11, Wire::Fixed64(time)) => times[1] = Nanoseconds::of(time),
            (12, Wire::Bytes(bytes)) => fields.name = std::str::from_utf8(bytes).ok(),
            (6, Wire::Bytes(bytes)) => {
                take(budget)?;
                if fields.has_room() {
                    let (key, value) = pair(bytes, &mut sink.event.items, budget)?;
                    fields.attribute(sink, key.unwrap_or(""), value);
                }
            }
            _ => {}
        }
    }
    fields.end(sink, SentTime::of_otlp(times));
    Ok(sink.end(budget)?)
}

/// Reads a `KeyValue`.
fn pair<'b>(
    message: &'b [u8],
    items: &mut Vec<FlatValue<'b>>,
    budget: &mut Budget,
) -> Result<(Option<&'b str>, FlatValue<'b>), Failure> {
    let (mut key, mut value) = (None, FlatValue::Null);
    for field in Fields::of(message) {
        match field? {
            (1, Wire::Bytes(bytes)) => key = std::str::from_utf8(bytes).ok(),
            (2, Wire::Bytes(bytes)) => value = any_value(bytes, items, Within::Attribute, budget)?,
            _ => {}
        }
    }
    Ok((key, value))
}

/// Reads an `AnyValue`: its last field.
fn any_value<'b>(
    message: &'b [u8],
    items: &mut Vec<FlatValue<'b>>,
    within: Within,
    budget: &mut Budget,
) -> Result<FlatValue<'b>, Failure> {
    let mut value = FlatValue::Null;
    for field in Fields::of(message) {
        value = match (field?, within) {
            ((1, Wire::Bytes(bytes)), _) => {
                std::str::from_utf8(bytes).map_or(FlatValue::Other, FlatValue::Text)
            }
            ((2, Wire::Varint(flag)), _) => FlatValue::Flag(flag != 0),
            ((3, Wire::Varint(bits)), _) => FlatValue::Integer(bits.cast_signed()),
            ((4, Wire::Fixed64(bits)), _) => FlatValue::Decimal(f64::from_bits(bits)),
            ((5, Wire::Bytes(array)), Within::Attribute) => list(array, items, budget)?,
            _ => FlatValue::Other,
        };
    }
    Ok(value)
}

fn list<'b>(
    array: &'b [u8],
    items: &mut Vec<FlatValue<'b>>,
    budget: &mut Budget,
) -> Result<FlatValue<'b>, Failure> {
    let first = items.len();
    for item in messages(array, 1) {
        take(budget)?;
        if items.len() - first == limits::LIST_VALUES {
            items.truncate(first);
            return Ok(FlatValue::Other);
        }
        let item = any_value(item?, items, Within::List, budget)?;
        items.push(item);
    }
    Ok(FlatValue::list(first, items.len() - first))
}

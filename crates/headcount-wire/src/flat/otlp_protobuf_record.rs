//! Log records of OTLP in protocol buffers, and their attributes.

use super::Budget;
use super::event::{FlatField, FlatValue};
use super::name::{Name, NameNumber};
use super::otlp_record::{RecordFields, Resource, Within};
use super::seen_names::SeenNames;
use super::sink::Sink;
use crate::json::Fault;
use crate::limits;
use crate::otlp::protobuf::{Broken, FIXED64, Fields, LENGTH, Reader, Wire, messages, tag_of};
use crate::sent_time::{Nanoseconds, SentTime};

/// Why a body cannot be read.
pub(super) enum Failure {
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

/// Takes a value from the budget.
#[inline]
pub(super) fn take(budget: &mut Budget) -> Result<(), Fault> {
    budget.values = budget.values.checked_sub(1).ok_or(Fault::TooMany)?;
    Ok(())
}

const TIME: u64 = tag_of(1, FIXED64);
const OBSERVED_TIME: u64 = tag_of(11, FIXED64);
const EVENT_NAME: u64 = tag_of(12, LENGTH);
const ATTRIBUTE: u64 = tag_of(6, LENGTH);

/// Reads a log record.
pub(super) fn record<'b>(
    log: &'b [u8],
    resource: &Resource<'b>,
    names: &mut SeenNames<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let mut fields = RecordFields::begin(sink, resource);
    let mut times = [Nanoseconds::Unset; 2];
    let mut reader = Reader::of(log);
    while let Some(tag) = reader.tag()? {
        match tag {
            TIME => times[0] = Nanoseconds::of(reader.fixed64()?),
            OBSERVED_TIME => times[1] = Nanoseconds::of(reader.fixed64()?),
            EVENT_NAME => fields.name = std::str::from_utf8(reader.bytes()?).ok(),
            ATTRIBUTE => attribute_of(&mut reader, names, &mut fields, budget, sink)?,
            _ => reader.skip(tag)?,
        }
    }
    fields.end(sink, SentTime::of_otlp(times));
    Ok(sink.end(budget)?)
}

/// Reads an attribute, if the record may have another one.
#[inline(always)]
pub(super) fn attribute_of<'b>(
    reader: &mut Reader<'b>,
    names: &mut SeenNames<'b>,
    fields: &mut RecordFields<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    take(budget)?;
    let length = usize::try_from(reader.number()?).map_err(|_| Broken)?;
    let ahead = reader.rest();
    let message = reader.take(length)?;
    if fields.has_room() {
        attribute((message, ahead), names, fields, budget, sink)?;
    }
    Ok(())
}

const KEY: u64 = tag_of(1, LENGTH);
const VALUE: u64 = tag_of(2, LENGTH);

/// Reads a `KeyValue` of a record. `ahead` begins with the message, and goes on
/// to the end of the record: a name is compared in pieces, which may be longer
/// than the message.
fn attribute<'b>(
    (message, ahead): (&'b [u8], &'b [u8]),
    names: &mut SeenNames<'b>,
    fields: &mut RecordFields<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let Some((name, after)) = key(message, ahead, names)? else {
        let (key, value) = pair(message, &mut sink.event.items, budget)?;
        fields.attribute(sink, FlatField::new(key.unwrap_or(""), None, value));
        return Ok(());
    };
    // Almost every value is one text or one flag, which is put where it stays:
    // see `object::field`.
    match after {
        [0x12, length, 0x0a, bytes, text @ ..]
            if *length < 0x80
                && *bytes < 0x80
                && usize::from(*bytes) == text.len()
                && usize::from(*length) == text.len() + 2 =>
        {
            match std::str::from_utf8(text) {
                Ok(text) => {
                    fields.attribute(sink, FlatField::named(name, FlatValue::Text(text)));
                }
                Err(_) => fields.attribute(sink, FlatField::named(name, FlatValue::Other)),
            }
        }
        [0x12, 0x02, 0x10, flag] if *flag < 0x80 => {
            fields.attribute(sink, FlatField::named(name, FlatValue::Flag(*flag != 0)));
        }
        _ => {
            let (key, value) = pair(message, &mut sink.event.items, budget)?;
            fields.attribute(sink, FlatField::new(key.unwrap_or(""), None, value));
        }
    }
    Ok(())
}

/// Reads the key that a `KeyValue` begins with, and returns what follows it.
/// `None` if it begins with something else.
#[inline(always)]
fn key<'b>(
    message: &'b [u8],
    ahead: &'b [u8],
    names: &mut SeenNames<'b>,
) -> Result<Option<(Name<'b>, &'b [u8])>, Broken> {
    if let Some((name, length)) = names.expected(ahead, NameNumber::NONE)
        && let Some(after) = message.get(length..)
    {
        return Ok(Some((name, after)));
    }
    let mut reader = Reader::of(message);
    if reader.tag()? != Some(KEY) {
        return Ok(None);
    }
    let Ok(text) = std::str::from_utf8(reader.bytes()?) else { return Ok(None) };
    let after = reader.rest();
    let written = &message[..message.len() - after.len()];
    let number = names.number(text, written, NameNumber::NONE);
    Ok(Some((Name { text, number }, after)))
}

/// Reads a `KeyValue`.
pub(super) fn pair<'b>(
    message: &'b [u8],
    items: &mut Vec<FlatValue<'b>>,
    budget: &mut Budget,
) -> Result<(Option<&'b str>, FlatValue<'b>), Failure> {
    let (mut key, mut value) = (None, FlatValue::Null);
    let mut reader = Reader::of(message);
    while let Some(tag) = reader.tag()? {
        match tag {
            KEY => key = std::str::from_utf8(reader.bytes()?).ok(),
            VALUE => value = any_value(reader.bytes()?, items, Within::Attribute, budget)?,
            _ => reader.skip(tag)?,
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

//! Log records of OTLP in JSON, and their attributes.

use super::event::{FlatField, FlatValue};
use super::lexer::{Lexer, Wrong};
use super::object::First;
use super::otlp_record::{RecordFields, Resource, Within};
use super::sink::Sink;
use crate::limits;
use crate::otlp::{double_in, integer_in};
use crate::sent_time::{Nanoseconds, SentTime};

/// Reads a list of events, which an object has once.
pub(super) fn only<'b, 's>(
    lexer: &mut Lexer<'b, 's>,
    wanted: &'static str,
    read: impl FnMut(&mut Lexer<'b, 's>) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    if first_of(lexer, wanted, read)? > 1 {
        lexer.has_repeated(wanted);
    }
    Ok(())
}

/// Reads the first field of this name, and skips everything else. Returns how
/// many there are of this name.
pub(super) fn first_of<'b, 's>(
    lexer: &mut Lexer<'b, 's>,
    wanted: &str,
    mut read: impl FnMut(&mut Lexer<'b, 's>) -> Result<(), Wrong>,
) -> Result<usize, Wrong> {
    let mut count = 0;
    let Some(mut inside) = lexer.enter_object()? else { return lexer.skip().map(|()| 0) };
    while lexer.goes_on(&mut inside)? {
        let is_wanted = lexer.name()?.text == wanted;
        count += usize::from(is_wanted);
        if is_wanted && count == 1 {
            read(lexer)?;
        } else {
            lexer.skip()?;
        }
    }
    Ok(count)
}

/// Reads every item of an array, and skips any other value.
pub(super) fn each_item<'b, 's>(
    lexer: &mut Lexer<'b, 's>,
    mut read: impl FnMut(&mut Lexer<'b, 's>) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_list()? else { return lexer.skip() };
    while lexer.goes_on(&mut inside)? {
        read(lexer)?;
    }
    Ok(())
}

/// Reads what a resource says.
pub(super) fn read_resource<'b>(lexer: &mut Lexer<'b, '_>) -> Result<Resource<'b>, Wrong> {
    let mut resource = Resource::default();
    let mut items = Vec::new();
    first_of(lexer, "attributes", |lexer| {
        each_item(lexer, |lexer| {
            items.clear();
            if let Some((key, value)) = pair(lexer, &mut items)? {
                resource.attribute(key, value);
            }
            Ok(())
        })
    })?;
    Ok(resource)
}

/// Reads a log record.
pub(super) fn record<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
) -> Result<(), Wrong> {
    let mut fields = RecordFields::begin(sink, resource);
    let [mut name, mut time, mut observed] = [First::default(); 3];
    match lexer.enter_object()? {
        None => lexer.skip()?,
        Some(mut inside) => {
            let mut has_attributes = false;
            while lexer.goes_on(&mut inside)? {
                let key = lexer.name()?.text;
                match key {
                    "eventName" => name.read(lexer)?,
                    "timeUnixNano" => time.read(lexer)?,
                    "observedTimeUnixNano" => observed.read(lexer)?,
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
    let times = [time, observed].map(|time| match time.value() {
        Some(value) => Nanoseconds::of_json(&value.single()),
        None => Nanoseconds::Unset,
    });
    fields.end(sink, SentTime::of_otlp(times));
    lexer.give_out(sink)
}

/// Reads the attributes of a record, or of an event.
pub(super) fn attributes<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    fields: &mut RecordFields<'b>,
) -> Result<(), Wrong> {
    each_item(lexer, |lexer| {
        if !fields.has_room() {
            return lexer.skip();
        }
        if let Some((key, value)) = pair(lexer, &mut sink.event.items)? {
            fields.attribute(sink, FlatField::new(key, None, value));
        }
        Ok(())
    })
}

/// Reads a `KeyValue`; `None` if it has no key.
fn pair<'b>(
    lexer: &mut Lexer<'b, '_>,
    items: &mut Vec<FlatValue<'b>>,
) -> Result<Option<(&'b str, FlatValue<'b>)>, Wrong> {
    let Some(mut inside) = lexer.enter_object()? else {
        lexer.skip()?;
        return Ok(None);
    };
    let (mut key, mut value) = (First::default(), None);
    while lexer.goes_on(&mut inside)? {
        let name = lexer.name()?.text;
        match name {
            "key" => key.read(lexer)?,
            "value" if value.is_none() => value = Some(any_value(lexer, items, Within::Attribute)?),
            _ => lexer.skip()?,
        }
    }
    Ok(key.text().map(|key| (key, value.unwrap_or(FlatValue::Null))))
}

/// Reads an `AnyValue`: its first field that is known. Unknown ones are
/// skipped.
fn any_value<'b>(
    lexer: &mut Lexer<'b, '_>,
    items: &mut Vec<FlatValue<'b>>,
    within: Within,
) -> Result<FlatValue<'b>, Wrong> {
    let Some(mut inside) = lexer.enter_object()? else {
        lexer.skip()?;
        return Ok(FlatValue::Null);
    };
    let (mut value, mut has_fields, mut has_list) = (None, false, false);
    while lexer.goes_on(&mut inside)? {
        let kind = lexer.name()?.text;
        has_fields = true;
        has_list |= kind == "arrayValue";
        let is_known = crate::otlp::KINDS.contains(&kind);
        if value.is_some() || !is_known {
            lexer.skip()?;
            continue;
        }
        value = Some(match (kind, within) {
            ("arrayValue", Within::Attribute) => array(lexer, items)?,
            ("arrayValue" | "kvlistValue", _) => {
                lexer.skip()?;
                FlatValue::Other
            }
            _ => scalar(kind, lexer.scalar()?),
        });
    }
    if has_list && within == Within::List {
        return Ok(FlatValue::Other);
    }
    Ok(value.unwrap_or(if has_fields { FlatValue::Other } else { FlatValue::Null }))
}

fn scalar<'b>(kind: &str, value: FlatValue<'b>) -> FlatValue<'b> {
    match (kind, value) {
        ("stringValue", FlatValue::Text(_)) | ("boolValue", FlatValue::Flag(_)) => value,
        ("intValue", value) => {
            integer_in(&value.single()).map_or(FlatValue::Other, FlatValue::Integer)
        }
        ("doubleValue", value) => {
            double_in(&value.single()).map_or(FlatValue::Other, FlatValue::Decimal)
        }
        _ => FlatValue::Other,
    }
}

/// Reads an `ArrayValue`.
fn array<'b>(
    lexer: &mut Lexer<'b, '_>,
    items: &mut Vec<FlatValue<'b>>,
) -> Result<FlatValue<'b>, Wrong> {
    let (first, mut count) = (items.len(), 0);
    first_of(lexer, "values", |lexer| {
        each_item(lexer, |lexer| {
            count += 1;
            if count > limits::LIST_VALUES {
                return lexer.skip();
            }
            let item = any_value(lexer, items, Within::List)?;
            items.push(item);
            Ok(())
        })
    })?;
    if count > limits::LIST_VALUES {
        items.truncate(first);
        return Ok(FlatValue::Other);
    }
    Ok(FlatValue::list(first, count))
}

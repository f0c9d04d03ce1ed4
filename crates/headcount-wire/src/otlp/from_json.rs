//! Reads log records, events of spans and data points from JSON.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw};

use super::record::{Record, SpanItem, take, unchecked};
use super::resource::describe;
use super::signal::Signal;
use super::value::{KINDS, METRICS, double_in, integer_in};
use crate::json::Fault;
use crate::sent_time::{Nanoseconds, SentTime};
use crate::unchecked::scalar;
use crate::{Json, Malformed, limits};

pub(super) fn records<'a>(export: &'a Json<'_>) -> Result<Vec<Record<'a>>, Malformed> {
    let mut records = Vec::new();
    each(export, Signal::Logs, |service, given, log, _| {
        take(&mut records, Record { service, unchecked: record(log, given) })
    })?;
    Ok(records)
}

/// Reads the events of spans. Each span comes after its events.
pub(super) fn spans<'a>(export: &'a Json<'_>) -> Result<Vec<SpanItem<'a>>, Malformed> {
    let mut items = Vec::new();
    each(export, Signal::Traces, |service, given, span, repeated| {
        for event in only(span, "events", repeated) {
            take(
                &mut items,
                SpanItem::Event(Record { service, unchecked: event_of(event, given) }),
            )?;
        }
        take(&mut items, SpanItem::NotKept(service))
    })?;
    Ok(items)
}

/// Reads whose the data points of metrics are.
pub(super) fn data_points<'a>(export: &'a Json<'_>) -> Result<Vec<SpanItem<'a>>, Malformed> {
    let mut items = Vec::new();
    each(export, Signal::Metrics, |service, _, metric, _| {
        for (name, data) in metric.fields() {
            let points =
                if METRICS.contains(&name.as_ref()) { list(data, "dataPoints") } else { &[] };
            for _ in points {
                take(&mut items, SpanItem::NotKept(service))?;
            }
        }
        Ok(())
    })?;
    Ok(items)
}

/// Calls `put` with every item of three lists, one within another, and with
/// what its resource says.
fn each<'a, 'b>(
    export: &'a Json<'b>,
    signal: Signal,
    mut put: impl FnMut(
        Option<&'a str>,
        Given<'a>,
        &'a Json<'b>,
        &mut Repeated,
    ) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let [outer, scope, inner] = signal.lists();
    let mut repeated = None;
    for of_resource in only(export, outer, &mut repeated) {
        let (mut service, mut given) = (None, Given::default());
        for attribute in
            of_resource.get("resource").map_or(&[][..], |resource| list(resource, "attributes"))
        {
            if let Some((key, Raw::Text(text))) = pair(attribute) {
                describe(&mut service, &mut given, key, text);
            }
        }
        for of_scope in only(of_resource, scope, &mut repeated) {
            for item in only(of_scope, inner, &mut repeated) {
                put(service, given, item, &mut repeated)?;
            }
        }
    }
    match repeated {
        Some(name) => Err(Malformed::json(&[], Fault::Repeated(name), signal.wanted())),
        None => Ok(()),
    }
}

/// The name of a list that an object has twice.
type Repeated = Option<&'static str>;

/// A list of events, which an object has once.
fn only<'a, 'b>(json: &'a Json<'b>, key: &'static str, repeated: &mut Repeated) -> &'a [Json<'b>] {
    if json.count(key) > 1 {
        *repeated = Some(key);
    }
    list(json, key)
}

fn list<'a, 'b>(json: &'a Json<'b>, key: &str) -> &'a [Json<'b>] {
    json.get(key).map_or(&[], Json::items)
}

fn record<'a>(log: &'a Json<'_>, given: Given<'a>) -> headcount_catalog::Unchecked<'a> {
    let times = ["timeUnixNano", "observedTimeUnixNano"].map(|key| {
        log.get(key).map_or(Nanoseconds::Unset, |time| Nanoseconds::of_json(&scalar(time)))
    });
    let attributes = list(log, "attributes").iter().filter_map(pair).take(limits::FIELDS + 1);
    let attributes = attributes.map(|(key, value)| (Cow::Borrowed(key), value)).collect();
    let name = log.get("eventName").and_then(Json::text);
    unchecked(given, name, attributes, SentTime::of_otlp(times))
}

/// Reads an event of a span.
fn event_of<'a>(event: &'a Json<'_>, given: Given<'a>) -> headcount_catalog::Unchecked<'a> {
    let time = event.get("timeUnixNano");
    let time = time.map_or(Nanoseconds::Unset, |time| Nanoseconds::of_json(&scalar(time)));
    let attributes = list(event, "attributes").iter().filter_map(pair).take(limits::FIELDS + 1);
    let attributes = attributes.map(|(key, value)| (Cow::Borrowed(key), value)).collect();
    let name = event.get("name").and_then(Json::text);
    unchecked(given, name, attributes, SentTime::of_otlp([time, Nanoseconds::Unset]))
}

fn pair<'a>(attribute: &'a Json<'_>) -> Option<(&'a str, Raw<'a>)> {
    let key = attribute.get("key")?.text()?;
    Some((key, attribute.get("value").map_or(Raw::Null, any_value)))
}

fn any_value<'a>(value: &'a Json<'_>) -> Raw<'a> {
    if value.fields().is_empty() {
        return Raw::Null;
    }
    let known = value.fields().iter().find(|(kind, _)| KINDS.contains(&kind.as_ref()));
    let Some((kind, value)) = known else { return Raw::Other };
    match (kind.as_ref(), value) {
        ("arrayValue", array) => match list(array, "values") {
            values if values.len() <= limits::LIST_VALUES => {
                Raw::List(values.iter().map(item).collect())
            }
            _ => Raw::Other,
        },
        ("stringValue", Json::Text(text)) => Raw::Text(text),
        ("boolValue", Json::Flag(flag)) => Raw::Flag(*flag),
        ("intValue", number) => integer_in(&scalar(number)).map_or(Raw::Other, Raw::Integer),
        ("doubleValue", number) => double_in(&scalar(number)).map_or(Raw::Other, Raw::Decimal),
        _ => Raw::Other,
    }
}

/// Reads a value in a list. No kind accepts a list of lists.
fn item<'a>(value: &'a Json<'_>) -> Raw<'a> {
    if value.get("arrayValue").is_some() { Raw::Other } else { any_value(value) }
}

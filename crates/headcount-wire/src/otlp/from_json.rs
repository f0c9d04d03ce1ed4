//! Reads log records from JSON.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw};

use super::record::{Record, take, unchecked};
use super::resource::describe;
use super::value::{KINDS, WANTED, double_in, integer_in};
use crate::json::Fault;
use crate::sent_time::{Nanoseconds, SentTime};
use crate::unchecked::scalar;
use crate::{Json, Malformed, limits};

pub(super) fn records<'a>(export: &'a Json<'_>) -> Result<Vec<Record<'a>>, Malformed> {
    let mut records = Vec::new();
    let mut repeated = None;
    for resource_logs in only(export, "resourceLogs", &mut repeated) {
        let (mut service, mut given) = (None, Given::default());
        for attribute in
            resource_logs.get("resource").map_or(&[][..], |resource| list(resource, "attributes"))
        {
            if let Some((key, Raw::Text(text))) = pair(attribute) {
                describe(&mut service, &mut given, key, text);
            }
        }
        for scope_logs in only(resource_logs, "scopeLogs", &mut repeated) {
            for log in only(scope_logs, "logRecords", &mut repeated) {
                take(&mut records, Record { service, unchecked: record(log, given) })?;
            }
        }
    }
    match repeated {
        Some(name) => Err(Malformed::json(&[], Fault::Repeated(name), WANTED)),
        None => Ok(records),
    }
}

/// A list of events, which an object has once.
fn only<'a, 'b>(
    json: &'a Json<'b>,
    key: &'static str,
    repeated: &mut Option<&'static str>,
) -> &'a [Json<'b>] {
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

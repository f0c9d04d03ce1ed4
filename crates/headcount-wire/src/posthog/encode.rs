//! Encodes records as PostHog's batch.

use headcount_catalog::{Catalog, Checked, Source};

use crate::flat_names::FlatNames;
use crate::json::{Object, Written, text};
use crate::{Gzip, LineError, Payload, Post, fields};

/// The path where PostHog takes batches.
pub const PATH: &str = "/batch/";

/// The name of the sending library, which PostHog shows.
const LIBRARY: &str = "headcount";

/// Whether an event has a field of its own for this entry, beside `properties`.
pub(crate) fn is_framed(source: &Source) -> bool {
    matches!(source, Source::Event | Source::EventId | Source::Time(_) | Source::Device)
}

/// Encodes records as `{"api_key":…,"batch":[…]}`.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(64 + payload.records.len() * 512);
    body.push_str("{\"api_key\":");
    text(&mut body, payload.key.unwrap_or(""));
    body.push_str(",\"batch\":[");
    for (place, record) in payload.records.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body = event(payload.catalog, record, body)?;
    }
    body.push_str("]}");
    Ok(Post {
        query: Vec::new(),
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.into_bytes(),
        gzip: Gzip::Taken,
    })
}

/// Adds one event of a batch to `body`.
pub(crate) fn event(
    catalog: &Catalog,
    record: &Checked,
    body: String,
) -> Result<String, LineError> {
    let flat = FlatNames::new(catalog, is_framed, &[]);
    // `properties` is the last field of the event, so it is written apart
    // first.
    let mut properties = Object::after(String::with_capacity(384));
    let (mut id, mut time, mut device) = (None, None, None);
    fields::each(catalog, record, |field| match (field.source, field.value) {
        (Source::Event, _) => {}
        (Source::EventId, Written::Id(written)) => id = Some(written),
        (Source::Time(_), written) => time = Some(written),
        (Source::Device, written) => device = Some(written),
        (_, value) => {
            let (holder, name) = flat.dialect_name(field.holder, field.name);
            properties.put_in(holder, &name, &value);
        }
    })?;
    for (name, value) in [
        ("$process_person_profile", Written::Flag(false)),
        ("$geoip_disable", Written::Flag(true)),
        ("$ip", Written::Text("")),
        ("$lib", Written::Text(LIBRARY)),
        ("$lib_version", Written::Text(env!("CARGO_PKG_VERSION"))),
    ] {
        properties.put(name, &value);
    }
    let mut event = Object::after(body);
    let id = id.or(record.id);
    if let Some(id) = id {
        event.put("uuid", &Written::Id(id));
    }
    event.put("event", &Written::Text(record.event.name));
    // PostHog requires a `distinct_id`. Without a device every event gets its
    // own.
    match (device, id) {
        (Some(device), _) => event.put("distinct_id", &device),
        (None, Some(id)) => event.put("distinct_id", &Written::Id(id)),
        (None, None) => event.put("distinct_id", &Written::Text(record.event.name)),
    }
    if let Some(time) = time {
        event.put("timestamp", &time);
    }
    event.put("properties", &Written::Raw(&properties.finish()));
    Ok(event.finish())
}

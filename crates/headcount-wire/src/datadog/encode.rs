//! Encodes records as Datadog's logs.

use headcount_catalog::{Checked, Source, Value};

use crate::flat_names::FlatNames;
use crate::json::{Object, Written};
use crate::{Gzip, LineError, Payload, Post, fields};

/// The path where Datadog takes logs, in either form.
pub const PATH: &str = "/api/v2/logs";

/// The value of `ddsource` in the form for servers.
const SOURCE: &str = "headcount";

/// Attributes to which Datadog's default pipelines give a meaning of their own,
/// such as the time, the text or the level of a log.
pub(crate) const RESERVED: [&str; 18] = [
    "date",
    "timestamp",
    "@timestamp",
    "message",
    "msg",
    "log",
    "service",
    "status",
    "severity",
    "level",
    "host",
    "hostname",
    "source",
    "ddsource",
    "ddtags",
    "trace_id",
    "span_id",
    "usr",
];

/// Whether a log has a field of its own for this entry.
pub(crate) fn is_framed(source: &Source) -> bool {
    matches!(source, Source::Event | Source::Time(_))
}

/// Encodes the form of Datadog's browser library: one log per line, the client
/// token in the query. The request's id is a hash of the body, so that a batch
/// that is sent again is the same request.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(payload.records.len() * 448);
    for record in payload.records {
        body = log(payload, record, None, body)?;
        body.push('\n');
    }
    let mut query = vec![("ddsource", "browser".to_owned())];
    if let Some(key) = payload.key {
        query.push(("dd-api-key", key.to_owned()));
    }
    query.extend([
        ("dd-evp-origin-version", env!("CARGO_PKG_VERSION").to_owned()),
        ("dd-evp-origin", "browser".to_owned()),
        ("dd-request-id", request_id(body.as_bytes())),
    ]);
    Ok(Post {
        query,
        headers: vec![("content-type", "text/plain;charset=UTF-8".to_owned())],
        body: body.into_bytes(),
        gzip: Gzip::NotTaken,
    })
}

/// Encodes the form of Datadog's API: an array of logs, the key in a header.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode_for_servers(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(payload.records.len() * 448 + 2);
    body.push('[');
    for (place, record) in payload.records.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body = log(payload, record, Some(SOURCE), body)?;
    }
    body.push(']');
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if let Some(key) = payload.key {
        headers.push(("dd-api-key", key.to_owned()));
    }
    Ok(Post { query: Vec::new(), headers, body: body.into_bytes(), gzip: Gzip::Taken })
}

fn log(
    payload: &Payload<'_>,
    record: &Checked,
    source: Option<&str>,
    body: String,
) -> Result<String, LineError> {
    let catalog = payload.catalog;
    let product = catalog.product.name;
    let flat = FlatNames::new(catalog, is_framed, &RESERVED);
    let mut log = Object::after(body);
    let grain = catalog.envelope.iter().find_map(|entry| match entry.source {
        Source::Time(grain) => Some(grain),
        _ => None,
    });
    if let Some((time, grain)) = record.time.zip(grain) {
        log.put("date", &Written::Whole(time.cut(grain).milliseconds()));
    }
    log.put("message", &Written::Text(record.event.name));
    log.put("service", &Written::Text(product));
    log.put("status", &Written::Text("info"));
    if let Some(source) = source {
        log.put("ddsource", &Written::Text(source));
    }
    let version = record.entry(catalog, |source| matches!(source, Source::Version));
    let tags = match version {
        Some(Value::Token(version)) => format!("service:{product},version:{}", version.as_str()),
        _ => format!("service:{product}"),
    };
    log.put("ddtags", &Written::Text(&tags));
    fields::each(catalog, record, |field| {
        if !flat.is_framed(field.source) {
            let (holder, name) = flat.dialect_name(field.holder, field.name);
            log.put_in(holder, &name, &field.value);
        }
    })?;
    Ok(log.finish())
}

/// Returns the 128-bit FNV-1a hash of the body in the form of a version-8 UUID
/// (RFC 9562, "custom").
fn request_id(body: &[u8]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash =
        body.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
    let free = !(0xf << 76) & !(0b11 << 62);
    let bits = hash & free | 0x8 << 76 | 0b10 << 62;
    headcount_catalog::EventId::from_bits(bits).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_its_body() {
        let id = request_id(b"one");
        assert_eq!(id, request_id(b"one"));
        assert_ne!(id, request_id(b"two"));
        assert_eq!(&id[14..15], "8");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
    }
}

//! Builds the request of a batch: pure, so that what is shown is what is sent.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Checked, Destination};
use headcount_wire::{Gzip, LineError, Payload, encode};

use super::compress::{Compression, compressed};
use crate::ship::target::Target;

/// What every request says it comes from.
pub(crate) const USER_AGENT: &str = concat!("headcount/", env!("CARGO_PKG_VERSION"));

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Always `POST` today.
    pub method: &'static str,
    /// The URL.
    pub url: String,
    /// Header names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body before compression, as a person is shown it.
    pub body: Vec<u8>,
    /// How the body is compressed, as the headers say.
    pub compression: Compression,
}

impl Request {
    /// The body as sent.
    #[must_use]
    pub fn sent(&self) -> Cow<'_, [u8]> {
        compressed(&self.body, self.compression)
    }

    /// The body as text, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

/// Builds the request that carries `records`, which share a path, to `target`
/// in the destination's dialect.
///
/// # Errors
///
/// Returns [`LineError`] if the catalog does not accept a record.
pub fn request(
    catalog: &Catalog,
    destination: &Destination,
    target: &Target,
    records: &[Checked],
) -> Result<Request, LineError> {
    let payload =
        Payload { catalog, records, key: target.key(), rate: target.rate(), home: target.home() };
    let post = encode(destination, &payload)?;
    let compression = match post.gzip {
        Gzip::Taken => Compression::of(post.body.len()),
        Gzip::NotTaken => Compression::None,
    };
    let mut headers = post.headers;
    headers.push(("user-agent", USER_AGENT.to_owned()));
    headers.extend(compression.name().map(|name| ("content-encoding", name.to_owned())));
    let url = with_query(target.url(records.first().map(|record| record.event)), &post.query);
    Ok(Request { method: "POST", url, headers, body: post.body, compression })
}

/// Adds a dialect's query parameters to the address. Parameters that the
/// catalog has already stay.
fn with_query(mut url: String, query: &[(&'static str, String)]) -> String {
    let own: Vec<String> = url
        .split_once('?')
        .map(|(_, query)| query.split('&').filter_map(|pair| pair.split('=').next()))
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    for (name, value) in query.iter().filter(|(name, _)| !own.iter().any(|own| own == name)) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        percent_encoded(&mut url, value);
    }
    url
}

/// RFC 3986, 2.3: unreserved characters stay.
fn percent_encoded(url: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ship::target::written;
    use headcount_catalog::{Dialect, Key, Setting, Time, parse};

    fn catalog(text: &str) -> Catalog {
        parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn samples(catalog: &Catalog) -> Vec<Checked> {
        let now = Time::from_seconds(1_795_218_080);
        catalog.events.iter().map(|event| catalog.sample(event, now)).collect()
    }

    #[test]
    fn a_query_is_added_to_and_never_changed() {
        let query = [("a", "1".to_owned()), ("b", "x y&=%".to_owned())];
        let joined = |url: &str| with_query(url.to_owned(), &query);
        assert_eq!(joined("https://e/p"), "https://e/p?a=1&b=x%20y%26%3D%25");
        assert_eq!(joined("https://e/p?a=2"), "https://e/p?a=2&b=x%20y%26%3D%25");
        assert_eq!(joined("https://e/p?ba=2"), "https://e/p?ba=2&a=1&b=x%20y%26%3D%25");
        assert_eq!(with_query("https://e/p".to_owned(), &[]), "https://e/p");
    }

    #[test]
    fn assemblys_request_is_the_browsers() {
        let assembly = catalog(include_str!("../../../../../examples/assembly/telemetry.toml"));
        let destination = assembly.destinations[0];
        let to = written(&destination).expect("an address");
        let records = samples(&assembly);
        let made = request(&assembly, &destination, &to, &records).expect("samples are whole");
        let (address, query) = made.url.split_once('?').expect("a query");
        assert_eq!(address, "https://browser-intake.assembly.example/api/v2/logs");
        let query: Vec<&str> = query.split('&').collect();
        assert_eq!(query[0], "ddsource=browser");
        assert_eq!(query[1], "dd-api-key=pub00000000000000000000000000000000");
        assert!(query[4].starts_with("dd-request-id="), "{query:?}");
        assert_eq!(query.len(), 5);
        assert_eq!(made.compression, Compression::None);
        assert_eq!(made, request(&assembly, &destination, &to, &records).expect("the same again"));
    }

    #[test]
    fn archons_request_is_posthogs_batch() {
        let archon = catalog(include_str!("../../../../../examples/archon/telemetry.toml"));
        let mut destination = archon.destinations[0];
        destination.key = Key::Public(Setting::fixed("phc_x"));
        let to = written(&destination).expect("an address");
        let records = samples(&archon);
        let made = request(&archon, &destination, &to, &records[..1]).expect("samples are whole");
        assert_eq!(made.url, "https://telemetry.archon.example/batch/");
        let body = made.text().expect("JSON is text");
        assert!(body.starts_with("{\"api_key\":\"phc_x\",\"batch\":[{\"uuid\":\""), "{body}");
        assert!(!body.contains("sent_at"), "it would move the times of a batch that waited");
        assert_eq!(made.sent().as_ref(), made.body, "too small to be worth compressing");
    }

    #[test]
    fn clackys_events_go_to_their_own_paths() {
        let clacky = catalog(include_str!("../../../../../examples/clacky/telemetry.toml"));
        let destination = clacky.destinations[0];
        assert_eq!(destination.dialect, Dialect::Clacky);
        let to = written(&destination).expect("an address");
        for (record, path) in samples(&clacky).iter().zip(["startup", "task"]) {
            let made = request(&clacky, &destination, &to, std::slice::from_ref(record));
            let made = made.expect("samples are whole");
            let url = format!("https://telemetry.clacky.example/api/v1/telemetry/{path}");
            assert_eq!(made.url, url);
            assert!(
                made.text().is_some_and(|text| text.starts_with("{\"device_id\":")),
                "{made:?}"
            );
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn a_large_body_is_compressed_where_that_is_taken() {
        let atomic = catalog(include_str!("../../../../../examples/atomic/telemetry.toml"));
        let destination = atomic.destinations[0];
        let to = written(&destination).expect("an address");
        let records = samples(&atomic);
        let made = request(&atomic, &destination, &to, &records).expect("samples are whole");
        let encoded = made.headers.iter().find(|(name, _)| *name == "content-encoding");
        assert_eq!(encoded.map(|(_, value)| value.as_str()), Some("gzip"));
        assert!(made.sent().len() < made.body.len() / 2);
        assert!(made.text().is_some(), "what is shown is text");
        let small = request(&atomic, &destination, &to, &records[..1]).expect("whole");
        assert_eq!(small.compression, Compression::None);
    }
}

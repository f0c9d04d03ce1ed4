//! Receipts: what was sent, when, where, and what came back. One line of JSON
//! per request, in a log of limited size.
//!
//! They describe requests, not events: they contain no id, no property and no
//! body. What a server said is kept without whatever looks like an id.

use headcount_catalog::{Grain, Time};
use serde_json::Value as Json;

use super::bounded_log::{self, LogBound};
use super::error::DiskError;
use super::paths::Paths;
use super::{lock, private_file};
use crate::as_json::json;
use crate::limits;
use crate::visible::visible;

/// One request and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// When it was answered or given up.
    pub(crate) time: Time,
    /// The destination's name in the catalog.
    pub(crate) destination: String,
    /// Events in it.
    pub(crate) events: u64,
    /// Bytes of its body, before compression.
    pub(crate) bytes: u64,
    /// The status of the answer; `None` if there was none.
    pub(crate) status: Option<u16>,
    /// Events that the destination accepted, now or before.
    pub(crate) taken: u64,
    /// Events that it rejected for good.
    pub(crate) rejected: u64,
    /// Why the rest is not settled, in one word.
    pub(crate) error: Option<String>,
    /// The server's own sentence about that, shortened.
    pub(crate) said: Option<String>,
    /// The proxy that the environment named, without user and password.
    pub(crate) proxy: Option<String>,
    /// The certificate authorities that the environment named.
    pub(crate) authorities: Option<String>,
}

impl Receipt {
    /// The receipt as JSON.
    pub(crate) fn json(&self) -> Json {
        let mut json = json!({
            "time": self.time.format(Grain::Second),
            "destination": self.destination,
            "events": self.events,
            "bytes": self.bytes,
            "status": self.status,
            "taken": self.taken,
            "rejected": self.rejected,
            "error": self.error,
        });
        let more =
            [("said", &self.said), ("proxy", &self.proxy), ("authorities", &self.authorities)];
        for (key, value) in more {
            if let Some(value) = value {
                json[key] = Json::from(value.as_str());
            }
        }
        json
    }

    fn parse(line: &str) -> Option<Self> {
        let json: Json = line.parse().ok()?;
        let number = |key: &str| json.get(key).and_then(Json::as_u64);
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        Some(Self {
            time: Time::parse(&text("time")?)?,
            destination: text("destination")?,
            events: number("events")?,
            bytes: number("bytes")?,
            status: number("status").and_then(|status| u16::try_from(status).ok()),
            taken: number("taken")?,
            rejected: number("rejected")?,
            error: text("error"),
            said: text("said").map(|said| visible(&said)),
            proxy: text("proxy").map(|proxy| visible(&proxy)),
            authorities: text("authorities").map(|named| visible(&named)),
        })
    }
}

/// Adds a receipt. If the log is full, the oldest are dropped.
///
/// # Errors
///
/// Returns an error if the log cannot be locked or written.
pub(crate) fn keep(paths: &Paths, receipt: &Receipt) -> Result<(), DiskError> {
    // A farewell is sent while a shipper may run.
    let _held = lock::hold(&paths.lock())?;
    let bound =
        LogBound { most_bytes: limits::RECEIPTS_BYTES, kept_bytes: limits::RECEIPTS_KEPT_BYTES };
    bounded_log::add(&paths.receipts(), &format!("{}\n", receipt.json()), bound)
}

/// Reads all receipts, oldest first.
///
/// # Errors
///
/// Returns an error if the log cannot be read.
pub(crate) fn read(paths: &Paths) -> Result<Vec<Receipt>, DiskError> {
    let text = private_file::read(&paths.receipts())?.unwrap_or_default();
    Ok(text.lines().filter_map(Receipt::parse).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    fn receipt(number: u64) -> Receipt {
        Receipt {
            time: Time::from_seconds(1_795_218_080),
            destination: "otlp".to_owned(),
            events: number,
            bytes: 10,
            status: Some(200),
            taken: number,
            rejected: 1,
            error: None,
            said: None,
            proxy: None,
            authorities: None,
        }
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written_but_for_control_characters() {
        let told = receipt(5);
        assert_eq!(Receipt::parse(&told.json().to_string()), Some(told.clone()));
        let more = Receipt {
            said: Some("no \u{1b}[2J".to_owned()),
            proxy: Some("http://proxy.example".to_owned()),
            authorities: Some("SSL_CERT_FILE=/a".to_owned()),
            ..told
        };
        let read = Receipt::parse(&more.json().to_string()).expect("a receipt");
        assert_eq!(read, Receipt { said: Some("no \\x1b[2J".to_owned()), ..more });
    }

    #[test]
    fn the_log_never_grows_beyond_its_bound_and_the_oldest_go() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        assert_eq!(read(&paths).unwrap(), []);
        for number in 0..600 {
            keep(&paths, &receipt(number)).unwrap();
            let bytes = std::fs::metadata(paths.receipts()).unwrap().len();
            assert!(bytes <= limits::RECEIPTS_BYTES as u64, "{bytes} bytes at {number}");
        }
        let kept = read(&paths).unwrap();
        let numbers: Vec<u64> = kept.iter().map(|receipt| receipt.events).collect();
        let first = 600 - numbers.len() as u64;
        assert_eq!(numbers, (first..600).collect::<Vec<_>>());
        assert!(numbers.len() > 300, "{} are kept", numbers.len());
    }

    #[test]
    fn a_torn_receipt_takes_no_neighbour_with_it() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        keep(&paths, &receipt(1)).unwrap();
        private_file::append(&paths.receipts(), "{\"time\":\"20").unwrap();
        keep(&paths, &receipt(2)).unwrap();
        let numbers: Vec<u64> =
            read(&paths).unwrap().iter().map(|receipt| receipt.events).collect();
        assert_eq!(numbers, [1, 2]);
    }

    #[test]
    fn what_cannot_be_read_is_begun_anew() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        for unreadable in [&b"\xff\xfe\n"[..], &[b'x'; 1024 * 1024 + 1]] {
            keep(&paths, &receipt(1)).unwrap();
            std::fs::write(paths.receipts(), unreadable).unwrap();
            keep(&paths, &receipt(2)).unwrap();
            let numbers: Vec<u64> =
                read(&paths).unwrap().iter().map(|receipt| receipt.events).collect();
            assert_eq!(numbers, [2]);
        }
    }

    /// Whatever it leads to is somebody's.
    #[test]
    #[cfg(unix)]
    fn a_link_in_their_place_goes_and_what_it_leads_to_stays() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let other = home.write("other", [0xff]);
        std::fs::create_dir_all(&paths.state_folder).unwrap();
        std::os::unix::fs::symlink(&other, paths.receipts()).unwrap();
        keep(&paths, &receipt(1)).unwrap();
        assert_eq!(std::fs::read(other).unwrap(), [0xff]);
        assert_eq!(read(&paths).unwrap().len(), 1);
    }
}

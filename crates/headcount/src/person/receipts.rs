//! `receipts`: the requests from this machine, when, where, how much, and what
//! came back.

use headcount_catalog::Grain;
use serde_json::Value as Json;

use super::arguments::Reader;
use super::reply::Reply;
use super::wrapped::counted;
use crate::disk::receipts::{self, Receipt};
use crate::standing::Standing;
use crate::visible::visible;

/// Prints the newest `last` receipts, oldest first.
pub(super) fn receipts(standing: &Standing, last: Option<usize>, reader: Reader) -> Reply {
    let kept = match standing.paths().map(receipts::read) {
        Some(Ok(kept)) => kept,
        None => Vec::new(),
        Some(Err(error)) => {
            return Reply::failed(&format!("The receipts cannot be read: {error}."));
        }
    };
    let skipped = kept.len().saturating_sub(last.unwrap_or(usize::MAX));
    let kept = &kept[skipped..];
    match reader {
        Reader::Program => {
            Reply::json(&Json::from(kept.iter().map(Receipt::json).collect::<Vec<_>>()))
        }
        Reader::Person if kept.is_empty() => Reply::said(
            "There are no receipts: nothing was sent from this machine, or they were cleared.\n",
        ),
        Reader::Person => Reply::said(kept.iter().map(line).collect::<String>()),
    }
}

/// `2026-11-20T10:00:00Z otlp: 3 events, 812 bytes: 200, accepted 3`
fn line(receipt: &Receipt) -> String {
    let Receipt { destination, events, bytes, taken, rejected, .. } = receipt;
    let mut line = format!(
        "{} {}: {}, {}: ",
        receipt.time.format(Grain::Second),
        visible(destination),
        counted(*events, "event"),
        counted(*bytes, "byte"),
    );
    match receipt.status {
        Some(status) => line.push_str(&format!("{status}, accepted {taken}")),
        None => line.push_str("no answer"),
    }
    if *rejected > 0 {
        line.push_str(&format!(", rejected {rejected}"));
    }
    if let Some(error) = &receipt.error {
        line.push_str(&format!(" ({})", visible(error)));
    }
    if let Some(said) = &receipt.said {
        line.push_str(&format!(": {said}"));
    }
    if let Some(proxy) = &receipt.proxy {
        line.push_str(&format!("; through {proxy}"));
    }
    if let Some(authorities) = &receipt.authorities {
        line.push_str(&format!("; trusting {authorities}"));
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::Time;

    #[test]
    fn a_receipt_is_one_line() {
        let whole = Receipt {
            time: Time::from_seconds(1_795_218_080),
            destination: "otlp".to_owned(),
            events: 1,
            bytes: 812,
            status: Some(200),
            taken: 1,
            rejected: 0,
            error: None,
            said: None,
            proxy: None,
            authorities: None,
        };
        assert_eq!(
            line(&whole),
            "2026-11-20T23:41:20Z otlp: 1 event, 812 bytes: 200, accepted 1\n"
        );
        let partly = Receipt { events: 3, taken: 2, rejected: 1, ..whole.clone() };
        assert!(
            line(&partly).ends_with("otlp: 3 events, 812 bytes: 200, accepted 2, rejected 1\n")
        );
        let unheard =
            Receipt { status: None, taken: 0, error: Some("timed-out".into()), ..whole.clone() };
        assert!(line(&unheard).ends_with(": no answer (timed-out)\n"));
        let refused = Receipt {
            status: Some(401),
            taken: 0,
            error: Some("not-now".into()),
            said: Some("unknown write key".into()),
            proxy: Some("http://proxy.example:3128".into()),
            authorities: Some("SSL_CERT_FILE=/a".into()),
            ..whole
        };
        assert!(line(&refused).ends_with(
            ": 401, accepted 0 (not-now): unknown write key; through http://proxy.example:3128; trusting SSL_CERT_FILE=/a\n"
        ));
    }
}

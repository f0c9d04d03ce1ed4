//! What the head of a request says of all its events: the share of devices that
//! report, and whether their home is thrown away.

use axum::http::HeaderMap;
use headcount_wire::{HomeLifetime, Rate, native};

/// What the head of a request says of all its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchHead {
    /// The share of devices that report. Each of them stands for others.
    pub(crate) rate: Rate,
    pub(crate) home: HomeLifetime,
}

impl BatchHead {
    /// Reads `Headcount-Batch: catalog=3; rate=0.1; ephemeral`. What is missing
    /// or cannot be read means every device, and a home that lasts: whoever
    /// invents a rate would be counted for others.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut head = Self { rate: Rate::WHOLE, home: HomeLifetime::Lasting };
        let sent = headers.get(native::BATCH_HEADER).and_then(|value| value.to_str().ok());
        for part in sent.unwrap_or_default().split(';').map(str::trim) {
            match part.split_once('=') {
                Some(("rate", rate)) => head.rate = Rate::parse(rate).unwrap_or(head.rate),
                None if part == "ephemeral" => head.home = HomeLifetime::Ephemeral,
                _ => {}
            }
        }
        head
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_not_readable_changes_nothing() {
        for (sent, weight, home) in [
            ("catalog=3; rate=1", 1, HomeLifetime::Lasting),
            ("catalog=3; rate=0.1; ephemeral", 10, HomeLifetime::Ephemeral),
            ("rate=0.001", 1_000, HomeLifetime::Lasting),
            ("ephemeral", 1, HomeLifetime::Ephemeral),
            ("rate=0.0001; ephemeral=no", 1, HomeLifetime::Lasting),
            ("rate=-1", 1, HomeLifetime::Lasting),
            ("", 1, HomeLifetime::Lasting),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(native::BATCH_HEADER, HeaderValue::from_static(sent));
            let head = BatchHead::of(&headers);
            assert_eq!((head.rate.weight(), head.home), (weight, home), "{sent}");
        }
        assert_eq!(BatchHead::of(&HeaderMap::new()).rate, Rate::WHOLE);
    }
}

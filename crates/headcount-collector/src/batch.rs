//! The head of a request, of which all its events get their weight and their
//! home.

use axum::http::HeaderMap;
use headcount_wire::native::{BATCH_HEADER, BatchHead};

/// Reads `Headcount-Batch: catalog=3; rate=0.1; ephemeral`. A header that is
/// missing or is not text says nothing.
pub(crate) fn batch_head(headers: &HeaderMap) -> BatchHead {
    let sent = headers.get(BATCH_HEADER).and_then(|value| value.to_str().ok());
    BatchHead::read(sent.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use headcount_wire::{HomeLifetime, Rate};

    use super::*;

    #[test]
    fn a_head_is_that_of_its_header() {
        let sent = "catalog=3; rate=0.1; ephemeral";
        let mut headers = HeaderMap::new();
        headers.insert(BATCH_HEADER, HeaderValue::from_static(sent));
        let head = batch_head(&headers);
        assert_eq!((head.rate.weight(), head.home), (10, HomeLifetime::Ephemeral), "{sent}");
        assert_eq!(batch_head(&HeaderMap::new()).rate, Rate::WHOLE);
    }
}

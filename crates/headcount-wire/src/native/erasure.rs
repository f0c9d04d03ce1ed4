//! The request with which a person asks a collector to erase what their device
//! sent: `POST /api/v1/forget`.

use crate::json::{Object, Written, parse};
use crate::payload::bearer;
use crate::{Gzip, Json, Post};

/// The path where a collector takes it.
pub const FORGET_PATH: &str = "/api/v1/forget";

/// Encodes the request: `{"device":ID,"secret":HEX}`. The id is a hash of the
/// secret, which proves that the events with this id are the person's.
#[must_use]
pub fn erasure(key: &str, device: &str, secret: &str) -> Post {
    let mut json = Object::new();
    json.put("device", &Written::Text(device));
    json.put("secret", &Written::Text(secret));
    let body = json.finish().into_bytes();
    let headers = vec![("content-type", "application/json".to_owned()), bearer(key)];
    Post { query: Vec::new(), headers, body, gzip: Gzip::NotTaken }
}

/// Whether the body of a 200 is a collector's: nothing, or a JSON object. A
/// block page is neither.
#[must_use]
pub fn is_erased(body: &[u8]) -> bool {
    let text = std::str::from_utf8(body).unwrap_or("not text");
    text.trim().is_empty() || matches!(parse(text), Ok(Json::Object(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_page_has_erased_nothing() {
        for body in ["", "\n", "{}", " {\"erased\":7}\n"] {
            assert!(is_erased(body.as_bytes()), "{body}");
        }
        for body in ["<html>", "ok", "[]", "7", "{", "\u{feff}{}"] {
            assert!(!is_erased(body.as_bytes()), "{body}");
        }
    }
}

//! The sentence in which a server says why it did not take a request: for a
//! person to read, and for nothing else.

use crate::json::parse;
use crate::otlp::{CONTENT_TYPE_PROTOBUF, status_message};
use crate::{Json, limits};

/// Where servers put it, the most telling first: PostHog, problem details (RFC
/// 9457) and PostHog's own errors, Datadog, OTLP and many others, the native
/// dialect.
const KEYS: [&str; 6] = ["error_description", "detail", "message", "error", "title", "errors"];

/// Returns the sentence of the body of a refusal; `None` if it has none, such
/// as a page of HTML. The text is the server's own, whatever is in it.
#[must_use]
pub fn sentence(content_type: Option<&str>, body: &[u8]) -> Option<String> {
    let kind = content_type.map_or("", |text| text.split(';').next().unwrap_or("").trim());
    let text = if kind.eq_ignore_ascii_case(CONTENT_TYPE_PROTOBUF) {
        status_message(body)?.to_owned()
    } else {
        let text = std::str::from_utf8(body).ok()?.trim();
        match parse(text) {
            Ok(json) => of_json(&json, limits::SENTENCE_DEPTH)?.to_owned(),
            // Half an object, or a page.
            Err(_) if text.starts_with(['{', '[', '<']) => return None,
            Err(_) => text.lines().next()?.to_owned(),
        }
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn of_json<'j>(json: &'j Json<'_>, depth: usize) -> Option<&'j str> {
    let depth = depth.checked_sub(1)?;
    match json {
        Json::Text(text) => Some(text),
        Json::List(items) => of_json(items.first()?, depth),
        Json::Object(_) => {
            KEYS.into_iter().filter_map(|key| json.get(key)).find_map(|json| of_json(json, depth))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialects_refusal_has_its_sentence() {
        let why = "unknown write key";
        for body in [
            crate::http::encode_error(why),
            crate::clacky::encode_error(why),
            crate::otlp::encode_error(16, why),
            crate::posthog::encode_error("unauthorized", why),
            crate::datadog::encode_error(403, "Forbidden", why),
        ] {
            assert_eq!(sentence(None, body.as_bytes()).as_deref(), Some(why), "{body}");
        }
        let protobuf = crate::otlp::encode_error_protobuf(16, why);
        assert_eq!(sentence(Some(CONTENT_TYPE_PROTOBUF), &protobuf).as_deref(), Some(why));
    }

    #[test]
    fn what_other_servers_say_is_found_and_a_page_says_nothing() {
        for (body, expected) in [
            (r#"{"type":"authentication_error","code":"x","detail":"no such key"}"#, "no such key"),
            (r#"{"errors":["Forbidden"]}"#, "Forbidden"),
            (r#"{"error":{"message":"not here"}}"#, "not here"),
            ("\n  404 page not found\nsecond line", "404 page not found"),
            ("\"plain\"", "plain"),
        ] {
            assert_eq!(
                sentence(Some("application/json"), body.as_bytes()).as_deref(),
                Some(expected)
            );
        }
        let deep = format!("{}1{}", r#"{"error":"#.repeat(60), "}".repeat(60));
        for none in ["", "  ", "<html><h1>404</h1>", "{\"error\":\"half", "{}", "[]", "7", &deep] {
            assert_eq!(sentence(None, none.as_bytes()), None, "{none}");
        }
        assert_eq!(sentence(None, &[0xff, 0xfe]), None);
        assert_eq!(sentence(Some(CONTENT_TYPE_PROTOBUF), b"<html>"), None);
    }
}

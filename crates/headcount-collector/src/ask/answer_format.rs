//! Which form of an answer a client prefers.

use axum::http::{HeaderMap, header};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerFormat {
    Json,
    Csv,
}

impl AnswerFormat {
    /// The form that `Accept` prefers: JSON unless it names CSV and likes it
    /// better. A client that accepts neither gets JSON, too.
    pub(super) fn preferred(headers: &HeaderMap) -> Self {
        let of = |kind, subtype| quality(ranges(headers), kind, subtype);
        let (csv, json) = (of("text", "csv"), of("application", "json"));
        if csv > json { Self::Csv } else { Self::Json }
    }
}

/// Whether a client likes a page better than JSON: a browser does.
pub(crate) fn prefers_page(headers: &HeaderMap) -> bool {
    quality(ranges(headers), "text", "html") > quality(ranges(headers), "application", "json")
}

/// The media ranges of `Accept`.
fn ranges(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::ACCEPT).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','))
}

/// The quality of a media type, in thousandths, by the most specific range
/// (RFC 9110, section 12.5.1).
fn quality<'a>(ranges: impl Iterator<Item = &'a str>, kind: &str, subtype: &str) -> u16 {
    let mut best = (0, 0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specific = match name.split_once('/') {
            Some(("*", "*")) => 1,
            Some((own, "*")) if own.eq_ignore_ascii_case(kind) => 2,
            Some((own, sub))
                if own.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) =>
            {
                3
            }
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let weight = weight.map_or(Some(1.0), |text| text.parse::<f32>().ok());
        let weight = weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(0.0);
        if specific > best.0 {
            best = (specific, (weight * 1000.0).round() as u16);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn csv_where_it_is_liked_better() {
        let preferred = |accept: &'static [u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_bytes(accept).unwrap());
            AnswerFormat::preferred(&headers)
        };
        for csv in [
            &b"text/csv"[..],
            b"TEXT/CSV; header=present",
            b"text/*",
            b"text/csv, application/json;q=0.5",
            b"*/*;q=0.1, text/csv",
        ] {
            assert_eq!(preferred(csv), AnswerFormat::Csv, "{csv:?}");
        }
        for json in [
            &b"*/*"[..],
            b"",
            b"application/json",
            b"text/csv;q=0",
            b"text/csv;q=0.5, application/json",
            b"text/csv, application/json",
            b"text/html, */*;q=0.8",
            b"text/csv;q=2",
            b"text/csv;q=x",
            b"image/png",
            b"\xff",
            b";;,,/",
        ] {
            assert_eq!(preferred(json), AnswerFormat::Json, "{json:?}");
        }
        assert_eq!(AnswerFormat::preferred(&HeaderMap::new()), AnswerFormat::Json);
    }

    #[test]
    fn a_browser_likes_pages_better() {
        let prefers = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            prefers_page(&headers)
        };
        assert!(prefers("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(prefers("text/html"));
        for program in ["", "*/*", "application/json", "text/html;q=0.5, application/json"] {
            assert!(!prefers(program), "{program}");
        }
        assert!(!prefers_page(&HeaderMap::new()));
    }
}

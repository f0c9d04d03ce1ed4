//! The query of a page, read and written. A page ignores what it cannot read.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;

pub(super) type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The names and values.
pub(super) fn readable(pairs: QueryPairs) -> Vec<(String, String)> {
    pairs.map(|Query(pairs)| pairs).unwrap_or_default()
}

/// A path with a query.
pub(super) fn with_query<N: AsRef<str>>(path: &str, pairs: &[(N, String)]) -> String {
    let mut url = path.to_owned();
    for (place, (name, value)) in pairs.iter().enumerate() {
        url.push(if place == 0 { '?' } else { '&' });
        encode(name.as_ref(), &mut url);
        url.push('=');
        encode(value, &mut url);
    }
    url
}

/// Writes a text so that it is a part of a query: RFC 3986, section 2.3, with
/// the colon of a filter, which section 3.4 allows.
fn encode(text: &str, url: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                url.push(char::from(byte));
            }
            _ => {
                url.push('%');
                let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value)]);
                url.extend([digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_pairs_is_encoded() {
        assert_eq!(with_query("/", &[("q", "ü /:".to_owned())]), "/?q=%C3%BC%20%2F:");
    }
}

//! Addresses with a query, as pages link them and questions are told.

/// A path with a query.
pub(crate) fn with_query<N: AsRef<str>>(path: &str, pairs: &[(N, String)]) -> String {
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
        let of = |value: &str| with_query("/", &[("q", value.to_owned())]);
        assert_eq!(of("ü /:"), "/?q=%C3%BC%20%2F:");
        assert_eq!(of("platform:linux"), "/?q=platform:linux");
        assert_eq!(of("a&b=c d+\u{fc}%"), "/?q=a%26b%3Dc%20d%2B%C3%BC%25");
    }
}

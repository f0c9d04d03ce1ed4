//! The cookie that a browser holds after signing in.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::credentials::SecretText;
use crate::limits;

/// Its name over TLS. With this prefix browsers take it only from this very
/// host, over TLS and for all paths, so that no other name beside it can plant
/// one (RFC 6265bis, section 4.1.3.2).
const SECURE_NAME: &str = "__Host-headcount-sign-in";

/// Its name over plain HTTP on this machine, where browsers refuse the prefix.
const PLAIN_NAME: &str = "headcount-sign-in";

/// What the browser sent. Over TLS nothing is ever set under the plain name, so
/// what is there was planted, and counts for nothing.
pub(super) fn sign_in(headers: &HeaderMap, is_encrypted: bool) -> Option<&str> {
    let name = if is_encrypted { SECURE_NAME } else { PLAIN_NAME };
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(own, value)| (own == name).then_some(value))
}

/// Sets it. `Lax` sends it along when somebody follows a link to a page, and
/// with nothing else that another site makes the browser send.
pub(super) fn set(secret: &SecretText, is_encrypted: bool) -> Option<HeaderValue> {
    line(secret.as_str(), is_encrypted, limits::SIGN_IN_SECONDS)
}

/// Takes it away.
pub(super) fn clear(is_encrypted: bool) -> Option<HeaderValue> {
    line("", is_encrypted, 0)
}

fn line(value: &str, is_encrypted: bool, seconds: i64) -> Option<HeaderValue> {
    let (name, secure) = if is_encrypted { (SECURE_NAME, "; Secure") } else { (PLAIN_NAME, "") };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_the_secure_cookie_alone_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(sign_in(&headers, true), None);
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; headcount-sign-in=planted"));
        assert_eq!(sign_in(&headers, false), Some("planted"));
        assert_eq!(sign_in(&headers, true), None);
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-headcount-sign-in=own;x"));
        assert_eq!(sign_in(&headers, true), Some("own"));
    }
}

//! URLs: `https` anywhere, and `http` to this machine.

use super::fields::{Text, leak};
use super::notes::Notes;
use crate::limits;

/// Where a URL leads.
enum Reach {
    /// To any host, over TLS.
    Secure,
    /// To this machine.
    Loopback,
}

/// Reads the URL of a page for people.
pub(super) fn page(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    accept(text, notes, |reach| matches!(reach, Reach::Secure), "an `https://` URL")
}

/// Reads the URL that events are sent to.
pub(super) fn endpoint(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    accept(text, notes, |_| true, "an `https://` URL, or an `http://` URL on loopback")
}

/// Reads where people can write to: the URL of a page, or a mail address.
pub(super) fn contact(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    if is_mail(text.text) {
        return Some(leak(text.text));
    }
    accept(
        text,
        notes,
        |reach| matches!(reach, Reach::Secure),
        "an `https://` URL, or a mail address such as `privacy@tool.example`",
    )
}

fn accept(
    text: Text<'_>,
    notes: &mut Notes<'_>,
    allowed: fn(&Reach) -> bool,
    must: &str,
) -> Option<&'static str> {
    if reach(text.text).is_some_and(|reach| allowed(&reach)) {
        return Some(leak(text.text));
    }
    text.must_be(must, notes)
}

/// Returns where a URL leads; `None` if it is not valid, or would send over the
/// network without TLS.
fn reach(text: &str) -> Option<Reach> {
    if text.len() > limits::ADDRESS_BYTES || !text.bytes().all(is_plain) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = host(authority)?;
    match scheme {
        "https" => Some(Reach::Secure),
        "http" if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Some(Reach::Loopback),
        _ => None,
    }
}

/// Whether this is a mail address, without a name or `mailto:` around it.
fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    text.len() <= limits::ADDRESS_BYTES
        && !local.is_empty()
        && local.bytes().all(is_local)
        && domain.contains('.')
        && host(domain).is_some_and(|host| host == domain)
}

/// Whether a byte can be in a URL without a fragment, and would not end a URL
/// in running text.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"#\"'<>\\^`{|}".contains(&byte)
}

/// Returns the host of an authority such as `example.org` or `[::1]:4318`;
/// `None` if it is not valid or names a user.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix("[::1]") {
        Some(port) => (&authority[..5], port),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_fits = port.is_empty()
        || port
            .strip_prefix(':')
            .and_then(|port| port.parse::<u16>().ok())
            .is_some_and(|port| port > 0);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (port_fits && (host == "[::1]" || host.split('.').all(label))).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_or_this_machine() {
        for good in [
            "https://telemetry.atomic.example/v1/logs",
            "https://example.org:8443/v1/logs?ddsource=browser",
            "https://example.org",
            "http://127.0.0.1:4318/v1/logs",
            "http://[::1]:4318/",
            "http://localhost",
        ] {
            assert!(reach(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "http://example.org",
            "https://",
            "https:///v1",
            "ftp://127.0.0.1",
            "https://me@example.org",
            "https://example.org:0",
            "https://example.org:99999",
            "https://exa mple.org",
            "https://example.org/#x",
            "http://127.0.0.1.example.org",
            "http://localhost@example.org",
            "https://-x.org",
            "https://a..b",
        ] {
            assert!(reach(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_mail_address_is_bare_and_has_a_domain() {
        for good in ["privacy@tool.example", "data.protection+leaks@mail.tool.example"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in [
            "",
            "privacy",
            "privacy@",
            "@tool.example",
            "privacy@localhost",
            "mailto:privacy@tool.example",
            "Privacy <privacy@tool.example>",
            "a@b@tool.example",
            "privacy@tool.example:25",
            "privacy@tool.example/x",
            "privacy@tool .example",
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }
}

//! Through which relay e-mail goes, and to whom.

use std::path::PathBuf;

use super::limits;

/// E-mail through a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email {
    pub(crate) relay: Relay,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) user: Option<String>,
    pub(crate) password_file: Option<PathBuf>,
    /// A file of certificate authorities, instead of the system's.
    pub(crate) authorities: Option<PathBuf>,
}

/// A relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relay {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether TLS comes first; otherwise it is asked for with STARTTLS.
    pub(crate) begins_with_tls: bool,
}

impl Relay {
    /// Reads `smtp://HOST:PORT` or `smtps://HOST:PORT`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub(crate) fn new(url: &str) -> Result<Self, &'static str> {
        const FORM: &str =
            "write it as smtp://mail.example.org:587 or smtps://mail.example.org:465";
        let (begins_with_tls, rest) = match url.split_once("://") {
            Some(("smtp", rest)) => (false, rest),
            Some(("smtps", rest)) => (true, rest),
            _ => return Err(FORM),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err("an address is no place for a password: use `user` and `password-file`");
        }
        let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
            Some((host, port)) => (host, port.parse().map_err(|_| FORM)?),
            None => (rest, if begins_with_tls { 465 } else { 587 }),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
        if host.is_empty() || port == 0 || !host.bytes().all(is_host) {
            return Err(FORM);
        }
        Ok(Self { host: host.to_owned(), port, begins_with_tls })
    }

    pub(super) fn is_loopback(&self) -> bool {
        let address: Option<std::net::IpAddr> = self.host.parse().ok();
        self.host.eq_ignore_ascii_case("localhost")
            || address.is_some_and(|address| address.is_loopback())
    }
}

/// Whether a text is an address that can stand between `<` and `>` as it is.
pub(crate) fn is_mail_address(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&byte);
    let parts: Vec<&str> = text.split('@').collect();
    text.len() <= limits::ADDRESS_BYTES
        && text.bytes().all(is_plain)
        && matches!(parts[..], [local, host] if !local.is_empty() && !host.is_empty())
}

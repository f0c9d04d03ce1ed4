//! A name under which a collector is reached, as `Host` headers have it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A name under which a collector is reached: a domain name or an address,
/// without a scheme and without a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(Form);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form {
    /// In lower case, without a dot at its end.
    Domain(String),
    Address(IpAddr),
}

/// Bytes of a domain name (RFC 1035, section 2.3.4).
const NAME_BYTES: usize = 253;

/// Bytes of a part between two dots.
const LABEL_BYTES: usize = 63;

impl HostName {
    /// The address, if it is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self.0 {
            Form::Address(address) => Some(address),
            Form::Domain(_) => None,
        }
    }
}

/// The host that a request asks for: the text of a `Host` header or of its
/// target, without the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskedHost<'a> {
    Domain(&'a str),
    Address(IpAddr),
}

impl<'a> AskedHost<'a> {
    /// `None` if it is none.
    pub(crate) fn of(host: &'a str) -> Option<Self> {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        if let Some(inside) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return inside.parse::<Ipv6Addr>().ok().map(|address| Self::Address(address.into()));
        }
        let name = name.strip_suffix('.').unwrap_or(name);
        let domain = (!name.is_empty() && !name.contains(':')).then_some(Self::Domain(name));
        name.parse::<Ipv4Addr>().map_or(domain, |address| Some(Self::Address(address.into())))
    }

    /// Whether it names this machine and nothing else.
    pub(crate) fn is_loopback(self) -> bool {
        match self {
            Self::Domain(name) => name.eq_ignore_ascii_case("localhost"),
            Self::Address(address) => address.is_loopback(),
        }
    }

    /// Whether it is this one.
    pub(crate) fn is(self, own: &HostName) -> bool {
        match (self, &own.0) {
            (Self::Domain(name), Form::Domain(own)) => name.eq_ignore_ascii_case(own),
            (Self::Address(address), Form::Address(own)) => address == *own,
            _ => false,
        }
    }
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        if let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let address: Ipv6Addr = inside.parse().map_err(|_| HostNameError)?;
            return Ok(Self(Form::Address(address.into())));
        }
        if let Ok(address) = text.parse() {
            return Ok(Self(Form::Address(address)));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_label = |label: &str| {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            (1..=LABEL_BYTES).contains(&label.len())
                && label.bytes().all(is_allowed)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A last label of digits is an address that is not one.
        let ends_in_number =
            name.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        if name.len() > NAME_BYTES || ends_in_number || !name.split('.').all(is_label) {
            return Err(HostNameError);
        }
        Ok(Self(Form::Domain(name.to_ascii_lowercase())))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Domain(name) => out.write_str(name),
            Form::Address(address) => address.fmt(out),
        }
    }
}

/// A text is not the name of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostNameError;

impl fmt::Display for HostNameError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "not the name of a host: give a name or an address alone, without `https://`, port, path \
             or `*`, such as telemetry.example.org; other letters than those of English as `xn--…`",
        )
    }
}

impl std::error::Error for HostNameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read() {
        for (text, read) in [
            ("telemetry.example.org", "telemetry.example.org"),
            ("Telemetry.Example.ORG.", "telemetry.example.org"),
            ("localhost", "localhost"),
            ("a_b.example", "a_b.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("203.0.113.5", "203.0.113.5"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8:0::1]", "2001:db8::1"),
        ] {
            assert_eq!(text.parse::<HostName>().expect(text).to_string(), read, "{text}");
        }
        for text in [
            "",
            ".",
            "a..b",
            "https://telemetry.example.org",
            "telemetry.example.org:443",
            "telemetry.example.org/",
            "*.example.org",
            "bücher.example",
            "-a.example",
            "a-.example",
            "a b",
            "1.2.3",
            "256.1.1.1",
            "[::1",
            "[127.0.0.1]",
            &"a".repeat(64),
            &"a.".repeat(128),
        ] {
            assert_eq!(text.parse::<HostName>(), Err(HostNameError), "{text}");
        }
    }

    #[test]
    fn a_request_names_a_host_with_any_port() {
        let is = |host: &str, own: &str| {
            let own = own.parse().unwrap();
            AskedHost::of(host).is_some_and(|host| host.is(&own))
        };
        let own = "telemetry.example.org";
        for host in [own, "TELEMETRY.example.org:8443", "telemetry.example.org.:1"] {
            assert!(is(host, own), "{host}");
        }
        for host in [
            "",
            ":80",
            ".",
            "telemetry.example.org:80x",
            "telemetry.example.org@evil.example",
            "a.telemetry.example.org",
            "127.0.0.1",
        ] {
            assert!(!is(host, own), "{host}");
        }
        assert!(is("[0:0::1]:80", "::1") && is("203.0.113.5:443", "203.0.113.5"));
        assert!(!is("::1", "::1") && !is("203.0.113.50", "203.0.113.5"));
    }

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        let is = |host: &str| AskedHost::of(host).is_some_and(AskedHost::is_loopback);
        for host in
            ["localhost", "LOCALHOST:80", "127.0.0.1:4318", "127.9.9.9", "[::1]:80", "[::1]"]
        {
            assert!(is(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "example.org:80",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "10.0.0.1",
            "0.0.0.0:80",
            "[::]:80",
            "[::1",
            "::1",
            "localhost:80x",
        ] {
            assert!(!is(host), "{host}");
        }
    }
}

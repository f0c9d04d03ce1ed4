//! The proxy for a destination, from the variables that curl reads and in its
//! order: `https_proxy`, `all_proxy` and `no_proxy`, lower case before upper
//! case. Empty variables are ignored. Where none names a proxy, that of the
//! system's settings counts.
//!
//! A person who sets a proxy may have no other route, or may not want one. So a
//! proxy that cannot be used ends the request: nothing goes around it.

use std::net::IpAddr;

#[cfg(feature = "ureq")]
use ureq::{Proxy, ProxyProtocol};

#[cfg(feature = "ureq")]
use super::{TransportError, TransportErrorKind};
use crate::ProxySettings;

/// The variables that are read, as `curl` reads them: for addresses of HTTPS,
/// for all, and for hosts without a proxy.
pub(super) const NAMES: [[&str; 2]; 3] =
    [["https_proxy", "HTTPS_PROXY"], ["all_proxy", "ALL_PROXY"], ["no_proxy", "NO_PROXY"]];

/// A proxy that the environment or the system's settings name.
pub(super) struct NamedProxy {
    /// The variable; `None` if it is the system's.
    pub(super) variable: Option<&'static str>,
    value: String,
}

impl NamedProxy {
    /// Its whole address, with user and password.
    #[cfg(any(feature = "ureq", feature = "curl"))]
    pub(super) fn address(&self) -> &str {
        &self.value
    }

    /// Its address as a person is shown it: scheme, host and port, and not the
    /// user and the password before them.
    pub(super) fn masked(&self) -> String {
        let (scheme, rest) = match self.value.split_once("://") {
            Some((scheme, rest)) => (format!("{scheme}://"), rest),
            None => (String::new(), self.value.as_str()),
        };
        // A password may have a slash in it.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((_, rest)) => ("***@", rest),
            None => ("", rest),
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        format!("{scheme}{user}{host}")
    }
}

/// The proxy for an address without its scheme. `None` if none is named, or if
/// the host is exempt.
pub(super) fn named(
    address: &str,
    variable: impl Fn(&str) -> Option<String>,
    system: impl FnOnce() -> Option<ProxySettings>,
) -> Option<NamedProxy> {
    let first = |names: [&'static str; 2]| {
        let named = names.into_iter().map(|name| (name, variable(name).unwrap_or_default()));
        named.into_iter().find(|(_, value)| !value.is_empty())
    };
    let [https, all, no] = NAMES;
    let host = host(address);
    let named = match first(https).or_else(|| first(all)) {
        Some((variable, value)) => NamedProxy { variable: Some(variable), value },
        None => NamedProxy { variable: None, value: system()?.for_https(host)? },
    };
    let exempt = first(no).map(|(_, list)| list).unwrap_or_default();
    (!is_exempt(host, &exempt)).then_some(named)
}

/// The proxy to use for an address without its scheme.
///
/// # Errors
///
/// Returns [`TransportErrorKind::Proxy`] if the proxy's address is not valid or
/// it is a SOCKS proxy.
#[cfg(feature = "ureq")]
pub(super) fn to(
    address: &str,
    variable: impl Fn(&str) -> Option<String>,
    system: impl FnOnce() -> Option<ProxySettings>,
) -> Result<Option<Proxy>, TransportError> {
    let Some(named) = named(address, variable, system) else { return Ok(None) };
    let unusable = |problem: &str| TransportError::new(TransportErrorKind::Proxy, problem);
    let proxy = Proxy::new(named.address())
        .map_err(|_| unusable("the address of the proxy is not valid"))?;
    match proxy.protocol() {
        ProxyProtocol::Http | ProxyProtocol::Https => Ok(Some(proxy)),
        // ureq without its SOCKS feature would connect directly.
        _ => Err(unusable("SOCKS proxies are not supported")),
    }
}

/// The host of an address; an IPv6 address without its brackets.
fn host(address: &str) -> &str {
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a list exempts a host. `*` exempts all, a name exempts itself and
/// its subdomains, and an address exempts itself or, as a block such as
/// `10.0.0.0/8`, all in it.
fn is_exempt(host: &str, list: &str) -> bool {
    let entries = list.split(|letter: char| letter == ',' || letter.is_ascii_whitespace());
    let mut entries = entries.filter(|entry| !entry.is_empty());
    match host.parse() {
        Ok(address) => entries.any(|entry| entry == "*" || is_in(address, entry)),
        Err(_) => entries.any(|entry| entry == "*" || is_below(host, entry)),
    }
}

fn is_below(host: &str, entry: &str) -> bool {
    let plain = |name: &str| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let (host, name) = (plain(host), plain(entry.strip_prefix('.').unwrap_or(entry)));
    let before = host.strip_suffix(&name).filter(|_| !name.is_empty());
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn is_in(address: IpAddr, entry: &str) -> bool {
    let (block, bits) = match entry.split_once('/') {
        Some((block, bits)) => (block, bits.parse::<u32>().ok()),
        None => (entry, Some(u128::BITS)),
    };
    let block = block.trim_start_matches('[').trim_end_matches(']').parse();
    let (Ok(block), Some(bits)) = (block, bits) else { return false };
    // Both left-aligned in 128 bits.
    let (one, other) = match (address, block) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            (u128::from(one.to_bits()) << 96, u128::from(other.to_bits()) << 96)
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits()),
        _ => return false,
    };
    // The first `bits` bits are equal.
    (one ^ other).leading_zeros() >= bits.min(u128::BITS)
}

#[cfg(all(test, feature = "ureq"))]
mod tests {
    use super::*;

    /// What the environment makes of a destination: the proxy's address, `-`
    /// for none, or the failure.
    fn told(variables: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let found = variables.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let settings = |server: &str| ProxySettings {
            server: server.to_owned(),
            bypass: "*.other".to_owned(),
        };
        let system = variable("system").map(|server| settings(&server));
        match to("telemetry.example:8443/v1/logs?x=y", variable, || system) {
            Ok(Some(proxy)) => format!("{}:{}", proxy.host(), proxy.port()),
            Ok(None) => "-".to_owned(),
            Err(error) => error.kind().name().to_owned(),
        }
    }

    #[test]
    fn the_nearest_variable_counts_and_nothing_goes_around_it() {
        for (variables, expected) in [
            (&[][..], "-"),
            (&[("https_proxy", "http://a:1")], "a:1"),
            (&[("HTTPS_PROXY", "a:1")], "a:1"),
            (&[("HTTPS_PROXY", "https://me:secret@a")], "a:443"),
            (&[("HTTPS_PROXY", "http://b:2"), ("https_proxy", "http://a:1")], "a:1"),
            (&[("ALL_PROXY", "http://b:2"), ("HTTPS_PROXY", "http://a:1")], "a:1"),
            (&[("all_proxy", "socks5h://b:2"), ("HTTPS_PROXY", "http://a:1")], "a:1"),
            (&[("ALL_PROXY", "http://b:2"), ("https_proxy", "")], "b:2"),
            // Not for what goes over TLS.
            (&[("http_proxy", "http://a:1"), ("HTTP_PROXY", "http://a:1")], "-"),
            (&[("ALL_PROXY", "socks5://a:1")], "proxy"),
            (&[("ALL_PROXY", "socks5h://a:1")], "proxy"),
            (&[("all_proxy", "socks4://a:1")], "proxy"),
            (&[("HTTPS_PROXY", "socks://a:1"), ("ALL_PROXY", "http://b:2")], "proxy"),
            (&[("HTTPS_PROXY", "ftp://a:1")], "proxy"),
            (&[("HTTPS_PROXY", "http://"), ("ALL_PROXY", "http://b:2")], "proxy"),
            (&[("HTTPS_PROXY", "\u{fffd}")], "proxy"),
            (&[("HTTPS_PROXY", "socks5://a"), ("NO_PROXY", "example")], "-"),
            (&[("HTTPS_PROXY", "a"), ("NO_PROXY", "*"), ("no_proxy", "other")], "a:80"),
            // The system's settings are for where no variable names a proxy.
            (&[("system", "s:9")], "s:9"),
            (&[("system", "http=h:8;https=http://s:9")], "s:9"),
            (&[("system", "http=h:8")], "-"),
            (&[("system", "socks=h:8")], "proxy"),
            (&[("system", "s:9"), ("https_proxy", "a:1")], "a:1"),
            (&[("system", "s:9"), ("ALL_PROXY", "")], "s:9"),
            (&[("system", "s:9"), ("no_proxy", "telemetry.example")], "-"),
        ] {
            assert_eq!(told(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn a_list_exempts_names_and_what_is_below_them_addresses_and_blocks() {
        for (host, list) in [
            ("telemetry.example", "*"),
            ("telemetry.example", "other, telemetry.example"),
            ("a.telemetry.example", "telemetry.example"),
            ("a.telemetry.example", ".telemetry.example"),
            ("telemetry.example", ".telemetry.example"),
            ("Telemetry.Example.", "other telemetry.EXAMPLE."),
            ("127.0.0.1", "127.0.0.1"),
            ("10.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "0.0.0.0/0"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("::1", "[::1]"),
            ("fd00::7", "fd00::/8"),
        ] {
            assert!(is_exempt(host, list), "{host} {list}");
        }
        for (host, list) in [
            ("telemetry.example", ""),
            ("telemetry.example", ", ."),
            ("telemetry.example", "a.telemetry.example"),
            ("nottelemetry.example", "telemetry.example"),
            ("telemetry.example", "telemetry.example:443"),
            ("127.0.0.1", "0.0.1"),
            ("11.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "10.0.0.0/x"),
            ("10.1.2.3", "::/0"),
            ("::1", "::2"),
        ] {
            assert!(!is_exempt(host, list), "{host} {list}");
        }
        assert_eq!(host("me@[::1]:8443/x:y"), "::1");
        assert_eq!(host("telemetry.example?x"), "telemetry.example");
    }
}

//! What the proxy in front says of a request: whether it came over TLS, and
//! from where.
//!
//! A proxy adds to what a client has sent, at the end: only the last entries
//! are its own.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::config::TrustedProxy;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The proxy in front of this collector.
#[derive(Debug, Clone)]
pub(crate) struct ProxyInFront(pub(crate) TrustedProxy);

/// What a proxy says of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForwardedScheme {
    /// The client spoke TLS with it.
    Https,
    /// The client did not.
    Http,
    /// Nothing.
    Unsaid,
}

impl ProxyInFront {
    /// Whether it connects from this address.
    pub(crate) fn is_at(&self, address: IpAddr) -> bool {
        let own = &self.0.addresses;
        own.is_empty() || self.is_stated(address)
    }

    fn is_stated(&self, address: IpAddr) -> bool {
        self.0.addresses.iter().any(|own| own.to_canonical() == address.to_canonical())
    }

    /// The address of the client, by each of both headers that says one. A
    /// proxy sets one of them, and the other may be the client's own invention:
    /// both are counted, so that an invention gains nothing.
    pub(crate) fn clients(&self, headers: &HeaderMap) -> [Option<IpAddr>; 2] {
        let by_proxy = self.client(entries(headers, &FORWARDED_FOR, ',').collect());
        let standard = entries(headers, &header::FORWARDED, ',');
        let standard = self.client(standard.filter_map(|hop| parameter(hop, "for")).collect());
        if by_proxy == standard { [by_proxy, None] } else { [by_proxy, standard] }
    }

    /// The last address that is not a stated proxy's.
    fn client(&self, named: Vec<&str>) -> Option<IpAddr> {
        let mut nearest = None;
        for name in named.into_iter().rev() {
            // Beyond something that cannot be read, nobody can be trusted.
            let Some(address) = address(name) else { break };
            nearest = Some(address);
            if !self.is_stated(address) {
                break;
            }
        }
        nearest
    }
}

impl ForwardedScheme {
    /// Every header that speaks of it must say the same: a client may have sent
    /// the one that the proxy does not set.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let by_proxy = entries(headers, &FORWARDED_PROTO, ',');
        let standard =
            entries(headers, &header::FORWARDED, ',').filter_map(|hop| parameter(hop, "proto"));
        let (mut said, mut is_https) = (false, true);
        for scheme in by_proxy.chain(standard) {
            said = true;
            is_https &= scheme.eq_ignore_ascii_case("https");
        }
        match (said, is_https) {
            (false, _) => Self::Unsaid,
            (true, true) => Self::Https,
            (true, false) => Self::Http,
        }
    }
}

/// The entries of a list in all headers of a name, in order. One that is not
/// text is empty.
fn entries<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    between: char,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let values = headers.get_all(name).into_iter();
    values.flat_map(move |value| value.to_str().unwrap_or("").split(between).map(str::trim))
}

/// A parameter of one hop of `Forwarded` (RFC 7239, section 4), without quotes.
fn parameter<'a>(hop: &'a str, wanted: &str) -> Option<&'a str> {
    hop.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_wanted = name.trim().eq_ignore_ascii_case(wanted);
        is_wanted.then(|| value.trim().trim_matches('"'))
    })
}

/// An address, perhaps in brackets and with a port.
fn address(text: &str) -> Option<IpAddr> {
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    text.parse().ok().or_else(in_brackets).or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_client_is_the_last_that_a_proxy_added() {
        let proxy = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
            ProxyInFront(TrustedProxy { addresses, identity_header: None })
        };
        let (one, two) = (proxy(&["10.0.0.1"]), proxy(&["10.0.0.1", "10.0.0.2"]));
        for (proxy, pairs, client) in [
            (&one, &[][..], None),
            (&one, &[("x-forwarded-for", "203.0.113.5")], Some("203.0.113.5")),
            (&one, &[("x-forwarded-for", "198.51.100.9, 203.0.113.5")], Some("203.0.113.5")),
            (
                &one,
                &[("x-forwarded-for", "198.51.100.9"), ("x-forwarded-for", "203.0.113.5")],
                Some("203.0.113.5"),
            ),
            (&two, &[("x-forwarded-for", "1.1.1.1, 203.0.113.5, 10.0.0.2")], Some("203.0.113.5")),
            (&one, &[("x-forwarded-for", "1.1.1.1, 203.0.113.5, 10.0.0.2")], Some("10.0.0.2")),
            (&two, &[("x-forwarded-for", "10.0.0.2")], Some("10.0.0.2")),
            (&two, &[("x-forwarded-for", "1.1.1.1, unknown, 10.0.0.2")], Some("10.0.0.2")),
            (&one, &[("x-forwarded-for", "unknown")], None),
            (&one, &[("x-forwarded-for", "203.0.113.5:4711")], Some("203.0.113.5")),
            (&one, &[("x-forwarded-for", "2001:db8::5")], Some("2001:db8::5")),
            (&one, &[("forwarded", "for=\"[2001:db8::5]:4711\";proto=https")], Some("2001:db8::5")),
            (
                &one,
                &[("forwarded", "for=1.1.1.1, For=203.0.113.5;by=10.0.0.1")],
                Some("203.0.113.5"),
            ),
            (&one, &[("forwarded", "for=_hidden")], None),
        ] {
            let expected: Option<IpAddr> = client.map(|text| text.parse().unwrap());
            let clients = proxy.clients(&headers(pairs));
            let named: Vec<IpAddr> = clients.into_iter().flatten().collect();
            assert_eq!(named, Vec::from_iter(expected), "{pairs:?}");
        }
    }

    /// A client may send the one that the proxy leaves alone.
    #[test]
    fn both_headers_name_a_client() {
        let proxy = ProxyInFront(TrustedProxy::default());
        let said = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "203.0.113.5")];
        let both = ["203.0.113.5", "1.1.1.1"].map(|text| Some(text.parse().unwrap()));
        assert_eq!(proxy.clients(&headers(&said)), both);
        let same = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "1.1.1.1")];
        assert_eq!(proxy.clients(&headers(&same)), [Some("1.1.1.1".parse().unwrap()), None]);
    }

    #[test]
    fn only_what_is_https_all_the_way_is() {
        for (pairs, scheme) in [
            (&[][..], ForwardedScheme::Unsaid),
            (&[("forwarded", "for=203.0.113.5")], ForwardedScheme::Unsaid),
            (&[("x-forwarded-proto", "https")], ForwardedScheme::Https),
            (&[("x-forwarded-proto", "HTTPS, https")], ForwardedScheme::Https),
            (&[("forwarded", "for=203.0.113.5;proto=https")], ForwardedScheme::Https),
            (&[("forwarded", "proto=\"https\"")], ForwardedScheme::Https),
            (&[("x-forwarded-proto", "http")], ForwardedScheme::Http),
            (&[("x-forwarded-proto", "https,http")], ForwardedScheme::Http),
            (&[("x-forwarded-proto", "")], ForwardedScheme::Http),
            (
                &[("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")],
                ForwardedScheme::Http,
            ),
            (&[("x-forwarded-proto", "http"), ("forwarded", "proto=https")], ForwardedScheme::Http),
            (&[("x-forwarded-proto", "https"), ("forwarded", "proto=http")], ForwardedScheme::Http),
        ] {
            assert_eq!(ForwardedScheme::of(&headers(pairs)), scheme, "{pairs:?}");
        }
    }

    #[test]
    fn it_is_where_it_was_stated() {
        let anywhere = ProxyInFront(TrustedProxy::default());
        assert!(anywhere.is_at("203.0.113.5".parse().unwrap()));
        let addresses = vec!["10.0.0.1".parse().unwrap(), "fd00::1".parse().unwrap()];
        let stated = ProxyInFront(TrustedProxy { addresses, identity_header: None });
        for (address, is) in
            [("10.0.0.1", true), ("::ffff:10.0.0.1", true), ("fd00::1", true), ("fd00::2", false)]
        {
            assert_eq!(stated.is_at(address.parse().unwrap()), is, "{address}");
        }
    }
}

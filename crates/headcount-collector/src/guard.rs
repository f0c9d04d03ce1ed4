//! Guards every request and answer: a request must be for this machine, and an
//! answer tells browsers what they may do with it.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use axum::response::Response;

use crate::answer;
use crate::config::Access;

/// Rejects requests that a web page makes through a browser on this machine.
///
/// In development there is no sign-in: the numbers are safe because only this
/// machine can ask. A page whose domain name resolves to 127.0.0.1 (DNS
/// rebinding) asks from this machine too, but its requests carry its own name.
pub(crate) fn check_host<B>(access: Access, request: &Request<B>) -> Result<(), Box<Response>> {
    match access {
        Access::Development if !names_this_machine(request.headers(), request.uri()) => {
            Err(Box::new(answer::error(
                StatusCode::MISDIRECTED_REQUEST,
                "with --development, this collector answers requests to this machine only: use \
                 localhost or 127.0.0.1",
            )))
        }
        Access::Development => Ok(()),
    }
}

/// Whether a web page of another origin made this request, as far as its
/// browser says so.
///
/// A page can send some requests to every address without asking first: those
/// that an HTML form can send. Nobody who uses the page agreed to them.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    let of = |name: HeaderName| headers.get(name).map(HeaderValue::as_bytes);
    let by_site = match of(HeaderName::from_static("sec-fetch-site")) {
        None | Some(b"same-origin" | b"none") => false,
        Some(_) => true,
    };
    let by_origin = of(header::ORIGIN).is_some_and(|origin| {
        let host = of(header::HOST).unwrap_or_default();
        origin.strip_prefix(b"http://").is_none_or(|own| !own.eq_ignore_ascii_case(host))
    });
    by_site || by_origin
}

/// Whether the `Host` headers and the request target name this machine, as far
/// as they name any.
fn names_this_machine(headers: &HeaderMap, uri: &Uri) -> bool {
    let target = uri.host().is_none_or(is_loopback);
    let mut hosts = headers.get_all(header::HOST).iter();
    target && hosts.all(|host| host.to_str().is_ok_and(|host| is_loopback(without_port(host))))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_loopback(host: &str) -> bool {
    let in_brackets = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match in_brackets {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// Adds the headers by which a browser may show an answer and do nothing else:
/// load nothing from elsewhere, run no script, frame it nowhere, send no
/// referrer, cache nothing.
///
/// Where pages of every origin may read the answer, `origin` is named, because
/// browsers that send cookies along do not accept `*`.
pub(crate) fn protect(response: &mut Response, origin: Option<HeaderValue>) {
    let headers = response.headers_mut();
    for (name, value) in PROTECTION {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        cors(headers, origin);
    }
}

fn cors(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const PROTECTION: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (RESOURCE_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_origins_are_told_apart() {
        let is = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:7070"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_cross_site(&headers)
        };
        for own in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-origin"), ("origin", "http://LOCALHOST:7070")],
        ] {
            assert!(!is(own), "{own:?}");
        }
        for other in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:7070")],
            &[("sec-fetch-site", "anything")],
            &[("origin", "null")],
            &[("origin", "http://localhost:3000")],
            &[("origin", "http://localhost")],
            &[("origin", "https://localhost:7070")],
            &[("origin", "http://localhost:7070.evil.example")],
            &[("origin", "")],
        ] {
            assert!(is(other), "{other:?}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in
            ["localhost", "LOCALHOST:80", "127.0.0.1:4318", "127.9.9.9", "[::1]:80", "[::1]"]
        {
            assert!(is_loopback(without_port(host)), "{host}");
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
            assert!(!is_loopback(without_port(host)), "{host}");
        }
    }
}

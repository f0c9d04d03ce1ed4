//! Guards every request and answer: a request must be for this machine, and an
//! answer tells browsers what they may do with it.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::answer;
use crate::app::App;
use crate::config::Access;

/// Rejects requests that a web page makes through a browser on this machine.
///
/// In development there is no sign-in: the numbers are safe because only this
/// machine can ask. A page whose domain name resolves to 127.0.0.1 (DNS
/// rebinding) asks from this machine too, but its requests carry its own name.
pub(crate) async fn check_host(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    match app.access {
        Access::Development if !names_this_machine(request.headers(), request.uri()) => {
            answer::error(
                StatusCode::MISDIRECTED_REQUEST,
                "with --development, this collector answers requests to this machine only: use \
                 localhost or 127.0.0.1",
            )
        }
        Access::Development => next.run(request).await,
    }
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
pub(crate) async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

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

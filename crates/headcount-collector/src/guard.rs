//! Guards every request and answer: a request must be for this collector, and
//! an answer tells browsers what they may do with it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use axum::response::Response;

use crate::answer;
use crate::door::{OwnNames, Scheme, is_open};
use crate::host_name::AskedHost;
use crate::style;

/// Rejects requests for another name than the collector's own.
///
/// In development there is no sign-in: the numbers are safe because only this
/// machine can ask. A page whose domain name resolves to 127.0.0.1 (DNS
/// rebinding) asks from this machine too, but its requests carry its own name.
pub(crate) fn check_host<B>(names: &OwnNames, request: &Request<B>) -> Result<(), Box<Response>> {
    let (in_development, path) =
        (matches!(names, OwnNames::ThisMachineAnd(_)), request.uri().path());
    let is_anybodys = is_open(path) && !in_development;
    if is_anybodys || is_own(names, request.headers(), request.uri()) {
        return Ok(());
    }
    let sentence = match names {
        OwnNames::ThisMachineAnd(_) => {
            "with --development, this collector answers requests to this machine only: use localhost \
             or 127.0.0.1"
        }
        OwnNames::Any | OwnNames::Stated(_) => {
            "this collector does not answer under this name: use its own, or start it with --host and \
             this name, too"
        }
    };
    Err(Box::new(answer::error(StatusCode::MISDIRECTED_REQUEST, sentence)))
}

/// Whether a web page of another origin made this request, as far as its
/// browser says so. `scheme` is that of the collector's own addresses.
///
/// A page can send some requests to every address without asking first: those
/// that an HTML form can send. Nobody who uses the page agreed to them.
pub(crate) fn is_cross_site(headers: &HeaderMap, scheme: Scheme) -> bool {
    let of = |name: HeaderName| headers.get(name).map(HeaderValue::as_bytes);
    let site = of(HeaderName::from_static("sec-fetch-site"));
    let by_site = match site {
        None | Some(b"same-origin" | b"none") => false,
        Some(_) => true,
    };
    let by_origin = of(header::ORIGIN).is_some_and(|origin| {
        // A form of the collector's own page, if a proxy in front has made its
        // `Referrer-Policy` stricter: then browsers hide the origin.
        if origin == b"null" && site == Some(b"same-origin") {
            return false;
        }
        let host = of(header::HOST).unwrap_or_default();
        let of_scheme = origin.strip_prefix(scheme.as_str().as_bytes());
        let bare = |name: &'_ [u8]| name.strip_suffix(scheme.usual_port()).unwrap_or(name).to_vec();
        of_scheme.is_none_or(|own| !bare(own).eq_ignore_ascii_case(&bare(host)))
    });
    by_site || by_origin
}

/// Whether the `Host` headers and the request target are names of the
/// collector's. In development they may name nothing.
fn is_own(names: &OwnNames, headers: &HeaderMap, uri: &Uri) -> bool {
    if *names == OwnNames::Any {
        return true;
    }
    let is_own = |host: &str| AskedHost::of(host).is_some_and(|asked| names.have(asked));
    let is_named = uri.host().is_some() || headers.contains_key(header::HOST);
    let target = uri.host().is_none_or(is_own);
    let mut hosts = headers.get_all(header::HOST).iter();
    let may_be_unnamed = matches!(names, OwnNames::ThisMachineAnd(_));
    (is_named || may_be_unnamed) && target && hosts.all(|host| host.to_str().is_ok_and(is_own))
}

/// Adds the headers by which a browser may show an answer and do nothing else:
/// load nothing from elsewhere, run no script, frame it nowhere, tell no other
/// site where it comes from, cache nothing. With `no-referrer` a form's own
/// origin would be `null` (Fetch, "append a request `Origin` header"), which is
/// another site's.
///
/// Where pages of every origin may read the answer, `origin` is named, because
/// browsers that send cookies along do not accept `*`.
pub(crate) fn protect(response: &mut Response, origin: Option<HeaderValue>) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, style::content_policy());
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

const PROTECTION: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (RESOURCE_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HostName;

    #[test]
    fn pages_of_other_origins_are_told_apart() {
        let is = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:7070"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_cross_site(&headers, Scheme::Http)
        };
        for own in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-origin"), ("origin", "http://LOCALHOST:7070")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
        ] {
            assert!(!is(own), "{own:?}");
        }
        for other in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:7070")],
            &[("sec-fetch-site", "anything")],
            &[("origin", "null")],
            &[("sec-fetch-site", "none"), ("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ("origin", "null")],
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
    fn an_origin_is_a_scheme_too() {
        let is = |origin: &'static str, scheme| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("telemetry.example.org"));
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            is_cross_site(&headers, scheme)
        };
        assert!(!is("https://telemetry.example.org", Scheme::Https));
        assert!(is("http://telemetry.example.org", Scheme::Https));
        assert!(is("https://telemetry.example.org", Scheme::Http));
    }

    #[test]
    fn only_its_own_names_are_answered() {
        let own = |names: &OwnNames, target: &str, hosts: &[&'static str]| {
            let mut request = Request::get(target);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            check_host(names, &request.body(()).unwrap()).is_ok()
        };
        let name = |text: &str| text.parse::<HostName>().unwrap();
        let stated = OwnNames::Stated(vec![name("a.example"), name("203.0.113.5")]);
        for (target, hosts) in [
            ("/", &["a.example"][..]),
            ("/", &["A.example:8443"]),
            ("/", &["203.0.113.5:443"]),
            ("https://a.example/", &["a.example"]),
            ("https://a.example:1/", &[]),
            ("/healthz", &["b.example"]),
            ("/readyz", &[]),
        ] {
            assert!(own(&stated, target, hosts), "{target} {hosts:?}");
        }
        for (target, hosts) in [
            ("/", &[][..]),
            ("/", &["b.example"]),
            ("/", &["localhost"]),
            ("/", &["a.example.evil.example"]),
            ("/", &["a.example", "b.example"]),
            ("https://b.example/", &["a.example"]),
            ("https://a.example/", &["b.example"]),
            ("/healthz/more", &["b.example"]),
        ] {
            assert!(!own(&stated, target, hosts), "{target} {hosts:?}");
        }
        assert!(own(&OwnNames::Any, "/", &["anything:1", "\u{e9}"]));
        let development = OwnNames::ThisMachineAnd(vec![name("a.example")]);
        for host in ["localhost:1", "127.0.0.1", "[::1]:7070", "a.example"] {
            assert!(own(&development, "/", &[host]), "{host}");
        }
        assert!(own(&development, "/", &[]));
        for path in ["/", "/healthz"] {
            assert!(!own(&development, path, &["b.example"]));
        }
    }
}

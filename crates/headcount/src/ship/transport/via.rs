//! What stands between this machine and a destination, as the environment and
//! the system's settings say: a proxy, and the certificate authorities that
//! vouch for whom we talk to. Pure; the same for every transport.
//!
//! Who sets these variables decides who can read what is sent, so a person is
//! shown both. A proxy alone only passes on what it cannot read. An authority
//! of the environment's can vouch for anybody, who may then be anybody: what
//! such an answer asks for is not kept.

use super::proxy::{self, NamedProxy};
use crate::{ProxySettings, Surroundings};

/// The variables that name certificate authorities. (`CURL_CA_BUNDLE` is for
/// `curl` alone and is not passed on to it.)
pub(super) const AUTHORITIES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Where systems keep their own authorities: a variable that names one of these
/// changes nothing. Only an administrator can write there.
pub(super) const SYSTEM_FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];
const SYSTEM_FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Where a proxy is from that no variable names.
const SYSTEM_SETTINGS: &str = "the system's settings";

/// What stands between this machine and a destination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Via {
    /// `http://proxy.example:3128`, without user and password.
    pub(crate) proxy: Option<String>,
    /// The variable that names the proxy, or [`SYSTEM_SETTINGS`].
    pub(crate) proxy_from: Option<&'static str>,
    /// `SSL_CERT_FILE=/home/me/ca.pem`, or several; `None` for the system's.
    pub(crate) authorities: Option<String>,
}

impl Via {
    /// What stands before an address in these surroundings.
    pub(crate) fn here(url: &str, surroundings: &Surroundings) -> Self {
        let system = || surroundings.system_proxy.settings();
        Self::of(url, |name| surroundings.variable(name), system)
    }

    /// What stands before an address, by the environment's variables and the
    /// system's settings. Plain HTTP is for loopback, where there is neither.
    fn of(
        url: &str,
        variable: impl Fn(&str) -> Option<String>,
        system: impl FnOnce() -> Option<ProxySettings>,
    ) -> Self {
        let Some(address) = url.strip_prefix("https://") else { return Self::default() };
        let named = proxy::named(address, &variable, system);
        let authorities = AUTHORITIES.into_iter().filter_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            let systems = SYSTEM_FILES.iter().chain(&SYSTEM_FOLDERS);
            let is_system =
                systems.into_iter().any(|system| *system == value.trim_end_matches('/'));
            (!is_system).then(|| format!("{name}={value}"))
        });
        let authorities: Vec<String> = authorities.collect();
        Self {
            proxy_from: named.as_ref().map(|named| named.variable.unwrap_or(SYSTEM_SETTINGS)),
            proxy: named.as_ref().map(NamedProxy::masked),
            authorities: (!authorities.is_empty()).then(|| authorities.join(", ")),
        }
    }

    /// Whether an answer can only come from the destination, as far as the
    /// machine's own authorities can tell.
    pub(crate) fn is_vouched_for(&self) -> bool {
        self.authorities.is_none()
    }

    /// The lines that tell a person, for example `Through the proxy
    /// http://proxy.example:3128 (HTTPS_PROXY)`.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let (Some(proxy), Some(from)) = (&self.proxy, self.proxy_from) {
            lines.push(format!("Through the proxy {proxy} ({from})"));
        }
        if let Some(authorities) = &self.authorities {
            lines.push(format!(
                "Certificate authorities from the environment: {authorities}. Who set this can read what is sent"
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn via(url: &str, variables: &[(&str, &str)]) -> Via {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let system = variable("system").map(|server| {
            let bypass = "<local>;*.internal.example".to_owned();
            ProxySettings { server, bypass }
        });
        Via::of(url, variable, || system)
    }

    const URL: &str = "https://telemetry.example/v1/logs";

    #[test]
    fn a_proxy_is_named_without_its_password() {
        for (variable, value, shown) in [
            ("HTTPS_PROXY", "http://proxy.example:3128", "http://proxy.example:3128"),
            (
                "https_proxy",
                "http://me:secret@proxy.example:3128/",
                "http://***@proxy.example:3128",
            ),
            ("ALL_PROXY", "me:secret@proxy.example", "***@proxy.example"),
            ("all_proxy", "socks5h://me:se/cr@et@proxy.example:1", "socks5h://***@proxy.example:1"),
            ("HTTPS_PROXY", "http://proxy.example/?token=secret", "http://proxy.example"),
        ] {
            let via = via(URL, &[(variable, value)]);
            assert_eq!((via.proxy.as_deref(), via.proxy_from), (Some(shown), Some(variable)));
            assert!(via.is_vouched_for(), "a proxy cannot read TLS");
        }
        let via = via(URL, &[("system", "http=a:1;https=proxy.example:3128")]);
        assert_eq!(via.proxy.as_deref(), Some("proxy.example:3128"));
        let told = "Through the proxy proxy.example:3128 (the system's settings)";
        assert_eq!(via.sentences(), [told]);
        for none in [
            &[][..],
            &[("system", "http=a:1")],
            &[("system", "a:1"), ("NO_PROXY", "telemetry.example")],
            &[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "telemetry.example")],
            &[("HTTPS_PROXY", "http://a"), ("no_proxy", "*")],
            &[("HTTP_PROXY", "http://a"), ("http_proxy", "http://a")],
            &[("HTTPS_PROXY", "")],
        ] {
            assert_eq!(super::tests::via(URL, none), Via::default(), "{none:?}");
        }
    }

    #[test]
    fn an_authority_of_the_environments_is_named_and_not_believed() {
        for (variables, shown) in [
            (&[("SSL_CERT_FILE", "/home/me/ca.pem")][..], "SSL_CERT_FILE=/home/me/ca.pem"),
            (&[("SSL_CERT_DIR", "ca")], "SSL_CERT_DIR=ca"),
            (
                &[("SSL_CERT_FILE", "/a"), ("SSL_CERT_DIR", "/b")],
                "SSL_CERT_FILE=/a, SSL_CERT_DIR=/b",
            ),
            (
                &[("SSL_CERT_FILE", "/etc/ssl/certs/../../x.pem")],
                "SSL_CERT_FILE=/etc/ssl/certs/../../x.pem",
            ),
        ] {
            let via = via(URL, variables);
            assert_eq!(via.authorities.as_deref(), Some(shown));
            assert!(!via.is_vouched_for());
        }
        for system in [
            ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
            ("SSL_CERT_DIR", "/etc/ssl/certs/"),
            ("SSL_CERT_FILE", ""),
            ("CURL_CA_BUNDLE", "/home/me/ca.pem"),
        ] {
            assert!(via(URL, &[system]).is_vouched_for(), "{system:?}");
        }
        let here = [("SSL_CERT_FILE", "/a"), ("HTTPS_PROXY", "http://a")];
        assert_eq!(via("http://127.0.0.1:9/e", &here), Via::default());
    }
}

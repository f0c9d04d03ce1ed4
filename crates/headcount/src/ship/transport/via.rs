//! What stands between this machine and a destination, as the environment says:
//! a proxy, and the certificate authorities that vouch for whom we talk to.
//! Pure; the same for every transport.
//!
//! Who sets these variables decides who can read what is sent, so a person is
//! shown both. A proxy alone only passes on what it cannot read. An authority
//! of the environment's can vouch for anybody, who may then be anybody: what
//! such an answer asks for is not kept.

use super::proxy::{self, NamedProxy};

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

/// What stands between this machine and a destination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Via {
    /// `http://proxy.example:3128`, without user and password.
    pub(crate) proxy: Option<String>,
    /// The variable that names the proxy.
    pub(crate) proxy_variable: Option<&'static str>,
    /// `SSL_CERT_FILE=/home/me/ca.pem`, or several; `None` for the system's.
    pub(crate) authorities: Option<String>,
}

impl Via {
    /// What stands before an address, by the environment's variables. Plain
    /// HTTP is for loopback, where there is neither.
    pub(crate) fn of(url: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        let Some(address) = url.strip_prefix("https://") else { return Self::default() };
        let named = proxy::named(address, &variable);
        let authorities = AUTHORITIES.into_iter().filter_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            let systems = SYSTEM_FILES.iter().chain(&SYSTEM_FOLDERS);
            let is_system =
                systems.into_iter().any(|system| *system == value.trim_end_matches('/'));
            (!is_system).then(|| format!("{name}={value}"))
        });
        let authorities: Vec<String> = authorities.collect();
        Self {
            proxy_variable: named.as_ref().map(|named| named.variable),
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
        if let (Some(proxy), Some(variable)) = (&self.proxy, self.proxy_variable) {
            lines.push(format!("Through the proxy {proxy} ({variable})"));
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
        Via::of(url, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
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
            assert_eq!((via.proxy.as_deref(), via.proxy_variable), (Some(shown), Some(variable)));
            assert!(via.is_vouched_for(), "a proxy cannot read TLS");
        }
        for none in [
            &[][..],
            &[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "telemetry.example")],
            &[("HTTPS_PROXY", "http://a"), ("no_proxy", "*")],
            &[("HTTP_PROXY", "http://a"), ("http_proxy", "http://a")],
            &[("HTTPS_PROXY", "")],
        ] {
            assert_eq!(via(URL, none), Via::default(), "{none:?}");
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

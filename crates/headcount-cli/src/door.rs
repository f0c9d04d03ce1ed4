//! The flags of `headcount serve` that say who gets to it, and how: TLS of its
//! own or a proxy in front, and under which names.

use std::net::IpAddr;
use std::path::PathBuf;

use headcount_collector::{Encryption, HostName, IdentityHeader, TlsFiles, TrustedProxy};

/// Who gets to the collector, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Door {
    /// Certificate for TLS of its own, in PEM, with those of the authorities
    /// between; read again when it changes
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A proxy in front speaks TLS; with its addresses nobody else is served
    #[arg(
        long,
        value_name = "ADDRESS,…",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = proxy_addresses
    )]
    pub(crate) behind_proxy: Option<ProxyAddresses>,
    /// Header in which the proxy says who reads; with --behind-proxy=ADDRESS
    #[arg(long, value_name = "NAME")]
    pub(crate) identity_header: Option<IdentityHeader>,
    /// A name under which the collector is reached, without a port; may be
    /// given several times
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<HostName>,
}

/// The addresses of a proxy; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ProxyAddresses(pub(crate) Vec<IpAddr>);

/// Reads addresses with commas between them.
pub(crate) fn proxy_addresses(text: &str) -> Result<ProxyAddresses, String> {
    let address = |text: &str| {
        text.trim().parse::<IpAddr>().map_err(|_| {
            format!(
                "`{text}` is not an address: give those that the proxy connects from, without ports, \
                 such as 127.0.0.1 or 10.0.0.2,fd00::2"
            )
        })
    };
    let texts = text.split(',').filter(|_| !text.trim().is_empty());
    texts.map(address).collect::<Result<_, _>>().map(ProxyAddresses)
}

impl Door {
    /// What keeps others from reading along.
    ///
    /// # Errors
    ///
    /// Says which flags do not go together, and what to do.
    pub(crate) fn encryption(&self, development: bool) -> Result<Encryption, &'static str> {
        let encryption = match (&self.tls_cert, &self.tls_key, &self.behind_proxy) {
            (None, None, None) => Encryption::None,
            (Some(_), None, None) => return Err(NO_KEY),
            (None, Some(_), None) => return Err(NO_CERTIFICATE),
            (Some(certificate), Some(key), None) => {
                let files = TlsFiles { certificate: certificate.clone(), key: key.clone() };
                Encryption::Own(files)
            }
            (None, None, Some(ProxyAddresses(addresses))) => Encryption::Proxy(TrustedProxy {
                addresses: addresses.clone(),
                identity_header: self.identity_header.clone(),
            }),
            (_, _, Some(_)) => return Err(BOTH),
        };
        let has_addresses = self.behind_proxy.as_ref().is_some_and(|proxy| !proxy.0.is_empty());
        if self.identity_header.is_some() && !has_addresses {
            return Err(IDENTITY_OF_ANYBODY);
        }
        if development && encryption != Encryption::None {
            return Err(DEVELOPMENT);
        }
        Ok(encryption)
    }
}

const NO_KEY: &str = "--tls-cert needs the certificate's private key: give --tls-key FILE, too";

const NO_CERTIFICATE: &str = "--tls-key needs the key's certificate: give --tls-cert FILE, too";

const BOTH: &str = "--behind-proxy and --tls-cert do not go together: either the proxy in front \
                    speaks TLS, or the collector does; leave one out";

const IDENTITY_OF_ANYBODY: &str = "--identity-header needs the addresses of the proxy that sets the \
                                   header, or anybody could set it: give \
                                   --behind-proxy=ADDRESS, too";

const DEVELOPMENT: &str = "--development is for this machine alone, without keys and without \
                           sign-in, so it goes with neither TLS nor a proxy: leave it out, and see \
                           docs/operate/tls.md";

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Alone {
        #[command(flatten)]
        door: Door,
    }

    fn door(args: &[&str]) -> Result<Door, String> {
        let args = std::iter::once("serve").chain(args.iter().copied());
        Alone::try_parse_from(args).map(|read| read.door).map_err(|error| error.to_string())
    }

    fn encryption(args: &[&str], development: bool) -> Result<Encryption, &'static str> {
        door(args).unwrap().encryption(development)
    }

    #[test]
    fn each_form_is_read() {
        assert_eq!(encryption(&[], true), Ok(Encryption::None));
        let own = TlsFiles { certificate: "a.pem".into(), key: "b.pem".into() };
        let args = ["--tls-cert", "a.pem", "--tls-key", "b.pem"];
        assert_eq!(encryption(&args, false), Ok(Encryption::Own(own)));
        let anywhere = TrustedProxy::default();
        assert_eq!(encryption(&["--behind-proxy"], false), Ok(Encryption::Proxy(anywhere)));
        let stated = TrustedProxy {
            addresses: vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()],
            identity_header: Some("x-user".parse().unwrap()),
        };
        let args = ["--behind-proxy=127.0.0.1,::1", "--identity-header", "X-User"];
        assert_eq!(encryption(&args, false), Ok(Encryption::Proxy(stated)));
        let hosts = door(&["--host", "a.example", "--host", "B.example"]).unwrap().hosts;
        assert_eq!(hosts, ["a.example", "b.example"].map(|name| name.parse().unwrap()));
    }

    #[test]
    fn what_does_not_go_together_is_a_sentence() {
        let own = ["--tls-cert", "a", "--tls-key", "b"];
        for (args, development, told) in [
            (&["--tls-cert", "a"][..], false, NO_KEY),
            (&["--tls-key", "a"], false, NO_CERTIFICATE),
            (&[&own[..], &["--behind-proxy"]].concat(), false, BOTH),
            (&["--tls-cert", "a", "--behind-proxy"], false, BOTH),
            (&own, true, DEVELOPMENT),
            (&["--behind-proxy"], true, DEVELOPMENT),
            (&["--identity-header", "x-user"], false, IDENTITY_OF_ANYBODY),
            (&["--behind-proxy", "--identity-header", "x-user"], false, IDENTITY_OF_ANYBODY),
        ] {
            assert_eq!(encryption(args, development), Err(told), "{args:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_can() {
        for (args, told) in [
            (&["--behind-proxy=nginx"][..], "`nginx` is not an address"),
            (&["--behind-proxy=10.0.0.1:80"], "without ports"),
            (&["--behind-proxy=10.0.0.1,"], "`` is not an address"),
            (&["--host", "https://a.example"], "without `https://`"),
            (&["--host", "a.example:443"], "port"),
            (&["--identity-header", "cookie"], "of the proxy's own"),
            (&["--identity-header", "a b"], "of the proxy's own"),
        ] {
            let error = door(args).unwrap_err();
            assert!(error.contains(told), "{args:?}: {error}");
        }
    }
}

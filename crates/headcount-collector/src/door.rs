//! Who gets in, and how: under which names, encrypted by whom, and how often.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::Request;
use tokio::time::Instant;

use crate::config::{Access, Config, Encryption, HostName};
use crate::connection_facts::{ConnectionFacts, PeerHash, PeerStanding};
use crate::encryption::{ForwardedScheme, OwnCertificate, ProxyInFront};
use crate::error::StartFailure;
use crate::host_name::AskedHost;
use crate::peer_salt::PeerSalt;
use crate::rates::Rates;

/// Who gets in, and how.
pub(crate) struct Door {
    pub(crate) names: OwnNames,
    pub(crate) salt: PeerSalt,
    pub(crate) rates: Rates,
    way: Way,
}

/// What connections are.
enum Way {
    Plain,
    Encrypted(Arc<OwnCertificate>),
    Forwarded(ProxyInFront),
}

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// It did not come from the proxy in front.
    NotFromTheProxy,
    /// The proxy does not say whether the client spoke TLS with it.
    SchemeUnsaid,
    /// The client did not speak TLS with the proxy.
    NotEncrypted,
    /// It is plain HTTP, and the collector speaks TLS.
    WithoutTls,
    /// Its client sends too often.
    TooOften,
}

/// The scheme of the addresses under which this collector is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Whether everybody may ask for this path, whoever they are and whatever they
/// call the collector.
pub(crate) fn is_open(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

impl Scheme {
    /// The port that an address need not name, as one that names it ends.
    pub(crate) fn usual_port(self) -> &'static [u8] {
        match self {
            Self::Http => b":80",
            Self::Https => b":443",
        }
    }

    /// As an address begins with it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http://",
            Self::Https => "https://",
        }
    }
}

/// The names under which a collector answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OwnNames {
    /// Every name.
    Any,
    /// These.
    Stated(Vec<HostName>),
    /// Those of this machine alone, and these.
    ThisMachineAnd(Vec<HostName>),
}

impl OwnNames {
    pub(crate) fn of(access: Access, hosts: &[HostName]) -> Self {
        if access == Access::Development {
            Self::ThisMachineAnd(hosts.to_vec())
        } else if hosts.is_empty() {
            Self::Any
        } else {
            Self::Stated(hosts.to_vec())
        }
    }

    /// Whether a name is one of its own.
    pub(crate) fn have(&self, asked: AskedHost<'_>) -> bool {
        let is_stated = |hosts: &[HostName]| hosts.iter().any(|own| asked.is(own));
        match self {
            Self::Any => true,
            Self::Stated(hosts) => is_stated(hosts),
            Self::ThisMachineAnd(hosts) => asked.is_loopback() || is_stated(hosts),
        }
    }
}

impl Door {
    /// Reads the certificate, if there is to be one.
    pub(crate) fn open(config: &Config) -> Result<Self, StartFailure> {
        let way = match &config.encryption {
            Encryption::None => Way::Plain,
            Encryption::Own(files) => {
                let (clock, log) = (Arc::clone(&config.clock), config.log.clone());
                let own = OwnCertificate::open(files, &config.hosts, clock, log)
                    .map_err(StartFailure::Certificate)?;
                Way::Encrypted(Arc::new(own))
            }
            Encryption::Proxy(proxy) => Way::Forwarded(ProxyInFront(proxy.clone())),
        };
        let now = Instant::now();
        let rates =
            if config.access == Access::Development { Rates::none() } else { Rates::new(now) };
        Ok(Self {
            names: OwnNames::of(config.access, &config.hosts),
            salt: PeerSalt::new(now).map_err(StartFailure::RandomBytes)?,
            rates,
            way,
        })
    }

    /// Whether a request is let in, and what it then knows of its connection.
    ///
    /// Whoever only asks whether the collector is alive, such as the proxy
    /// itself, need not come through the proxy, nor encrypted.
    pub(crate) fn admit<B>(
        &self,
        request: &Request<B>,
        peer: PeerHash,
        standing: PeerStanding,
        now: Instant,
    ) -> Result<ConnectionFacts, TurnedAway> {
        if standing == PeerStanding::WithoutTls {
            return Err(TurnedAway::WithoutTls);
        }
        let is_encrypted = self.scheme() == Scheme::Https;
        let mut facts = ConnectionFacts { peers: [Some(peer), None], is_encrypted };
        if let Some(proxy) = self.proxy() {
            let said = match standing {
                PeerStanding::Proxy => ForwardedScheme::of(request.headers()),
                _ => ForwardedScheme::Unsaid,
            };
            facts.is_encrypted = said == ForwardedScheme::Https;
            if !is_open(request.uri().path()) {
                match (standing, said) {
                    (PeerStanding::Proxy, ForwardedScheme::Https) => {}
                    (PeerStanding::Proxy, ForwardedScheme::Unsaid) => {
                        return Err(TurnedAway::SchemeUnsaid);
                    }
                    (PeerStanding::Proxy, ForwardedScheme::Http) => {
                        return Err(TurnedAway::NotEncrypted);
                    }
                    _ => return Err(TurnedAway::NotFromTheProxy),
                }
            }
            if standing == PeerStanding::Proxy {
                // A proxy that does not say whose the request is has
                // everybody's.
                let clients = proxy.clients(request.headers());
                facts.peers = clients.map(|client| Some(self.salt.hash(client?)));
            }
        }
        for peer in facts.clients() {
            self.rates.request_of(peer, now).map_err(|_| TurnedAway::TooOften)?;
        }
        Ok(facts)
    }

    /// The certificate, if there is one.
    pub(crate) fn certificate(&self) -> Option<&Arc<OwnCertificate>> {
        match &self.way {
            Way::Encrypted(own) => Some(own),
            _ => None,
        }
    }

    /// The proxy in front, if there is one.
    pub(crate) fn proxy(&self) -> Option<&ProxyInFront> {
        match &self.way {
            Way::Forwarded(proxy) => Some(proxy),
            _ => None,
        }
    }

    /// The scheme that connections speak: behind a proxy that of the proxy's.
    pub(crate) fn listening_scheme(&self) -> Scheme {
        match self.way {
            Way::Plain | Way::Forwarded(_) => Scheme::Http,
            Way::Encrypted(_) => Scheme::Https,
        }
    }

    /// Where clients reach a collector that listens here: under its first name,
    /// if it has one. Which port a proxy listens on is the usual one.
    pub(crate) fn url(&self, listening: SocketAddr, hosts: &[HostName]) -> String {
        let scheme = self.scheme();
        let Some(host) = hosts.first() else {
            return format!("{}{listening}", self.listening_scheme().as_str());
        };
        let usual = if scheme == Scheme::Https { 443 } else { 80 };
        let is_usual = self.proxy().is_some() || listening.port() == usual;
        let port = if is_usual { String::new() } else { format!(":{}", listening.port()) };
        match host.address() {
            Some(IpAddr::V6(address)) => format!("{}[{address}]{port}", scheme.as_str()),
            _ => format!("{}{host}{port}", scheme.as_str()),
        }
    }

    /// The scheme of every request that is served.
    pub(crate) fn scheme(&self) -> Scheme {
        match self.way {
            Way::Plain => Scheme::Http,
            Way::Encrypted(_) | Way::Forwarded(_) => Scheme::Https,
        }
    }
}

#[cfg(test)]
impl Door {
    /// A plain one that limits nobody.
    pub(crate) fn of_development() -> Self {
        Self {
            names: OwnNames::ThisMachineAnd(Vec::new()),
            salt: PeerSalt::new(Instant::now()).expect("random bytes"),
            rates: Rates::none(),
            way: Way::Plain,
        }
    }

    /// The same that limits everybody.
    pub(crate) fn limited(self) -> Self {
        Self { rates: Rates::new(Instant::now()), ..self }
    }

    /// The same with TLS.
    pub(crate) fn encrypted(self, own: OwnCertificate) -> Self {
        Self { way: Way::Encrypted(Arc::new(own)), ..self }
    }

    /// The same behind a proxy on this machine.
    pub(crate) fn forwarded(self) -> Self {
        let addresses = vec![std::net::Ipv4Addr::LOCALHOST.into()];
        let proxy = crate::config::TrustedProxy { addresses, identity_header: None };
        Self { way: Way::Forwarded(ProxyInFront(proxy)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_reach_it_under_its_first_name() {
        let listening = |port| SocketAddr::from(([0, 0, 0, 0], port));
        let hosts =
            |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<_>>();
        let (plain, proxied) = (Door::of_development(), Door::of_development().forwarded());
        for (door, port, names, url) in [
            (&plain, 7070, &[][..], "http://0.0.0.0:7070"),
            (&plain, 7070, &["a.example", "b.example"], "http://a.example:7070"),
            (&plain, 80, &["2001:db8::1"], "http://[2001:db8::1]"),
            (&proxied, 7070, &[], "http://0.0.0.0:7070"),
            (&proxied, 7070, &["a.example"], "https://a.example"),
        ] {
            assert_eq!(door.url(listening(port), &hosts(names)), url);
        }
    }
}

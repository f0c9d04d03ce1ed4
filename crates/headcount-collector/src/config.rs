//! What a collector is given at its start. It asks its surroundings for nothing
//! else.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::{HeaderName, header};
use headcount_catalog::Time;

use crate::operator_log::OperatorLog;
use crate::registry::Registry;

pub use crate::host_name::{HostName, HostNameError};

/// Returns the current time.
pub type TimeSource = Arc<dyn Fn() -> Time + Send + Sync>;

/// How a collector knows how much time has passed since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedTime {
    /// The system measures it, whatever the clock says: so a clock that is set
    /// wrong is noticed.
    Measured,
    /// As much as the clock says, for a clock that is moved by hand. One that
    /// goes on too far is noticed at the next start only.
    OfTheClock,
}

/// Everything a collector is given.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of events and secret. Nothing is written anywhere else.
    pub data: PathBuf,
    /// What may be collected.
    pub registry: Registry,
    /// Who may write and read.
    pub access: Access,
    /// What keeps others from reading along.
    pub encryption: Encryption,
    /// The names under which it is reached. Without any, every name is its own,
    /// except in development.
    pub hosts: Vec<HostName>,
    /// The current time.
    pub clock: TimeSource,
    /// How it knows how much time has passed.
    pub passed: PassedTime,
    /// What the operator is told.
    pub log: OperatorLog,
    /// Where events and counts are.
    pub store: StoreConfig,
}

/// Where events and counts are.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum StoreConfig {
    /// In one file in the data folder.
    #[default]
    Embedded,
    /// In ClickHouse, and until they have arrived there, in a spool on this
    /// machine.
    #[cfg(feature = "clickhouse")]
    ClickHouse(headcount_store::ClickHouseSettings),
}

/// Who may write and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everyone on this machine, and no other machine. A product's name is a
    /// valid key, and so is the public key in its catalog; pages and questions
    /// need no sign-in.
    Development,
    /// Those who have a write key may write, and readers may read who have a
    /// password or a token. They are kept in the data folder
    /// ([`offline::credentials`](crate::offline::credentials)), and a change
    /// holds within ten seconds.
    Credentials,
}

/// What keeps others from reading along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// Nothing: plain HTTP.
    #[default]
    None,
    /// TLS of its own.
    Own(TlsFiles),
    /// A proxy in front of it, which speaks TLS with the clients and plain HTTP
    /// with the collector.
    Proxy(TrustedProxy),
}

/// The files of a certificate, both in PEM. They are read again once they have
/// changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by those of the authorities between it and
    /// one that clients know.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The proxy in front of a collector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxy {
    /// The addresses that it connects from. Other connections are refused;
    /// without any, none is.
    pub addresses: Vec<IpAddr>,
    /// The header in which it says who reads.
    pub identity_header: Option<IdentityHeader>,
}

/// The name of a header in which a proxy says who reads, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityHeader(String);

impl IdentityHeader {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdentityHeader {
    type Err = IdentityHeaderError;

    fn from_str(text: &str) -> Result<Self, IdentityHeaderError> {
        let name: HeaderName = text.parse().map_err(|_| IdentityHeaderError)?;
        let is_of_http = [
            header::AUTHORIZATION,
            header::CONNECTION,
            header::CONTENT_LENGTH,
            header::CONTENT_TYPE,
            header::COOKIE,
            header::FORWARDED,
            header::HOST,
            header::ORIGIN,
            header::TRANSFER_ENCODING,
            header::USER_AGENT,
        ]
        .contains(&name)
            || ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
                .contains(&name.as_str());
        if is_of_http { Err(IdentityHeaderError) } else { Ok(Self(name.as_str().to_owned())) }
    }
}

/// A text is not the name of a header that can say who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityHeaderError;

impl fmt::Display for IdentityHeaderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "not the name of a header of the proxy's own: give one that it sets itself on every request \
             and that clients cannot set, such as X-Auth-Request-User",
        )
    }
}

impl std::error::Error for IdentityHeaderError {}

impl fmt::Debug for Config {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("access", &self.access)
            .field("encryption", &self.encryption)
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

//! The linked transport: `ureq` with rustls.

use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Error, Proxy, SendBody};

use super::guarded::through;
use super::lookup::{self, Lookup};
use super::{Gate, Request, Response, Transport, TransportError, TransportErrorKind};
use super::{proxy, trust};
use crate::{SystemProxy, limits};

/// Sends over HTTP and HTTPS from inside the program.
#[derive(Debug)]
pub struct Ureq {
    /// For loopback, where no proxy is needed.
    plain: Agent,
    /// For TLS. Read when needed: that takes milliseconds.
    roots: OnceLock<RootCerts>,
}

impl Ureq {
    /// A transport that uses the proxies of the environment, else of the
    /// system, and follows no redirect.
    #[must_use]
    pub fn new() -> Self {
        Self { plain: agent(TlsConfig::default()), roots: OnceLock::new() }
    }

    /// The agent for an address, and the proxy to use.
    ///
    /// Each request over TLS has an agent of its own: an agent may resume its
    /// TLS sessions, and by that a server would recognize the device that it
    /// knew under another id.
    fn route(&self, url: &str) -> Result<(Agent, Option<Proxy>), TransportError> {
        let Some(rest) = url.strip_prefix("https://") else {
            return Ok((self.plain.clone(), None));
        };
        let variable = |name: &str| std::env::var_os(name);
        let text = |name: &str| Some(variable(name)?.to_string_lossy().into_owned());
        let proxy = proxy::to(rest, text, || SystemProxy::System.settings())?;
        let roots = || trust::roots(|name| variable(name).map(PathBuf::from));
        let roots = self.roots.get_or_init(roots).clone();
        Ok((agent(TlsConfig::builder().root_certs(roots).build()), proxy))
    }
}

impl Default for Ureq {
    fn default() -> Self {
        Self::new()
    }
}

fn agent(tls: TlsConfig) -> Agent {
    let config = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A connection carries one request, so never two ids.
        .max_idle_connections(0)
        .user_agent("")
        .accept("")
        // Set per request: ureq reads the environment differently from curl.
        .proxy(None)
        .tls_config(tls)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Lookup)
}

impl Ureq {
    fn run(
        &self,
        request: &Request,
        limit: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        let (agent, proxy) = self.route(&request.url)?;
        let is_proxied = proxy.is_some();
        let bytes = request.sent();
        let mut call = agent.post(&request.url);
        for (name, value) in &request.headers {
            call = call.header(*name, value);
        }
        let call = call
            .header("content-length", bytes.len().to_string())
            .config()
            .timeout_global(Some(limit))
            .proxy(proxy)
            .build();
        let mut body = GatedBody { bytes: Cursor::new(&bytes[..]), gate, passed: Passed::NotYet };
        let sent = call.send(SendBody::from_reader(&mut body));
        if body.passed == Passed::Shut {
            return Err(TransportError::withdrawn());
        }
        let mut answer = sent.map_err(|error| match kind_of(&error) {
            // With a proxy, it is the proxy that was not found.
            TransportErrorKind::Unresolved if is_proxied => {
                TransportError::new(TransportErrorKind::Proxy, error)
            }
            kind => TransportError::new(kind, error),
        })?;
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (retry_after, content_type) = (header("retry-after"), header("content-type"));
        let (status, send) = (answer.status().as_u16(), header(headcount_wire::SEND_HEADER));
        let head = Response { status, retry_after, content_type, send, body: Vec::new() };
        if !head.is_success() {
            let mut body = Vec::new();
            let mut reader = answer.body_mut().as_reader().take(limits::REFUSAL_BYTES);
            // Whatever became of the rest, the status came.
            let _ = reader.read_to_end(&mut body);
            return Ok(Response { body, ..head });
        }
        let body = answer.body_mut().with_config().limit(limits::ANSWER_BYTES).read_to_vec();
        let body = body.map_err(|error| TransportError::new(kind_of(&error), error))?;
        Ok(Response { body, ..head })
    }
}

impl Transport for Ureq {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        self.send_through(request, limit, &mut Gate::new(&mut || true))
    }

    fn send_through(
        &self,
        request: &Request,
        limit: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        through(gate, |gate| self.run(request, limit, gate))
    }
}

/// A body that passes the gate when it is first read: then the connection is
/// open.
struct GatedBody<'a, 'g> {
    bytes: Cursor<&'a [u8]>,
    gate: &'a mut Gate<'g>,
    passed: Passed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    NotYet,
    Open,
    Shut,
}

impl Read for GatedBody<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.passed == Passed::NotYet {
            self.passed = if self.gate.pass().is_ok() { Passed::Open } else { Passed::Shut };
        }
        match self.passed {
            Passed::Shut => Err(io::Error::other("the request was withdrawn")),
            Passed::Open | Passed::NotYet => self.bytes.read(into),
        }
    }
}

fn kind_of(error: &Error) -> TransportErrorKind {
    match error {
        Error::HostNotFound => TransportErrorKind::Unresolved,
        Error::Timeout(_) => TransportErrorKind::TimedOut,
        Error::ConnectionFailed => TransportErrorKind::Unreachable,
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => {
            TransportErrorKind::NotSecure
        }
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => TransportErrorKind::Proxy,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => TransportErrorKind::TooLong,
        Error::Io(error) => of_io(error),
        _ => TransportErrorKind::BrokenOff,
    }
}

fn of_io(error: &io::Error) -> TransportErrorKind {
    match error.kind() {
        io::ErrorKind::TimedOut => TransportErrorKind::TimedOut,
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => TransportErrorKind::Unreachable,
        // The errors of rustls arrive like this.
        io::ErrorKind::InvalidData => TransportErrorKind::NotSecure,
        _ if lookup::had_no_thread(error) => TransportErrorKind::NotRun,
        _ if is_of_lookup(error) => TransportErrorKind::Unresolved,
        _ => TransportErrorKind::BrokenOff,
    }
}

/// Whether a name could not be looked up. The kind of such an error has no
/// public name: on Unix its text is that of `std`, on Windows its code is one
/// of 11001 to 11004 (Windows Sockets, "WSAHOST_NOT_FOUND" to "WSANO_DATA").
fn is_of_lookup(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => cfg!(windows) && (11_001..=11_004).contains(&code),
        None => error.to_string().starts_with("failed to lookup address information"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cannot_be_looked_up_is_unresolved() {
        // A label has 63 bytes at most (RFC 1035, section 2.3.4): nobody is
        // asked for this one.
        let name = "a".repeat(64);
        let found = std::net::ToSocketAddrs::to_socket_addrs(&(name.as_str(), 80));
        let error = found.map(|_| ()).unwrap_err();
        assert_eq!(of_io(&error), TransportErrorKind::Unresolved, "{error:?}");
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(of_io(&reset), TransportErrorKind::BrokenOff);
    }
}

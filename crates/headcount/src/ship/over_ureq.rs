//! The transport that is linked in: `ureq` with rustls.

use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use ureq::tls::TlsConfig;
use ureq::{Agent, Error, SendBody};

use super::{Failure, Request, Response, Transport, TransportError, trust};
use crate::limits;

/// Sends over HTTP and HTTPS from inside the program.
#[derive(Debug)]
pub struct Ureq {
    direct: Agent,
    /// Made when it is needed: reading the machine's authorities takes
    /// milliseconds.
    proxied: OnceLock<Agent>,
}

impl Ureq {
    /// A transport that honours the environment's proxies and follows no
    /// redirect.
    #[must_use]
    pub fn new() -> Self {
        Self { direct: agent(Way::Plain), proxied: OnceLock::new() }
    }
}

impl Default for Ureq {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Copy)]
enum Way {
    /// To this machine, where no proxy has a business.
    Plain,
    /// Over TLS, through the environment's proxy where it names one.
    Secure,
}

fn agent(way: Way) -> Agent {
    let mut config = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A connection carries one request, and so never two ids.
        .max_idle_connections(0)
        .user_agent("")
        .accept("");
    match way {
        Way::Plain => config = config.proxy(None),
        Way::Secure => {
            let roots = trust::roots(|name| std::env::var_os(name).map(PathBuf::from));
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
    }
    config.build().new_agent()
}

impl Transport for Ureq {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        self.send_if(request, limit, &mut || true)
    }

    fn send_if(
        &self,
        request: &Request,
        limit: Duration,
        may: &mut dyn FnMut() -> bool,
    ) -> Result<Response, TransportError> {
        let agent = match request.url.starts_with("https://") {
            true => self.proxied.get_or_init(|| agent(Way::Secure)),
            false => &self.direct,
        };
        let bytes = request.sent();
        let mut call = agent.post(&request.url);
        for (name, value) in &request.headers {
            call = call.header(*name, value);
        }
        let call = call
            .header("content-length", bytes.len().to_string())
            .config()
            .timeout_global(Some(limit))
            .build();
        let mut body = Gate { bytes: Cursor::new(&bytes[..]), may, asked: Asked::NotYet };
        let sent = call.send(SendBody::from_reader(&mut body));
        if body.asked == Asked::SaidNo {
            return Err(TransportError::withdrawn());
        }
        let mut answer = sent.map_err(failed)?;
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (retry_after, content_type) = (header("retry-after"), header("content-type"));
        let send = header(headcount_wire::SEND_HEADER);
        let body = answer
            .body_mut()
            .with_config()
            .limit(limits::ANSWER_BYTES)
            .read_to_vec()
            .map_err(failed)?;
        Ok(Response { status: answer.status().as_u16(), retry_after, content_type, send, body })
    }
}

/// A body that is read only when the connection stands, and asks then.
struct Gate<'a> {
    bytes: Cursor<&'a [u8]>,
    may: &'a mut dyn FnMut() -> bool,
    asked: Asked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    NotYet,
    SaidYes,
    SaidNo,
}

impl Read for Gate<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.asked == Asked::NotYet {
            self.asked = if (self.may)() { Asked::SaidYes } else { Asked::SaidNo };
        }
        match self.asked {
            Asked::SaidNo => Err(io::Error::other("it was called back")),
            _ => self.bytes.read(into),
        }
    }
}

fn failed(error: Error) -> TransportError {
    let failure = match &error {
        Error::HostNotFound => Failure::Unresolved,
        Error::Timeout(_) => Failure::TimedOut,
        Error::ConnectionFailed => Failure::Unreachable,
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => Failure::NotSecure,
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => Failure::Proxy,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => Failure::TooLong,
        Error::Io(error) => of_io(error),
        _ => Failure::BrokenOff,
    };
    TransportError::new(failure, error)
}

fn of_io(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::TimedOut => Failure::TimedOut,
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Failure::Unreachable,
        // How rustls's own errors come through a stream.
        io::ErrorKind::InvalidData => Failure::NotSecure,
        _ => Failure::BrokenOff,
    }
}

//! Connections over TLS, and the answers on them. The certificates are those of
//! the collector's own tests.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use headcount_testkit::read_chunks;
use headcount_wire::base64;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value as Json;

macro_rules! der {
    ($name:literal) => {
        include_bytes!(concat!("../../../../headcount-collector/tests/collector/tls/", $name))
    };
}

const AUTHORITY: &[u8] = der!("authority.der");

/// A certificate with its chain, and its key.
type Pair = (&'static [&'static [u8]], (&'static str, &'static [u8]));

/// Two certificates of one server: each is the renewal of the other.
const PAIRS: [Pair; 2] = [
    (&[der!("server.der"), der!("between.der")], ("PRIVATE KEY", der!("server.pkcs8.der"))),
    (&[der!("rsa.der")], ("RSA PRIVATE KEY", der!("rsa.pkcs1.der"))),
];

/// Bytes of an answer that are more than any has.
const MOST: usize = 4 * 1024 * 1024;

/// How long an answer may take on a machine with much to do.
const ANSWER: Duration = Duration::from_secs(30);

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Writes `cert.pem` and `key.pem`, each whole at once, as the programs do that
/// renew certificates.
pub(super) fn write_certificate(folder: &Path, number: usize) {
    let (chain, (label, key)) = PAIRS[number % PAIRS.len()];
    let chain: String = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
    for (name, text) in [("cert.pem", chain), ("key.pem", pem(label, key))] {
        let new = folder.join("new");
        std::fs::write(&new, text).unwrap();
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::rename(new, folder.join(name)).unwrap();
    }
}

/// The certificate of this number, as a client sees it.
pub(super) fn certificate(number: usize) -> &'static [u8] {
    PAIRS[number % PAIRS.len()].0[0]
}

pub(super) fn config() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(AUTHORITY)).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// An answer, its header names in lower case.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is something else.
    pub(super) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }
}

/// One connection. An error means that there was no answer.
pub(super) struct Connection(StreamOwned<ClientConnection, TcpStream>);

impl Connection {
    pub(super) fn open(config: &Arc<ClientConfig>, address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost").expect("a name");
        let connection =
            ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
        Ok(Self(StreamOwned::new(connection, stream)))
    }

    pub(super) fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.0.write_all(request)?;
        self.0.flush()
    }

    /// Sends a request and reads its answer.
    pub(super) fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.send(request)?;
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            self.more(&mut bytes)?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut body = bytes.split_off(end + 4);
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        let headers: Vec<(String, String)> = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let answer = Answer { status: status.unwrap_or(0), headers, body: Vec::new() };
        if answer.header("transfer-encoding") == Some("chunked") {
            let body = read_chunks(&mut BufReader::new(body.as_slice().chain(&mut self.0)))?;
            return Ok(Answer { body, ..answer });
        }
        let length = answer.header("content-length").and_then(|value| value.parse().ok());
        // A body without a length would end with the connection, whole or not.
        let length: usize = length.unwrap_or_else(|| panic!("without a length: {answer:?}"));
        while body.len() < length {
            self.more(&mut body)?;
        }
        Ok(Answer { body, ..answer })
    }

    fn more(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut piece = [0; 4096];
        match self.0.read(&mut piece)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ if bytes.len() > MOST => Err(io::Error::other("an endless answer")),
            count => {
                bytes.extend_from_slice(&piece[..count]);
                Ok(())
            }
        }
    }

    /// The certificate that this connection was shown.
    pub(super) fn shown(mut self) -> io::Result<Vec<u8>> {
        while self.0.conn.is_handshaking() {
            self.0.conn.complete_io(&mut self.0.sock)?;
        }
        let shown = self.0.conn.peer_certificates().and_then(<[_]>::first);
        Ok(shown.map(|certificate| certificate.to_vec()).unwrap_or_default())
    }
}

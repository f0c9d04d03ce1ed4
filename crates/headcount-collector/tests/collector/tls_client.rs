//! A collector that speaks TLS, and a client that trusts the authority of these
//! tests. `tls/make.sh` makes the certificates.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use headcount_collector::{Collector, Config, Encryption, TlsFiles};
use headcount_testkit::Home;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

use crate::client::{Answer, Request, connect};
use crate::fixture::Fixture;

pub(crate) const AUTHORITY: &[u8] = include_bytes!("tls/authority.der");
pub(crate) const BETWEEN: &[u8] = include_bytes!("tls/between.der");
pub(crate) const SERVER: &[u8] = include_bytes!("tls/server.der");
pub(crate) const RSA: &[u8] = include_bytes!("tls/rsa.der");
pub(crate) const EXPIRED: &[u8] = include_bytes!("tls/expired.der");
pub(crate) const FUTURE: &[u8] = include_bytes!("tls/future.der");
pub(crate) const ELSEWHERE: &[u8] = include_bytes!("tls/elsewhere.der");
pub(crate) const KEY: &[u8] = include_bytes!("tls/server.pkcs8.der");
pub(crate) const SEC1_KEY: &[u8] = include_bytes!("tls/server.sec1.der");
pub(crate) const RSA_KEY: &[u8] = include_bytes!("tls/rsa.pkcs1.der");

/// Both protocols, the older first.
pub(crate) const VERSIONS: [&SupportedProtocolVersion; 2] =
    [&rustls::version::TLS12, &rustls::version::TLS13];

/// A block of PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in der.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for digit in 0..4 {
            let at = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit > three.len() { '=' } else { char::from(DIGITS[at as usize]) });
        }
    }
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Certificates one after the other.
pub(crate) fn chain(certificates: &[&[u8]]) -> String {
    certificates.iter().map(|der| pem("CERTIFICATE", der)).collect()
}

/// Where the two files are in a home.
pub(crate) fn files(home: &Home) -> TlsFiles {
    TlsFiles { certificate: home.path().join("tls/cert.pem"), key: home.path().join("tls/key.pem") }
}

/// Writes both files, each whole at once, the key for its owner alone.
pub(crate) fn write(home: &Home, certificates: &[&[u8]], (label, key): (&str, &[u8])) -> TlsFiles {
    let files = files(home);
    replace(home, &files.certificate, &chain(certificates));
    replace(home, &files.key, &pem(label, key));
    files
}

/// Writes a file of mode 600 under another name, and renames it.
pub(crate) fn replace(home: &Home, file: &PathBuf, text: &str) {
    home.write("tls/new", text);
    let new = home.path().join("tls/new");
    set_mode(&new, 0o600);
    std::fs::rename(new, file).expect("a file that can be replaced");
}

pub(crate) fn set_mode(file: &PathBuf, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(file, permissions).expect("a file of this user's");
    }
    #[cfg(not(unix))]
    let _ = (file, mode);
}

/// The configuration of a collector with the server's certificate.
pub(crate) fn config(fixture: &Fixture) -> Config {
    let files = write(&fixture.home, &[SERVER, BETWEEN], ("PRIVATE KEY", KEY));
    Config { encryption: Encryption::Own(files), ..fixture.config() }
}

/// A collector that speaks TLS.
pub(crate) fn start() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    let running = Collector::start(config(&fixture)).expect("a collector that starts");
    fixture.run(running);
    fixture
}

/// A client of these versions of TLS.
pub(crate) fn client(versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(AUTHORITY)).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

pub(crate) type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// An encrypted connection to `localhost` at this address.
pub(crate) fn encrypted(config: &Arc<ClientConfig>, address: SocketAddr) -> TlsStream {
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::clone(config), name).expect("a connection");
    StreamOwned::new(connection, connect(address))
}

/// Sends a request over TLS.
#[track_caller]
pub(crate) fn send(request: Request, address: SocketAddr) -> Answer {
    request.send_over(encrypted(&client(&VERSIONS), address), address)
}

/// The certificate that a new connection is shown.
pub(crate) fn shown(address: SocketAddr) -> Vec<u8> {
    let mut stream = encrypted(&client(&VERSIONS), address);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).expect("a handshake");
    }
    stream.conn.peer_certificates().expect("certificates")[0].to_vec()
}

//! The server with a door: clients that shake hands and do not end, that send
//! too often, and that hold too many connections.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use headcount_catalog::Time;
use headcount_testkit::Home;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio::time::Instant;

use super::tests::{PLACES, Served, answer};
use crate::config::TlsFiles;
use crate::door::Door;
use crate::encryption::OwnCertificate;
use crate::limits;
use crate::operator_log::OperatorLog;

const AUTHORITY: &[u8] = include_bytes!("../../tests/collector/tls/authority.der");
const FILES: TestFiles = TestFiles {
    certificate: include_bytes!("../../tests/collector/tls/rsa.der"),
    key: include_bytes!("../../tests/collector/tls/rsa.pkcs1.der"),
};

struct TestFiles {
    certificate: &'static [u8],
    key: &'static [u8],
}

/// The server's certificate, from files in PEM.
fn own_certificate(home: &Home) -> OwnCertificate {
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der))
    };
    let certificate = home.write("cert.pem", pem("CERTIFICATE", FILES.certificate));
    let key = home.write("key.pem", pem("RSA PRIVATE KEY", FILES.key));
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let files = TlsFiles { certificate, key };
    let clock = Arc::new(|| Time::from_seconds(1_795_176_000));
    OwnCertificate::open(&files, &[], clock, OperatorLog::unread()).unwrap()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let three = |three: &[u8]| {
        let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        let digit = |at: usize| match at > three.len() {
            true => '=',
            false => char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]),
        };
        [digit(0), digit(1), digit(2), digit(3)]
    };
    bytes.chunks(3).flat_map(three).collect()
}

fn client() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(AUTHORITY)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A new client that speaks TLS is served.
fn assert_serves_tls(served: &Served, client: &Arc<ClientConfig>) {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::clone(client), name).unwrap();
    let mut stream = StreamOwned::new(connection, served.connect(""));
    stream.write_all(HEALTH.as_bytes()).unwrap();
    let mut bytes = [0; 1_024];
    let read = stream.read(&mut bytes).unwrap();
    assert!(bytes[..read].starts_with(b"HTTP/1.1 200 OK"), "{read}");
}

#[test]
fn handshakes_that_do_not_end_hold_no_place() {
    let home = Home::new();
    let door = Door::of_development().encrypted(own_certificate(&home));
    let served = Served::behind(door, PLACES);
    let client = client();
    let start = Instant::now();
    // Nothing, the first byte, half a record, and a whole hello.
    let hello = {
        let name = ServerName::try_from("localhost").unwrap();
        let mut hello = Vec::new();
        let mut connection = ClientConnection::new(Arc::clone(&client), name).unwrap();
        connection.write_tls(&mut hello).unwrap();
        hello
    };
    for bytes in [&b""[..], b"\x16", &hello[..hello.len() / 2], &hello] {
        let silent: Vec<TcpStream> = (0..2 * PLACES)
            .map(|_| {
                let mut stream = served.connect("");
                // The oldest may be ended meanwhile.
                let _ = stream.write_all(bytes);
                stream
            })
            .collect();
        for _ in 0..3 {
            assert_serves_tls(&served, &client);
        }
        drop(silent);
    }
    assert!(start.elapsed() < limits::HANDSHAKE_TIME, "no deadline did it: {:?}", start.elapsed());
}

/// As many as there are places, and then a new one.
#[test]
fn whoever_is_new_is_served_within_a_second_of_all_half_open_handshakes() {
    let home = Home::new();
    let door = Door::of_development().encrypted(own_certificate(&home));
    let served = Served::behind(door, limits::CONNECTIONS);
    let client = client();
    let half_open: Vec<TcpStream> =
        (0..limits::CONNECTIONS).map(|_| served.connect("\u{16}\u{3}\u{1}")).collect();
    let start = Instant::now();
    assert_serves_tls(&served, &client);
    let took = start.elapsed();
    // A second, five times over for a machine that is busy with other tests.
    assert!(took.as_secs() < 5, "{took:?}");
    drop(half_open);
}

#[test]
fn a_client_that_sends_too_often_is_told_in_its_dialect() {
    let served = Served::behind(Door::of_development().limited(), PLACES);
    assert!(answer(&served.connect(HEALTH)).starts_with("HTTP/1.1 200 OK"));
    served.spend_for_an_hour([127, 0, 0, 1]);
    let told = answer(&served.connect(HEALTH));
    assert!(told.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{told}");
    let body = "{\"event\":\"invented\"}";
    let post = |path: &str, more: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\n{more}content-length: {length}\r\n\r\n{body}"
        )
    };
    for (request, form) in [
        (post("/api/v1/events", ""), "{\"error\":\"too many requests"),
        (
            post("/v1/logs", "content-type: application/json\r\n"),
            "{\"code\":8,\"message\":\"too many",
        ),
        (post("/v1/logs", "content-type: application/x-protobuf\r\n"), "\u{8}\u{8}\u{12}"),
        (post("/batch/", ""), "{\"error\":\"too_many_requests\""),
        (post("/i/v1/analytics/events", ""), "{\"error\":\"too_many_requests\""),
        (
            post("/api/v2/logs", ""),
            "{\"errors\":[{\"status\":\"429\",\"title\":\"Too Many Requests\"",
        ),
    ] {
        let told = answer(&served.connect(&request));
        assert!(told.starts_with("HTTP/1.1 429 "), "{told}");
        assert!(told.contains("retry-after: 5\r\n"), "{told}");
        let body = told.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap();
        assert!(body.starts_with(form), "{request}: {told}");
        let for_pages = request.contains("/batch") || request.contains("/api/v2");
        assert_eq!(
            told.contains("access-control-allow-origin"),
            for_pages || request.contains("/i/v1")
        );
    }
}

impl Served {
    /// From now on this client has sent too often.
    fn spend_for_an_hour(&self, address: [u8; 4]) {
        let (door, later) = (&self.app.app.door, Instant::now() + Duration::from_secs(3_600));
        door.rates.request_of(door.salt.hash(address.into()), later).unwrap();
    }
}

/// Whatever the address: a key that somebody took from a program does not keep
/// the other products out.
#[test]
fn a_key_that_is_sent_too_often_is_told_in_its_dialect() {
    let served = Served::behind(Door::of_development().limited(), PLACES);
    // Spent for an hour.
    let later = Instant::now() + Duration::from_secs(3_600);
    served.app.app.door.rates.request_with("smallest", later).unwrap();
    let event = "{\"event\":\"invented\"}";
    let batch = "{\"api_key\":\"smallest\",\"batch\":[{\"event\":\"invented\"}]}";
    let bearer = "authorization: Bearer smallest\r\n";
    let json = "authorization: Bearer smallest\r\ncontent-type: application/json\r\n";
    for (path, head, body, form) in [
        ("/api/v1/events", bearer, event, "{\"error\":\"too many requests"),
        ("/v1/logs", json, "{}", "{\"code\":8,\"message\":\"too many"),
        ("/batch/", "", batch, "{\"error\":\"too_many_requests\""),
        ("/api/v2/logs", "dd-api-key: smallest\r\n", "[]", "{\"errors\":[{\"status\":\"429\""),
        ("/api/v1/forget", bearer, "{}", "{\"error\":\"too many requests"),
    ] {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\n{head}content-length: {length}\r\n\r\n{body}"
        );
        let told = answer(&served.connect(&request));
        assert!(told.starts_with("HTTP/1.1 429 "), "{path}: {told}");
        assert!(told.contains("retry-after: 5\r\n") && told.contains(form), "{path}: {told}");
    }
    let other = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert!(answer(&served.connect(other)).starts_with("HTTP/1.1 200 OK"));
}

/// Behind a proxy each client has its own bucket, and the proxy has none.
#[test]
fn behind_a_proxy_a_client_is_whom_the_proxy_names() {
    let served = Served::behind(Door::of_development().limited().forwarded(), PLACES);
    let head = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-forwarded-proto: https\r\n";
    let of = |client: &str| format!("{head}x-forwarded-for: {client}\r\n\r\n");
    served.spend_for_an_hour([203, 0, 113, 5]);
    let is_served = |request: &str| answer(&served.connect(request)).starts_with("HTTP/1.1 200 OK");
    assert!(!is_served(&of("203.0.113.5")));
    assert!(is_served(&of("203.0.113.6")));
    // Whatever a client has sent itself neither helps it nor hurts others.
    assert!(!is_served(&of("203.0.113.7, 203.0.113.5")));
    assert!(is_served(&of("203.0.113.5, 203.0.113.6")));
    // The proxy's own question, whether it is alive.
    served.spend_for_an_hour([127, 0, 0, 1]);
    assert!(is_served(&format!("{head}\r\n")));
}

/// With 16 places a client has four.
#[test]
fn one_client_holds_a_quarter_of_the_places() {
    const MANY: usize = 4 * PLACES;
    let served = Served::behind(Door::of_development().limited(), MANY);
    let connected: Vec<TcpStream> = (0..PLACES)
        .map(|_| {
            let stream = served.connect(HEALTH);
            assert!(answer(&stream).starts_with("HTTP/1.1 200 OK"));
            stream
        })
        .collect();
    // All four go on.
    for mut stream in &connected {
        stream.write_all(HEALTH.as_bytes()).unwrap();
        assert!(answer(stream).starts_with("HTTP/1.1 200 OK"));
    }
    let next = served.connect(HEALTH);
    assert!(answer(&next).starts_with("HTTP/1.1 200 OK"));
    assert_eq!(answer(&connected[0]), "", "its own longest idle made room");
    let mut last = &connected[3];
    last.write_all(HEALTH.as_bytes()).unwrap();
    assert!(answer(last).starts_with("HTTP/1.1 200 OK"));
}

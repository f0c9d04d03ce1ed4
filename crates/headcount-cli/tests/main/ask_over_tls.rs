//! `headcount ask --url https://…` with an authority of one's own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use headcount_testkit::Home;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::stage::headcount;

const AUTHORITY: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/authority.pem");
const SERVER: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/server.der");
const EXPIRED: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/expired.der");
const KEY: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/server.key.der");

/// A collector that has one answer, over TLS. Returns its address.
fn secure(certificate: &'static [u8]) -> String {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client that does not trust it goes away.
            let _ = answer(StreamOwned::new(connection, stream));
        }
    });
    url
}

fn answer(stream: StreamOwned<ServerConnection, TcpStream>) -> std::io::Result<()> {
    stream.sock.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut stream = BufReader::new(stream);
    let mut line = String::from("a");
    while !line.trim().is_empty() {
        line.clear();
        stream.read_line(&mut line)?;
    }
    let body = "{\"question\":\"events\",\"product\":\"atomic\",\"rows\":[]}";
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.get_mut().write_all(head.as_bytes())?;
    stream.get_mut().write_all(body.as_bytes())?;
    stream.get_mut().conn.send_close_notify();
    stream.get_mut().flush()
}

#[test]
fn whom_it_trusts_is_the_machines_or_the_operators_to_say() {
    let home = Home::new();
    let authority = home.write("ca.pem", AUTHORITY);
    home.write("text", "nothing of the kind");
    let ask = |url: &str, more: &[&str]| {
        let args = ["ask", "events", "atomic", "--url", url, "--json"];
        let output = headcount(&home, &[&args, more].concat()).run();
        (output.code(), output.stderr_text())
    };
    let url = secure(SERVER);
    assert_eq!(ask(&url, &["--ca", "ca.pem"]), (Some(0), String::new()));
    let (code, said) = ask(&url, &[]);
    assert!(code == Some(1) && said.contains("there is no answer from 127.0.0.1:"), "{said}");
    let args = ["ask", "events", "atomic", "--url", &url, "--json"];
    let named = headcount(&home, &args).env("SSL_CERT_FILE", authority.to_str().unwrap()).run();
    // On Windows and Apple's systems the variable counts as well.
    assert_eq!((named.code(), named.stderr_text()), (Some(0), String::new()));
    let (code, said) = ask(&secure(EXPIRED), &["--ca", "ca.pem"]);
    assert!(code == Some(1) && said.contains("there is no answer from"), "{said}");
    for (file, told) in [("text", "no certificate in PEM form"), ("nowhere", "--ca nowhere: ")] {
        let (code, said) = ask(&url, &["--ca", file]);
        assert!(code == Some(1) && said.contains(told), "{said}");
    }
}

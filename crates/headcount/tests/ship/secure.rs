//! Over TLS: the machine's own authorities count, a certificate whose time is
//! over does not, and a proxy of the environment's is used. As real processes,
//! since the environment is the process's.
#![cfg(unix)]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headcount::ship::{Compression, Curl, Request, Transport, Ureq};
use headcount_testkit::{Home, TestProgram};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

use crate::rogue::{Manner, Rogue};
use crate::{process, roles, scene};

const SERVER: &[u8] = include_bytes!("tls/server.der");
const EXPIRED: &[u8] = include_bytes!("tls/expired.der");
const KEY: &[u8] = include_bytes!("tls/server.key.der");

/// What hangs never comes; a busy machine may be slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// A destination that speaks TLS and says yes, and tells of each request's
/// body.
struct Secure {
    address: SocketAddr,
    bodies: Receiver<Vec<u8>>,
    /// Whether each connection goes on with what an earlier one agreed on.
    handshakes: Receiver<HandshakeKind>,
}

/// A destination that says this says it past its TLS.
const NO_TLS: &str = "220 mail.example ESMTP\r\n";

/// What a destination says.
const YES: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

impl Secure {
    fn start(certificate: &'static [u8]) -> Self {
        Self::saying(certificate, YES)
    }

    fn saying(certificate: &'static [u8], answer: &'static str) -> Self {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate)], key)
            .expect("a certificate and its key");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (tell, bodies) = channel();
        let (shake, handshakes) = channel();
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
                // A client that does not trust it goes away.
                if let Ok((body, kind)) = serve(StreamOwned::new(connection, stream), answer)
                    && (tell.send(body).is_err() || shake.send(kind).is_err())
                {
                    return;
                }
            }
        });
        Self { address, bodies, handshakes }
    }
}

fn serve(
    stream: StreamOwned<ServerConnection, TcpStream>,
    answer: &str,
) -> io::Result<(Vec<u8>, HandshakeKind)> {
    stream.sock.set_read_timeout(Some(PATIENCE))?;
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if answer == NO_TLS {
        stream.get_mut().sock.write_all(answer.as_bytes())?;
    } else {
        stream.get_mut().write_all(answer.as_bytes())?;
    }
    stream.get_mut().conn.send_close_notify();
    stream.get_mut().flush()?;
    let kind = stream.get_ref().conn.handshake_kind().ok_or(io::ErrorKind::InvalidData)?;
    Ok((body, kind))
}

/// A proxy that lets everything through, and tells what it was asked for.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Either side going away ends it.
                let _ = let_through(stream, &told);
            }
        });
        Self { address, asked }
    }
}

fn let_through(client: TcpStream, told: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    told.lock().expect("no panic").push(first.trim_end().to_owned());
    let mut line = String::from("-");
    while !line.trim().is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let mut server = TcpStream::connect(target)?;
    let mut client = client;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let (mut up, mut down) = (server.try_clone()?, client.try_clone()?);
    std::thread::spawn(move || io::copy(&mut server, &mut down));
    io::copy(&mut client, &mut up).map(drop)
}

/// A host with these variables records one event; what the receipt of its
/// shipper says.
fn receipt(address: SocketAddr, variables: &[(&str, &str)]) -> serde_json::Value {
    receipt_in(&Home::new(), address, variables)
}

fn receipt_in(home: &Home, address: SocketAddr, variables: &[(&str, &str)]) -> serde_json::Value {
    let endpoint = format!("https://{address}/e");
    roles::settle(home, &scene::text(&[scene::destination("one", "http", &endpoint)]));
    let mut host = roles::child(home, "record 7");
    for (name, value) in variables {
        host = host.env(name, value);
    }
    assert_eq!(host.run().code(), Some(0));
    let text = process::receipts(home, 1);
    serde_json::from_str(text.lines().next().expect("a line")).expect("JSON")
}

fn authority() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ship/tls/authority.pem");
    file.to_string_lossy().into_owned()
}

#[test]
fn an_authority_of_the_machines_own_counts() {
    let server = Secure::start(SERVER);
    let receipt = receipt(server.address, &[("SSL_CERT_FILE", &authority())]);
    assert_eq!((&receipt["status"], &receipt["taken"]), (&200.into(), &1.into()));
    let body = server.bodies.recv_timeout(PATIENCE).expect("a request");
    assert!(String::from_utf8_lossy(&body).contains("\"number\":7"));
}

const SENT: &str = ".tick/telemetry-state/sent.jsonl";

/// What is not secure may turn out to be that when the body has left.
#[test]
fn what_went_is_kept_for_the_person_although_the_answer_was_not_secure() {
    let (server, home) = (Secure::saying(SERVER, NO_TLS), Home::new());
    let receipt = receipt_in(&home, server.address, &[("SSL_CERT_FILE", &authority())]);
    assert_eq!((&receipt["status"], &receipt["error"]), (&().into(), &"not-secure".into()));
    let body = server.bodies.recv_timeout(PATIENCE).expect("a request");
    assert!(String::from_utf8_lossy(&body).contains("\"number\":7"));
    let kept = home.read(SENT);
    assert!(kept.lines().count() == 1 && kept.contains("number"), "{kept}");
}

#[test]
fn who_is_vouched_for_by_nobody_gets_nothing() {
    for (certificate, variables) in [
        (SERVER, &[][..]),
        (EXPIRED, &[("SSL_CERT_FILE", authority())]),
        (SERVER, &[("SSL_CERT_FILE", "/dev/null".to_owned())]),
    ] {
        let server = Secure::start(certificate);
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let home = Home::new();
        let receipt = receipt_in(&home, server.address, &variables);
        assert_eq!(receipt["status"], serde_json::Value::Null);
        assert!(!home.path().join(SENT).exists(), "{variables:?}");
        assert_eq!(receipt["error"], "not-secure", "{variables:?}");
        assert!(server.bodies.try_recv().is_err(), "a body came: {variables:?}");
    }
}

#[test]
fn a_proxy_of_the_environments_is_used_unless_it_is_told_otherwise() {
    let authority = authority();
    let trusted = ("SSL_CERT_FILE", authority.as_str());
    for (no_proxy, expected) in [("elsewhere.example", 1), ("127.0.0.1", 0)] {
        let (server, proxy) = (Secure::start(SERVER), Proxy::start());
        let through = format!("http://{}", proxy.address);
        let variables = [trusted, ("HTTPS_PROXY", &through), ("NO_PROXY", no_proxy)];
        let receipt = receipt(server.address, &variables);
        assert_eq!(receipt["status"], 200, "{receipt}");
        let asked = proxy.asked.lock().expect("no panic").clone();
        let connect = format!("CONNECT {} HTTP/1.1", server.address);
        assert_eq!(asked, vec![connect; expected], "NO_PROXY={no_proxy}");
    }
}

/// Whoever names a proxy is never gone around.
#[test]
fn a_proxy_that_cannot_be_used_ends_the_request() {
    let authority = authority();
    let trusted = ("SSL_CERT_FILE", authority.as_str());
    let (server, proxy) = (Secure::start(SERVER), Proxy::start());
    let at = |scheme: &str| format!("{scheme}://{}", proxy.address);
    for (name, value) in [
        ("ALL_PROXY", at("socks5")),
        ("all_proxy", at("socks5h")),
        ("HTTPS_PROXY", at("socks4")),
        ("https_proxy", at("ftp")),
        ("HTTPS_PROXY", "http://".to_owned()),
    ] {
        let receipt = receipt(server.address, &[trusted, (name, &value)]);
        assert_eq!(receipt["error"], "proxy", "{name}={value}: {receipt}");
    }
    assert!(server.bodies.try_recv().is_err(), "a body came");
    assert_eq!(proxy.asked.lock().expect("no panic").len(), 0);

    // The nearer one counts, whatever stands beside it.
    let (through, socks) = (at("http"), at("socks5"));
    let receipt =
        receipt(server.address, &[trusted, ("HTTPS_PROXY", &through), ("ALL_PROXY", &socks)]);
    assert_eq!(receipt["status"], 200, "{receipt}");
    assert_eq!(proxy.asked.lock().expect("no panic").len(), 1);
}

/// Not a test: what a child of those below does, since the environment is the
/// process's.
#[test]
fn through_curl() {
    let Ok(url) = std::env::var("TICK_URL") else { return };
    if std::env::var_os("TICK_NO_CHILDREN").is_some() {
        // SAFETY: no function of this process is to be called.
        #[expect(unsafe_code, reason = "std has no signals")]
        let before = unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
        assert_ne!(before, libc::SIG_ERR);
    }
    let curl = Curl::of_the_system().expect("it was there");
    send(&curl, url);
}

/// The same over the linked transport, twice.
#[test]
fn through_ureq() {
    let Ok(url) = std::env::var("TICK_URL") else { return };
    let ureq = Ureq::new();
    send(&ureq, url.clone());
    send(&ureq, url);
}

fn send(transport: &dyn Transport, url: String) {
    let request = Request {
        method: "POST",
        url,
        headers: Vec::new(),
        body: b"{}".to_vec(),
        compression: Compression::None,
    };
    let answer = transport.send(&request, PATIENCE);
    let told = match answer {
        Ok(response) => response.status.to_string(),
        Err(error) => error.kind().name().to_owned(),
    };
    println!("\ntold {told}");
    #[cfg(target_os = "linux")]
    assert_eq!(process::children(), [""; 0], "a child is left");
}

fn told_by_curl(url: &str, variables: &[(&str, &str)]) -> Option<String> {
    if Curl::of_the_system().is_none() {
        eprintln!("not tested: this system has no curl in its usual places");
        return None;
    }
    Some(told(&Home::new(), "secure::through_curl", url, variables))
}

/// What a child says that sends to this address with these variables.
pub(crate) fn told(home: &Home, role: &str, url: &str, variables: &[(&str, &str)]) -> String {
    let mut child = TestProgram::new(std::env::current_exe().expect("this program"), home)
        .args(["--exact", role, "--nocapture"])
        .env("TICK_URL", url);
    for (name, value) in variables {
        child = child.env(name, value);
    }
    let output = child.run();
    assert_eq!(output.code(), Some(0), "{}{}", output.stdout_text(), output.stderr_text());
    let said = output.stdout_text();
    let told = said.lines().find_map(|line| line.strip_prefix("told "));
    told.expect("an answer").to_owned()
}

/// The same over curl, which speaks SOCKS.
#[test]
fn curl_goes_around_no_proxy_either() {
    let authority = authority();
    let (server, proxy) = (Secure::start(SERVER), Proxy::start());
    let url = format!("https://{}/e", server.address);
    let through = format!("http://{}", proxy.address);
    let told = |variables: &[(&str, &str)]| {
        told_by_curl(&url, &[variables, &[("SSL_CERT_FILE", &authority)]].concat())
    };
    let Some(direct) = told(&[]) else { return };
    assert_eq!(direct, "200");
    assert!(server.bodies.recv_timeout(PATIENCE).is_ok());
    // curl has one word for a destination and a proxy that it cannot connect
    // to.
    let said = told(&[("HTTPS_PROXY", "ftp://127.0.0.1:1"), ("ALL_PROXY", &through)]);
    assert_eq!(said.as_deref(), Some("unreachable"));
    let said = told(&[("HTTPS_PROXY", "http://"), ("ALL_PROXY", &through)]);
    assert_eq!(said.as_deref(), Some("proxy"));
    assert!(server.bodies.try_recv().is_err(), "a body came");
    let said = told(&[("HTTPS_PROXY", &through), ("ALL_PROXY", "ftp://127.0.0.1:1")]);
    assert_eq!(said.as_deref(), Some("200"));
    assert_eq!(proxy.asked.lock().expect("no panic").len(), 1);
}

/// Whether its answer is read to its end or not.
#[test]
fn curl_leaves_no_dead_child() {
    for manner in [Manner::RefusedEndless, Manner::Endless, Manner::Interim, Manner::Page] {
        let rogue = Rogue::start(manner);
        let told = told_by_curl(&rogue.url(), &[]);
        let expected = ["429", "too-long", "broken-off", "200"];
        assert!(told.is_none_or(|told| expected.contains(&told.as_str())), "{manner:?}");
    }
}

/// Where SIGCHLD is ignored, nobody is told how a `curl` ended; its answer
/// counts.
#[test]
fn an_answer_counts_where_no_child_can_be_waited_for() {
    let ignored = [("TICK_NO_CHILDREN", "1")];
    for (manner, expected) in [
        (Manner::Page, "200"),
        (Manner::RefusedHalf, "429"),
        (Manner::Half, "broken-off"),
        (Manner::Nonsense, "broken-off"),
        (Manner::Nobody, "broken-off"),
    ] {
        let rogue = Rogue::start(manner);
        let told = told_by_curl(&rogue.url(), &ignored);
        assert!(told.is_none_or(|told| told == expected), "{manner:?}");
    }
}

/// A server must not recognize next month's device by this month's session.
#[test]
fn no_connection_goes_on_where_another_ended() {
    let server = Secure::start(SERVER);
    let url = format!("https://{}/e", server.address);
    let trusted = authority();
    told(&Home::new(), "secure::through_ureq", &url, &[("SSL_CERT_FILE", &trusted)]);
    for _ in 0..2 {
        let kind = server.handshakes.recv_timeout(PATIENCE).expect("a connection");
        assert!(!matches!(kind, HandshakeKind::Resumed), "{kind:?}");
    }
}

/// The keys of a connection are written nowhere, whoever asks for them.
#[test]
fn nobody_is_given_the_keys() {
    let server = Secure::start(SERVER);
    let (url, trusted) = (format!("https://{}/e", server.address), authority());
    let roles = ["secure::through_ureq", "secure::through_curl"];
    for role in &roles[..1 + usize::from(Curl::of_the_system().is_some())] {
        let home = Home::new();
        let keys = home.path().join("keys").to_string_lossy().into_owned();
        let variables = [("SSL_CERT_FILE", trusted.as_str()), ("SSLKEYLOGFILE", &keys)];
        assert_eq!(told(&home, role, &url, &variables), "200", "{role}");
        assert!(!home.path().join("keys").exists(), "{role}");
    }
}

/// `curl` reads more variables of its own; it is given none of them.
#[test]
fn curl_trusts_nobody_that_is_not_named_here() {
    let server = Secure::start(SERVER);
    let url = format!("https://{}/e", server.address);
    let trusted = authority();
    let told = told_by_curl(&url, &[("CURL_CA_BUNDLE", &trusted)]);
    assert!(told.is_none_or(|told| told == "not-secure"));
    assert!(server.bodies.try_recv().is_err(), "a body came");
}

const STOP: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nheadcount-send: stop\r\ncontent-length: 2\r\n\r\n{}";
const LESS: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nheadcount-send: 0.5\r\ncontent-length: 2\r\n\r\n{}";
const LATER: &str = "HTTP/1.1 503 No\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n";

/// Whoever sets both variables can be any server: nothing it asks for lasts.
#[test]
fn what_comes_over_an_authority_of_the_environments_is_not_kept() {
    let trusted = authority();
    for answer in [STOP, LESS, LATER] {
        let (server, home) = (Secure::saying(SERVER, answer), Home::new());
        let receipt = receipt_in(&home, server.address, &[("SSL_CERT_FILE", &trusted)]);
        assert!(receipt["status"].is_u64(), "{receipt}");
        assert_eq!(receipt["authorities"], format!("SSL_CERT_FILE={trusted}"));
        let state = home.path().join(".tick/telemetry-state");
        assert!(!state.join("one.pace.json").exists(), "{answer}");
        if answer == LATER {
            let pause = home.read(".tick/telemetry-state/one.backoff.json");
            let pause: serde_json::Value = serde_json::from_str(&pause).expect("JSON");
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let now_s = now.expect("a clock after 1970").as_secs();
            assert!(pause["until"].as_u64().is_some_and(|until| until < now_s + 60), "{pause}");
        }
    }
}

/// Who could read what is sent is told wherever a person looks.
#[test]
fn a_person_is_told_of_the_proxy_and_the_authorities() {
    let (server, proxy) = (Secure::start(SERVER), Proxy::start());
    let (trusted, home) = (authority(), Home::new());
    let through = format!("http://me:secret@{}", proxy.address);
    let variables = [("https_proxy", through.as_str()), ("SSL_CERT_FILE", &trusted)];
    let receipt = receipt_in(&home, server.address, &variables);
    let shown = format!("http://***@{}", proxy.address);
    assert_eq!((&receipt["status"], &receipt["proxy"]), (&200.into(), &shown.clone().into()));

    let endpoint = format!("https://{}/e", server.address);
    let catalog = scene::catalog(&scene::text(&[scene::destination("one", "http", &endpoint)]));
    let mut surroundings = scene::surroundings(&home, scene::after(0));
    let given = variables.map(|(name, value)| (name.to_owned(), value.into()));
    surroundings.variables = headcount::Variables::Given(given.into_iter().collect());
    let telemetry = headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings);
    let session = telemetry.open();
    for words in
        ["status", "inspect", "receipts", "status --json", "inspect --json", "receipts --json"]
    {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let said = headcount::person::run(&session, &words).out;
        assert!(said.contains(&shown) && said.contains(&trusted), "{words:?}: {said}");
        assert!(!said.contains("secret@") && !said.contains("me:"), "{words:?}: {said}");
    }
}

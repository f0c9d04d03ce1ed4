//! A proxy that notes where a program connects to, lets it, and closes the door
//! to the destinations of its catalog: what is watched is not sent for real.
//!
//! Programs that ignore the variables for proxies are not seen by it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use headcount::Catalog;
use ureq::http::Uri;
use ureq::http::uri::{Authority, PathAndQuery};

/// Bytes of the head of a request, at most.
const HEAD_BYTES: usize = 16 * 1024;

/// Connections at a time, at most.
const CONNECTIONS: usize = 64;

/// How long a head may take.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long a server may take to accept a connection.
const CONNECT_TIME: Duration = Duration::from_secs(20);

/// Hosts that are noted, at most.
const HOSTS: usize = 200;

/// A host that a program connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// A destination of the catalog: the connection was refused.
    Destination,
    /// Anything else.
    Other,
}

/// A running proxy.
pub(super) struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<BTreeMap<String, Elsewhere>>>,
}

impl Proxy {
    /// Starts it on a free port of loopback. It ends with the process.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn start(catalog: &Catalog) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let destinations: BTreeSet<String> = catalog
            .destinations
            .iter()
            .filter_map(|destination| destination.endpoint.value())
            .filter_map(host_of_url)
            .collect();
        let seen = Arc::new(Mutex::new(BTreeMap::new()));
        let (noted, destinations) = (Arc::clone(&seen), Arc::new(destinations));
        let open = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming().filter_map(Result::ok) {
                if open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
                    open.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let (noted, destinations) = (Arc::clone(&noted), Arc::clone(&destinations));
                let open = Arc::clone(&open);
                thread::spawn(move || {
                    // What breaks here breaks for the program as it would at
                    // any proxy.
                    let _ = serve(client, &noted, &destinations);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Ok(Self { address, seen })
    }

    /// Its address, as variables name it.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every host that was connected to so far.
    pub(super) fn seen(&self) -> BTreeMap<String, Elsewhere> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a head asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    host: String,
    port: u16,
    /// The head to pass on; `None` for a tunnel.
    head: Option<String>,
}

fn serve(
    mut client: TcpStream,
    seen: &Mutex<BTreeMap<String, Elsewhere>>,
    destinations: &BTreeSet<String>,
) -> io::Result<()> {
    client.set_read_timeout(Some(HEAD_TIME))?;
    let (head, rest) = read_head(&mut client)?;
    let Some(asked) = asked(&head) else {
        return client.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    };
    let is_destination = destinations.contains(&asked.host);
    let kind = if is_destination { Elsewhere::Destination } else { Elsewhere::Other };
    {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < HOSTS {
            seen.insert(asked.host.clone(), kind);
        }
    }
    if is_destination {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
    let Some(mut server) = connect(&asked) else {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    };
    client.set_read_timeout(None)?;
    match &asked.head {
        None => client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?,
        Some(head) => server.write_all(head.as_bytes())?,
    }
    server.write_all(&rest)?;
    both_ways(client, server)
}

fn connect(asked: &Asked) -> Option<TcpStream> {
    use std::net::ToSocketAddrs as _;

    let mut addresses = (asked.host.as_str(), asked.port).to_socket_addrs().ok()?;
    addresses.find_map(|address| TcpStream::connect_timeout(&address, CONNECT_TIME).ok())
}

/// Copies until both sides have ended.
fn both_ways(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let up = thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let _ = io::copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    let _ = up.join();
    Ok(())
}

/// Reads up to the empty line; what came after it belongs to the body.
fn read_head(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = client.read(&mut piece)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&piece[..read]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        if bytes.len() > HEAD_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

/// Reads `CONNECT host:443 HTTP/1.1` or `GET http://host/path HTTP/1.1`.
fn asked(head: &str) -> Option<Asked> {
    let (line, fields) = head.split_once("\r\n")?;
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if method == "CONNECT" {
        let authority: Authority = target.parse().ok()?;
        let port = authority.port_u16().unwrap_or(443);
        return Some(Asked { host: host(authority.host())?, port, head: None });
    }
    let uri: Uri = target.parse().ok().filter(|uri: &Uri| uri.scheme_str() == Some("http"))?;
    let (host, port) = (host(uri.host()?)?, uri.port_u16().unwrap_or(80));
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let fields: Vec<&str> = fields
        .split("\r\n")
        .filter(|field| !field.is_empty())
        .filter(|field| {
            let name = field.split(':').next().unwrap_or_default();
            !["proxy-connection", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own))
        })
        .collect();
    let head = format!(
        "{method} {path} {version}\r\n{}\r\nConnection: close\r\n\r\n",
        fields.join("\r\n")
    );
    Some(Asked { host, port, head: Some(head) })
}

/// The host of a whole address.
fn host_of_url(url: &str) -> Option<String> {
    host(url.parse::<Uri>().ok()?.host()?)
}

/// A host as it is compared and resolved.
fn host(text: &str) -> Option<String> {
    let host = text.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_to() {
        let tunnel = asked("CONNECT Example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n");
        let expected = Asked { host: "example.org".to_owned(), port: 443, head: None };
        assert_eq!(tunnel, Some(expected));
        let plain =
            asked("GET http://[::1]:81/a?b HTTP/1.1\r\nConnection: keep-alive\r\nHost: x\r\n\r\n");
        let plain = plain.unwrap();
        assert_eq!((plain.host.as_str(), plain.port), ("::1", 81));
        assert_eq!(
            plain.head.as_deref(),
            Some("GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        );
        for bad in ["", "GET / HTTP/1.1\r\n\r\n", "CONNECT  HTTP/1.1\r\n\r\n", "CONNECT :1\r\n\r\n"]
        {
            assert_eq!(asked(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_host_of_an_address_is_without_user_and_port() {
        assert_eq!(
            host_of_url("https://user@Host.example:8443/v1?x").as_deref(),
            Some("host.example")
        );
        assert_eq!(host_of_url("no address"), None);
    }

    fn through(proxy: &Proxy, head: &str) -> String {
        let mut stream = TcpStream::connect(proxy.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_destination_is_refused_and_another_host_is_reached() {
        let catalog = headcount_catalog::parse(include_str!("../../catalogs/atomic.toml")).unwrap();
        let proxy = Proxy::start(&catalog).unwrap();
        let answer = through(&proxy, "CONNECT telemetry.atomic.example:443 HTTP/1.1\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");

        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = server.local_addr().unwrap().port();
        let serving = thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let (head, _) = read_head(&mut stream).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            head
        });
        let answer =
            through(&proxy, &format!("GET http://127.0.0.1:{port}/x HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert!(answer.ends_with("ok"), "{answer}");
        assert!(serving.join().unwrap().starts_with("GET /x HTTP/1.1\r\n"));
        let seen: Vec<_> = proxy.seen().into_iter().collect();
        assert_eq!(
            seen,
            [
                ("127.0.0.1".to_owned(), Elsewhere::Other),
                ("telemetry.atomic.example".to_owned(), Elsewhere::Destination),
            ]
        );
    }
}

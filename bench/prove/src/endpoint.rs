//! Endpoints on loopback: one that answers, one that is slow, and four that are
//! as good as dead.

use std::io::{BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nix::sys::socket::{Backlog, listen};

use crate::Fault;
use crate::http::Message;
use crate::limits::SLOW;

/// What an endpoint is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It answers at once.
    Healthy,
    /// It answers after 200 ms.
    Slow,
    /// Nobody listens there.
    Refusing,
    /// It takes connections and never says a word.
    Silent,
    /// Every packet to it is dropped: its queue of connections is full, so the
    /// system throws away what comes. That needs no network namespace, and is
    /// the same to the sender.
    Dropping,
    /// Its name is reserved never to resolve.
    Unresolvable,
}

impl Manner {
    /// All but the healthy one.
    pub(crate) const AILING: [Self; 5] =
        [Self::Slow, Self::Refusing, Self::Silent, Self::Dropping, Self::Unresolvable];

    /// For a table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Slow => "200 ms slow",
            Self::Refusing => "refusing",
            Self::Silent => "never answers",
            Self::Dropping => "drops packets",
            Self::Unresolvable => "unresolvable",
        }
    }
}

/// An endpoint. What it has taken is counted.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// What it is like.
    pub(crate) manner: Manner,
    address: Option<SocketAddr>,
    events: Arc<AtomicU64>,
    /// What keeps it as it is: a full queue of connections.
    _held: Vec<TcpStream>,
    _listener: Option<TcpListener>,
}

impl Endpoint {
    /// Sets one up.
    ///
    /// # Errors
    ///
    /// The system gives no port.
    pub(crate) fn start(manner: Manner) -> Result<Self, Fault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let events = Arc::new(AtomicU64::new(0));
        let mut endpoint = Self {
            manner,
            address: Some(address),
            events: Arc::clone(&events),
            _held: Vec::new(),
            _listener: None,
        };
        match manner {
            Manner::Healthy => answer(listener, events, Duration::ZERO),
            Manner::Slow => answer(listener, events, SLOW),
            Manner::Silent => hold(listener),
            Manner::Refusing => drop(listener),
            Manner::Unresolvable => endpoint.address = None,
            Manner::Dropping => {
                endpoint._held = fill(&listener, address)?;
                endpoint._listener = Some(listener);
            }
        }
        Ok(endpoint)
    }

    /// The variable that leads the host with Headcount there: its catalog's own
    /// endpoint is the unresolvable one, and only loopback may replace it.
    pub(crate) fn ours(&self) -> Vec<(String, String)> {
        let url = self.address.map(|address| format!("http://{address}"));
        url.map(|url| ("HELLO_TELEMETRY_ENDPOINT".to_owned(), url)).into_iter().collect()
    }

    /// The variable that leads a peer there.
    pub(crate) fn peers(&self) -> Vec<(String, String)> {
        let url = match self.address {
            Some(address) => format!("http://{address}"),
            None => "https://telemetry.hello.invalid".to_owned(),
        };
        vec![("PROOF_ENDPOINT".to_owned(), url)]
    }

    /// Events since the last time.
    pub(crate) fn taken(&self) -> u64 {
        self.events.swap(0, Ordering::SeqCst)
    }
}

/// Answers every request, each connection in a thread of its own.
fn answer(listener: TcpListener, events: Arc<AtomicU64>, pause: Duration) {
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let events = Arc::clone(&events);
            std::thread::spawn(move || serve(stream, &events, pause));
        }
    });
}

fn serve(stream: TcpStream, events: &AtomicU64, pause: Duration) {
    let mut stream = BufReader::new(stream);
    while let Ok(Some(request)) = Message::read(&mut stream) {
        let Some((content_type, body, count)) = reply(&request) else { return };
        std::thread::sleep(pause);
        events.fetch_add(count, Ordering::SeqCst);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).is_err() {
            return;
        }
    }
}

/// What each dialect wants to hear, and how many events it brought.
fn reply(request: &Message) -> Option<(&'static str, String, u64)> {
    match request.path() {
        "/api/v1/events" => {
            let lines = request.plain().ok()?.iter().filter(|byte| **byte == b'\n').count() as u64;
            let body =
                format!("{{\"accepted\":{lines},\"duplicate\":0,\"rejected\":0,\"events\":[]}}");
            Some(("application/json", body, lines))
        }
        "/v1/logs" => Some(("application/x-protobuf", String::new(), 1)),
        _ => Some(("application/json", "{\"status\":1}".to_owned(), 1)),
    }
}

/// Takes every connection, and keeps it.
fn hold(listener: TcpListener) {
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming().flatten() {
            held.push(stream);
        }
    });
}

/// Fills a listener's queue until the system drops what comes.
fn fill(listener: &TcpListener, address: SocketAddr) -> Result<Vec<TcpStream>, Fault> {
    const PATIENCE: Duration = Duration::from_millis(100);
    listen(listener, Backlog::new(0)?)?;
    let mut held = Vec::new();
    for _ in 0..16 {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => held.push(stream),
            Err(_) => return Ok(held),
        }
    }
    Err("a full queue of connections still takes more: this system drops no packets".into())
}

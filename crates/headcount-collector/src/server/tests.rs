//! The server with places for four connections, all of them taken.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::*;
use crate::app::tests::TestApp;
use crate::door::Door;

pub(super) const PLACES: usize = 4;

pub(super) struct Served {
    pub(super) app: TestApp,
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    fn start() -> Self {
        Self::behind(Door::of_development(), PLACES)
    }

    pub(super) fn behind(door: Door, places: usize) -> Self {
        Self::of(TestApp::behind(door), places)
    }

    fn of(test: TestApp, places: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = Arc::clone(&test.app);
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let connections = Connections::new(places, Arc::clone(&app.measurements));
            run_with(connections, &runtime, listener, &app, stopped);
        });
        Self { app: test, address, stop: Some(stop), thread: Some(thread) }
    }

    pub(super) fn connect(&self, bytes: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    }

    /// A new client, which is served although every place is taken.
    pub(super) fn assert_serves(&self) {
        let stream = self.connect("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert!(answer(&stream).starts_with("HTTP/1.1 200 OK"));
        let body = r#"{"event":"invented"}"#;
        let head = "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer \
                    smallest\r\n";
        let stream = self.connect(&format!("{head}content-length: {}\r\n\r\n{body}", body.len()));
        assert!(answer(&stream).starts_with("HTTP/1.1 200 OK"));
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
        self.app.stop();
    }
}

/// The first bytes of the answer; empty if the connection is closed without
/// one.
pub(super) fn answer(mut stream: &TcpStream) -> String {
    let mut bytes = [0; 4_096];
    let read = stream.read(&mut bytes).unwrap_or_else(|error| panic!("no answer: {error}"));
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

#[test]
fn heads_that_do_not_arrive_hold_no_place() {
    let served = Served::start();
    let start = Instant::now();
    let slow: Vec<_> = (0..2 * PLACES).map(|_| served.connect("G")).collect();
    for _ in 0..3 {
        served.assert_serves();
    }
    assert_eq!(answer(&slow[0]), "", "the oldest made room");
    assert!(start.elapsed() < limits::HEAD_TIME, "no deadline did it: {:?}", start.elapsed());
}

#[test]
fn idle_connections_hold_no_place() {
    let served = Served::start();
    let idle: Vec<_> = (0..PLACES)
        .map(|_| {
            let stream = served.connect("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assert!(answer(&stream).starts_with("HTTP/1.1 200 OK"));
            stream
        })
        .collect();
    served.assert_serves();
    assert_eq!(answer(&idle[0]), "", "the longest idle made room");
    assert_eq!(answer(&idle[1]), "");
    // The others are still served.
    (&idle[3]).write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert!(answer(&idle[3]).starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn connections_that_send_nothing_hold_no_place() {
    let served = Served::start();
    let silent: Vec<_> = (0..3 * PLACES).map(|_| served.connect("")).collect();
    served.assert_serves();
    assert_eq!(answer(&silent[0]), "");
}

/// Its client hears that it may try again.
#[test]
fn bodies_that_do_not_arrive_hold_no_place() {
    let served = Served::start();
    let head = "POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer smallest\r\n\
                content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: \
                900000\r\n\r\n";
    let slow: Vec<_> = (0..PLACES)
        .map(|_| {
            let stream = served.connect(head);
            // The collector asks for the body, so it has the request.
            assert_eq!(answer(&stream), "HTTP/1.1 100 Continue\r\n\r\n");
            (&stream).write_all(b"{").unwrap();
            stream
        })
        .collect();
    served.assert_serves();
    let told = answer(&slow[0]);
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("retry-after: 1\r\n"), "{told}");
    assert!(told.contains("\"code\":14,"), "{told}");
}

/// The first part of a page leaves before the second one is counted, and until
/// then its connection is not one that waits for its client.
#[test]
fn a_page_that_is_counted_makes_no_room() {
    let (test, store) = TestApp::hanging();
    let served = Served::of(test, PLACES);
    let page = served.connect("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let mut above = String::new();
    while !above.contains("class=\"counting\"") {
        let piece = answer(&page);
        assert_ne!(piece, "", "the page ends early: {above}");
        above += &piece;
    }
    assert!(above.starts_with("HTTP/1.1 200 OK") && !above.contains("</main>"), "{above}");
    let idle: Vec<_> = (0..2 * PLACES).map(|_| served.connect("")).collect();
    served.assert_serves();
    assert_eq!(answer(&idle[0]), "", "the longest idle made room");
    store.let_go();
    let mut rest = String::new();
    (&page).read_to_string(&mut rest).unwrap();
    assert!(rest.contains("</main>") && rest.ends_with("\r\n0\r\n\r\n"), "{rest}");
}

/// No deadline is waited for: the state is asked at a later time.
#[test]
fn every_phase_has_its_deadline() {
    use connection_state::ConnectionState;

    type Enter = fn(&ConnectionState);

    let enter: [(Duration, Enter); 6] = [
        (limits::HANDSHAKE_TIME, |_| {}),
        (limits::IDLE_TIME, ConnectionState::hands_are_shaken),
        (limits::HEAD_TIME, ConnectionState::received),
        (limits::REQUEST_TIME, ConnectionState::head_is_here),
        // Working counts from the end of the head.
        (limits::REQUEST_TIME, ConnectionState::body_is_over),
        (limits::ANSWER_TIME, ConnectionState::answered),
    ];
    let start = Instant::now();
    let state = ConnectionState::new(start, ConnectionPhase::Handshake);
    let second = Duration::from_secs(1);
    for (deadline, enter) in enter {
        enter(&state);
        assert!(!state.is_overdue(start + deadline - second), "{state:?}");
        assert!(state.is_overdue(Instant::now() + deadline + second), "{state:?}");
    }
    state.flushed();
    assert!(!state.is_overdue(Instant::now() + limits::IDLE_TIME - second), "{state:?}");
}

/// While the collector works, nobody else is more important.
#[test]
fn a_request_that_has_arrived_makes_no_room() {
    use connection_state::ConnectionState;

    let now = Instant::now();
    let state = ConnectionState::new(now, ConnectionPhase::Idle);
    state.head_is_here();
    assert!(state.waited(now).is_some());
    state.body_is_over();
    assert!(state.waited(now + limits::REQUEST_TIME).is_none());
    state.answered();
    assert!(state.waited(now).is_some());
}

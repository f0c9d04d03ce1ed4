//! The capture server: a destination that keeps every request and answers as
//! the test says.
//!
//! One thread accepts connections, another one serves each of them, and all
//! share one [`State`] with a lock. A request is kept and its reply chosen
//! while the lock is held once, so a test that has seen a request knows that
//! its reply is decided. Dropping the server ends every thread: connections are
//! shut down, waiting threads wake up, and all are joined.

use std::collections::VecDeque;
use std::io::{BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::{CannedAnswer, CapturedRequest, ServerReply};

/// An HTTP/1.1 server on a free loopback port. By default it answers 200
/// without a body.
#[derive(Debug)]
pub struct CaptureServer {
    address: SocketAddr,
    stage: Arc<Stage>,
    acceptor: Option<JoinHandle<Vec<JoinHandle<()>>>>,
}

#[derive(Debug)]
struct Stage {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    requests: Vec<CapturedRequest>,
    next: VecDeque<ServerReply>,
    otherwise: ServerReply,
    connections: usize,
    /// Connections that are accepted before the listener closes.
    most_connections: usize,
    listening: Listening,
    /// The number of releases. A held answer waits until it is greater than
    /// when its request came.
    releases: u64,
    stopping: Stopping,
    streams: Vec<TcpStream>,
}

#[derive(Debug, PartialEq, Eq)]
enum Listening {
    Open,
    Closed,
}

#[derive(Debug, PartialEq, Eq)]
enum Stopping {
    NotYet,
    Now,
}

impl CaptureServer {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If there is no free loopback port.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .expect("the capture server needs a free port on 127.0.0.1");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = State {
            requests: Vec::new(),
            next: VecDeque::new(),
            otherwise: ServerReply::Now(CannedAnswer::status(200)),
            connections: 0,
            most_connections: usize::MAX,
            listening: Listening::Open,
            releases: 0,
            stopping: Stopping::NotYet,
            streams: Vec::new(),
        };
        let stage = Arc::new(Stage { state: Mutex::new(state), changed: Condvar::new() });
        let acceptor = std::thread::spawn({
            let stage = Arc::clone(&stage);
            move || accept(listener, &stage)
        });
        Self { address, stage, acceptor: Some(acceptor) }
    }

    /// Returns the URL without a slash at the end, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a reply to the queue of replies for the next requests.
    pub fn reply_next(&self, reply: impl Into<ServerReply>) {
        self.stage.lock().next.push_back(reply.into());
    }

    /// Sets the reply to every request for which the queue of replies is empty.
    pub fn reply_otherwise(&self, reply: impl Into<ServerReply>) {
        self.stage.lock().otherwise = reply.into();
    }

    /// Sends every answer that is held now. An answer that is held later waits
    /// for another call.
    pub fn release(&self) {
        self.stage.change(|state| state.releases += 1);
    }

    /// Accepts `connections` in total, counted from the start, and refuses all
    /// later ones, like a server that is down. Accepted connections go on.
    pub fn refuse_after(&self, connections: usize) {
        self.stage.change(|state| state.most_connections = connections);
        if self.stage.lock().connections < connections {
            return;
        }
        self.wake_acceptor();
        let mut state = self.stage.lock();
        while state.listening == Listening::Open {
            state = self.stage.changed.wait(state).expect(LOCK);
        }
    }

    /// Returns the number of accepted connections, with or without a request.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.stage.lock().connections
    }

    /// Returns every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<CapturedRequest> {
        self.stage.lock().requests.clone()
    }

    /// Waits until at least `count` requests have come, and returns all of
    /// them.
    ///
    /// # Panics
    ///
    /// If fewer have come after `limit`. The message lists them.
    #[must_use]
    #[track_caller]
    pub fn wait_for(&self, count: usize, limit: Duration) -> Vec<CapturedRequest> {
        let end = Instant::now() + limit;
        let mut state = self.stage.lock();
        while state.requests.len() < count {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let came: Vec<String> = state
                    .requests
                    .iter()
                    .map(|request| format!("{} {}", request.method, request.path))
                    .collect();
                let connections = state.connections;
                drop(state);
                panic!(
                    "waited {limit:?} for {count} requests; {} came over {connections} \
                     connections: {came:?}",
                    came.len()
                );
            }
            state = self.stage.changed.wait_timeout(state, left).expect(LOCK).0;
        }
        state.requests.clone()
    }

    fn wake_acceptor(&self) {
        // An error means that the listener has closed, so there is no thread to
        // wake.
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for CaptureServer {
    fn drop(&mut self) {
        self.stage.change(|state| {
            state.stopping = Stopping::Now;
            for stream in state.streams.drain(..) {
                // An error means that the client has closed the connection.
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
        self.wake_acceptor();
        let connections = self.acceptor.take().map(JoinHandle::join);
        for connection in connections.into_iter().flatten().flatten() {
            // A thread that panicked has printed why. The result of the test
            // does not change.
            let _ = connection.join();
        }
    }
}

const LOCK: &str = "no thread panics while it holds the lock";

impl Stage {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(LOCK)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Keeps a request and chooses its reply. Also returns the number of
    /// releases, so that a held answer does not wait for one that came before.
    fn keep(&self, request: CapturedRequest) -> (ServerReply, u64) {
        let mut state = self.lock();
        state.requests.push(request);
        self.changed.notify_all();
        let reply = state.next.pop_front().unwrap_or_else(|| state.otherwise.clone());
        (reply, state.releases)
    }

    /// Waits until `over` returns true, or the server stops.
    fn wait_until(&self, over: impl Fn(&State) -> bool) {
        let mut state = self.lock();
        while state.stopping == Stopping::NotYet && !over(&state) {
            state = self.changed.wait(state).expect(LOCK);
        }
    }
}

/// Accepts connections until the server stops or refuses them. Returns the
/// threads that serve them.
fn accept(listener: TcpListener, stage: &Arc<Stage>) -> Vec<JoinHandle<()>> {
    let mut threads = Vec::new();
    let last = loop {
        // A client that went away before it was accepted does not count.
        let Ok((stream, _)) = listener.accept() else { continue };
        let Ok(to_shut_down) = stream.try_clone() else { continue };
        let mut state = stage.lock();
        if state.stopping == Stopping::Now || state.connections >= state.most_connections {
            break None;
        }
        state.connections += 1;
        state.streams.push(to_shut_down);
        if state.connections == state.most_connections {
            break Some(stream);
        }
        threads.push(spawn_serve(stream, stage));
    };
    // The listener closes before the last connection is served, so that a test
    // that has its answer can rely on the next connection being refused.
    drop(listener);
    stage.change(|state| state.listening = Listening::Closed);
    threads.extend(last.map(|stream| spawn_serve(stream, stage)));
    threads
}

fn spawn_serve(stream: TcpStream, stage: &Arc<Stage>) -> JoinHandle<()> {
    let stage = Arc::clone(stage);
    std::thread::spawn(move || serve(stream, &stage))
}

/// Serves one connection until either side ends it.
fn serve(stream: TcpStream, stage: &Stage) {
    let mut stream = BufReader::new(stream);
    loop {
        let request = match CapturedRequest::read(&mut stream) {
            Ok(Some(request)) => request,
            Err(error) if error.kind() == ErrorKind::Other => {
                let answer = CannedAnswer::status(400).body(error.to_string());
                let _ = stream.get_mut().write_all(&answer.to_bytes());
                break;
            }
            Ok(None) | Err(_) => break,
        };
        let asked_to_close = request.header("connection") == Some("close");
        let (reply, releases) = stage.keep(request.clone());
        let answer = match reply {
            ServerReply::Now(answer) => answer,
            ServerReply::Made(answer) => answer(&request),
            ServerReply::Held(answer) => {
                stage.wait_until(|state| state.releases > releases);
                answer
            }
            ServerReply::Never => {
                stage.wait_until(|_| false);
                break;
            }
            ServerReply::Lost => break,
        };
        let sent = stream.get_mut().write_all(&answer.to_bytes());
        if sent.is_err() || asked_to_close || answer.closes() {
            break;
        }
    }
    // The clone that the server keeps would keep the connection open.
    let _ = stream.get_ref().shutdown(Shutdown::Both);
}

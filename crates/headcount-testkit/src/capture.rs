//! The capture server: a destination that keeps every request and answers as the test says.
//!
//! One thread accepts, one thread serves each connection, and all of them share one [`State`] under
//! one lock. A request is kept, and its reply chosen, under the same hold of that lock, so a test
//! that has seen a request knows that the reply to it is settled. Dropping the server ends every
//! thread: connections are shut down, held and silent ones wake up, and all threads are joined.

use std::collections::VecDeque;
use std::io::{BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::{CannedAnswer, CapturedRequest, ServerReply};

/// An HTTP/1.1 server on a free loopback port. Until told otherwise it answers 200 with no body.
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
    /// Connections taken before the listener closes.
    most_connections: usize,
    listening: Listening,
    /// Goes up with each release; a held answer waits for the number after the one it saw.
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
    /// Starts one.
    ///
    /// # Panics
    /// If no loopback port can be had.
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

    /// Such as `http://127.0.0.1:49152`: no slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The reply to one request to come; several calls make a queue, first in, first out.
    pub fn reply_next(&self, reply: impl Into<ServerReply>) {
        self.stage.lock().next.push_back(reply.into());
    }

    /// The reply to every request for which the queue has none.
    pub fn reply_otherwise(&self, reply: impl Into<ServerReply>) {
        self.stage.lock().otherwise = reply.into();
    }

    /// Sends every answer that is held now; one held later waits for another call.
    pub fn release(&self) {
        self.stage.change(|state| state.releases += 1);
    }

    /// Takes `connections` in all, counted from the start, and refuses every later one for good,
    /// as a server that is down does. Those already taken go on.
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

    /// How many connections were taken, with or without a request.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.stage.lock().connections
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<CapturedRequest> {
        self.stage.lock().requests.clone()
    }

    /// Waits until at least `count` requests have come, and gives them all.
    ///
    /// # Panics
    /// If fewer have come after `limit`; the message lists those.
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
        // Refused when the listener has closed meanwhile: then nobody needs waking.
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for CaptureServer {
    fn drop(&mut self) {
        self.stage.change(|state| {
            state.stopping = Stopping::Now;
            for stream in state.streams.drain(..) {
                // An error means that the client was faster.
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
        self.wake_acceptor();
        let connections = self.acceptor.take().map(JoinHandle::join);
        for connection in connections.into_iter().flatten().flatten() {
            // A thread that panicked has printed why; the test's own verdict stands.
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

    /// Keeps a request and settles what becomes of it; the number tells a held answer which
    /// releases came too early for it.
    fn keep(&self, request: CapturedRequest) -> (ServerReply, u64) {
        let mut state = self.lock();
        state.requests.push(request);
        self.changed.notify_all();
        let reply = state.next.pop_front().unwrap_or_else(|| state.otherwise.clone());
        (reply, state.releases)
    }

    /// Blocks until `over` says so, or the server stops.
    fn wait_until(&self, over: impl Fn(&State) -> bool) {
        let mut state = self.lock();
        while state.stopping == Stopping::NotYet && !over(&state) {
            state = self.changed.wait(state).expect(LOCK);
        }
    }
}

/// Takes connections until told to stop or to refuse; gives the threads that serve them.
fn accept(listener: TcpListener, stage: &Arc<Stage>) -> Vec<JoinHandle<()>> {
    let mut threads = Vec::new();
    let last = loop {
        // A client that has gone again before it was accepted is no connection.
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
    // The listener closes before the last connection is served: whoever has its answer can rely on
    // the next connection being refused.
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
    // The clone that the server keeps would hold the connection open.
    let _ = stream.get_ref().shutdown(Shutdown::Both);
}

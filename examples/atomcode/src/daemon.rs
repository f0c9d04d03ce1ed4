//! `atomcode daemon`: serves editors over HTTP on this machine until it is told
//! to stop, and loses no event then.
//!
//! ```text
//! signal ─▶ no new connections ─▶ requests in flight end ─▶ flush, 500 ms at most ─▶ exit
//! ```

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use headcount::daemon::Daemon;
use headcount::ship::Ureq;
use headcount::{Telemetry, signals};

use crate::model::ChosenModel;
use crate::request::{self, Request};
use crate::telemetry::{self, Mode};
use crate::{account, answer, print, report};

/// How long telemetry may delay the exit.
const FLUSH: Duration = Duration::from_millis(500);

/// Serves until a signal comes, and returns the exit code.
pub(crate) fn serve(telemetry: &Telemetry, port: u16) -> u8 {
    match try_serve(telemetry, port) {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("atomcode: the daemon cannot serve on port {port}: {error}\n"));
            1
        }
    }
}

fn try_serve(telemetry: &Telemetry, port: u16) -> io::Result<()> {
    let stop = signals::listen()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let address = listener.local_addr()?;
    let daemon = telemetry.daemon(Ureq::new())?;
    print::out(format_args!("{}\n", daemon.status_line()));
    if port == 0 {
        print::out(format_args!("Listening on http://{address}\n"));
    }
    let serving = Arc::new(Serving::new(daemon, telemetry.surroundings().home.clone()));
    let acceptor = {
        let serving = Arc::clone(&serving);
        std::thread::spawn(move || accept(&serving, &listener))
    };
    stop.wait();
    serving.stopping.store(true, Ordering::SeqCst);
    wake(address);
    // A thread that panicked has been reported by the hook, and has ended.
    for thread in acceptor.join().unwrap_or_default() {
        let _ = thread.join();
    }
    if let Some(serving) = Arc::into_inner(serving) {
        serving.daemon.shutdown(FLUSH);
    }
    Ok(())
}

/// Most conversations that are remembered: 64 KB at about 64 bytes each. One
/// more starts a new session for all others.
const CONVERSATIONS: usize = 1_000;

/// What all requests share.
struct Serving {
    daemon: Daemon,
    /// Where it is kept who is logged in.
    home: Option<PathBuf>,
    stopping: AtomicBool,
    /// The envelope of each conversation, by the editor's name for it, which is
    /// never reported.
    conversations: Mutex<HashMap<String, telemetry::Host>>,
}

/// Accepts connections until told to stop, and returns the threads that still
/// serve one.
fn accept(serving: &Arc<Serving>, listener: &TcpListener) -> Vec<JoinHandle<()>> {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    for stream in listener.incoming() {
        if serving.stopping.load(Ordering::SeqCst) {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        let Ok(stream) = stream else { continue };
        let serving = Arc::clone(serving);
        let thread = std::thread::Builder::new().name("turn".to_owned());
        // If the system cannot start a thread, the connection is closed.
        threads.extend(thread.spawn(move || serving.serve(&stream)));
    }
    threads
}

/// Wakes `accept`, which waits for a connection.
fn wake(address: SocketAddr) {
    // On an error, another connection has woken it.
    let _ = TcpStream::connect(address);
}

impl Serving {
    fn new(daemon: Daemon, home: Option<PathBuf>) -> Self {
        let conversations = Mutex::new(HashMap::new());
        Self { daemon, home, stopping: AtomicBool::new(false), conversations }
    }

    /// Serves one request. Errors of the connection are the editor's to handle.
    fn serve(&self, stream: &TcpStream) {
        let (status, body) = match request::read(stream) {
            Ok(request) => self.answer(&request),
            Err(error) => ("400 Bad Request", error.to_string()),
        };
        let _ = request::reply(stream, status, &body);
    }

    fn answer(&self, request: &Request) -> (&'static str, String) {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/healthz") => ("200 OK", "ok".to_owned()),
            ("POST", "/turn") => {
                let conversation = self.conversation(request.conversation.as_deref());
                // Somebody may log in or out while it runs.
                let account = account::current(self.home.as_deref());
                let session = telemetry::Host { account, ..conversation };
                let envelope = report::turn(&session, &ChosenModel::default());
                let answer = answer::to(&request.body);
                self.daemon.record(&envelope, &report::chat(&answer));
                ("200 OK", answer.text.to_owned())
            }
            _ => ("404 Not Found", "Use GET /healthz or POST /turn.".to_owned()),
        }
    }

    /// The envelope of a conversation. A turn without a name is its own
    /// conversation.
    fn conversation(&self, name: Option<&str>) -> telemetry::Host {
        let fresh = || report::session(Mode::Ide, None);
        let Some(name) = name else { return fresh() };
        let mut known = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CONVERSATIONS && !known.contains_key(name) {
            known.clear();
        }
        known.entry(name.to_owned()).or_insert_with(fresh).clone()
    }
}

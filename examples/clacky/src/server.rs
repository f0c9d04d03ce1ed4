//! `clacky server`: runs the agent on what is sent to it over HTTP, on this
//! machine, until it is told to stop.
//!
//! ```text
//! signal ─▶ no new connections ─▶ requests in flight end ─▶ hand over what is unsent ─▶ exit
//! ```

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use headcount::signals;

use crate::agent::{End, Setup};
use crate::clacky::Clacky;
use crate::print;
use crate::request::{self, Request};

/// Serves until a signal comes, and returns the exit code.
pub(crate) fn serve(clacky: Clacky, port: u16) -> u8 {
    match try_serve(clacky, port) {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("clacky: the server cannot serve on port {port}: {error}\n"));
            1
        }
    }
}

fn try_serve(clacky: Clacky, port: u16) -> io::Result<()> {
    let stop = signals::listen()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let address = listener.local_addr()?;
    print::out(format_args!("Listening on http://{address}\n"));
    let serving = Arc::new(Serving { clacky, stopping: AtomicBool::new(false) });
    let acceptor = {
        let serving = Arc::clone(&serving);
        std::thread::spawn(move || accept(&serving, &listener))
    };
    stop.wait();
    serving.stopping.store(true, Ordering::SeqCst);
    wake(address);
    // A thread that panicked has ended.
    for thread in acceptor.join().unwrap_or_default() {
        let _ = thread.join();
    }
    if let Some(serving) = Arc::into_inner(serving) {
        serving.clacky.finish();
    }
    Ok(())
}

/// What all requests share.
struct Serving {
    clacky: Clacky,
    stopping: AtomicBool,
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
        let thread = std::thread::Builder::new().name("task".to_owned());
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
    /// Serves one request. Errors of the connection are the client's to handle.
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
            ("POST", "/task") => self.task(&request.body, End::Success),
            ("POST", "/task?end=error") => self.task(&request.body, End::Error),
            ("POST", "/task?end=interrupted") => self.task(&request.body, End::Interrupted),
            _ => ("404 Not Found", "Use GET /healthz or POST /task.".to_owned()),
        }
    }

    /// Runs the agent on a message.
    fn task(&self, message: &str, end: End) -> (&'static str, String) {
        let setup = Setup { end, ..Setup::default() };
        match self.clacky.run(&setup, message) {
            None => ("200 OK", "There is nothing to do.".to_owned()),
            Some(result) => match result.end {
                End::Success => ("200 OK", result.text.to_owned()),
                End::Error => ("502 Bad Gateway", "The model did not answer.".to_owned()),
                End::Interrupted => ("409 Conflict", "The task was interrupted.".to_owned()),
            },
        }
    }
}

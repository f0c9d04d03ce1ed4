//! How a program ended, and what it printed.

use std::io::Read;
use std::thread;

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// `None` if it crashed, or took too long.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// The same, to standard error.
    pub err: String,
    /// A line for each call where none fails, and one for the first failure.
    pub met: String,
}

/// What such a thread read.
pub(crate) fn text(thread: thread::JoinHandle<Vec<u8>>) -> String {
    String::from_utf8_lossy(&thread.join().unwrap_or_default()).into_owned()
}

/// Reads a stream to its end, in a thread.
pub(crate) fn gather(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}

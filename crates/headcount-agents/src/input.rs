//! Reads the payload from standard input, with a bound and a deadline.

#[cfg(not(unix))]
use std::io::Read;
use std::io::{self, IsTerminal as _};
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(not(unix))]
use std::sync::mpsc;
#[cfg(not(unix))]
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, Timespec, poll};
#[cfg(unix)]
use rustix::io::Errno;

/// Bytes that are read at once. Most payloads are smaller.
const CHUNK: usize = 8 * 1024;

/// Where a payload comes from.
#[derive(Debug)]
pub enum Input {
    /// The standard input of the process. A terminal has no payload.
    Standard,
    /// These bytes.
    Given(Vec<u8>),
}

impl Input {
    /// The payload; `None` if there is none, or if it is longer than `most`
    /// bytes. After `wait` what has arrived counts: some agents leave the pipe
    /// open.
    pub(crate) fn payload(self, most: usize, wait: Duration) -> Option<Vec<u8>> {
        match self {
            Self::Given(bytes) => Some(bytes).filter(|bytes| bytes.len() <= most),
            Self::Standard if io::stdin().is_terminal() => None,
            Self::Standard => read(io::stdin(), most, wait),
        }
    }
}

/// Reads at most `most` bytes to the end, or to the deadline. One byte more
/// shows that there are too many, and nothing after it is read.
#[cfg(unix)]
fn read(from: impl AsFd, most: usize, wait: Duration) -> Option<Vec<u8>> {
    let deadline = Instant::now() + wait;
    let (mut payload, mut chunk) = (Vec::new(), [0; CHUNK]);
    while payload.len() <= most {
        let left = deadline.saturating_duration_since(Instant::now());
        // A read waits for ever; this waits until there is something to read.
        let mut watched = [PollFd::new(&from, PollFlags::IN)];
        match poll(&mut watched, Timespec::try_from(left).ok().as_ref()) {
            Ok(0) => break,
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => break,
        }
        let room = chunk.len().min(most + 1 - payload.len());
        match rustix::io::read(&from, &mut chunk[..room]) {
            Ok(0) => break,
            Ok(read) => payload.extend_from_slice(&chunk[..read]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => break,
        }
    }
    (!payload.is_empty() && payload.len() <= most).then_some(payload)
}

/// The same, where nothing can wait for a pipe and for a time at once.
#[cfg(not(unix))]
fn read(from: impl Read + Send + 'static, most: usize, wait: Duration) -> Option<Vec<u8>> {
    let deadline = Instant::now() + wait;
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    let mut from = from.take(most as u64 + 1);
    // A read cannot be given up. The thread ends with the process.
    let started = thread::Builder::new().spawn(move || {
        let mut chunk = [0; CHUNK];
        loop {
            match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) if sender.send(chunk[..read].to_vec()).is_ok() => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => break,
            }
        }
    });
    started.ok()?;
    let mut payload = Vec::new();
    let left = || deadline.saturating_duration_since(Instant::now());
    while let Ok(chunk) = receiver.recv_timeout(left()) {
        payload.extend_from_slice(&chunk);
    }
    (!payload.is_empty() && payload.len() <= most).then_some(payload)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::thread;

    use super::*;

    /// A pipe into which these bytes were written, and its other end.
    fn pipe(bytes: &[u8]) -> (io::PipeReader, io::PipeWriter) {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(bytes).unwrap();
        (reader, writer)
    }

    /// The same, closed.
    fn ended(bytes: &[u8]) -> io::PipeReader {
        pipe(bytes).0
    }

    #[test]
    fn what_has_arrived_counts_if_the_pipe_stays_open() {
        let wait = Duration::from_millis(50);
        let (reader, _open) = pipe(b"{}");
        assert_eq!(read(reader, 9, wait), Some(b"{}".to_vec()));
        let (reader, _open) = pipe(b"");
        assert_eq!(read(reader, 9, wait), None);
    }

    #[test]
    fn what_arrives_in_pieces_is_whole() {
        let (reader, mut writer) = pipe(b"{");
        let piece = vec![b' '; 3 * CHUNK];
        let writes = thread::spawn(move || {
            writer.write_all(&piece).unwrap();
            writer.write_all(b"}").unwrap();
        });
        let payload = read(reader, 4 * CHUNK, Duration::from_secs(60)).unwrap();
        writes.join().unwrap();
        assert_eq!(payload.len(), 3 * CHUNK + 2);
        assert!(payload.starts_with(b"{ ") && payload.ends_with(b" }"));
    }

    #[test]
    fn nothing_is_read_past_the_bound() {
        let wait = Duration::from_secs(60);
        assert_eq!(read(ended(b"123456789"), 9, wait), Some(b"123456789".to_vec()));
        assert_eq!(read(ended(b"1234567890"), 9, wait), None);
        // An endless pipe ends at the bound.
        let (reader, mut writer) = pipe(b"");
        let writes = thread::spawn(move || while writer.write_all(&[b'{'; CHUNK]).is_ok() {});
        assert_eq!(read(reader, 1 << 20, wait), None);
        writes.join().unwrap();
        assert_eq!(Input::Given(vec![0; 10]).payload(9, wait), None);
    }
}

//! Reads the payload from standard input, with a bound and a deadline.

use std::io::{self, IsTerminal as _, Read};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

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
fn read(from: impl Read + Send + 'static, most: usize, wait: Duration) -> Option<Vec<u8>> {
    let deadline = Instant::now() + wait;
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    let mut from = from.take(most as u64 + 1);
    // A read cannot be given up. The thread ends with the process.
    let started = thread::Builder::new().spawn(move || {
        let mut chunk = vec![0; 64 * 1024];
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
    use super::*;

    /// A pipe that nobody closes.
    struct Open(&'static [u8]);

    impl Read for Open {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                loop {
                    thread::park();
                }
            }
            self.0.read(into)
        }
    }

    #[test]
    fn what_has_arrived_counts_if_the_pipe_stays_open() {
        let wait = Duration::from_millis(50);
        assert_eq!(read(Open(b"{}"), 9, wait), Some(b"{}".to_vec()));
        assert_eq!(read(Open(b""), 9, wait), None);
    }

    #[test]
    fn nothing_is_read_past_the_bound() {
        let wait = Duration::from_secs(60);
        assert_eq!(read(&b"123456789"[..], 9, wait), Some(b"123456789".to_vec()));
        assert_eq!(read(&b"1234567890"[..], 9, wait), None);
        // An endless pipe ends at the bound.
        assert_eq!(read(io::repeat(b'{'), 1 << 20, wait), None);
        assert_eq!(Input::Given(vec![0; 10]).payload(9, wait), None);
    }
}

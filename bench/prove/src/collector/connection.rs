//! One connection that stays open: a request, then its answer.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// Whether it says when to come again.
    pub(crate) retry_after: bool,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Whether the events are taken.
    pub(crate) fn is_taken(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// Nobody listens.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    ///
    /// The connection ends, what comes is not an answer, or nothing comes in
    /// time.
    pub(crate) async fn ask(&mut self, request: &[u8], patience: Duration) -> io::Result<Answer> {
        let asked = async {
            self.stream.write_all(request).await?;
            self.received.clear();
            self.answer().await
        };
        tokio::time::timeout(patience, asked)
            .await
            .unwrap_or_else(|_| Err(broken("no answer came")))
    }

    async fn answer(&mut self) -> io::Result<Answer> {
        let end = loop {
            let end = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            match end {
                Some(end) => break end + 4,
                None => self.more().await?,
            }
        };
        let head = std::str::from_utf8(&self.received[..end]).map_err(|_| broken("not HTTP"))?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok());
        let status = status.ok_or_else(|| broken("no status"))?;
        let retry_after = header(head, "retry-after").is_some();
        let length = header(head, "content-length").and_then(|value| value.parse().ok());
        let chunked = header(head, "transfer-encoding").is_some();
        match length {
            Some(length) => self.until(end, length).await?,
            None if chunked => self.last_chunk(end).await?,
            None => {}
        }
        Ok(Answer { status, retry_after, body: self.received[end..].to_vec() })
    }

    async fn until(&mut self, head: usize, length: usize) -> io::Result<()> {
        while self.received.len() < head + length {
            self.more().await?;
        }
        Ok(())
    }

    /// Reads to the empty chunk. The chunks' sizes stay in the body: who asks
    /// for one wants to know that it came.
    async fn last_chunk(&mut self, head: usize) -> io::Result<()> {
        while !self.received[head..].ends_with(b"0\r\n\r\n") {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(broken("the server closed the connection")),
            _ => Ok(()),
        }
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

//! As much of HTTP/1.1 as the endpoints of the proof speak.

use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpStream;

use flate2::read::GzDecoder;

/// Bytes of a head that are read: real ones are under 1 KiB.
const HEAD_BYTES: u64 = 64 * 1024;

/// Bytes of a body that are read: the SDK's batches stay under 1 MiB.
const BODY_BYTES: u64 = 16 * 1024 * 1024;

/// One message, request or answer.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// The first line.
    pub(crate) first: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    /// As it came.
    pub(crate) body: Vec<u8>,
    /// Every byte of head and body, to be passed on.
    pub(crate) raw: Vec<u8>,
}

impl Message {
    /// Reads one; `None` where the other side has ended.
    ///
    /// # Errors
    ///
    /// The connection broke, or what came is no message.
    pub(crate) fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut message = Self::default();
        let mut head = stream.take(HEAD_BYTES);
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 {
                return if message.raw.is_empty() { Ok(None) } else { Err(broken()) };
            }
            message.raw.extend_from_slice(line.as_bytes());
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            match line.split_once(':') {
                _ if message.first.is_empty() => message.first = line.to_owned(),
                Some((name, value)) => {
                    message.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                None => return Err(broken()),
            }
        }
        message.read_body(stream)?;
        Ok(Some(message))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }

    /// The path that is asked for.
    pub(crate) fn path(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The body as it was before it was compressed.
    ///
    /// # Errors
    ///
    /// It is not what its header says.
    pub(crate) fn plain(&self) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            Some("gzip") => {
                GzDecoder::new(&self.body[..]).take(BODY_BYTES).read_to_end(&mut plain)?;
            }
            _ => plain.extend_from_slice(&self.body),
        }
        Ok(plain)
    }

    fn read_body(&mut self, stream: &mut BufReader<TcpStream>) -> io::Result<()> {
        if self.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            return self.read_chunks(stream);
        }
        let length = self.header("content-length").and_then(|value| value.parse().ok());
        let length: u64 = length.unwrap_or(0);
        if length > BODY_BYTES {
            return Err(broken());
        }
        stream.take(length).read_to_end(&mut self.body)?;
        self.raw.extend_from_slice(&self.body);
        if self.body.len() as u64 == length { Ok(()) } else { Err(broken()) }
    }

    fn read_chunks(&mut self, stream: &mut BufReader<TcpStream>) -> io::Result<()> {
        loop {
            let mut size = String::new();
            stream.read_line(&mut size)?;
            let length = u64::from_str_radix(size.trim(), 16).map_err(|_| broken())?;
            let mut chunk = Vec::new();
            // With the line's end behind it.
            stream.take(length.min(BODY_BYTES) + 2).read_to_end(&mut chunk)?;
            self.raw.extend_from_slice(size.as_bytes());
            self.raw.extend_from_slice(&chunk);
            if length == 0 {
                return Ok(());
            }
            chunk.truncate(chunk.len().saturating_sub(2));
            self.body.extend_from_slice(&chunk);
        }
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "this is no HTTP message")
}

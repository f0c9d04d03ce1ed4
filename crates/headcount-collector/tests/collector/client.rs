//! A client that sends exact bytes and reads the answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use headcount_testkit::read_chunks;
use serde_json::Value as Json;

/// An answer, its header names in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body as bytes, for one that is not text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The message of an error in the native form.
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }
}

/// A request under construction.
pub(crate) struct Request {
    head: String,
    body: Vec<u8>,
    chunked: bool,
    host: bool,
}

pub(crate) fn get(path: &str) -> Request {
    asked("GET", path, Vec::new())
}

pub(crate) fn options(path: &str) -> Request {
    asked("OPTIONS", path, Vec::new())
}

pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Request {
    asked("POST", path, body.into())
}

fn asked(method: &str, path: &str, body: Vec<u8>) -> Request {
    Request { head: format!("{method} {path} HTTP/1.1\r\n"), body, chunked: false, host: true }
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.host &= !name.eq_ignore_ascii_case("host");
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Sends the body in chunks, without its length.
    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// The request's bytes.
    pub(crate) fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let mut head = self.head.clone();
        if self.host {
            head.push_str(&format!("host: {address}\r\n"));
        }
        head.push_str("connection: close\r\n");
        let mut bytes = head.into_bytes();
        if self.chunked {
            bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            for piece in self.body.chunks(1_000) {
                bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                bytes.extend_from_slice(piece);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(
                format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes(),
            );
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }

    #[track_caller]
    pub(crate) fn send(self, address: SocketAddr) -> Answer {
        self.send_over(connect(address), address)
    }

    /// Sends it over a stream that leads to the address.
    #[track_caller]
    pub(crate) fn send_over(self, mut stream: impl Read + Write, address: SocketAddr) -> Answer {
        stream.write_all(&self.bytes(address)).expect("a collector that reads to the end");
        stream.flush().expect("a collector that reads to the end");
        read(&mut stream)
    }
}

/// Connects, and waits for answers as long as a busy machine may take.
#[track_caller]
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a collector that listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream
}

/// Reads the answer on a connection that is closed after it.
#[track_caller]
pub(crate) fn read(stream: &mut impl Read) -> Answer {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        // The connection may be reset after the whole answer.
        Err(error) if error.kind() == ErrorKind::ConnectionReset && !bytes.is_empty() => {}
        Err(error) => panic!("no answer: {error}"),
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&bytes)));
    let head = std::str::from_utf8(&bytes[..end]).expect("a head is text");
    let mut bytes = bytes[end + 4..].to_vec();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        bytes = read_chunks(&mut bytes.as_slice()).expect("a whole answer");
    }
    let status = status.parse().expect("a number");
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status, headers, body, bytes }
}

//! As much of HTTP/1.1 as an editor on the same machine needs: one request a
//! connection, with limits.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Bytes of a request's head: a few header lines of an editor.
const HEAD_BYTES: u64 = 16 * 1024;

/// Bytes of a prompt: 256 pages.
const BODY_BYTES: u64 = 1024 * 1024;

/// How long an editor may keep silent within a request; as long may it hold up
/// the end of the daemon.
const SILENCE: Duration = Duration::from_secs(5);

/// What was asked.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// `GET` or `POST`.
    pub(crate) method: String,
    /// `/turn`.
    pub(crate) path: String,
    /// The editor's own name for a conversation, in the header `Conversation`.
    pub(crate) conversation: Option<String>,
    /// The body.
    pub(crate) body: String,
}

/// Reads a request.
///
/// # Errors
///
/// Where the connection fails or does not bring one.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Request> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    let mut head = BufReader::new(stream).take(HEAD_BYTES);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::Error::other("this is no HTTP"));
    };
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() };
    let mut length = 0;
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the head of the request does not end"));
        }
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => {
                length = value.parse().map_err(|_| io::Error::other("a length is a number"))?;
            }
            "conversation" => request.conversation = Some(value.to_owned()),
            _ => {}
        }
    }
    if length > BODY_BYTES {
        return Err(io::Error::other("a prompt of more than a megabyte"));
    }
    let read = head.into_inner().take(length).read_to_string(&mut request.body)?;
    if (read as u64) < length {
        return Err(io::Error::other("the body of the request is shorter than it said"));
    }
    Ok(request)
}

/// Answers and closes.
///
/// # Errors
///
/// Where the connection fails.
pub(crate) fn reply(mut stream: &TcpStream, status: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = "content-type: text/plain; charset=utf-8\r\nconnection: close";
    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}")
}

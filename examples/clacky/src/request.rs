//! As much of HTTP/1.1 as a client on the same machine needs: one request per
//! connection, with limits.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Most bytes of a request's head: a few header lines.
const HEAD_BYTES: u64 = 16 * 1024;

/// Most bytes of a message: about 256 pages.
const BODY_BYTES: u64 = 1024 * 1024;

/// How long a client may pause within a request, and so delay the end of the
/// server.
const SILENCE: Duration = Duration::from_secs(5);

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// `GET` or `POST`.
    pub(crate) method: String,
    /// `/task`.
    pub(crate) path: String,
    /// The body.
    pub(crate) body: String,
}

/// Reads a request.
///
/// # Errors
///
/// Returns an error if the connection fails or the request is not valid.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Request> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    let mut head = BufReader::new(stream).take(HEAD_BYTES);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::Error::other("not an HTTP request"));
    };
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() };
    let mut length = 0;
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the head of the request is not complete"));
        }
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value
                .trim()
                .parse()
                .map_err(|_| io::Error::other("`content-length` is not a number"))?;
        }
    }
    if length > BODY_BYTES {
        return Err(io::Error::other("the message is longer than 1 MiB"));
    }
    let read = head.into_inner().take(length).read_to_string(&mut request.body)?;
    if (read as u64) < length {
        return Err(io::Error::other(
            "the body of the request is shorter than its `content-length`",
        ));
    }
    Ok(request)
}

/// Writes the response.
///
/// # Errors
///
/// Returns an error if the connection fails.
pub(crate) fn reply(mut stream: &TcpStream, status: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = "content-type: text/plain; charset=utf-8\r\nconnection: close";
    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}")
}

//! A request that the capture server read, with its bytes.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};

use flate2::read::GzDecoder;

use crate::limits::{BODY_BYTES, HEAD_BYTES};

/// An HTTP/1.1 request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The path with the query, such as `/v1/logs`.
    pub path: String,
    /// The headers in their order, with names as they were sent.
    pub headers: Vec<(String, String)>,
    /// The body without chunks. It is not decompressed.
    pub body: Vec<u8>,
    head: Vec<u8>,
}

impl CapturedRequest {
    /// Returns the value of the first header with this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().find(same).map(|(_, value)| value.as_str())
    }

    /// Returns the body as text. It is decompressed if its encoding is gzip.
    /// Invalid UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        let mut plain = Vec::new();
        let is_gzip = self.header("content-encoding") == Some("gzip");
        if is_gzip && GzDecoder::new(&self.body[..]).read_to_end(&mut plain).is_ok() {
            return String::from_utf8_lossy(&plain).into_owned();
        }
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns head and body as they were sent, for searching.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_slice(), &self.body].concat()
    }

    /// Reads the next request of a connection; `None` if the client has closed
    /// it. An error of the kind `Other` says what is wrong with the request;
    /// any other means that the connection broke.
    pub(crate) fn read<S: Read + Write>(stream: &mut BufReader<S>) -> Result<Option<Self>> {
        let mut head = Vec::new();
        let Some(first) = read_line(stream, &mut head)? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method), Some(path), Some("HTTP/1.1"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Error::other(format!("{first:?} is not an HTTP/1.1 request line")));
        };
        let (method, path) = (method.to_owned(), path.to_owned());
        let headers = read_headers(stream, &mut head)?;
        let mut request = Self { method, path, headers, body: Vec::new(), head };
        if request.header("expect").is_some() {
            stream.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = request.read_body(stream)?;
        Ok(Some(request))
    }

    fn read_body(&self, stream: &mut impl BufRead) -> Result<Vec<u8>> {
        let chunked = self.header("transfer-encoding");
        match (chunked, self.header("content-length")) {
            (None, None) => Ok(Vec::new()),
            (None, Some(length)) => {
                let length = parsed(length.parse().ok(), length, "content-length")?;
                let mut body = Vec::new();
                read_more(stream, &mut body, length)?;
                Ok(body)
            }
            (Some("chunked"), None) => read_chunks(stream),
            (Some(other), None) => {
                Err(Error::other(format!("unknown transfer-encoding {other:?}")))
            }
            (Some(_), Some(_)) => Err(Error::other(
                "a request may not have both transfer-encoding and content-length",
            )),
        }
    }
}

fn read_headers(stream: &mut impl BufRead, head: &mut Vec<u8>) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream, head)?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(Error::other(format!("the header {line:?} has no colon")));
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

/// Reads a chunked body (RFC 9112, section 7.1) and its trailers, which are
/// left out, of a request or an answer.
///
/// # Errors
///
/// The stream ends early or cannot be read, or the chunks are not well-formed.
pub fn read_chunks(stream: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut framing = Vec::new();
    loop {
        let line = read_line(stream, &mut framing)?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let length = usize::from_str_radix(digits, 16).ok();
        let length = parsed(length, digits, "chunk length")?;
        if length == 0 {
            read_headers(stream, &mut framing)?;
            return Ok(body);
        }
        read_more(stream, &mut body, length)?;
        if read_line(stream, &mut framing)?.is_none_or(|line| !line.is_empty()) {
            return Err(Error::other("a chunk is longer than its length says"));
        }
        framing.clear();
    }
}

/// Reads a line and returns it without its end; `None` at the end of the
/// stream.
fn read_line(stream: &mut impl BufRead, head: &mut Vec<u8>) -> Result<Option<String>> {
    let start = head.len();
    let room = u64::try_from(HEAD_BYTES - start).expect("a limit in bytes fits");
    stream.by_ref().take(room).read_until(b'\n', head)?;
    if head.len() == start && room > 0 {
        return Ok(None);
    }
    let Some(line) = head[start..].strip_suffix(b"\r\n") else {
        return Err(match head.len() {
            HEAD_BYTES => Error::other(format!("the head is longer than {HEAD_BYTES} bytes")),
            _ => Error::other("a line of the head does not end with carriage return and line feed"),
        });
    };
    match std::str::from_utf8(line) {
        Ok(line) => Ok(Some(line.to_owned())),
        Err(_) => Err(Error::other("the head is not valid UTF-8")),
    }
}

fn read_more(stream: &mut impl BufRead, body: &mut Vec<u8>, length: usize) -> Result<()> {
    if length > BODY_BYTES - body.len() {
        return Err(Error::other(format!("the body is longer than {BODY_BYTES} bytes")));
    }
    let start = body.len();
    body.resize(start + length, 0);
    stream.read_exact(&mut body[start..])
}

fn parsed(number: Option<usize>, text: &str, what: &str) -> Result<usize> {
    number.ok_or_else(|| Error::other(format!("{text:?} is not a {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection whose client has sent everything. What is written to it is
    /// ignored.
    struct Sent(&'static [u8]);

    impl Read for Sent {
        fn read(&mut self, into: &mut [u8]) -> Result<usize> {
            self.0.read(into)
        }
    }

    impl Write for Sent {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    fn read(bytes: &'static str) -> Result<Option<CapturedRequest>> {
        CapturedRequest::read(&mut BufReader::new(Sent(bytes.as_bytes())))
    }

    #[test]
    fn a_body_with_a_length() {
        let sent = "POST /v1/logs?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyrest";
        let request = read(sent).unwrap().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/logs?a=b"));
        assert_eq!(request.header("HOST"), Some("x"));
        assert_eq!(request.text(), "body");
        assert_eq!(request.bytes(), sent.strip_suffix("rest").unwrap().as_bytes());
    }

    #[test]
    fn a_chunked_body_is_put_together() {
        let request = read(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
             4;x=y\r\nfour\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
        );
        assert_eq!(request.unwrap().unwrap().text(), "four0123456789");
    }

    #[test]
    fn no_body_and_then_nothing() {
        let mut stream = BufReader::new(Sent(b"GET / HTTP/1.1\r\n\r\n"));
        assert_eq!(CapturedRequest::read(&mut stream).unwrap().unwrap().body, b"");
        assert_eq!(CapturedRequest::read(&mut stream).unwrap(), None);
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let wrong = |sent| {
            let error = read(sent).unwrap_err();
            (error.kind() == std::io::ErrorKind::Other).then(|| error.to_string())
        };
        let head = "POST / HTTP/1.1\r\n";
        assert_eq!(wrong("hello\r\n").unwrap(), "\"hello\" is not an HTTP/1.1 request line");
        let long = format!("{head}Content-Length: {}\r\n\r\n", BODY_BYTES + 1).leak();
        assert_eq!(wrong(long).unwrap(), "the body is longer than 67108864 bytes");
        let both = "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(wrong(both).unwrap().contains("both"));
        let torn = "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nfour";
        assert_eq!(wrong(torn), None, "a connection that breaks is not a fault of the request");
        let endless = format!("{head}X: {}", "y".repeat(HEAD_BYTES)).leak();
        assert_eq!(wrong(endless).unwrap(), "the head is longer than 65536 bytes");
    }
}

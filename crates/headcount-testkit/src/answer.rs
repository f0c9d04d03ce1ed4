//! What the capture server does with a request: answer it, delay the answer,
//! never answer, or close the connection.

use crate::CapturedRequest;

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// The headers. `content-length` is always sent besides.
    pub headers: Vec<(String, String)>,
    /// The body, sent as it is.
    pub body: Vec<u8>,
}

impl CannedAnswer {
    /// Returns an answer with a status and without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn closes(&self) -> bool {
        let closing = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close")
        };
        self.headers.iter().any(closing)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} \r\n", self.status);
        for (name, value) in &self.headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        bytes.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [bytes.as_bytes(), &self.body].concat()
    }
}

/// What the server does with a request, after it has kept it.
#[derive(Clone, Debug)]
pub enum ServerReply {
    /// Answers at once.
    Now(CannedAnswer),
    /// Answers at once, with what the function makes of the request.
    Made(fn(&CapturedRequest) -> CannedAnswer),
    /// Answers when the test calls [`release`](crate::CaptureServer::release).
    Held(CannedAnswer),
    /// Keeps the connection open and never answers: a black hole.
    Never,
    /// Closes the connection without an answer, as if the answer was lost.
    Lost,
}

impl From<CannedAnswer> for ServerReply {
    fn from(answer: CannedAnswer) -> Self {
        Self::Now(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_an_answer() {
        let answer = CannedAnswer::status(429).header("retry-after", "7").body("later");
        assert_eq!(
            String::from_utf8(answer.to_bytes()).unwrap(),
            "HTTP/1.1 429 \r\nretry-after: 7\r\ncontent-length: 5\r\n\r\nlater"
        );
    }

    #[test]
    fn only_an_answer_that_says_so_closes() {
        assert!(!CannedAnswer::status(200).closes());
        assert!(CannedAnswer::status(200).header("Connection", "Close").closes());
    }
}

//! What the capture server does with a request: answer, hold the answer back, keep silent, or lose
//! it.

use crate::CapturedRequest;

/// One HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedAnswer {
    /// Such as 200.
    pub status: u16,
    /// Besides `content-length`, which is always sent.
    pub headers: Vec<(String, String)>,
    /// Sent as it is.
    pub body: Vec<u8>,
}

impl CannedAnswer {
    /// A status with no header and no body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with this body.
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

/// What becomes of one request. Whatever it is, the request is kept first.
#[derive(Clone, Debug)]
pub enum ServerReply {
    /// It is answered at once.
    Now(CannedAnswer),
    /// It is answered at once, with what is made of it.
    Made(fn(&CapturedRequest) -> CannedAnswer),
    /// It is answered when the test calls [`release`](crate::CaptureServer::release).
    Held(CannedAnswer),
    /// The connection stays open and nothing is ever said: a black hole.
    Never,
    /// The connection is closed without a word: an answer that was lost on the way.
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

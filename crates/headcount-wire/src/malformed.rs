//! A body that cannot be decoded at all.

use std::error::Error;
use std::fmt;
use std::str::Utf8Error;

use crate::json::Fault;
use crate::limits;

const MIB: usize = 1024 * 1024;

/// Why a body as a whole cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    sentence: String,
    is_too_much: bool,
    source: Option<Utf8Error>,
}

impl Malformed {
    pub(crate) fn because(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), is_too_much: false, source: None }
    }

    /// The body exceeds a limit; smaller batches can be accepted.
    pub(crate) fn too_much(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), is_too_much: true, source: None }
    }

    /// The body has more events than [`limits::REQUEST_EVENTS`].
    pub(crate) fn too_many() -> Self {
        let most = limits::REQUEST_EVENTS;
        Self::too_much(format!("the body has more than {most} events: send smaller batches"))
    }

    /// The body is JSON, but has to be an object.
    pub(crate) fn not_an_object(wanted: &str) -> Self {
        Self::because(format!("the body is valid JSON but not an object: send {wanted}"))
    }

    /// Says what is wrong with the JSON of `text`, and what to send.
    pub(crate) fn json(text: &[u8], fault: Fault, wanted: &str) -> Self {
        match fault {
            Fault::Syntax(at) => {
                let (line, column) = place(text, at);
                Self::because(format!(
                    "the body is not valid JSON at line {line}, column {column}: send {wanted}"
                ))
            }
            Fault::TooDeep(at) => {
                let (line, column) = place(text, at);
                let most = limits::DEPTH;
                Self::because(format!(
                    "the body is nested deeper than {most} levels at line {line}, column {column}: send {wanted}"
                ))
            }
            Fault::TooMany => Self::too_much(format!(
                "the body has more than {} values: send smaller batches",
                limits::VALUES
            )),
            Fault::TooManyEvents => Self::too_many(),
            Fault::Repeated(name) => {
                Self::because(format!("the body has `{name}` twice in one object: send it once"))
            }
            Fault::TooMuchText => Self::too_much(format!(
                "the body has more than {} MiB of text with escapes: send smaller batches",
                limits::HELD_BYTES / MIB
            )),
        }
    }

    /// Returns a body as text.
    pub(crate) fn utf8<'a>(body: &'a [u8], wanted: &str) -> Result<&'a str, Self> {
        std::str::from_utf8(body).map_err(|error| Self::not_utf8(body, error, wanted))
    }

    /// The body is not text.
    pub(crate) fn not_utf8(body: &[u8], error: Utf8Error, wanted: &str) -> Self {
        let (line, column) = place(body, error.valid_up_to());
        let sentence =
            format!("the body is not valid UTF-8 at line {line}, column {column}: send {wanted}");
        Self { source: Some(error), ..Self::because(sentence) }
    }

    /// Whether the body exceeds a limit, so that smaller batches would help. In
    /// HTTP this is status 413.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        self.is_too_much
    }
}

/// Returns line and column of a byte, both from 1; of the last byte if the text
/// ends before it. The column counts bytes.
fn place(text: &[u8], at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len().saturating_sub(1))];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, before.len() - start + 1)
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl Error for Malformed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as &(dyn Error + 'static))
    }
}

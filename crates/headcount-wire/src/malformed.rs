//! A body that cannot be read at all.

use std::fmt;

use crate::json::Fault;
use crate::limits;

/// Why a body as a whole is not what its dialect carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    sentence: String,
    is_too_much: bool,
}

impl Malformed {
    pub(crate) fn because(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), is_too_much: false }
    }

    /// The body has more of something than is taken at once: its halves may do.
    pub(crate) fn too_much(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), is_too_much: true }
    }

    /// More events than are taken at once.
    pub(crate) fn too_many(events: usize) -> Self {
        let most = limits::REQUEST_EVENTS;
        Self::too_much(format!(
            "the body has {events} events and {most} are taken at once: send them in several requests"
        ))
    }

    /// What is wrong with the JSON of `text`, and what was wanted.
    pub(crate) fn json(text: &[u8], fault: Fault, wanted: &str) -> Self {
        match fault {
            Fault::Syntax(at) => {
                let (line, column) = place(text, at);
                Self::because(format!(
                    "the body is not JSON at line {line}, column {column}: send {wanted}"
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
        }
    }

    /// The text that a body in JSON is.
    pub(crate) fn utf8<'a>(body: &'a [u8], wanted: &str) -> Result<&'a str, Self> {
        std::str::from_utf8(body).map_err(|error| {
            let (line, column) = place(body, error.valid_up_to());
            Self::because(format!(
                "the body is not UTF-8 at line {line}, column {column}: send {wanted}"
            ))
        })
    }

    /// Whether smaller batches would help: what HTTP's 413 says.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        self.is_too_much
    }
}

/// Line and column of a byte, counted from 1; of the last one where the text
/// ends too early.
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

impl std::error::Error for Malformed {}

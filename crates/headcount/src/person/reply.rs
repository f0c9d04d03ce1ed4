//! The answer of a command, and its reader.

use std::io::{self, Write as _};

use serde_json::Value as Json;

use crate::standing::Standing;

/// The answer of a command, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Text for standard output, with its newline; may be empty.
    pub out: String,
    /// Text for standard error, with its newline; may be empty.
    pub err: String,
    /// The exit code.
    pub code: u8,
}

/// Who reads a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A person.
    Person,
    /// A program: one line of JSON.
    Program,
}

impl Reply {
    /// Prints the reply and returns the exit code. A closed pipe, such as a
    /// pager that was quit, is not an error.
    pub fn print(&self) -> u8 {
        let _ = io::stdout().write_all(self.out.as_bytes());
        let _ = io::stderr().write_all(self.err.as_bytes());
        self.code
    }

    pub(super) fn said(out: impl Into<String>) -> Self {
        Self { out: out.into(), err: String::new(), code: 0 }
    }

    pub(super) fn json(json: &Json) -> Self {
        Self::said(format!("{json}\n"))
    }

    /// One line, even if the words of a parser in it have several.
    pub(super) fn failed(sentence: &str) -> Self {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        Self { out: String::new(), err: format!("{}\n", words.join(" ")), code: 1 }
    }

    pub(super) fn misused(sentence: &str) -> Self {
        Self { out: String::new(), err: format!("{sentence}\n"), code: 2 }
    }
}

/// How the person types these commands: `atomic telemetry`.
pub(super) fn call(standing: &Standing) -> String {
    format!("{} telemetry", standing.catalog().product.name)
}

//! What a command says, and to whom.

use std::io::{self, Write as _};

use serde_json::Value as Json;

use crate::standing::Standing;

/// What a command has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// For standard output, with its newline; empty for none.
    pub out: String,
    /// For standard error, with its newline; empty for none.
    pub err: String,
    /// The exit code.
    pub code: u8,
}

/// For whom a reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A person.
    Person,
    /// A program: one line of JSON.
    Program,
}

impl Reply {
    /// Prints it, and says what the process is to end with. A reader that is gone, such as a pager
    /// that was left early, is no error.
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

    /// One sentence, whatever a parser makes of its own part of it.
    pub(super) fn failed(sentence: &str) -> Self {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        Self { out: String::new(), err: format!("{}\n", words.join(" ")), code: 1 }
    }

    pub(super) fn misused(sentence: &str) -> Self {
        Self { out: String::new(), err: format!("{sentence}\n"), code: 2 }
    }
}

/// How the person calls these commands: `atomic telemetry`.
pub(super) fn call(standing: &Standing) -> String {
    format!("{} telemetry", standing.catalog().product.name)
}

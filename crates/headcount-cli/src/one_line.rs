//! A secret as a line of standard input, or asked for in a terminal without
//! showing it. Never as an argument: every user of a machine sees those.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::PathBuf;

use headcount_collector::CredentialError;

/// Bytes of a line, at most: more than any password or key may have.
const LINE_BYTES: u64 = 4 * 1024;

/// Reads a line. In a terminal, `prompt` asks for it.
pub(crate) fn read(prompt: &str, what: &'static str) -> Result<String, CredentialError> {
    let line = if io::stdin().is_terminal() {
        rpassword::prompt_password(prompt)
    } else {
        from_input(what)
    };
    line.map_err(not_read)
}

/// Reads a line, which is typed twice in a terminal.
pub(crate) fn read_new(prompt: &str, what: &'static str) -> Result<String, CredentialError> {
    let first = read(prompt, what)?;
    if io::stdin().is_terminal()
        && rpassword::prompt_password("Again: ").map_err(not_read)? != first
    {
        let sentence = "the second one is another: type the same twice";
        return Err(not_read(io::Error::other(sentence)));
    }
    Ok(first)
}

fn from_input(what: &str) -> io::Result<String> {
    let mut line = Vec::new();
    io::stdin().lock().take(LINE_BYTES).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.is_empty() {
        return Err(io::Error::other(format!("there is no {what}: write it as one line")));
    }
    String::from_utf8(line).map_err(|_| io::Error::other("it is not valid UTF-8"))
}

fn not_read(error: io::Error) -> CredentialError {
    let path = PathBuf::from("from standard input");
    CredentialError::File { doing: "read", path, error }
}

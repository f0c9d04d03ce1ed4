//! A secret as a line of standard input, or asked for in a terminal without
//! showing it. Never as an argument: every user of a machine sees those.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

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
    line.map_err(|error| CredentialError::Input { what, error })
}

/// Reads a line, which is typed twice in a terminal.
pub(crate) fn read_new(prompt: &str, what: &'static str) -> Result<String, CredentialError> {
    let first = read(prompt, what)?;
    if io::stdin().is_terminal() {
        let again = rpassword::prompt_password("Again: ");
        let again = again.map_err(|error| CredentialError::Input { what, error })?;
        if again != first {
            let error = io::Error::other("the second one is another: type the same twice");
            return Err(CredentialError::Input { what, error });
        }
    }
    Ok(first)
}

fn from_input(what: &str) -> io::Result<String> {
    let mut line = Vec::new();
    io::stdin().lock().take(LINE_BYTES + 1).read_until(b'\n', &mut line)?;
    if line.len() as u64 > LINE_BYTES {
        return Err(io::Error::other(format!("it is longer than {LINE_BYTES} bytes")));
    }
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

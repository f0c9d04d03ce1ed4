//! What the author wants: from the flags, and in a terminal from answers.

use std::io::{self, BufRead, IsTerminal as _, Write as _};
use std::path::Path;

use super::wanted::{New, NewDefault, Wanted, given};

/// Returns what is wanted. Asks for what no flag says, if this is a terminal.
/// `None` if the person leaves.
pub(super) fn all(new: &New, here: &Path) -> Option<Wanted> {
    let before = given(new, here);
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if new.yes || !can_ask {
        return Some(before);
    }
    let mut answers = io::stdin().lock();
    let mut product = before.product;
    if new.product.is_none() {
        product = answer(&mut answers, "What do people type to start the program?", &product)?;
    }
    let mut default = before.default;
    if new.default.is_none() {
        let question = "Is telemetry on? off: until a person turns it on; ask: each person is asked once; on: until a person turns it off";
        default = loop {
            match answer(&mut answers, question, "ask")?.as_str() {
                "off" => break NewDefault::Off,
                "ask" => break NewDefault::Ask,
                "on" => break NewDefault::On,
                _ => {}
            }
        };
    }
    let mut endpoint = before.endpoint;
    if new.endpoint.is_none() {
        let question = "Where is your collector? Its address ends in /api/v1/events; keep this one if you have none yet";
        endpoint = answer(&mut answers, question, &endpoint)?;
    }
    Some(Wanted { product, default, endpoint })
}

/// Asks, and returns the answer, or what is usual if the line is empty.
fn answer(answers: &mut impl BufRead, question: &str, usual: &str) -> Option<String> {
    let mut out = io::stderr().lock();
    let _ = write!(out, "{question} [{usual}]: ");
    let _ = out.flush();
    let mut line = String::new();
    match answers.read_line(&mut line) {
        Ok(1..) => {}
        _ => return None,
    }
    let line = line.trim();
    Some(if line.is_empty() { usual } else { line }.to_owned())
}

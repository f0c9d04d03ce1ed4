//! Judges a JSON text as a whole, before anything in it is believed.

use serde_json::Value;

use crate::Format;
use crate::error::Problem;

/// Whether nothing is in the text but the white space of JSON.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
}

/// Refuses a text that is not JSON from its first byte to its last.
///
/// # Errors
///
/// The text is not JSON, or its top level is not an object.
pub(super) fn validate(text: &str) -> Result<(), Problem> {
    let error = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => return Ok(()),
        Ok(_) => return Err(Problem::NotATable(Format::Json)),
        Err(error) => error,
    };
    // The parser says column 0 of a line that it has not begun.
    let at = (error.line(), error.column().max(1));
    let problem = error.to_string();
    let problem = problem.split(" at line ").next().unwrap_or_default().to_owned();
    Err(Problem::Syntax { format: Format::Json, at: Some(at), problem })
}

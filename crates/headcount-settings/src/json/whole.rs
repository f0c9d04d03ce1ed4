//! Validates a whole JSON text before anything in it is used.

use serde_json::Value;

use crate::Format;
use crate::error::Problem;

/// Whether the text has nothing but JSON's white space.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
}

/// Validates the text.
///
/// # Errors
///
/// Returns an error if the text is not JSON, or its top level is not an object.
pub(super) fn validate(text: &str) -> Result<(), Problem> {
    let error = match text.parse::<Value>() {
        Ok(Value::Object(_)) => return Ok(()),
        Ok(_) => return Err(Problem::NotATable(Format::Json)),
        Err(error) => error,
    };
    // The parser returns column 0 for a line that it has not begun.
    let at = (error.line(), error.column().max(1));
    let problem = error.to_string();
    let problem = problem.split(" at line ").next().unwrap_or_default().to_owned();
    Err(Problem::Syntax { format: Format::Json, at: Some(at), problem })
}

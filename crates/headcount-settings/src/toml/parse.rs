//! Parses a TOML text, and says where a mistake in it is.

use toml_edit::Document;

use crate::Format;
use crate::error::Problem;
use crate::splice;

/// The document.
///
/// # Errors
///
/// The text is not TOML.
pub(super) fn parse(text: &str) -> Result<Document<&str>, Problem> {
    Document::parse(text).map_err(|error| {
        let at = error.span().filter(|span| text.is_char_boundary(span.start)).map(|span| {
            let column = text[splice::line_start(text, span.start)..span.start].chars().count() + 1;
            (splice::line_number(text, span.start), column)
        });
        // The parser may say more than one thing, each on a line.
        let problem = error.message().lines().collect::<Vec<_>>().join(", ");
        Problem::Syntax { format: Format::Toml, at, problem }
    })
}

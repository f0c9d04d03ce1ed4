//! Parses a TOML text, with the position of a mistake.

use toml_edit::Document;

use crate::Format;
use crate::error::Problem;
use crate::splice;

/// The document.
///
/// # Errors
///
/// Returns an error if the text is not TOML.
pub(crate) fn parse(text: &str) -> Result<Document<&str>, Problem> {
    Document::parse(text).map_err(|error| {
        let at = error.span().filter(|span| text.is_char_boundary(span.start)).map(|span| {
            let column = text[splice::line_start(text, span.start)..span.start].chars().count() + 1;
            (splice::line_number(text, span.start), column)
        });
        // The parser's message may have several lines.
        let problem = error.message().lines().collect::<Vec<_>>().join(", ");
        Problem::Syntax { format: Format::Toml, at, problem }
    })
}

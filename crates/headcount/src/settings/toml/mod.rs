//! The room of TOML settings: `toml_edit` judges the text and says where everything lies in it;
//! the text itself is spliced, because writing its document back would change line endings.

mod edit;
mod find;

use headcount_catalog::SettingsFormat;
use toml_edit::{Document, Value};

use super::{Editor, Found, Scalar, Unreadable, splice};
use find::End;

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

fn get(text: &str, path: &[&str]) -> Result<Found, Unreadable> {
    let document = parse(text)?;
    Ok(match find::trail(document.as_item(), path).end {
        End::Missing(_) => Found::Absent,
        End::Value(_, Value::Boolean(flag)) => Found::Scalar(Scalar::Flag(*flag.value())),
        End::Value(_, Value::String(word)) => Found::Scalar(Scalar::Text(word.value().clone())),
        End::Value(..) | End::Table(_) | End::Through(_) => Found::Other,
    })
}

fn parse(text: &str) -> Result<Document<&str>, Unreadable> {
    Document::parse(text).map_err(|error| {
        let at = error.span().filter(|span| text.is_char_boundary(span.start)).map(|span| {
            let column = text[splice::line_start(text, span.start)..span.start].chars().count() + 1;
            (splice::line_number(text, span.start), column)
        });
        // The parser may say more than one thing, each on a line.
        let problem = error.message().lines().collect::<Vec<_>>().join(", ");
        Unreadable::Syntax { format: SettingsFormat::Toml, at, problem }
    })
}

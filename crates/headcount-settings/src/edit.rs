//! Reads and edits one value of a settings text in any format.

use crate::editor::Editor;
use crate::error::Problem;
#[cfg(feature = "toml")]
use crate::toml;
use crate::value::{Format, Found, Scalar};
#[cfg(feature = "yaml")]
use crate::yaml;
use crate::{SettingsError, json};

/// Returns the value at a path. An empty text has no values.
///
/// # Errors
///
/// Returns an error if the text is not valid, its top level is not a table, a
/// key of the path is there twice, or YAML uses an anchor, an alias, a tag or a
/// merge key on the path.
pub fn get(format: Format, text: &str, path: &str) -> Result<Found, SettingsError> {
    let (_, body) = split_mark(format, text)?;
    Ok((editor(format)?.get)(body, &keys(path)?)?)
}

/// Returns the text with a value at a path. Missing tables are created, and an
/// empty text becomes a new document. A text that has the value already is
/// returned unchanged.
///
/// A scalar of another type is replaced; a table or a list is not.
///
/// # Errors
///
/// Those of [`get`]. Also returns an error if the path goes through a value
/// that is not a table, or if the value cannot be written without changing
/// something else.
pub fn set(
    format: Format,
    text: &str,
    path: &str,
    value: &Scalar,
) -> Result<String, SettingsError> {
    let (editor, keys) = (editor(format)?, keys(path)?);
    let (mark, body) = split_mark(format, text)?;
    if (editor.get)(body, &keys)? == Found::Scalar(value.clone()) {
        return Ok(text.to_owned());
    }
    let edited = (editor.set)(body, &keys, value)?;
    match (editor.get)(&edited, &keys) {
        Ok(Found::Scalar(written)) if written == *value => Ok(format!("{mark}{edited}")),
        _ => Err(Problem::Entangled { key: path.to_owned(), line: None }.into()),
    }
}

/// Returns the text without the value at a path. The tables above it and
/// comments beside it stay. A text without the value is returned unchanged.
///
/// # Errors
///
/// Those of [`set`].
pub fn remove(format: Format, text: &str, path: &str) -> Result<String, SettingsError> {
    let (editor, keys) = (editor(format)?, keys(path)?);
    let (mark, body) = split_mark(format, text)?;
    if (editor.get)(body, &keys)? == Found::Absent {
        return Ok(text.to_owned());
    }
    let edited = (editor.remove)(body, &keys)?;
    match (editor.get)(&edited, &keys) {
        Ok(Found::Absent) => Ok(format!("{mark}{edited}")),
        _ => Err(Problem::Entangled { key: path.to_owned(), line: None }.into()),
    }
}

fn editor(format: Format) -> Result<Editor, Problem> {
    match format {
        Format::Json => Ok(json::EDITOR),
        #[cfg(feature = "toml")]
        Format::Toml => Ok(toml::EDITOR),
        #[cfg(feature = "yaml")]
        Format::Yaml => Ok(yaml::EDITOR),
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        other => Err(Problem::FormatNotBuilt(other)),
    }
}

/// The names of a dotted path.
pub(crate) fn keys(path: &str) -> Result<Vec<&str>, Problem> {
    let keys: Vec<&str> = path.split('.').collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(Problem::BadPath(path.to_owned()));
    }
    Ok(keys)
}

/// The byte-order mark, if the text starts with one, and the rest.
pub(crate) fn split_mark(format: Format, text: &str) -> Result<(&str, &str), Problem> {
    const MARK: char = '\u{feff}';
    let (mark, body) = text.split_at(if text.starts_with(MARK) { MARK.len_utf8() } else { 0 });
    if body.starts_with(MARK) {
        // Some parsers would skip the second one too.
        let problem = "a second byte-order mark".to_owned();
        return Err(Problem::Syntax { format, at: Some((1, 1)), problem });
    }
    Ok((mark, body))
}

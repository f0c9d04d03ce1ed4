//! Reads and edits one value of a settings text, whatever its format.

use crate::editor::Editor;
use crate::error::Problem;
#[cfg(feature = "toml")]
use crate::toml;
use crate::value::{Format, Found, Scalar};
#[cfg(feature = "yaml")]
use crate::yaml;
use crate::{SettingsError, json};

/// What a text holds at a path. An empty text holds nothing.
///
/// # Errors
///
/// The text is not wholly valid, its top level is not a table, the path's key is there twice, or YAML
/// leads there by an anchor, an alias, a tag or a merge.
pub fn get(format: Format, text: &str, path: &str) -> Result<Found, SettingsError> {
    let (_, body) = split_mark(format, text)?;
    Ok((editor(format)?.get)(body, &keys(path)?)?)
}

/// The text with a value at a path; missing tables are made, and an empty text becomes a new
/// document. A text that holds the value already comes back as it is.
///
/// A value of another type is replaced; a table or a list is not.
///
/// # Errors
///
/// Those of [`get`]; the path runs through something that is not a table; or the value cannot be
/// written without touching something else.
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

/// The text without the value at a path; the tables above it stay, and so does a comment beside
/// it. A text that does not hold it comes back as it is.
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
fn keys(path: &str) -> Result<Vec<&str>, Problem> {
    let keys: Vec<&str> = path.split('.').collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(Problem::BadPath(path.to_owned()));
    }
    Ok(keys)
}

/// The byte-order mark, if the text starts with one, and the rest.
fn split_mark(format: Format, text: &str) -> Result<(&str, &str), Problem> {
    const MARK: char = '\u{feff}';
    let (mark, body) = text.split_at(if text.starts_with(MARK) { MARK.len_utf8() } else { 0 });
    if body.starts_with(MARK) {
        // Some parsers would take the second one off too.
        let problem = "a second byte-order mark".to_owned();
        return Err(Problem::Syntax { format, at: Some((1, 1)), problem });
    }
    Ok((mark, body))
}

//! The room of settings files: files that belong to the host and its person, read and edited as
//! text.
//!
//! An edit changes the one value concerned. Comments, order, unknown keys, indentation, the
//! quoting of others, line endings, a byte-order mark and the last newline all stay as they were.
//! A text that does not parse wholly is neither read nor written: whoever asks learns why, and
//! takes it for a no.
//!
//! ```text
//! get ──► validate the whole text ──► walk the path ──► Absent | Scalar | Other
//! set ──► the same walk ──► splice the text ──► read it back ──► the new text, or a refusal
//! ```
//!
//! Paths are dotted (`telemetry.enabled`), so a key that has a dot in its name cannot be reached.

mod json;
mod limits;
mod splice;
#[cfg(feature = "toml")]
mod toml;
mod unreadable;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

use headcount_catalog::SettingsFormat;

pub(crate) use unreadable::Unreadable;

/// The values that are ever read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// True or false.
    Flag(bool),
    /// Text.
    Text(String),
}

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing: the key or one of the tables above it is not there.
    Absent,
    /// A value that can be used.
    Scalar(Scalar),
    /// Something else: null, a number, a list, a table, a date, a YAML word that some readers take
    /// for a flag and others for text; or the path runs through something that is no table.
    Other,
}

/// What each format can do with a text (its byte-order mark taken off) and a path.
struct Editor {
    get: fn(&str, &[&str]) -> Result<Found, Unreadable>,
    set: fn(&str, &[&str], &Scalar) -> Result<String, Unreadable>,
    remove: fn(&str, &[&str]) -> Result<String, Unreadable>,
}

/// What a text holds at a path. An empty text holds nothing.
///
/// # Errors
///
/// The text is not wholly valid, its top level is no table, the path's key is there twice, or YAML
/// leads there by an anchor, an alias, a tag or a merge.
pub(crate) fn get(format: SettingsFormat, text: &str, path: &str) -> Result<Found, Unreadable> {
    let (_, body) = split_mark(format, text)?;
    (editor(format)?.get)(body, &keys(path)?)
}

/// The text with a value at a path; missing tables are made, and an empty text becomes a new
/// document. A text that holds the value already comes back as it is.
///
/// A value of another type gives way, a table or a list does not.
///
/// # Errors
///
/// Those of [`get`]; the path runs through something that is no table; or the value cannot be
/// written without touching something else.
pub(crate) fn set(
    format: SettingsFormat,
    text: &str,
    path: &str,
    value: &Scalar,
) -> Result<String, Unreadable> {
    let (editor, keys) = (editor(format)?, keys(path)?);
    let (mark, body) = split_mark(format, text)?;
    if (editor.get)(body, &keys)? == Found::Scalar(value.clone()) {
        return Ok(text.to_owned());
    }
    let edited = (editor.set)(body, &keys, value)?;
    match (editor.get)(&edited, &keys) {
        Ok(Found::Scalar(written)) if written == *value => Ok(format!("{mark}{edited}")),
        _ => Err(Unreadable::Entangled { key: path.to_owned(), line: None }),
    }
}

/// The text without the value at a path; the tables above it stay, and so does a comment beside
/// it. A text that does not hold it comes back as it is.
///
/// # Errors
///
/// Those of [`set`].
pub(crate) fn remove(format: SettingsFormat, text: &str, path: &str) -> Result<String, Unreadable> {
    let (editor, keys) = (editor(format)?, keys(path)?);
    let (mark, body) = split_mark(format, text)?;
    if (editor.get)(body, &keys)? == Found::Absent {
        return Ok(text.to_owned());
    }
    let edited = (editor.remove)(body, &keys)?;
    match (editor.get)(&edited, &keys) {
        Ok(Found::Absent) => Ok(format!("{mark}{edited}")),
        _ => Err(Unreadable::Entangled { key: path.to_owned(), line: None }),
    }
}

fn editor(format: SettingsFormat) -> Result<Editor, Unreadable> {
    match format {
        SettingsFormat::Json => Ok(json::EDITOR),
        #[cfg(feature = "toml")]
        SettingsFormat::Toml => Ok(toml::EDITOR),
        #[cfg(feature = "yaml")]
        SettingsFormat::Yaml => Ok(yaml::EDITOR),
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        other => Err(Unreadable::FormatNotBuilt(other)),
    }
}

/// The names of a dotted path.
fn keys(path: &str) -> Result<Vec<&str>, Unreadable> {
    let keys: Vec<&str> = path.split('.').collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(Unreadable::BadPath(path.to_owned()));
    }
    Ok(keys)
}

/// The byte-order mark, if the text starts with one, and the rest.
fn split_mark(format: SettingsFormat, text: &str) -> Result<(&str, &str), Unreadable> {
    const MARK: char = '\u{feff}';
    let (mark, body) = text.split_at(if text.starts_with(MARK) { MARK.len_utf8() } else { 0 });
    if body.starts_with(MARK) {
        // Some parsers would take the second one off too.
        let problem = "a second byte-order mark".to_owned();
        return Err(Unreadable::Syntax { format, at: Some((1, 1)), problem });
    }
    Ok((mark, body))
}

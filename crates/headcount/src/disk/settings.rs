//! The product's settings file, in the format that its catalog names.
//! `headcount-settings` does the editing.

use headcount_catalog::{Settings, SettingsFormat};
use headcount_settings::Format;

pub(crate) use headcount_settings::{Entry, Found, Reading, Scalar, SettingsError};

/// Reads the value of a key.
///
/// # Errors
///
/// Those of [`headcount_settings::get`].
pub(crate) fn get(written: &Settings, text: &str, key: &str) -> Result<Found, SettingsError> {
    headcount_settings::get(format(written), text, key)
}

/// Parses a text that is read more than once.
///
/// # Errors
///
/// Those of [`Reading::of`].
pub(crate) fn reading<'t>(written: &Settings, text: &'t str) -> Result<Reading<'t>, SettingsError> {
    Reading::of(format(written), text)
}

/// Returns the text with a value at a key.
///
/// # Errors
///
/// Those of [`headcount_settings::set`].
pub(crate) fn set(
    written: &Settings,
    text: &str,
    key: &str,
    value: &Scalar,
) -> Result<String, SettingsError> {
    headcount_settings::set(format(written), text, key, value)
}

/// Returns the text without a key.
///
/// # Errors
///
/// Those of [`headcount_settings::remove`].
pub(crate) fn remove(written: &Settings, text: &str, key: &str) -> Result<String, SettingsError> {
    headcount_settings::remove(format(written), text, key)
}

fn format(written: &Settings) -> Format {
    match written.format {
        SettingsFormat::Json => Format::Json,
        SettingsFormat::Toml => Format::Toml,
        SettingsFormat::Yaml => Format::Yaml,
    }
}

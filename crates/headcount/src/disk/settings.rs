//! The product's settings file as its catalog describes it: the edge between a catalog's format and
//! the crate that edits such texts.

use headcount_catalog::{Settings, SettingsFormat};
use headcount_settings::Format;

pub(crate) use headcount_settings::{Found, Scalar, SettingsError};

/// What a settings text holds at a key.
///
/// # Errors
///
/// As [`headcount_settings::get`].
pub(crate) fn get(written: &Settings, text: &str, key: &str) -> Result<Found, SettingsError> {
    headcount_settings::get(format(written), text, key)
}

/// The text with a value at a key.
///
/// # Errors
///
/// As [`headcount_settings::set`].
pub(crate) fn set(
    written: &Settings,
    text: &str,
    key: &str,
    value: &Scalar,
) -> Result<String, SettingsError> {
    headcount_settings::set(format(written), text, key, value)
}

/// The text without a key.
///
/// # Errors
///
/// As [`headcount_settings::remove`].
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

//! A settings text that is read more than once: it is parsed once.

use crate::edit::{keys, split_mark};
#[cfg(feature = "toml")]
use crate::toml;
use crate::value::{Entry, Format, Found};
#[cfg(feature = "yaml")]
use crate::yaml;
use crate::{SettingsError, json};

/// A parsed text.
///
/// ```
/// use headcount_settings::{Format, Found, Reading, Scalar};
///
/// let text = "{\"Telemetry\": {\"on\": false}, \"n\": [0]}";
/// let reading = Reading::of(Format::Json, text)?;
/// assert_eq!(reading.get("Telemetry.on")?, Found::Scalar(Scalar::Flag(false)));
/// let found = reading.entries()?;
/// assert_eq!((found[0].path.join("."), found[0].value.as_str()), ("Telemetry.on".into(), "false"));
/// assert_eq!((found[1].path.join("."), found[1].value.as_str()), ("n".into(), "0"));
/// # Ok::<(), headcount_settings::SettingsError>(())
/// ```
pub struct Reading<'t> {
    body: &'t str,
    parsed: Parsed<'t>,
}

enum Parsed<'t> {
    /// JSON is short and cheap to parse.
    Json,
    #[cfg(feature = "toml")]
    Toml(Box<toml_edit::Document<&'t str>>),
    #[cfg(feature = "yaml")]
    Yaml(yaml::Document),
    /// Holds the lifetime where no format needs it.
    #[cfg(not(feature = "toml"))]
    #[expect(dead_code, reason = "it is never made")]
    None(std::marker::PhantomData<&'t str>),
}

impl<'t> Reading<'t> {
    /// Parses a text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid, or if the format is not built
    /// in. JSON is validated when it is read.
    pub fn of(format: Format, text: &'t str) -> Result<Self, SettingsError> {
        let (_, body) = split_mark(format, text)?;
        let parsed = match format {
            Format::Json => Parsed::Json,
            #[cfg(feature = "toml")]
            Format::Toml => Parsed::Toml(Box::new(toml::parse(body)?)),
            #[cfg(feature = "yaml")]
            Format::Yaml => Parsed::Yaml(yaml::parse(body)?),
            #[cfg(not(all(feature = "toml", feature = "yaml")))]
            other => return Err(crate::error::Problem::FormatNotBuilt(other).into()),
        };
        Ok(Self { body, parsed })
    }

    /// Returns the value at a path.
    ///
    /// # Errors
    ///
    /// Those of [`get`](crate::get).
    pub fn get(&self, path: &str) -> Result<Found, SettingsError> {
        let keys = keys(path)?;
        Ok(match &self.parsed {
            Parsed::Json => json::get(self.body, &keys)?,
            #[cfg(feature = "toml")]
            Parsed::Toml(document) => toml::get_in(document, &keys),
            #[cfg(feature = "yaml")]
            Parsed::Yaml(document) => yaml::get_in(self.body, document, &keys)?,
            #[cfg(not(feature = "toml"))]
            Parsed::None(_) => Found::Absent,
        })
    }

    /// Returns every value with its path, in order. Nothing is said of keys
    /// that are there twice.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid.
    pub fn entries(&self) -> Result<Vec<Entry>, SettingsError> {
        Ok(match &self.parsed {
            Parsed::Json => json::entries(self.body)?,
            #[cfg(feature = "toml")]
            Parsed::Toml(document) => toml::entries_in(document),
            #[cfg(feature = "yaml")]
            Parsed::Yaml(document) => yaml::entries_in(document),
            #[cfg(not(feature = "toml"))]
            Parsed::None(_) => Vec::new(),
        })
    }
}

//! Settings files that belong to a program and its person, read and edited as text.
//!
//! An edit changes the one value concerned. Comments, order, unknown keys, indentation, the quoting
//! of other values, line endings, a byte-order mark and the last newline stay as they were. A text
//! that does not parse as a whole is neither read nor written: the caller learns why.
//!
//! ```text
//! get ──► validate the whole text ──► walk the path ──► Absent | Scalar | Other
//! set ──► the same walk ──► splice the text ──► read it back ──► the new text, or a refusal
//! ```
//!
//! ```
//! use headcount_settings::{Format, Found, Scalar, get, set};
//!
//! let before = "{\n  \"theme\": \"dark\"\n}\n";
//! let after = set(Format::Json, before, "telemetry.enabled", &Scalar::Flag(false))?;
//! assert_eq!(
//!     after,
//!     "{\n  \"theme\": \"dark\",\n  \"telemetry\": {\n    \"enabled\": false\n  }\n}\n"
//! );
//! assert_eq!(get(Format::Json, &after, "telemetry.enabled")?, Found::Scalar(Scalar::Flag(false)));
//! # Ok::<(), headcount_settings::SettingsError>(())
//! ```
//!
//! A path is dotted (`telemetry.enabled`), so a key that has a dot in its name cannot be reached.
//!
//! # What this crate does not do
//!
//! It opens no file and knows no product: texts come in and go out. It merges nothing, sorts
//! nothing and reformats nothing.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `toml` | TOML, through `toml_edit`; without it such a text is an error that says so |
//! | `yaml` | YAML, through `granit-parser`; likewise |

// What is said about a text, and why a text is refused.
mod value;
mod error;
mod limits;
mod editor;

// The three verbs, and what they share: cutting and pasting.
mod edit;
mod splice;

// One folder a format, with the same files in each: walk a path (`find`), edit (`edit`).
mod json;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

pub use edit::{get, remove, set};
pub use error::SettingsError;
pub use value::{Format, Found, Scalar};

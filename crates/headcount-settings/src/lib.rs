//! Reads and edits one value in a settings file of a program, as text.
//!
//! An edit changes one value. Comments, order, unknown keys, indentation, the
//! quoting of other values, line endings, a byte-order mark and the last
//! newline stay unchanged. A text that is not valid is neither read nor edited;
//! the error says why.
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
//! A path has dots (`telemetry.enabled`), so a key with a dot in its name
//! cannot be reached.
//!
//! # Where to change what
//!
//! | to change | open |
//! | --- | --- |
//! | what a text of one format may contain, such as comments in JSON | the format's folder: `json/whole.rs`, `toml/parse.rs`, `yaml/tree.rs` judge the whole text |
//! | how a path is followed | `find.rs` of that folder |
//! | how a value is written or removed | `edit.rs` of that folder |
//! | the three functions | `edit.rs`, `editor.rs` |
//! | an error message | `error.rs` |
//!
//! # What this crate does not do
//!
//! It opens no files: texts come in and go out. It does not merge, sort or
//! reformat anything.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `toml` | TOML, through `toml_edit`; without it such a text is an error that says so |
//! | `yaml` | YAML, through `granit-parser`; likewise |

// What is read and written, and why a text is refused.
mod value;
mod error;
mod limits;
mod editor;

// The three functions, reading more than once, and cutting and pasting of text.
mod edit;
mod reading;
mod splice;

// One folder for each format, with the same files: walk a path (`find`), list
// every value (`entries`), edit (`edit`).
mod json;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

pub use edit::{get, remove, set};
pub use error::SettingsError;
pub use reading::Reading;
pub use value::{Entry, Format, Found, Scalar};

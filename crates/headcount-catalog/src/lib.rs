//! What a product may collect, and nothing else.
//!
//! A [`Catalog`] is one product's whole telemetry policy: its events with the
//! closed value sets of their properties, how consent is asked and which rules
//! decide, the identity, the files, the destinations, how long anything is
//! kept. An author writes it as `telemetry.toml`. A host carries it as
//! constants that `headcount::catalog!` made of that file; a collector and the
//! tools read the file itself (feature `parse`). Either way it is this one
//! type, so the same [`Catalog::check`] judges an event on disk, on the wire
//! and at the intake.
//!
//! ```
//! use headcount_catalog::{Kind, Raw};
//!
//! let agents = Kind::Choice { set: &["claude", "copilot"], other: None };
//! assert!(agents.admit(&Raw::Text("claude")).is_ok());
//! assert!(agents.admit(&Raw::Text("/home/me/secret-project")).is_err());
//! ```
//!
//! **There is no plain string.** A [`Value`] is a flag, a number, a word of a
//! closed set, or a [`Token`], which only a kind of the catalog can make and
//! only of text that has its shape.
//!
//! # What this crate does not do
//!
//! It reads no file, knows no clock and no environment, opens no socket, and
//! depends on nothing of ours. A catalog parsed from text lives as long as the
//! process (its few kilobytes are leaked on purpose): a program reads one or a
//! handful, at its start, and everything may then borrow from it freely.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `parse` | TOML in, every mistake at once, each with line and column |
//! | `codegen` | Rust text out: the typed API of a host |

mod catalog;
mod consent;
mod files;
mod identity;
mod envelope;
mod platform;
mod destination;
mod shipping;
mod event;
pub mod report;
mod property;
mod value;
mod shape;
mod admit;
mod check;
mod host_value;
mod sample;
mod scope;
mod reason;
mod time;
mod id;
pub mod limits;

#[cfg(feature = "parse")]
mod parse;

#[cfg(feature = "codegen")]
pub mod codegen;

pub use catalog::{Catalog, Product, Retention};
pub use check::{Checked, DroppedField, Given, Unchecked};
pub use consent::{Consent, ConsentDefault, OnOff, RefusingValues, Rule, Texts, Variable};
pub use destination::{Destination, Dialect, Encoding, Key, Setting};
pub use envelope::{EnvelopeEntry, Source};
pub use event::Event;
pub use files::{Files, PerPlatform, Settings, SettingsFormat, expand};
pub use id::EventId;
pub use identity::{IdPlace, Identity, Rotation, Scheme};
pub use platform::{Arch, Platform, Words};
pub use property::{Absent, Kind, Property, Reference, Unit};
pub use reason::Reason;
pub use scope::{Change, Direction, Extent, Scope};
pub use shipping::{Mode, Shipping};
pub use time::{Day, Days, Grain, Time};
pub use value::{Decimal, Raw, Token, Value, Word};

#[cfg(feature = "parse")]
pub use parse::{Mistake, Mistakes, parse};

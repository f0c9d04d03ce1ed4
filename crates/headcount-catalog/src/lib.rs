//! What a product may collect, and nothing else.
//!
//! A [`Catalog`] is the whole telemetry policy of a product: its events with
//! the closed value sets of their properties, how consent is asked and which
//! rules decide, how a device is identified, where files are, where events are
//! sent, and how long anything is kept. An author writes it as
//! `telemetry.toml`. A host contains it as constants that `headcount::catalog!`
//! made of that file; collectors and tools read the file itself. Both have the
//! same type, so the same [`Catalog::check`] judges an event on disk, before it
//! is sent, and when it arrives.
//!
//! ```text
//! telemetry.toml ── parse ──▶ Catalog ── codegen ──▶ Rust text ──▶ Catalog (a constant of the host)
//!                                │                                    │
//!                                └────────── Catalog::check ──────────┘
//!                                    Unchecked ──▶ Checked or Reason
//! ```
//!
//! ```
//! use headcount_catalog::{Kind, Raw};
//!
//! let agents = Kind::Choice { set: &["claude", "copilot"], other: None };
//! assert!(agents.admit(&Raw::Text("claude")).is_ok());
//! assert!(agents.admit(&Raw::Text("/home/me/secret-project")).is_err());
//! ```
//!
//! **There is no plain string.** A [`Value`] is a flag, a number, a time, a
//! word of a closed set, or a [`Token`]. Only a [`Kind`] of the catalog can
//! make a token, and only of text that matches its pattern.
//!
//! # Where to look
//!
//! | to change | open |
//! | --- | --- |
//! | what a catalog consists of | the file of that part: `consent.rs`, `files.rs`, `identity.rs`, … |
//! | a kind of property | `property.rs`; then `admit.rs`, `host_value.rs`, `sample.rs`, `parse/kinds.rs` and `codegen/` |
//! | the pattern of a version, a locale, scrubbed text | `shape.rs` |
//! | when an event is rejected, a field dropped | `check.rs`, with the reasons in `reason.rs` |
//! | what counts as collecting more, and in which words | `scope/compare.rs`, `scope/extent.rs` |
//! | what is left after a release that collects more | `scope/narrow.rs` |
//! | a section of the grammar, or its messages | `parse/`, one file for each section |
//! | the generated API | `codegen/`, one file for each part of the text, and its golden files |
//! | what the people who are counted read | `plain_words/`, one file for each section |
//! | the sentences about two versions of a catalog | `difference/` |
//! | why events are lost | `report.rs` |
//! | a limit | `limits.rs` |
//!
//! # What this crate does not do
//!
//! It reads no file, no clock and no environment, opens no socket, and depends
//! on no other crate of Headcount. A catalog that is parsed from text is leaked
//! (a few kilobytes), so that everything can borrow from it: a program reads
//! only a few catalogs, when it starts.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `parse` | reads TOML and reports all mistakes at once, with line and column |
//! | `codegen` | writes the typed API of a host as Rust text |
//! | `plain-words` | says a catalog, and the difference of two, in sentences |

// The catalog and its parts, in the order of `telemetry.toml`.
mod catalog;
mod consent;
mod files;
mod apart;
mod identity;
mod counting;
mod envelope;
mod platform;
mod destination;
mod shipping;
mod observed;
mod running_agent;
pub mod report;
mod purpose;
mod hook;
mod event;
mod property;
mod hook_role;
pub mod limits;

// Values, and how they are checked.
mod value;
mod time;
mod id;
mod shape;
mod admit;
mod reason;
mod check;
mod host_value;
mod sample;

// What a person agreed to.
mod name_list;
mod scope;

// From text, and to Rust.
#[cfg(feature = "parse")]
mod parse;
#[cfg(feature = "codegen")]
pub mod codegen;
#[cfg(feature = "plain-words")]
pub mod plain_words;
#[cfg(feature = "plain-words")]
mod difference;

pub use apart::SharedPlace;
pub use catalog::{Catalog, Product, Retention};
pub use check::{Checked, DroppedField, Given, Unchecked};
pub use consent::{Consent, ConsentDefault, OnOff, RefusingValues, Rule, Texts, Variable};
pub use counting::{Age, Marks, Period};
pub use destination::{Destination, Dialect, Encoding, Key, Setting};
pub use envelope::{EnvelopeEntry, Source};
pub use event::Event;
pub use files::{
    Files, PROGRAM_DATA, PerPlatform, Settings, SettingsFormat, expand, usual_place, variable_of,
};
pub use hook::HookEvent;
pub use hook_role::{AGENTS, ENDINGS, HookRole, INVOCATIONS};
pub use id::EventId;
pub use identity::{IdPlace, Identity, Rotation, Scheme};
pub use name_list::{NameMap, NameSet};
pub use observed::ObservedProgram;
pub use platform::{Arch, Platform, Words};
pub use property::{Absent, Kind, Property, Reference, Unit};
pub use purpose::Purpose;
pub use reason::Reason;
pub use running_agent::RunningAgent;
pub use scope::{Change, Direction, Extent, Scope};
pub use shipping::{Mode, Shipping};
pub use time::{Day, Days, Grain, Time};
pub use value::{Decimal, Raw, Token, Value, Word};

#[cfg(feature = "plain-words")]
pub use difference::{Difference, Judgement, difference};
#[cfg(feature = "parse")]
pub use parse::{
    KeyPlaces, Mistake, MistakeCode, Mistakes, WordList, asked_keys, is_event_name,
    is_product_name, is_property_name, nearest, parse, position, squashed_name,
};

//! Bytes between a host and a collector.
//!
//! The **line** is the canonical record: one JSON object a line, under the
//! product's own names, in the order its catalog's envelope has. It is what
//! lies in the queue, what `telemetry inspect` and `dump` show and what the
//! native batch carries. Every other **dialect** is a translation of it, in a
//! folder of its own with the same files: `encode` (a host's side), `decode` (a
//! collector's side), `answer` (what the collector says, and how the shipper
//! reads it) and, where it has any, `limits`.
//!
//! | dialect | a request | an event's name, id, time and device |
//! | --- | --- | --- |
//! | [`native`] | lines | in the line |
//! | [`otlp`] | `ExportLogsServiceRequest`, JSON or protocol buffers | `eventName`, an attribute, `timeUnixNano`, an attribute |
//! | [`posthog`] | `{"api_key":…,"batch":[…]}` | `event`, `uuid`, `timestamp`, `distinct_id` |
//! | [`datadog`] | logs, one a line or in an array | `message`, an attribute, `date`, an attribute |
//! | [`clacky`] | one object | in the path, none, none, in the object |
//! | [`http`] | `{"events":[lines]}` | in the line |
//!
//! ```
//! use headcount_wire::native;
//!
//! let arrivals = native::decode(b"{\"event\":\"run\"}\nnot json\n")?;
//! assert!(arrivals[0].is_ok());
//! assert!(arrivals[1].is_err());
//! # Ok::<(), headcount_wire::Malformed>(())
//! ```
//!
//! A host calls [`encode`] with a [`Payload`] of records that [`read`] judged and
//! gets a [`Post`]: query, headers and body, a pure function of the records. A
//! collector calls a dialect's `decode`, gets claims, and asks its catalog:
//!
//! ```text
//! bytes ── decode ──▶ captures, logs, records … ── unchecked(catalog) ──▶ Unchecked ── Catalog::check ──▶ Checked
//! ```
//!
//! Where a dialect's names are flat and a product's are nested (PostHog's
//! properties, Datadog's attributes), the unchecked event is made *for* a catalog, which
//! says where each name belongs. What a catalog does not know stays foreign and
//! is dropped by the check: nothing here decides what is kept.
//!
//! # What this crate does not do
//!
//! No I/O, no clock, no decision: whether an event fits is
//! [`Catalog::check`](headcount_catalog::Catalog::check)'s to say, both before
//! encoding and after decoding. Compression and addresses are the shipper's and
//! the collector's.

mod json;
mod malformed;
pub mod limits;

mod unchecked;
mod fields;
mod line;
mod outcome;
mod rate;

mod arrivals;
pub mod base64;
mod payload;
mod flat;

pub mod clacky;
pub mod datadog;
pub mod http;
pub mod native;
pub mod otlp;
pub mod posthog;

pub use json::Json;
pub use line::{LineError, read, write};
pub use malformed::Malformed;
pub use outcome::{Outcome, Settled};
pub use payload::{Capacity, Gzip, HomeLifetime, Payload, Post, capacity, encode, usual_path};
pub use rate::{Rate, SEND_HEADER, Wish};
pub use unchecked::unchecked;

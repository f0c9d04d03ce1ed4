//! The bytes between a host and a collector.
//!
//! The **line** is the canonical form of a record: one JSON object per line,
//! with the product's own names, in the order of its catalog's envelope. Lines
//! are in the queue, `telemetry inspect` and `dump` show them, and the native
//! dialect sends them. Every other **dialect** is a translation of the line.
//! Each has a folder with the same files: `encode` (used by hosts), `decode`
//! (the model of what collectors read), `answer` (what a collector answers, and
//! how the shipper reads it) and, for some, `limits`.
//!
//! | dialect | a request contains | the event's name, id, time and device |
//! | --- | --- | --- |
//! | [`native`] | lines | in the line |
//! | [`otlp`] | an `ExportLogsServiceRequest`, in JSON or protocol buffers | `eventName`, an attribute, `timeUnixNano`, an attribute |
//! | [`posthog`] | `{"api_key":…,"batch":[…]}` | `event`, `uuid`, `timestamp`, `distinct_id` |
//! | [`datadog`] | logs, one per line or in an array | `message`, an attribute, `date`, an attribute |
//! | [`clacky`] | one object | the name in the path, no id, no time, the device in the object |
//! | [`http`] | `{"events":[lines]}` | in the line |
//!
//! ```
//! use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, each};
//!
//! let body = b"{\"event\":\"run\"}\nnot json\n";
//! let (scratch, mut read) = (Scratch::new(), Vec::new());
//! each(BodyForm::Native, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
//!     read.push(matches!(arrived, BodyEvent::Event(_)));
//! })?;
//! assert_eq!(read, [true, false]);
//! # Ok::<(), headcount_wire::Malformed>(())
//! ```
//!
//! A host reads lines with [`read`], which checks them, and calls [`encode`]
//! with a [`Payload`] of the records. It gets a [`Post`] with query, headers
//! and body, which depends on nothing but the records. A collector reads every
//! body with [`flat::each`], one event after another and without a tree, and
//! judges flat fields under the dialect's own names:
//!
//! ```text
//! host:       line ── read ──▶ Checked ── encode ──▶ Post
//! collector:  body ── flat::each ──▶ FlatEvent ── a plan made of the catalog ──▶ row
//! tests:      body ── decode ──▶ tree ── unchecked(catalog) ──▶ Unchecked ── Catalog::check ──▶ Checked
//! ```
//!
//! The decoders that make a tree are the obvious reading of each dialect. They
//! are behind the feature `model`: tests and fuzz targets compare both.
//!
//! PostHog's properties and Datadog's attributes have flat names, while a
//! product's names may be nested. The catalog says where each flat name
//! belongs, so those dialects need one to make an unchecked event. Names that
//! it does not know stay unknown, and the check drops them: nothing here
//! decides what is kept.
//!
//! # Where to look
//!
//! | to change | open |
//! | --- | --- |
//! | the line | `line.rs`; `fields.rs` for the order of its fields, `json/` for the JSON |
//! | what one dialect sends | its `encode.rs`; `otlp/export.rs`, `to_json.rs` and `to_protobuf.rs` |
//! | what one dialect accepts | its file in `flat/` and its `decode.rs`; `otlp/from_json.rs` and `from_protobuf.rs`, `posthog/form.rs` |
//! | what the head of a native batch says | `native/batch_head.rs` |
//! | which shape a body of objects has | `flat/shape.rs` |
//! | the times of other dialects | `sent_time.rs` |
//! | how flat names are made and turned back | `flat_names.rs` |
//! | answers | the `answer.rs` of the dialect; `plain_answer.rs` for those without details |
//! | which encoder a destination uses, how large a batch is | `dialect.rs` |
//! | how a collector asks hosts to send less | `rate.rs` |
//! | how the sentence of a refusal is found | `sentence.rs` |
//! | an error message about a body | `malformed.rs` |
//!
//! # What this crate does not do
//!
//! It does no I/O and reads no clock. It does not decide whether an event is
//! allowed: [`Catalog::check`](headcount_catalog::Catalog::check) does, before
//! encoding and after decoding. The shipper and the collector compress bodies
//! and know addresses.

// JSON, its limits and its errors.
pub mod limits;
mod json;
mod malformed;
pub mod base64;

// The record: as an unchecked event, as fields, as a line.
mod unchecked;
mod fields;
mod line_error;
mod line;

// What a request and an answer have in common in all dialects.
mod payload;
mod outcome;
mod rate;
mod sentence;
mod sent_time;

// What several dialects have in common.
#[cfg(feature = "model")]
mod arrivals;
mod flat_names;
mod plain_answer;

// The dialects, and the choice between them.
pub mod native;
pub mod otlp;
pub mod posthog;
pub mod datadog;
pub mod clacky;
pub mod http;
mod dialect;

// Bodies of all dialects, read without a tree.
pub mod flat;

pub use dialect::{Capacity, capacity, encode, encode_one, usual_path};
pub use json::Json;
pub use line::{read, write};
pub use line_error::LineError;
pub use malformed::Malformed;
pub use outcome::{Outcome, Settled};
pub use payload::{Gzip, HomeLifetime, Payload, Post};
pub use rate::{Rate, SEND_HEADER, Wish};
pub(crate) use sent_time::SentTime;
pub use sentence::sentence;
pub use unchecked::{parse_line, unchecked};

//! OTLP/HTTP in JSON and protocol buffers: `POST /v1/logs`, as described in
//! `docs/specification.md` of opentelemetry-proto. Of somebody else's program,
//! events of spans and the number of data points are read too, at
//! `/v1/traces` and `/v1/metrics`.
//!
//! An event is a log record. Its name is `eventName` and its time is
//! `timeUnixNano`. The host's version, platform and processor are attributes of
//! the resource (`service.version`, `os.type`, `host.arch`), if the catalog has
//! them. Everything else is an attribute under the product's own name.
//!
//! `protobuf` encodes and decodes the messages by hand: a code
//! generator and its runtime would add ten crates to every host.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
mod export;
#[cfg(feature = "model")]
mod from_json;
#[cfg(feature = "model")]
mod from_protobuf;
pub(crate) mod protobuf;
#[cfg(feature = "model")]
mod record;
mod resource;
mod signal;
mod to_json;
mod to_protobuf;
mod value;

pub(crate) use answer::status_message;
pub use answer::{
    encode_answer, encode_answer_protobuf, encode_error, encode_error_protobuf, settled,
    settled_protobuf,
};
#[cfg(feature = "model")]
pub use decode::{Export, decode, decode_protobuf, decode_signal};
pub use encode::{CONTENT_TYPE, CONTENT_TYPE_PROTOBUF, PATH, encode};
#[cfg(feature = "model")]
pub use record::{Record, SpanItem};
pub(crate) use resource::describe;
pub use signal::Signal;
pub(crate) use value::{KINDS, METRICS, double_in, integer_in};

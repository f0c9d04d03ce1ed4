//! OTLP/HTTP logs in JSON and protocol buffers, as opentelemetry-proto's
//! `docs/specification.md` has it: `POST /v1/logs`.
//!
//! An event is a log record: its name is `eventName`, its time
//! `timeUnixNano`; the host's version, platform and processor are the resource
//! (`service.version`, `os.type`, `host.arch`), where the catalog has them at
//! all; everything else is an attribute under the product's own name.
//!
//! The seven messages that logs need are written and read by hand in
//! `protobuf`: a code generator and its runtime would be ten crates in every
//! host that sends them.

mod answer;
mod decode;
mod encode;
mod export;
mod from_json;
mod from_protobuf;
mod protobuf;
mod record;
mod to_json;
mod to_protobuf;

pub use answer::{
    encode_answer, encode_answer_protobuf, encode_error, encode_error_protobuf, settled,
    settled_protobuf,
};
pub use decode::{Export, decode, decode_protobuf};
pub use encode::{CONTENT_TYPE, CONTENT_TYPE_PROTOBUF, PATH, encode};
pub use record::Record;

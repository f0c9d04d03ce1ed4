//! The native dialect: the lines of the queue as they are.
//!
//! `POST /api/v1/events`, NDJSON or a JSON array. What no line may carry
//! travels in one header, [`BATCH_HEADER`].

mod answer;
mod decode;
mod encode;

pub use answer::{BatchAnswer, settled};
pub use decode::decode;
pub use encode::{BATCH_HEADER, CONTENT_TYPE, PATH, encode};

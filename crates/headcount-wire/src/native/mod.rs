//! The native dialect: the lines of the queue as they are.
//!
//! `POST /api/v1/events`, with NDJSON or a JSON array. What the lines do not
//! contain is in the header [`BATCH_HEADER`].

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
mod device_secret;
mod erasure;

pub use answer::{BatchAnswer, RejectedPlace, settled};
#[cfg(feature = "model")]
pub use decode::decode;
pub use device_secret::DeviceSecret;
pub use encode::{BATCH_HEADER, CONTENT_TYPE, PATH, encode};
pub use erasure::{ErasureAnswer, ErasureRequest, FORGET_PATH, erasure};

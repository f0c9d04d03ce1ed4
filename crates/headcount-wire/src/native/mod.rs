//! The native dialect: the lines of the queue as they are.
//!
//! `POST /api/v1/events`, with NDJSON or a JSON array. What the lines do not
//! contain is in the header [`BATCH_HEADER`].

mod answer;
mod batch_head;
#[cfg(feature = "model")]
mod decode;
mod encode;
mod device_secret;
mod erasure;

pub use answer::{BatchAnswer, RejectedPlace, newest_catalog, settled};
pub use batch_head::{BATCH_HEADER, BatchHead};
#[cfg(feature = "model")]
pub use decode::decode;
pub use device_secret::DeviceSecret;
pub use encode::{CONTENT_TYPE, PATH, encode};
pub use erasure::{ErasureAnswer, ErasureRequest, FORGET_PATH, erasure};

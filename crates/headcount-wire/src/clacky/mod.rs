//! OpenClacky's own endpoints: `POST /api/v1/telemetry/startup` and `/task`.
//!
//! One request an event. Which event it is, the path says; the body is an
//! object of its properties and the rest of its envelope. It carries neither id
//! nor time: the collector mints both when it arrives.

mod answer;
mod decode;
mod encode;
pub mod limits;

pub use answer::{encode_answer, encode_error, settled};
pub use decode::{ClackyEvent, decode, event};
pub use encode::encode;

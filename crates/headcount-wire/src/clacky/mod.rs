//! OpenClacky's own endpoints: `POST /api/v1/telemetry/startup` and `/task`.
//!
//! Each event is a request of its own. The path says which event it is; the
//! body is an object with its properties and the rest of its envelope. It has
//! neither id nor time: the collector adds both when the event arrives.

mod answer;
mod decode;
mod encode;
pub mod limits;

pub use answer::{encode_answer, encode_error, settled};
pub use decode::{ClackyEvent, decode, event};
pub use encode::encode;
pub(crate) use encode::is_framed;

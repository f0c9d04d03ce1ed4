//! OpenClacky's own endpoints: `POST /api/v1/telemetry/startup` and `/task`.
//!
//! Each event is a request of its own. The path says which event it is; the
//! body is an object with its properties and the rest of its envelope. It has
//! neither id nor time: the collector adds both when the event arrives.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
pub mod limits;
mod path;

pub use answer::{encode_answer, encode_error, settled};
#[cfg(feature = "model")]
pub use decode::{ClackyEvent, decode};
pub use encode::encode;
pub(crate) use encode::is_framed;
pub use path::event;

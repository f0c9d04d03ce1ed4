//! OpenClacky's own endpoints: `POST /api/v1/telemetry/startup` and `/task`.
//!
//! Each event is a request of its own. The path says which event it is; the
//! body is an object with its properties and the rest of its envelope. It has
//! neither id nor time: the collector adds both when the event arrives. Its
//! `os` is Ruby's `host_os`, such as `linux-gnu` or `darwin23`, and is read as
//! the platform that it begins with.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
mod host_os;
pub mod limits;
mod path;

pub use answer::{encode_answer, encode_error, settled};
#[cfg(feature = "model")]
pub use decode::{ClackyEvent, decode};
pub use encode::encode;
pub(crate) use encode::is_framed;
pub(crate) use host_os::platform_word;
pub use path::event;

//! The plain form, `{"events":[…]}`: the lines of the queue in a list, for any
//! server that reads JSON. It is from the Atomic seed.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;

pub use answer::{encode_answer, encode_error, settled};
#[cfg(feature = "model")]
pub use decode::{Events, decode};
pub use encode::encode;

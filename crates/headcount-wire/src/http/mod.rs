//! The plain form of the Atomic document: `{"events":[…]}`, the lines of the
//! queue in a list, to any server that reads JSON.

mod answer;
mod decode;
mod encode;

pub use answer::{encode_answer, encode_error, settled};
pub use decode::{Events, decode};
pub use encode::encode;

//! The process that ships: `start` decides whether to start it, `detached`
//! starts it, `handed` is its input, and `lifetime` limits its life.

mod handed;
mod detached;
mod start;
mod lifetime;

pub(crate) use lifetime::bounded;
pub use start::Started;
pub(crate) use start::{is_marked, start, start_with};

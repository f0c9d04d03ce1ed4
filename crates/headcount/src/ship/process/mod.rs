//! The process that ships: started by the host, detached, and bounded in its life.

mod handed;
mod detached;
mod start;
mod lifetime;

pub(crate) use lifetime::bounded;
pub use start::Started;
pub(crate) use start::{is_marked, start, start_with};

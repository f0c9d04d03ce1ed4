//! The process that ships: `start` decides whether to start it, `program` finds
//! out how, `environment` is what it keeps of the host's, `detached` starts it
//! as `launch` says (`wide` is that in the form of Windows), `handed` is its
//! input, `child` recognises it, and `lifetime` limits its life.

mod handed;
mod launch;
mod environment;
#[cfg(any(windows, test))]
mod wide;
mod detached;
mod program;
mod child;
mod start;
mod lifetime;

pub(crate) use child::{is_child, is_marked};
pub(crate) use detached::let_go;
pub(crate) use lifetime::bounded;
pub use start::Started;
pub(crate) use start::{problem, start, start_with};

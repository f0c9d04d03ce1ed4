//! Shipping: from the queue to every destination, in a process of its own.
//!
//! ```text
//! target      where: a destination's address and key in this build and this run
//! transport   how: one request over HTTP, by what is linked in or by the system's `curl`
//! attempt     what: claims, batches, answers, in the order of one attempt
//! process     who: the detached process, and how long it lives
//! ```
//!
//! When a run ends and something is due, [`process`] starts the program again, detached, with the
//! catalog's flush command. That process takes the queue's ship lock, claims what was recorded, and
//! for every destination seals batches, re-reads consent, checks every record against the catalog
//! once more, sends, and settles what the destination answered for. A batch's body is a pure function
//! of its lines, its boundaries and the time it was sealed: [`request`](request()) makes it, and
//! `telemetry inspect` shows what the same function made.

mod target;
mod transport;
mod attempt;
mod process;

pub use attempt::{Arrived, FlushEnd, Flushed, Next, next};
pub use process::Started;
pub use target::{Build, Overrides, Target, Unshippable, key_variable, target, written};
#[cfg(feature = "curl")]
pub use transport::Curl;
#[cfg(feature = "ureq")]
pub use transport::Ureq;
pub use transport::{
    Compression, Gate, Request, Response, Transport, TransportError, TransportErrorKind, built_in,
    request,
};

pub(crate) use attempt::{
    Due, Failed, Once, Recheck, Verdict, batches, due, flush, judge, ready, wait_for_all,
    waiting_report,
};
pub(crate) use process::{bounded, is_marked, start, start_with};

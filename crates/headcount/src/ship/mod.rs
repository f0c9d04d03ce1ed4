//! Shipping: from the queue to every destination, usually in a separate
//! process.
//!
//! ```text
//! target      where: a destination's address and key in this build and this run
//! transport   how: one request over HTTP, by what is linked in or by the system's `curl`
//! attempt     what: claims, batches, answers, in the order of one attempt
//! process     who: the detached process, and how long it lives
//! erase       the other way round: asks a destination to erase, for `telemetry forget`
//! ```
//!
//! When a run ends and something is due, `process` starts the program again,
//! detached, with the catalog's flush command. That process takes the queue's
//! ship lock and claims what was recorded. For every destination it seals
//! batches, reads consent again, checks every record against the catalog again,
//! sends, keeps what was sent for the person, and settles what the destination
//! answered for. The body of a batch is a pure function of its lines, its
//! boundaries and the time it was sealed: [`request`](request()) makes it, for
//! the shipper and for `telemetry inspect`.

mod target;
mod transport;
mod attempt;
mod erase;
mod process;

pub use crate::disk::backoff::Pause;
pub use attempt::{Arrived, FlushEnd, Flushed, Next, next};
pub use process::Started;
pub use target::{Build, Overrides, Target, Unshippable, key_variable, target, written};
#[cfg(feature = "curl")]
pub use transport::Curl;
#[cfg(feature = "ureq")]
pub use transport::Ureq;
#[cfg(feature = "ureq")]
pub use transport::roots;
pub use transport::{
    Compression, Gate, Request, Response, Transport, TransportError, TransportErrorKind, built_in,
    request,
};

pub(crate) use attempt::{
    Basis, Copying, Due, Failed, Once, Recheck, Verdict, batches, can_be_written, due, flush,
    is_refused, judge, ready, wait_for_all, waiting_report,
};
pub(crate) use erase::{Erasing, can_be_asked, erase};
pub(crate) use process::{bounded, is_child, is_marked, let_go, problem, start, start_with};
pub(crate) use transport::{Guarded, Via, guarded, is_guarded};

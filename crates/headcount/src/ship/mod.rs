//! Shipping: from the queue to every destination, in a process of its own.
//!
//! [`start`] is the host's part: when a run ends and something is due, it
//! starts the program again, detached, with the catalog's flush command.
//! [`flush`] is what that process does: it takes the queue's ship lock, claims
//! what was recorded, and for every destination seals batches, re-reads
//! consent, checks every record against the catalog once more, sends, and
//! settles what the destination answered for. A batch's body is a pure function
//! of its lines, its boundaries and the time it was sealed; [`request`] makes
//! it, and `telemetry inspect` shows what the same function made. The shipper
//! has one event of its own, where a catalog turns it on: `report` makes it.

mod address;
mod backoff;
mod batch;
mod built_in;
mod compress;
mod delivery;
mod detached;
mod due;
mod endpoint;
mod flush;
mod left;
mod lifetime;
mod next;
mod once;
#[cfg(feature = "curl")]
mod over_curl;
#[cfg(feature = "ureq")]
mod over_ureq;
mod pace;
pub(crate) mod receipts;
mod recheck;
mod report;
mod request;
mod start;
mod transport;
mod under_way;
#[cfg(feature = "ureq")]
mod trust;

pub use built_in::built_in;
pub use compress::Compression;
pub use endpoint::{Build, Overrides, Target, Unshippable, key_variable, target, written};
pub use flush::{Arrived, FlushEnd, Flushed, flush};
pub use next::{Next, next};
#[cfg(feature = "curl")]
pub use over_curl::Curl;
#[cfg(feature = "ureq")]
pub use over_ureq::Ureq;
pub use request::{Request, request};
pub use start::{Started, start};
pub use transport::{Response, Transport, TransportError, TransportErrorKind};

pub(crate) use backoff::Backoff;
pub(crate) use batch::{Judged, batches, judge, next_batch};
pub(crate) use due::{Due, due, ready};
pub(crate) use lifetime::bounded;
pub(crate) use once::once;
pub(crate) use pace::{Pace, rate};
pub(crate) use recheck::{Recheck, Verdict};
pub(crate) use report::waiting as waiting_report;
pub(crate) use start::{is_marked, start_with};
pub(crate) use under_way::wait_for_all;

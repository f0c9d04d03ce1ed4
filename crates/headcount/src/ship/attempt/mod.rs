//! What one attempt to ship does, in the order in which it does it.
//!
//! [`due`] says whether there is anything to do. [`flush`](flush()) takes the queue's lock and goes
//! round after round: it claims, and for each destination `delivery` seals a batch ([`batch`]), looks
//! at every record once more ([`recheck`]), sends, and settles what the answer means ([`next`](next())).
//! `report` makes the shipper's own event. [`Once`] sends what is never tried again, under the lock of
//! [`under_way`].

mod due;
mod recheck;
mod batch;
mod next;
mod receipt;
mod run;
mod report;
mod delivery;
mod flush;
mod under_way;
mod once;

pub(crate) use batch::{batches, judge};
pub(crate) use due::{Due, due, ready};
pub(crate) use flush::flush;
pub use next::{Next, next};
pub(crate) use once::Once;
pub(crate) use recheck::{Recheck, Verdict};
pub(crate) use report::waiting as waiting_report;
pub(crate) use run::Failed;
pub use run::{Arrived, FlushEnd, Flushed};
pub(crate) use under_way::wait_for_all;

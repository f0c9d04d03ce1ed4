//! One attempt to ship, with its files in the order of the work.
//!
//! `due` says whether there is anything to do. `flush` takes the queue's lock
//! and works in rounds: it claims, and for each destination `delivery` seals a
//! batch (`batch`), checks every record again (`recheck`), sends, and settles
//! what the answer means (`next`); `heed` keeps what it asks for. `run` has the
//! state and the result of an attempt, `receipt` makes the receipt of a
//! request, `sent_records` keeps its records, and `report` makes the shipper's
//! own event. `once` sends what is never tried again, under the lock of
//! `under_way`, and `copying` a copy for a destination that no catalog names.

mod due;
mod recheck;
mod batch;
mod next;
mod heed;
mod receipt;
mod run;
mod sent_records;
mod report;
mod delivery;
mod flush;
mod under_way;
mod once;
mod copying;

pub(crate) use batch::{batches, judge};
pub(crate) use copying::Copying;
pub(crate) use due::{Due, due, ready};
pub(crate) use flush::flush;
pub use next::{Next, next};
pub(crate) use once::{Basis, Once};
pub(crate) use recheck::{Recheck, Verdict, is_refused};
pub(crate) use report::waiting as waiting_report;
pub(crate) use run::Failed;
pub use run::{Arrived, FlushEnd, Flushed};
pub(crate) use under_way::{can_be_written, wait_for_all};

//! How events of one product are judged: everything that can be decided before
//! the first event of a dialect is judged is decided then.
//!
//! ```text
//! FlatEvent --names--> which field is which key --steps--> Draft --request_judge--> DayRows
//!            (a name is found where it was last time)  (kind admits straight to a cell)
//! ```
//!
//! What is allowed is what
//! [`Catalog::check`](headcount_catalog::Catalog::check) allows; a test
//! compares the two over mutated events.

mod admission;
mod check;
mod columns;
mod draft;
mod event_plan;
mod judged;
mod keys;
mod name_table;
mod product_plans;
mod version_plan;
mod words;

#[cfg(feature = "model")]
mod fast_judge;
#[cfg(any(test, feature = "model"))]
pub(crate) mod model;
#[cfg(test)]
mod tests;

pub(crate) use columns::{counted_names, schema_of};
pub(crate) use draft::{Draft, DraftCell, RejectedEvent};
#[cfg(feature = "model")]
pub use fast_judge::{Anew, FastJudge};
pub(crate) use judged::{AllowedEvent, Missing, PlanState};
pub(crate) use product_plans::{Plan, ProductPlans};

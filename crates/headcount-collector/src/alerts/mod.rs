//! Alerts: whether something happens that the operator wants to hear of, and
//! who is told.
//!
//! ```text
//!  rule --> questions --> store --> judge --> memory --> queue --> channel
//!           (pure)                  (pure)    (pure)     (bounded) (the caller's)
//! ```
//!
//! The decision is pure: a rule says what to ask, and what the answers mean. A
//! change becomes one message for each channel, which is kept in the data
//! folder (`alerts.json`) until it is delivered or given up. A message has the
//! names of a catalog, numbers and days, and nothing of a person. What a
//! channel is, the caller says: this crate sends nothing anywhere.

mod message;
mod channel;
mod rule;
mod sight;
mod questions;
mod queue;
mod memory;
mod judge;
mod tell;
mod file;
mod watch;
#[cfg(test)]
mod tests;

pub use channel::{AlertChannel, Delivered};
pub(crate) use file::remembered;
pub(crate) use judge::judge;
pub use message::AlertMessage;
pub(crate) use questions::{questions, stored};
pub use rule::{AlertCondition, AlertRule, CountedThing};
pub use sight::{AlertSight, AlertState};
pub(crate) use watch::AlertWatch;

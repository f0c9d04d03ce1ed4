//! Reports: a product's last whole week, or month, in a few lines of text, once
//! a week or a month.
//!
//! ```text
//!  rule --> schedule --> span --> numbers (the questions of the page) --> text --> alerts' queue
//!           (pure)       (pure)                                           (pure)
//! ```
//!
//! A report has names of a catalog, versions, numbers and days, and nothing of
//! a person. It waits, is tried again and is given up as a message about an
//! alert is. The week or month that was reported is kept beside these, so that
//! no restart reports it twice.

mod numbers;
mod rule;
mod schedule;
mod span;
mod text;

pub(crate) use numbers::of_span;
pub use rule::{ReportDay, ReportRule, Weekday};
pub(crate) use schedule::{due_span, last_span};
pub(crate) use span::ReportSpan;
pub(crate) use text::message;

//! Reports: a product's last whole week in a few lines of text, once a week.
//!
//! ```text
//!  rule --> schedule --> week (the questions of the page) --> week_text --> alerts' queue
//!           (pure)                                            (pure)
//! ```
//!
//! A report has names of a catalog, versions, numbers and days, and nothing of
//! a person. It waits, is tried again and is given up as a message about an
//! alert is. The week that was reported is kept beside these, so that no
//! restart reports it twice.

mod rule;
mod schedule;
mod week;
mod week_text;

pub use rule::{ReportRule, Weekday};
pub(crate) use schedule::{due_week, last_week};
pub(crate) use week::of_week;
pub(crate) use week_text::message;

//! Answers questions in SQL: counts of days from the generations that hold and
//! from the events that none of them contains yet, everything else from the
//! events themselves.
//!
//! ```text
//! question --> a file of sql/questions --> rows --> answer
//!                 ^
//! snapshot -------+  which generations hold, and what is new
//! ```
//!
//! Generations do not change, and those that hold no more stay for a while: so
//! one snapshot is good for all questions of a page, and its numbers agree.
//!
//! Everything that a collector has acknowledged has been shipped before.

mod snapshot;
mod asking;
mod answers;
mod counts;
mod devices;
mod outcomes;
mod raw_words;
mod raw;
mod steps;
mod next;
#[cfg(test)]
mod tests;

use super::Client;
use crate::{AnswerRows, Question, StoreError, VersionScope};
use asking::Asking;

pub(super) use snapshot::Snapshots;

/// Answers a question.
///
/// # Errors
///
/// Returns an error if the server refuses or does not answer.
pub(super) fn ask(
    client: &Client,
    snapshots: &Snapshots,
    question: &Question,
) -> Result<AnswerRows, StoreError> {
    let of = |product, days, versions| Asking { client, snapshots, product, days, versions };
    let all = &VersionScope::All;
    match question {
        Question::Events { product, from, to, versions } => {
            counts::events(&of(product, (*from, *to), versions))
        }
        Question::ByProperty { product, event, property, from, to, versions } => {
            counts::by_property(&of(product, (*from, *to), versions), event, property)
        }
        Question::Across { product, event, one, other, from, to, versions } => {
            counts::across(&of(product, (*from, *to), versions), event, (one, other))
        }
        Question::Failures { product, event, by, from, to, versions } => {
            counts::failures(&of(product, (*from, *to), versions), event, by.as_deref())
        }
        Question::Quantiles { product, event, property, period, from, to, versions } => {
            let asking = of(product, (*from, *to), versions);
            counts::quantiles(&asking, (event, property), *period)
        }
        Question::Versions { product, from, to } => {
            counts::versions(&of(product, (*from, *to), &VersionScope::Each))
        }
        Question::Active { product, period, from, to, versions } => {
            devices::active(of(product, (*from, *to), versions), *period)
        }
        Question::Marks { product, period, from, to } => {
            devices::marks(of(product, (*from, *to), all), *period)
        }
        Question::Retention { product, from, to } => {
            devices::retention(of(product, (*from, *to), all))
        }
        Question::Rejected { product, from, to } => {
            outcomes::rejected(client, product, (*from, *to))
        }
        Question::Outcomes => outcomes::outcomes(client),
        Question::Products => counts::products(client, snapshots),
        Question::Raw(question) => Ok(AnswerRows::Raw(raw::answer(client, question)?)),
    }
}

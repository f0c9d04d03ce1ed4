//! What each report would say now, also while a collector runs.

use std::path::Path;

use headcount_catalog::Time;
use headcount_store::{Question, StoredAnswers};

use super::error::OfflineError;
use crate::alerts::AlertMessage;
use crate::registry::kept_registry;
use crate::reports::{ReportRule, last_span, message, of_span};

/// What each report says of the last week or month that is over, as a message,
/// or as a test of one. Takes no lock, changes nothing, and tells nobody.
///
/// # Errors
///
/// Returns an error if there is no such folder, or no store in it that this
/// version can read.
pub fn reports(
    data: &Path,
    rules: &[ReportRule],
    is_test: bool,
    now: Time,
    url: &str,
) -> Result<Vec<AlertMessage>, OfflineError> {
    OfflineError::check_folder(data)?;
    let (registry, store) = (kept_registry(data), StoredAnswers::open(data)?);
    let ask = |questions: &[Question]| store.ask(questions);
    let told = |rule: &ReportRule| {
        let span = last_span(rule, now);
        let products = of_span(rule, &registry, span, &ask)?;
        Ok(message(rule, span, &products, is_test, now, url))
    };
    rules.iter().map(told).collect()
}

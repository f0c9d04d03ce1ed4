//! What each report would say now, also while a collector runs.

use std::path::Path;

use headcount_catalog::Time;
use headcount_store::{Question, StoredAnswers};

use super::error::OfflineError;
use crate::alerts::AlertMessage;
use crate::registry::kept_registry;
use crate::reports::{ReportRule, last_week, message, of_week};

/// What each report says of the last week that is over, as a message of this
/// state, `week` or `test`. Takes no lock, changes nothing, and tells nobody.
///
/// # Errors
///
/// Returns an error if there is no such folder, or no store in it that this
/// version can read.
pub fn reports(
    data: &Path,
    rules: &[ReportRule],
    state: &'static str,
    now: Time,
    url: &str,
) -> Result<Vec<AlertMessage>, OfflineError> {
    OfflineError::check_folder(data)?;
    let (registry, store) = (kept_registry(data), StoredAnswers::open(data)?);
    let week = last_week(now);
    let ask = |questions: &[Question]| store.ask(questions);
    let told = |rule: &ReportRule| {
        let products = of_week(rule, &registry, week, &ask)?;
        Ok(message(rule, week, &products, state, now, url))
    };
    rules.iter().map(told).collect()
}

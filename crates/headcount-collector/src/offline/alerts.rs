//! What each alert sees now, also while a collector runs.

use std::path::Path;

use headcount_catalog::Time;
use headcount_store::{AnswerRows, StoredAnswers};

use super::error::OfflineError;
use crate::alerts::{AlertRule, AlertSight, judge, questions, remembered, stored};
use crate::registry::kept_registry;

/// What an alert sees.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenAlert {
    /// What it sees now.
    pub sight: AlertSight,
    /// Since when it rings, as far as the collector has looked.
    pub ringing: Option<Time>,
    /// Why it can never ring with the catalogs that the folder has: a sentence
    /// without a full stop.
    pub mistake: Option<String>,
}

/// Says what each rule sees. Takes no lock, changes nothing, and tells nobody.
///
/// # Errors
///
/// Returns an error if there is no such folder, or no store in it that this
/// version can read.
pub fn alerts(data: &Path, rules: &[AlertRule], now: Time) -> Result<Vec<SeenAlert>, OfflineError> {
    OfflineError::check_folder(data)?;
    let (registry, store) = (kept_registry(data), StoredAnswers::open(data)?);
    let memory = remembered(data);
    let see = |rule: &AlertRule| {
        let rows: Vec<AnswerRows> = store.ask(&questions(rule, now.day()))?;
        let mut own = memory.rules.get(&rule.name).cloned().unwrap_or_default();
        own.heard(stored(&rows, &rule.product), now);
        let sight = judge(rule, &rows, &own, now);
        Ok(SeenAlert { sight, ringing: own.ringing, mistake: rule.mistake(&registry) })
    };
    rules.iter().map(see).collect()
}

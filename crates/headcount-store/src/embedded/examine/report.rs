//! What an examination found.

use std::collections::BTreeMap;

use headcount_catalog::Day;

/// What an examination found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BooksReport {
    /// Raw events that are there.
    pub events: u64,
    /// Blocks of fresh events that were read.
    pub blocks: u64,
    /// Chunks of sealed events that were read.
    pub chunks: u64,
    /// What is wrong, a sentence each. Empty if everything is right.
    pub findings: Vec<String>,
}

impl BooksReport {
    pub(super) fn find(&mut self, finding: String) {
        self.findings.push(finding);
    }
}

/// Events of each product and day.
pub(super) type DayCounts = BTreeMap<(String, Day), u64>;

/// A fragment as a sentence.
pub(super) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

//! One thing that is not as the house wants it, with its place.

use std::fmt;

/// A sentence about a place. Sorted by place, so that a file's findings stand
/// together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Relative to the root, with `/` between folders.
    pub path: String,
    /// Counted from 1; 1 where the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, sentence: sentence.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.sentence)
    }
}

/// All findings, sorted, a line each.
#[must_use]
pub fn report(findings: &[Finding]) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort();
    sorted.iter().map(|finding| format!("{finding}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_sorted_by_place() {
        let findings = [Finding::new("b.rs", 2, "Two."), Finding::new("a.rs", 10, "Ten."), {
            Finding::new("a.rs", 9, "Nine.")
        }];
        assert_eq!(report(&findings), "a.rs:9: Nine.\na.rs:10: Ten.\nb.rs:2: Two.\n");
    }
}

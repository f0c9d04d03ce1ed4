//! What is found in a catalog, and where.

use std::path::Path;

use headcount::person::visible;
use headcount_catalog::Catalog;

/// How much a finding counts. The order is from less to more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Something to know.
    Hint,
    /// Something to do better.
    Advice,
    /// It is not a catalog, or not one that may be shipped.
    Mistake,
}

/// A file that was checked.
#[derive(Debug)]
pub(super) struct Source {
    /// Its path in messages.
    pub(super) shown: String,
    /// Its path with `/`, as URLs have it.
    pub(super) url: String,
    pub(super) text: String,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Finding {
    /// The place of its source among all.
    pub(super) source: usize,
    pub(super) level: Level,
    /// A code that stays the same, such as `HC003`.
    pub(super) code: &'static str,
    /// What the code is called, such as `unknown`.
    pub(super) name: &'static str,
    /// Bytes of the text.
    pub(super) span: (usize, usize),
    /// What is wrong and what to do, in a sentence.
    pub(super) message: String,
}

/// What was found, and in which texts.
pub(super) struct Report {
    pub(super) sources: Vec<Source>,
    pub(super) findings: Vec<Finding>,
    /// The catalogs without a mistake, each with the place of its source.
    pub(super) catalogs: Vec<(usize, Catalog)>,
}

/// A line and a column of a text, both from 1. Columns are counted in
/// characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Source {
    pub(super) fn of(path: &Path, text: String) -> Self {
        let url = path.to_string_lossy().replace('\\', "/");
        Self { shown: shown(path), url, text }
    }

    /// The position of a byte.
    pub(super) fn position(&self, at: usize) -> Position {
        let (line, column) = headcount_catalog::position(&self.text, at);
        Position { line, column }
    }
}

/// A path in messages.
pub(super) fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
}

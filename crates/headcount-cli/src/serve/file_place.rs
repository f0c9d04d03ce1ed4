//! Where in the configuration file something is, and how a mistake there is
//! shown.

use std::ops::Range;
use std::path::Path;

/// Where in a file a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FilePlace {
    file: String,
    line: usize,
    column: usize,
    /// How many letters are meant.
    width: usize,
    text: String,
}

impl FilePlace {
    pub(super) fn of(file: &Path, text: &str, span: Range<usize>) -> Self {
        let start = span.start.min(text.len());
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_text = text[line_start..].lines().next().unwrap_or_default();
        let meant = text.get(start..span.end.min(text.len())).unwrap_or_default();
        let meant = meant.lines().next().unwrap_or_default();
        Self {
            file: file.display().to_string(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            width: meant.chars().count().max(1),
            text: line_text.to_owned(),
        }
    }

    /// The file and the line.
    pub(super) fn line(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// A mistake at this place: a sentence, the line, and what is meant in it.
    pub(super) fn mistake(&self, sentence: &str) -> String {
        let Self { file, line, column, width, text } = self;
        let text: String =
            text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let (gap, carets) = (" ".repeat(column - 1), "^".repeat(*width));
        format!("{file}:{line}:{column}: {sentence}\n    {text}\n    {gap}{carets}")
    }
}

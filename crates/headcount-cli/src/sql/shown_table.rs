//! Rows for people: a table with columns of their width.

use std::ops::ControlFlow;

use headcount_collector::offline::{AnalysisRows, AnalysisValue};

use super::output::{FinishedRows, Output, QueryEnd, text_of};

/// Rows of a table. More are for a program to read.
const ROWS: usize = 1_000;

/// Characters of a cell. The rest is cut off.
const CELL: usize = 60;

/// A table that is shown when its last row has come.
pub(super) struct ShownTable<'o> {
    out: &'o mut Output,
    names: Vec<String>,
    /// Text, and whether it is a number.
    rows: Vec<Vec<(String, bool)>>,
    /// Whether there are more rows than are shown.
    has_more: bool,
}

impl<'o> ShownTable<'o> {
    pub(super) fn new(out: &'o mut Output) -> Self {
        Self { out, names: Vec::new(), rows: Vec::new(), has_more: false }
    }

    fn widths(&self) -> Vec<usize> {
        let width = |(place, name): (usize, &String)| {
            let cells = self.rows.iter().map(|row| row[place].0.chars().count());
            cells.max().unwrap_or(0).max(name.chars().count())
        };
        self.names.iter().enumerate().map(width).collect()
    }
}

impl AnalysisRows for ShownTable<'_> {
    fn columns(&mut self, names: &[&str]) -> ControlFlow<()> {
        self.names = names.iter().map(|name| shown(name)).collect();
        ControlFlow::Continue(())
    }

    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()> {
        if self.rows.len() == ROWS {
            self.has_more = true;
            return ControlFlow::Break(());
        }
        let cell = |value: &AnalysisValue<'_>| {
            let is_number = matches!(value, AnalysisValue::Integer(_) | AnalysisValue::Real(_));
            (text_of(*value).map_or_else(|| "NULL".to_owned(), |text| shown(&text)), is_number)
        };
        self.rows.push(values.iter().map(cell).collect());
        ControlFlow::Continue(())
    }
}

impl FinishedRows for ShownTable<'_> {
    fn finish(&mut self, end: QueryEnd) {
        // A query that was wrong has neither.
        if self.names.is_empty() || end == QueryEnd::Failed && self.rows.is_empty() {
            return;
        }
        let widths = self.widths();
        let mut text = String::new();
        let mut add = |cells: &mut dyn Iterator<Item = String>| {
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        };
        let named = self.names.iter().zip(&widths);
        add(&mut named.map(|(name, width)| format!("{name:width$}")));
        add(&mut widths.iter().map(|width| "-".repeat(*width)));
        for row in &self.rows {
            let cells = row.iter().zip(&widths);
            add(&mut cells.map(|((cell, is_number), width)| match is_number {
                true => format!("{cell:>width$}"),
                false => format!("{cell:width$}"),
            }));
        }
        let number = self.rows.len();
        text.push_str(&match (self.has_more, number) {
            (true, _) => format!("The first {number} rows; --json and --csv print all.\n"),
            (false, 1) => "1 row.\n".to_owned(),
            (false, _) => format!("{number} rows.\n"),
        });
        // Who reads is told by the end of the output.
        let _ = self.out.write(&text);
    }
}

/// Whether a terminal takes a letter for a command, or shows others in another
/// order or not at all (Unicode's `Bidi_Control`, and letters without width).
fn is_command(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A text in one line of a terminal, which takes no command from it.
fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let plain = |letter: char| if is_command(letter) { '\u{fffd}' } else { letter };
    let mut line: String = letters.by_ref().take(CELL).map(plain).collect();
    if letters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{CELL, shown};

    #[test]
    fn a_cell_is_one_line_without_commands() {
        assert_eq!(shown("a\u{1b}[2J\nb"), "a\u{fffd}[2J\u{fffd}b");
        assert_eq!(shown("a\u{202e}b\u{200b}"), "a\u{fffd}b\u{fffd}");
        let long = shown(&"ü".repeat(CELL + 1));
        assert!(long.chars().count() == CELL && long.ends_with("ü…"), "{long}");
        assert_eq!(shown(&"ü".repeat(CELL)), "ü".repeat(CELL));
    }
}

//! How a lexer goes from line to line.

use super::{Lexer, Wrong};
use crate::json::{MARK, line_length};

impl<'b> Lexer<'b, '_> {
    /// From here on a newline ends a text.
    pub(in crate::flat) fn read_by_line(&mut self) {
        self.by_line = true;
    }

    /// Skips a byte order mark, which files that were put together have at the
    /// start of lines.
    pub(in crate::flat) fn skip_mark(&mut self) {
        if self.text[self.at..].starts_with(MARK) {
            self.at += MARK.len_utf8();
        }
    }

    /// Skips newlines at the start of a line.
    pub(in crate::flat) fn skip_empty_lines(&mut self) {
        let rest = &self.bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| **byte == b'\n').count();
    }

    /// Requires that nothing follows in the line.
    pub(in crate::flat) fn at_end_of_line(&mut self) -> Result<(), Wrong> {
        if matches!(self.next_byte(), None | Some(b'\n')) { Ok(()) } else { self.wrong() }
    }

    /// Goes to the start of the next line. Returns where this one ends.
    pub(in crate::flat) fn next_line(&mut self) -> usize {
        let rest = &self.bytes()[self.at..];
        let end = self.at + line_length(rest);
        self.go_to((end + 1).min(self.text.len()));
        end
    }

    pub(in crate::flat) fn text_between(&self, start: usize, end: usize) -> &'b str {
        &self.text[start..end]
    }
}

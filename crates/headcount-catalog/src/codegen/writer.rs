//! Writes generated Rust line by line, with its indentation.

/// Columns of a line: rustfmt's default.
pub(super) const WIDTH: usize = 100;

/// Writes generated text.
#[derive(Debug)]
pub(super) struct CodeWriter<'a> {
    /// The text so far.
    pub(super) text: String,
    /// The path of the SDK.
    pub(super) sdk: &'a str,
    depth: usize,
}

impl<'a> CodeWriter<'a> {
    /// Returns a writer without any text.
    pub(super) fn new(sdk: &'a str) -> Self {
        Self { text: String::new(), sdk, depth: 0 }
    }

    /// Returns the indentation in columns.
    pub(super) fn indent(&self) -> usize {
        self.depth * 4
    }

    /// Writes a line.
    pub(super) fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', self.indent()));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Writes a line that opens a block.
    pub(super) fn open(&mut self, line: &str) {
        self.line(line);
        self.depth += 1;
    }

    /// Writes a line that closes a block.
    pub(super) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(line);
    }

    /// Writes a `use` of names of a path, on several lines if one is too short.
    pub(super) fn import(&mut self, path: &str, names: &[String]) {
        let line = match names {
            [name] => format!("use {path}::{name};"),
            names => format!("use {path}::{{{}}};", names.join(", ")),
        };
        if self.indent() + line.len() <= WIDTH {
            return self.line(&line);
        }
        self.open(&format!("use {path}::{{"));
        for line in wrapped(&format!("{},", names.join(", ")), WIDTH - self.indent() - 1) {
            self.line(&line);
        }
        self.close("};");
    }

    /// Writes a `use` of `Value`, if one of the expressions needs it.
    pub(super) fn import_value(&mut self, expressions: &[String]) {
        if expressions.iter().any(|expression| expression.contains("Value::")) {
            self.line(&format!("use {}::catalog::Value;", self.sdk));
        }
    }

    /// Writes items in brackets, on one line if they fit and one per line
    /// otherwise.
    pub(super) fn list(&mut self, open: &str, items: &[String], close: &str) {
        let line = format!("{open}{}{close}", items.join(", "));
        if self.indent() + line.len() <= WIDTH {
            return self.line(&line);
        }
        self.open(open);
        items.iter().for_each(|item| self.line(&format!("{item},")));
        self.close(close);
    }

    /// Writes the first line of a function, with its argument on a line of its
    /// own if one line is too short.
    pub(super) fn open_function(&mut self, name: &str, argument: &str, answer: &str) {
        let line = format!("{name}({argument}) -> {answer} {{");
        if self.indent() + line.len() <= WIDTH {
            return self.open(&line);
        }
        self.open(&format!("{name}("));
        self.line(&format!("{argument},"));
        self.depth -= 1;
        self.open(&format!(") -> {answer} {{"));
    }

    /// Writes a doc comment, with a paragraph for each text.
    pub(super) fn docs(&mut self, paragraphs: &[&str]) {
        for (place, paragraph) in paragraphs.iter().enumerate() {
            if place > 0 {
                self.line("///");
            }
            let room = WIDTH.saturating_sub(self.indent() + "/// ".len());
            for line in wrapped(paragraph, room) {
                self.line(&format!("/// {line}"));
            }
        }
    }
}

/// Splits a text into lines of at most `room` columns. A longer word gets a
/// line of its own.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Returns text of an author for rustdoc: outside of backticks nothing is a
/// link or a tag.
pub(super) fn prose(text: &str) -> String {
    let mut shown = String::new();
    let mut quoted = false;
    for letter in text.chars() {
        if letter == '`' {
            quoted = !quoted;
        } else if !quoted && matches!(letter, '[' | ']' | '<' | '>' | '*' | '_' | '\\') {
            shown.push('\\');
        }
        shown.push(letter);
    }
    if quoted {
        shown.push('`');
    }
    shown
}

/// Returns a word of the catalog in backticks.
pub(super) fn quoted(word: &str) -> String {
    format!("`{}`", word.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_makes_no_links_and_no_tags() {
        assert_eq!(prose("a [b] <c> `d[e]` f_g"), r"a \[b\] \<c\> `d[e]` f\_g");
        assert_eq!(prose("an `open quotation"), "an `open quotation`");
    }

    #[test]
    fn docs_are_wrapped_and_never_leave_their_comment() {
        let mut out = CodeWriter::new("::headcount");
        out.open("mod m {");
        out.docs(&[&"word ".repeat(30), "second\nline"]);
        out.close("}");
        let inner = out.text.lines().skip(1).take_while(|line| *line != "}");
        assert!(inner.clone().all(|line| line.starts_with("    ///") && line.len() <= WIDTH));
        assert_eq!(inner.count(), 4);
    }
}

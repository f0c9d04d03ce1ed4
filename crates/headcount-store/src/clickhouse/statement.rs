//! One statement of SQL: a file of `sql/` with its words replaced, and the
//! values of its parameters. The words are listed in `sql/README.md`.

use std::fmt::Write as _;

use headcount_catalog::Day;

use super::sql_files::{HOUSE, PARTS, QUESTIONS, SqlFile};

/// What stands for a word, such as `@source`.
pub(super) type Word<'a> = (&'a str, &'a str);

/// SQL and what is sent with it.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) sql: String,
    /// Values in ClickHouse's own form, by the names in the SQL.
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl Statement {
    /// A statement as it is written.
    pub(super) fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), parameters: Vec::new() }
    }

    /// A question that is not about counts.
    pub(super) fn question(name: &str, words: &[Word<'_>]) -> Self {
        Self::new(expanded(text_of(&QUESTIONS, name), words))
    }

    /// A statement that keeps the books.
    pub(super) fn house(name: &str, words: &[Word<'_>]) -> Self {
        let source = match name.split_once('_') {
            Some(("erase", _)) => "events_of_person",
            Some(("tell", _)) => "all_events",
            Some(("settle" | "add" | "fold", _)) => "new_events",
            _ => "covered_events",
        };
        let words = [
            words,
            &[
                ("source", source),
                ("present", "present"),
                ("held", "held_now"),
                ("bounds", "bounds_now"),
            ],
        ]
        .concat();
        Self::new(expanded(text_of(&HOUSE, name), &words))
    }

    /// Sets a parameter, if the statement has it.
    pub(super) fn with(mut self, name: &'static str, value: impl Parameter) -> Self {
        if self.sql.contains(&format!("{{{name}:")) {
            self.parameters.push((name, value.text()));
        }
        self
    }
}

/// A part that is included, such as a piece of a condition.
pub(super) fn part(name: &str, words: &[Word<'_>]) -> String {
    expanded(text_of(&PARTS, name), words)
}

/// The text of a file without its comments.
pub(super) fn text_of(files: &[SqlFile], name: &str) -> String {
    let found = files.iter().find(|(known, _)| *known == name);
    let (_, text) = found.expect("statements are named in the source");
    let lines = text.lines().filter(|line| !line.starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Replaces words, and includes parts. What stands for a word is not looked
/// through again.
pub(super) fn expanded(text: impl AsRef<str>, words: &[Word<'_>]) -> String {
    let mut rest = text.as_ref();
    let mut out = String::with_capacity(rest.len() * 2);
    while let Some((before, after)) = rest.split_once('@') {
        out.push_str(before);
        let end = after.find(|one: char| !one.is_ascii_lowercase() && one != '_');
        let (word, after) = after.split_at(end.unwrap_or(after.len()));
        rest = after;
        let value = words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        match (word, value) {
            ("include", _) => {
                let (argument, after) = argument(after);
                let argument = expanded(argument, words);
                let (name, kind) = argument.split_once(':').unwrap_or((&argument, ""));
                let own: &[Word<'_>] = if kind.is_empty() { &[] } else { &[("kind", kind)] };
                let included = part(name, &[own, words].concat());
                let _ = write!(out, "\n{included}\n");
                rest = after;
            }
            (_, Some(value)) => out.push_str(value),
            (_, None) => unreachable!("@{word} is a word without a value"),
        }
    }
    out.push_str(rest);
    out
}

/// What stands in the parentheses at the beginning, and what comes after them.
pub(super) fn argument(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix('(').and_then(|inner| inner.split_once(')'));
    inner.expect("a word with an argument has it in parentheses")
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\0', "\\0"))
}

/// A list in brackets of what is written already.
pub(super) fn listed(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// A value of a parameter. Source of the forms: ClickHouse's documentation,
/// "CLI parameters" and `TabSeparated`.
pub(super) trait Parameter {
    fn text(self) -> String;
}

impl Parameter for &str {
    fn text(self) -> String {
        let escaped = self.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n");
        escaped.replace('\r', "\\r").replace('\0', "\\0")
    }
}

impl Parameter for &String {
    fn text(self) -> String {
        self.as_str().text()
    }
}

/// A `Date` goes from 1970-01-01 to 2149-06-06. No event has a day outside.
impl Parameter for Day {
    fn text(self) -> String {
        Day::from_number(self.number().clamp(0, i32::from(u16::MAX))).to_string()
    }
}

impl Parameter for u64 {
    fn text(self) -> String {
        self.to_string()
    }
}

impl Parameter for bool {
    fn text(self) -> String {
        u8::from(self).to_string()
    }
}

/// A list, of days or numbers or of texts that are quoted.
impl Parameter for List {
    fn text(self) -> String {
        listed(self.0)
    }
}

/// The items of a list, each as it stands in the list.
pub(super) struct List(Vec<String>);

impl List {
    pub(super) fn of_days(days: impl IntoIterator<Item = Day>) -> Self {
        Self(days.into_iter().map(|day| format!("'{day}'")).collect())
    }

    pub(super) fn of_numbers(numbers: impl IntoIterator<Item = u64>) -> Self {
        Self(numbers.into_iter().map(|number| number.to_string()).collect())
    }

    pub(super) fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self(texts.into_iter().map(quoted).collect())
    }

    /// Of generations, each with the day that it counts.
    pub(super) fn of_parts(parts: impl IntoIterator<Item = (Day, u64)>) -> Self {
        let part = |(day, generation): (Day, u64)| format!("({}, {generation})", day.number());
        Self(parts.into_iter().map(part).collect())
    }

    /// Of days, each with the erasures whose kept counts belong to it: above
    /// the first number, up to the second.
    pub(super) fn of_bounds(days: impl IntoIterator<Item = (Day, u64, u64)>) -> Self {
        let bounds = |(day, settled, erased)| format!("('{day}', {settled}, {erased})");
        Self(days.into_iter().map(bounds).collect())
    }

    /// Of what is written already, such as tuples.
    pub(super) fn of(items: impl IntoIterator<Item = String>) -> Self {
        Self(items.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_says_is_not_a_word() {
        let words = [("column", "'@include(filter)'"), ("wanted", "['it''s']")];
        let told = expanded("x = @column AND @wanted", &words);
        assert_eq!(told, "x = '@include(filter)' AND ['it''s']");
        assert_eq!(quoted("it's \\"), r"'it\'s \\'");
        assert_eq!("a\tb\\".text(), "a\\tb\\\\");
    }

    #[test]
    fn a_parameter_that_a_statement_does_not_have_is_left_out() {
        let told = Statement::new("SELECT {from:Date}")
            .with("from", Day::from_number(-3))
            .with("to", 1_u64);
        assert_eq!(told.parameters, [("from", "1970-01-01".to_owned())]);
        assert_eq!(Day::from_number(1_000_000).text(), "2149-06-06");
    }
}

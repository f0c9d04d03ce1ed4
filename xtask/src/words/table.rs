//! The table of words in ARCHITECTURE.md.
//!
//! It is the fenced block that opens with three backticks and `words`. A row
//! has three columns with two spaces or more between them: a word, the package
//! that owns it, and what it means. A word is the name of a public type, or in
//! lower case a concept. A line that begins with a space belongs to the row
//! above:
//!
//! ```text
//! Claim       headcount-queue    a segment that no writer writes to any more
//! value set   headcount-catalog  the words that a property may have,
//!                                and no others
//! ```

/// How the block begins.
pub(super) const OPENS: &str = "```words";
const CLOSES: &str = "```";
const BETWEEN: &str = "  ";

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordRow<'a> {
    pub(super) word: &'a str,
    /// A package as the rooms name it.
    pub(super) owner: &'a str,
    pub(super) meaning: &'a str,
    /// Counted from 1.
    pub(super) line: usize,
}

impl WordRow<'_> {
    /// Whether the word is the name of a type.
    pub(super) fn is_type(&self) -> bool {
        self.word.starts_with(char::is_uppercase)
    }

    /// `ValueSet` as `value set`.
    pub(super) fn in_plain_letters(&self) -> String {
        let mut plain = String::new();
        for (at, letter) in self.word.char_indices() {
            if letter.is_uppercase() && at > 0 {
                plain.push(' ');
            }
            plain.extend(letter.to_lowercase());
        }
        plain
    }
}

/// The rows of the table in a text; nothing where there is no such block.
pub(super) fn rows(text: &str) -> Option<Vec<WordRow<'_>>> {
    let mut lines = text.lines().enumerate();
    lines.find(|(_, line)| line.trim_end() == OPENS)?;
    let inside = lines.take_while(|(_, line)| line.trim_end() != CLOSES);
    let begins_a_row = |line: &str| !line.starts_with(' ') && !line.trim().is_empty();
    Some(
        inside.filter(|(_, line)| begins_a_row(line)).map(|(at, line)| row(at + 1, line)).collect(),
    )
}

fn row(line: usize, text: &str) -> WordRow<'_> {
    let column = |text| match str::split_once(text, BETWEEN) {
        Some((one, rest)) => (one.trim(), rest.trim_start()),
        None => (text.trim(), ""),
    };
    let (word, rest) = column(text);
    let (owner, meaning) = column(rest);
    WordRow { word, owner, meaning, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_three_columns_and_go_on_in_lines_with_a_space() {
        let text = "```text\nno   row   here\n```\n```words\nClaim      queue  a segment\n           \
                    that rests\n\nvalue set  catalog  what  may be\nalone\n```\nnor  here  \n";
        let row = |word, owner, meaning, line| WordRow { word, owner, meaning, line };
        assert_eq!(
            rows(text),
            Some(vec![
                row("Claim", "queue", "a segment", 5),
                row("value set", "catalog", "what  may be", 8),
                row("alone", "", "", 9),
            ])
        );
        assert_eq!(rows("```text\n```\n"), None);
    }

    #[test]
    fn a_type_is_told_from_a_concept_and_both_from_their_letters() {
        let row = |word| WordRow { word, owner: "", meaning: "", line: 1 };
        assert!(row("ValueSet").is_type() && !row("value set").is_type());
        assert_eq!(row("ValueSet").in_plain_letters(), "value set");
        assert_eq!(row("segment").in_plain_letters(), "segment");
    }
}

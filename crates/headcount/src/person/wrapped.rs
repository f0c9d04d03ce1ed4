//! Text for people: made visible, kept whole where it must be, and wrapped
//! between words to the width of a screen.
//!
//! Text from outside (a path, a variable, an answer of a server) passes through
//! [`visible`] or [`whole`] before it becomes part of a sentence, so it
//! contains no mark, moves no cursor and begins no new line.

use super::arguments::COMMANDS;
use super::limits::WRAP_MOST;
use super::marks::{AS_IT_IS, HANG, JOINED};
use crate::visible::visible;

/// Columns that a line without a bullet is hung under its first one, as far as
/// it begins with a name and a colon.
const DEEPER: usize = 2;

/// Text from outside, or a command, that is never broken: a path, a variable
/// with its value.
pub(super) fn whole(text: &str) -> String {
    joined(&visible(text))
}

/// Visible text that is never broken.
pub(super) fn joined(text: &str) -> String {
    text.replace(' ', &JOINED.to_string())
}

/// The same text with every command in it kept whole: `call`, such as `atomic
/// telemetry`, with the words and options after it.
pub(super) fn whole_commands(text: &str, call: &str) -> String {
    if call.is_empty() {
        return text.to_owned();
    }
    let joined = call.replace(' ', &JOINED.to_string());
    let mut parts = text.split(call);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(&joined);
        let mut rest = part;
        while let Some(word) = rest.strip_prefix(' ').map(next_word).filter(|word| is_ours(word)) {
            out.push(JOINED);
            out.push_str(word);
            rest = &rest[1 + word.len()..];
        }
        out.push_str(rest);
    }
    out
}

fn next_word(text: &str) -> &str {
    text.split([' ', '\n', '.', ',', ')', ';', JOINED]).next().unwrap_or_default()
}

/// Whether a word after `atomic telemetry` belongs to the command.
fn is_ours(word: &str) -> bool {
    let is_command =
        COMMANDS.iter().any(|(name, others, ..)| *name == word || others.contains(&word));
    is_command || word.starts_with("--")
}

/// The text without marks, one line for each paragraph.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(*letter, HANG | AS_IT_IS))
        .map(|letter| if letter == JOINED { ' ' } else { letter })
        .collect()
}

/// The text in lines of at most `columns` columns where words permit it,
/// without marks. A list item continues under its first word, another line
/// under its indentation or its [`HANG`].
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let columns = columns.clamp(1, WRAP_MOST);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        match line.strip_prefix(AS_IT_IS) {
            Some(line) => out.push_str(line),
            None => wrap(line, columns, &mut out),
        }
        out.push_str(end);
    }
    plain(&out)
}

/// Wraps one line.
fn wrap(line: &str, columns: usize, out: &mut String) {
    if width(line) <= columns {
        out.push_str(line);
        return;
    }
    let hang = " ".repeat(hang(line, columns));
    let body = line.trim_start_matches(' ');
    out.push_str(&line[..line.len() - body.len()]);
    let (mut used, mut is_first) = (line.len() - body.len(), true);
    for Piece { space, text } in pieces(body) {
        let needed = width(text);
        if !is_first && used + space + needed > columns {
            out.push('\n');
            out.push_str(&hang);
            used = hang.len();
        } else {
            out.push_str(&" ".repeat(space));
            used += space;
        }
        out.push_str(text);
        used += needed;
        is_first = false;
    }
}

/// What is not broken, with the spaces before it.
struct Piece<'a> {
    space: usize,
    text: &'a str,
}

/// The pieces of a line: between two words, and between two wide characters,
/// since languages that have them have no spaces.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let text = rest.trim_start_matches(' ');
        let space = rest.len() - text.len();
        let mut before = None;
        let mut end = text.len();
        for (index, letter) in text.char_indices() {
            let is_between = columns_of(letter) == 2 && before.is_some_and(|b| columns_of(b) == 2);
            if letter == ' ' || is_between {
                end = index;
                break;
            }
            before = Some(letter);
        }
        pieces.push(Piece { space, text: &text[..end] });
        rest = &text[end..];
    }
    pieces
}

/// The columns before a continuation.
fn hang(line: &str, columns: usize) -> usize {
    let body = line.trim_start_matches(' ');
    let indent = line.len() - body.len();
    let bullet = ["• ", "- ", "* ", "-> "].into_iter().find(|bullet| body.starts_with(bullet));
    let hang = match (line.find(HANG), bullet) {
        (Some(mark), _) => width(&line[..mark]),
        (None, Some(bullet)) => indent + width(bullet),
        (None, None) if begins_with_a_name(body) => indent + DEEPER,
        (None, None) => indent,
    };
    // There must be room for words.
    if hang > columns / 2 { indent.min(columns / 2) + DEEPER } else { hang }
}

/// Whether a line is one such as `Full policy: https://…`, rather than a
/// sentence.
fn begins_with_a_name(line: &str) -> bool {
    !line.ends_with('.')
        && line.split_once(": ").is_some_and(|(name, _)| !name.contains(['.', ';']))
}

/// The columns of a text. Combining marks have none, wide characters of East
/// Asia and pictures have two, everything else has one.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(letter: char) -> usize {
    match u32::from(letter) {
        0x02 | 0x03 => 0,
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1_F300..=0x1_FAFF
        | 0x2_0000..=0x3_FFFD => 2,
        _ => 1,
    }
}

/// A number with its noun: `1 event`, `2 events`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_hung() {
        for (text, columns, lines) in [
            ("one two three", 7, "one two\nthree"),
            ("  one two three", 8, "  one\n  two\n  three"),
            ("  • one two three", 9, "  • one\n    two\n    three"),
            ("Full policy: a b", 14, "Full policy: a\n  b"),
            ("unbreakable", 4, "unbreakable"),
            ("a  b c", 4, "a  b\nc"),
            ("目录目录", 4, "目录\n目录"),
            ("\u{3}one two three", 4, "one two three"),
            ("one\n\ntwo\n", 3, "one\n\ntwo\n"),
        ] {
            assert_eq!(wrapped(text, columns), lines);
        }
        let rule = format!("-> settings      {HANG}on (config) and more of it");
        let hung = "-> settings      on (config) and\n                 more of it";
        assert_eq!(wrapped(&rule, 36), hung);
    }

    #[test]
    fn a_command_a_path_and_a_variable_stay_whole() {
        let text = format!("To enable: {}", whole("atomic telemetry on"));
        assert_eq!(wrapped(&text, 12), "To enable:\n  atomic telemetry on");
        assert_eq!(plain(&text), "To enable: atomic telemetry on");
    }

    #[test]
    fn every_width_is_kept_where_words_permit_it() {
        let text = "Sentences of short words only, so that all of them fit in any of it.\n  • and \
                    an item in a list of two items\n";
        for columns in 10..=200 {
            let lines = wrapped(text, columns);
            assert!(lines.lines().all(|line| width(line) <= columns), "{columns}: {lines}");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(words(&lines), words(text), "{columns}");
        }
    }
}

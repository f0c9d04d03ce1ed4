//! Turns words of the catalog into Rust identifiers, so that no two words get
//! the same identifier.

use std::collections::BTreeSet;

/// Words that cannot be the name of a field: the keywords of Rust's edition
/// 2024, including reserved ones.
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_", "union",
];

/// The names of punctuation marks, for words that contain nothing else.
const MARKS: [(char, &str); 12] = [
    ('/', "Slash"),
    ('-', "Dash"),
    ('.', "Dot"),
    ('_', "Underscore"),
    (':', "Colon"),
    ('*', "Star"),
    ('?', "Question"),
    ('!', "Bang"),
    ('@', "At"),
    ('#', "Hash"),
    ('+', "Plus"),
    ('$', "Dollar"),
];

/// Returns a word as the name of a type or variant: `cli.command_invoked`
/// becomes `CliCommandInvoked`.
pub(super) fn pascal(word: &str) -> String {
    let mut name = String::new();
    for part in word.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let is_upper = part.len() > 1 && !part.bytes().any(|letter| letter.is_ascii_lowercase());
        for (place, letter) in part.chars().enumerate() {
            if place == 0 {
                separate_digits(&mut name, letter);
                name.push(letter.to_ascii_uppercase());
            } else if is_upper {
                name.push(letter.to_ascii_lowercase());
            } else {
                name.push(letter);
            }
        }
    }
    if name.is_empty() {
        name =
            MARKS.iter().filter(|(mark, _)| word.contains(*mark)).map(|(_, name)| *name).collect();
    }
    match name.chars().next() {
        None => "Word".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        _ if name == "Self" => "Self1".to_owned(),
        _ => name,
    }
}

/// Returns a word as the name of a field: `agentType` becomes `agent_type`.
pub(super) fn snake(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut name = String::new();
    for (place, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
            continue;
        }
        let after_small = place > 0 && !letters[place - 1].is_ascii_uppercase();
        let before_small = letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        let begins = letter.is_ascii_uppercase() && (after_small || before_small);
        if begins && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    let name = name.trim_end_matches('_').to_owned();
    match name.chars().next() {
        None => "field".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        _ if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        _ => name,
    }
}

/// Separates two numbers: `1.2` must not become `12`.
fn separate_digits(name: &mut String, next: char) {
    if next.is_ascii_digit() && name.ends_with(|last: char| last.is_ascii_digit()) {
        name.push('_');
    }
}

/// Names that are in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Whether a name is not in use.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// Returns the name, or the name with the first free number if it is in
    /// use.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let numbered = (2u32..).map(|number| format!("{wanted}{number}"));
        let name = std::iter::once(wanted.to_owned())
            .chain(numbered)
            .find(|name| self.is_free(name))
            .expect("there are more numbers than names");
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_types() {
        for (word, name) in [
            ("cli.command_invoked", "CliCommandInvoked"),
            ("agentType", "AgentType"),
            ("/ralph:ralph-loop", "RalphRalphLoop"),
            ("SIGTERM", "Sigterm"),
            ("HTTPError", "HTTPError"),
            ("x86_64", "X86_64"),
            ("3-way", "N3Way"),
            ("1.2", "N1_2"),
            ("/", "Slash"),
            ("self", "Self1"),
            ("é", "Word"),
            ("", "Word"),
        ] {
            assert_eq!(pascal(word), name, "{word}");
        }
    }

    #[test]
    fn words_become_fields() {
        for (word, name) in [
            ("agentType", "agent_type"),
            ("repo_origin.host", "repo_origin_host"),
            ("exit-code", "exit_code"),
            ("HTTPStatus", "http_status"),
            ("sessionID", "session_id"),
            ("$lib", "lib"),
            ("type", "type_"),
            ("2fa", "n2fa"),
            ("__", "field"),
        ] {
            assert_eq!(snake(word), name, "{word}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut names = Names::default();
        let taken = ["AB", "AB", "AB2", "AB"].map(|wanted| names.take(wanted));
        assert_eq!(taken, ["AB", "AB2", "AB22", "AB3"]);
    }
}

//! Turns names and words of the catalog into identifiers, so that no two of
//! them get the same one.

use std::collections::BTreeSet;

/// The names of punctuation marks, for words that contain nothing else.
const MARKS: [(char, &str); 8] = [
    ('/', "slash"),
    ('-', "dash"),
    ('.', "dot"),
    ('_', "underscore"),
    (':', "colon"),
    ('*', "star"),
    ('+', "plus"),
    ('$', "dollar"),
];

/// A name as its words, in lower case: `agentType` is `agent`, `type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(Vec<String>);

impl Name {
    pub(super) fn of(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut words = vec![String::new()];
        for (place, letter) in letters.iter().enumerate() {
            if !letter.is_ascii_alphanumeric() {
                words.push(String::new());
                continue;
            }
            let after_small = place > 0 && !letters[place - 1].is_ascii_uppercase();
            let before_small = letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
            if letter.is_ascii_uppercase() && (after_small || before_small) {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(letter.to_ascii_lowercase());
            }
        }
        words.retain(|word| !word.is_empty());
        if words.is_empty() {
            let marks = MARKS.iter().filter(|(mark, _)| text.contains(*mark));
            words = marks.map(|(_, name)| (*name).to_owned()).collect();
        }
        if words.is_empty() {
            words.push("word".to_owned());
        }
        Self(words)
    }

    /// The same with a unit at its end, unless it is there.
    pub(super) fn with_unit(mut self, unit: &str) -> Self {
        let unit = Self::of(unit).0;
        if !self.0.ends_with(&unit) {
            self.0.extend(unit);
        }
        self
    }

    /// The other one, and then this one.
    pub(super) fn after(&self, other: &Self) -> Self {
        Self(other.0.iter().chain(&self.0).cloned().collect())
    }

    /// `agent_type`
    pub(super) fn snake(&self) -> String {
        begun(self.0.join("_"), 'n')
    }

    /// `AGENT_TYPE`
    pub(super) fn capitals(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// `AgentType`
    pub(super) fn pascal(&self) -> String {
        let mut name = String::new();
        for word in &self.0 {
            // `1.2` must not become `12`.
            let is_digit = |letter: Option<char>| letter.is_some_and(|one| one.is_ascii_digit());
            if is_digit(name.chars().last()) && is_digit(word.chars().next()) {
                name.push('_');
            }
            name.push_str(&capital(word));
        }
        begun(name, 'N')
    }

    /// `agentType`
    pub(super) fn camel(&self) -> String {
        let name = self.pascal();
        name[..1].to_ascii_lowercase() + &name[1..]
    }
}

fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
}

/// No identifier begins with a digit.
fn begun(name: String, letter: char) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("{letter}{name}");
    }
    name
}

/// Names that are in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// The words of a language that cannot be names here.
    pub(super) fn of(reserved: &str) -> Self {
        Self(reserved.split_whitespace().map(str::to_owned).collect())
    }

    /// Returns the name, or it with an underscore or the first free number.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let others = (2u32..).map(|number| format!("{wanted}{number}"));
        let mut all = [wanted.to_owned(), format!("{wanted}_")].into_iter().chain(others);
        let free = all.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_form_of_each_language() {
        let name = Name::of("agentType");
        assert_eq!(
            (name.snake(), name.camel(), name.pascal(), name.capitals()),
            ("agent_type".into(), "agentType".into(), "AgentType".into(), "AGENT_TYPE".into())
        );
        assert_eq!(Name::of("cli.command_invoked").pascal(), "CliCommandInvoked");
        assert_eq!(Name::of("/ralph:help").camel(), "ralphHelp");
        assert_eq!(Name::of("HTTPServer").snake(), "http_server");
        assert_eq!(Name::of("claude-haiku-4.5").pascal(), "ClaudeHaiku4_5");
        assert_eq!(Name::of("2fa").snake(), "n2fa");
        assert_eq!(Name::of("/").snake(), "slash");
        assert_eq!(Name::of("=").snake(), "word");
    }

    #[test]
    fn a_unit_stands_once_at_the_end() {
        assert_eq!(Name::of("took").with_unit("ms").snake(), "took_ms");
        assert_eq!(Name::of("duration_ms").with_unit("ms").snake(), "duration_ms");
        assert_eq!(Name::of("costUsd").with_unit("usd").snake(), "cost_usd");
    }

    #[test]
    fn no_two_names_are_the_same() {
        let mut taken = Taken::of("class def");
        assert_eq!(taken.take("class"), "class_");
        assert_eq!(taken.take("help"), "help");
        assert_eq!(taken.take("help"), "help_");
        assert_eq!(taken.take("help"), "help2");
    }
}

//! The name of a command or a skill, as agents write it.

use crate::limits;

/// A name of the shape that all agents allow: letters, digits, `_`, `.`, `:`
/// and `-`, the first a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandName {
    name: String,
    /// Whether it is known that this names a command, so that it can be counted
    /// in a bucket. The first word of a prompt may be anything.
    is_named: bool,
}

impl CommandName {
    /// Reads a name, with or without the slash before it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let name = text.strip_prefix('/').unwrap_or(text);
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        let fits = name.len() <= limits::NAME_BYTES
            && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
            && name.bytes().all(is_inner);
        fits.then(|| Self { name: name.to_owned(), is_named: true })
    }

    /// Reads a name that may be none: only a word of a closed set is a command.
    pub(crate) fn guessed(text: &str) -> Option<Self> {
        Some(Self { is_named: false, ..Self::read(text)? })
    }

    /// Whether it may be counted as a command that nobody knows.
    pub(crate) fn may_be_unknown(&self) -> bool {
        self.is_named
    }

    /// The word of a set that is this command, with the slash or without it.
    pub(crate) fn among(&self, set: &'static [&'static str]) -> Option<&'static str> {
        set.iter().copied().find(|word| word.strip_prefix('/').unwrap_or(word) == self.name)
    }

    #[cfg(any(test, feature = "model"))]
    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_with_and_without_its_slash() {
        let set: &[&str] = &["/commit", "/ralph:help", "plain"];
        let among = |text: &str| CommandName::read(text).and_then(|name| name.among(set));
        for text in ["commit", "/commit"] {
            assert_eq!(among(text), Some("/commit"), "{text}");
        }
        assert_eq!(among("ralph:help"), Some("/ralph:help"));
        assert_eq!(among("/plain"), Some("plain"));
        for other in ["help", "other:commit", "commit:help", "Commit", "//commit", "commi"] {
            assert_eq!(among(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_not_a_name_is_not_read() {
        let long = "a".repeat(limits::NAME_BYTES + 1);
        for text in ["", "/", "com mit", "commit\n", "-commit", ".x", "commit\u{200b}", "ｃommit"]
        {
            assert_eq!(CommandName::read(text), None, "{text:?}");
        }
        assert_eq!(CommandName::read(&long), None);
        assert!(CommandName::read(&long[1..]).is_some());
    }
}

//! The name of a destination, which is part of the names of its progress files.

use std::fmt;

use crate::limits::MAX_DESTINATION_CHARS;

/// The name of a destination: lower-case letters, digits and hyphens. The queue
/// knows nothing else about a destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DestinationName(String);

impl DestinationName {
    /// Returns a name of 1 to 64 of the characters `a-z`, `0-9` and `-`; `None`
    /// for anything else.
    #[must_use]
    pub fn new(name: &str) -> Option<DestinationName> {
        let plain = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let fits = (1..=MAX_DESTINATION_CHARS).contains(&name.len());
        (plain && fits).then(|| DestinationName(name.to_owned()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DestinationName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_simple_names_become_part_of_a_file_name() {
        let long = "a".repeat(MAX_DESTINATION_CHARS + 1);
        for bad in ["", ".", "..", "a/b", "a\\b", "A", "a b", "ä", "a.progress", long.as_str()] {
            assert_eq!(DestinationName::new(bad), None, "{bad:?}");
        }
        for good in ["otlp", "http-2", "0"] {
            assert_eq!(DestinationName::new(good).unwrap().as_str(), good);
        }
    }
}

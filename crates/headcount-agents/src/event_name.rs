//! The name of an agent's event, however it is written.

/// A name without its separators and in lower case: `SessionStart`,
/// `sessionStart` and `session.start` are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventName(String);

impl EventName {
    /// Reads a name; `None` if it is empty or longer than any event's.
    pub(crate) fn read(text: &str) -> Option<Self> {
        const LONGEST: usize = 64;
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        let name: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        (!name.is_empty() && text.len() <= LONGEST).then_some(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

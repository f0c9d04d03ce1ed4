//! What kind of mistake it is, by a code that stays the same in all releases.

/// A kind of mistake in a `telemetry.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MistakeCode {
    /// The text is not TOML.
    NotToml,
    /// A key or a section is missing.
    Missing,
    /// A key or a word that the grammar does not have.
    Unknown,
    /// A value that the grammar does not accept in its place.
    NotAccepted,
    /// A secret, which would ship with every copy of the program.
    Secret,
}

impl MistakeCode {
    /// Every code, in order.
    pub const ALL: [Self; 5] =
        [Self::NotToml, Self::Missing, Self::Unknown, Self::NotAccepted, Self::Secret];

    /// Returns the code, such as `HC001`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotToml => "HC001",
            Self::Missing => "HC002",
            Self::Unknown => "HC003",
            Self::NotAccepted => "HC004",
            Self::Secret => "HC005",
        }
    }

    /// Returns what it is called, such as `not-toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotToml => "not-toml",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::NotAccepted => "not-accepted",
            Self::Secret => "secret",
        }
    }

    /// Returns why it is a mistake and what to do, in a few sentences.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::NotToml => {
                "The file is not valid TOML, so nothing after the mistake can be read with certainty. Mend it and \
                 check again: what seems to be missing is reported then. The usual causes are a quote or a bracket \
                 that is not closed, and a key that is written twice."
            }
            Self::Missing => {
                "Nothing about telemetry is assumed: who is asked, where events go and how long they are kept must be \
                 in the file, so that a reader of it knows everything. Add the key or the section; docs/catalog.md \
                 has an example of each."
            }
            Self::Unknown => {
                "A word that the grammar does not have is never ignored: a misspelt `optional` would otherwise make a \
                 promise that no program keeps. Where one word is near, it is suggested, and `headcount check --fix` \
                 writes it."
            }
            Self::NotAccepted => {
                "The value does not fit in its place: it has another type, is outside of its limits, or contradicts \
                 another part of the file. The message says what would be accepted; docs/catalog.md says why."
            }
            Self::Secret => {
                "A catalog is compiled into every copy of the program, so everybody can read what is in it. Remove the \
                 secret, revoke it where it was issued, and use a key that can only write, such as `pub…` or `phc_…`."
            }
        }
    }
}

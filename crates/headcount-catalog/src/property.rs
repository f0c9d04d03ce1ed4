//! A property of an event, and the closed list of kinds.

use crate::{Day, Grain};

/// A property of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// The key on the line.
    pub name: &'static str,
    /// The values that it can have.
    pub kind: Kind,
    /// What is written if there is no value; `None` if the property is
    /// required.
    pub optional: Option<Absent>,
    /// What it is for, if the name does not say it.
    pub why: Option<&'static str>,
    /// The last day on which it is recorded.
    pub expires: Option<Day>,
    /// The values that stand for a failure of what the event reports: words,
    /// `true`, `false`. It changes how events are counted, and nothing that is
    /// reported.
    pub failure: &'static [&'static str],
}

impl Property {
    /// Returns what is written if there is no value; `None` if there must be
    /// one. A property with a last day may be missing, since a release may have
    /// given it a later day meanwhile.
    #[must_use]
    pub fn absent(&self) -> Option<Absent> {
        self.optional.or(self.expires.map(|_| Absent::Omit))
    }

    /// Whether it is not recorded on this day any more.
    #[must_use]
    pub fn is_expired(&self, day: Day) -> bool {
        self.expires.is_some_and(|last| day > last)
    }
}

/// What is written if there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absent {
    /// The key, with `null`.
    Null,
    /// No key.
    Omit,
}

/// The values that a property can have. The list is closed: **there is no plain
/// string.**
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// True or false.
    Flag,
    /// One word of a closed set.
    Choice {
        /// The words.
        set: &'static [&'static str],
        /// The bucket: the word for everything outside the set.
        other: Option<&'static str>,
    },
    /// Several words of a closed set, each at most once.
    Choices {
        /// The words.
        set: &'static [&'static str],
        /// The bucket: the word for everything outside the set.
        other: Option<&'static str>,
    },
    /// A whole number. A number above the cap becomes the cap.
    Count {
        /// The largest number that is reported.
        cap: u64,
    },
    /// An amount with decimals.
    Amount {
        /// The unit: `usd`, `tokens`.
        unit: &'static str,
        /// The largest number that is reported.
        cap: u64,
        /// The number of decimals that are kept.
        decimals: u8,
    },
    /// A whole number, rounded down to a number of the ladder.
    Bucket {
        /// The numbers, rising. Numbers below the first are reported as 0.
        ladder: &'static [u64],
    },
    /// A duration.
    Duration {
        /// The unit.
        unit: Unit,
        /// The longest duration that is reported, in that unit.
        cap: u64,
    },
    /// The exit code of a process.
    ExitCode,
    /// A version: `1.2.3-beta.1`.
    Version,
    /// A language and region: `en-US`.
    Locale,
    /// A word of an open but harmless vocabulary, such as the name of a model.
    Token {
        /// The allowed characters, as in a bracket expression: `a-z0-9._-`.
        alphabet: &'static str,
        /// The greatest length in characters.
        most: u16,
    },
    /// A location in the product's own source code: `src/main.rs:12:5`.
    Location,
    /// Names of the product's own functions, the innermost first.
    Frames {
        /// The greatest number of names.
        most: u8,
    },
    /// Short text from which everything that could be personal was removed.
    Scrubbed {
        /// The greatest length in characters.
        most: u16,
        /// Why a closed set is not enough.
        because: &'static str,
    },
    /// A session, a turn or an account.
    Reference(Reference),
    /// The name of one of the product's own functions.
    Function {
        /// The names.
        set: &'static [&'static str],
        /// The bucket: the name for every other function.
        other: Option<&'static str>,
    },
    /// A class of errors.
    Class {
        /// The classes.
        set: &'static [&'static str],
        /// The bucket: the class for every other error.
        other: Option<&'static str>,
    },
    /// The number of words of another property of the event.
    CountOf(&'static str),
    /// A time besides the event's own.
    Time(Grain),
    /// Always this word.
    Constant(&'static str),
}

/// What a [`Kind::Reference`] refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A run of the program, or a conversation.
    Session,
    /// A turn of an agent.
    Turn,
    /// The account of the person, while logged in.
    Account,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
}

impl Kind {
    /// Returns the closed set of words and its bucket, if this kind has a set.
    #[must_use]
    pub fn set(&self) -> Option<(&'static [&'static str], Option<&'static str>)> {
        match *self {
            Self::Choice { set, other }
            | Self::Choices { set, other }
            | Self::Function { set, other }
            | Self::Class { set, other } => Some((set, other)),
            _ => None,
        }
    }

    /// Whether a value is one of a set, closed or open, so that events can be
    /// counted by pairs of it and another one.
    #[must_use]
    pub fn is_one_of_a_set(&self) -> bool {
        match self {
            Self::Flag
            | Self::Choice { .. }
            | Self::Function { .. }
            | Self::Class { .. }
            | Self::ExitCode
            | Self::Version
            | Self::Locale
            | Self::Token { .. }
            | Self::Constant(_) => true,
            Self::Choices { .. }
            | Self::Count { .. }
            | Self::Amount { .. }
            | Self::Bucket { .. }
            | Self::Duration { .. }
            | Self::Location
            | Self::Frames { .. }
            | Self::Scrubbed { .. }
            | Self::Reference(_)
            | Self::CountOf(_)
            | Self::Time(_) => false,
        }
    }

    /// Returns the name in the grammar.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Choice { .. } => "choice",
            Self::Choices { .. } => "choices",
            Self::Count { .. } => "count",
            Self::Amount { .. } => "amount",
            Self::Bucket { .. } => "bucket",
            Self::Duration { .. } => "duration",
            Self::ExitCode => "exit-code",
            Self::Version => "version",
            Self::Locale => "locale",
            Self::Token { .. } => "token",
            Self::Location => "location",
            Self::Frames { .. } => "frames",
            Self::Scrubbed { .. } => "scrubbed",
            Self::Reference(_) => "reference",
            Self::Function { .. } => "function",
            Self::Class { .. } => "class",
            Self::CountOf(_) => "count-of",
            Self::Time(_) => "time",
            Self::Constant(_) => "constant",
        }
    }
}

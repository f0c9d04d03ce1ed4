//! One property of an event, and the closed list of kinds it can be of.

use crate::Grain;

/// A property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Property {
    /// Its key on a line.
    pub name: &'static str,
    /// What values it can have.
    pub kind: Kind,
    /// What stands there when there is none; `None` makes it required.
    pub optional: Option<Absent>,
    /// What it is for, where the name does not say.
    pub why: Option<&'static str>,
}

/// What is written where a value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absent {
    /// The key with `null`.
    Null,
    /// No key.
    Omit,
}

/// What values a property can have. A closed list: **there is no plain
/// string.**
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// True or false.
    Flag,
    /// One word of a closed set.
    Choice {
        /// The words.
        set: &'static [&'static str],
        /// The word that stands for every other.
        other: Option<&'static str>,
    },
    /// Several words of a closed set, each at most once.
    Choices {
        /// The words.
        set: &'static [&'static str],
        /// The word that stands for every other.
        other: Option<&'static str>,
    },
    /// How many; a number over the cap becomes the cap.
    Count {
        /// The largest number reported.
        cap: u64,
    },
    /// How much, with digits after the point.
    Amount {
        /// Of what: `usd`, `tokens`.
        unit: &'static str,
        /// The largest number reported.
        cap: u64,
        /// Digits after the point that are kept.
        decimals: u8,
    },
    /// A number, reported as the lower end of its rung.
    Bucket {
        /// Lower ends, rising; below the first it is 0.
        ladder: &'static [u64],
    },
    /// How long.
    Duration {
        /// In what.
        unit: Unit,
        /// The longest reported, in that unit.
        cap: u64,
    },
    /// What a process ended with.
    ExitCode,
    /// A version: `1.2.3-beta.1`.
    Version,
    /// A language and region: `en-US`.
    Locale,
    /// An open but harmless word, such as a model's name.
    Token {
        /// Its characters, as in a bracket expression: `a-z0-9._-`.
        alphabet: &'static str,
        /// Its greatest length in characters.
        most: u16,
    },
    /// A place in the product's own source: `src/main.rs:12:5`.
    Location,
    /// Function names of the product's own, the innermost first.
    Frames {
        /// How many.
        most: u8,
    },
    /// Short text after removal of whatever could be somebody's.
    Scrubbed {
        /// Its greatest length in characters.
        most: u16,
        /// Why no closed set would do.
        because: &'static str,
    },
    /// A session, a turn or an account.
    Reference(Reference),
    /// The name of a function of the product's own.
    Function {
        /// The names.
        set: &'static [&'static str],
        /// The name that stands for every other.
        other: Option<&'static str>,
    },
    /// A class of error.
    Class {
        /// The classes.
        set: &'static [&'static str],
        /// The class that stands for every other.
        other: Option<&'static str>,
    },
    /// How many words another property of the event has.
    CountOf(&'static str),
    /// A second time beside the event's own.
    Time(Grain),
    /// Always this word.
    Constant(&'static str),
}

/// What a [`Kind::Reference`] refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// One run, or one conversation.
    Session,
    /// One turn of an agent.
    Turn,
    /// The account, while logged in.
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
    /// The closed set of words, where the kind has one, with its bucket.
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

    /// As the grammar names it.
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

//! Values that may be reported, and raw values that have not been checked.

use crate::{Grain, Time};

/// A value that a [`Kind`](crate::Kind) of the catalog has admitted.
///
/// Only a kind can make words and tokens, so that free text cannot become a
/// value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with decimals.
    Decimal(Decimal),
    /// A word of a closed set.
    Word(Word),
    /// Words of a closed set without duplicates, in their order.
    Words(Vec<Word>),
    /// Text that matches the pattern of its kind.
    Token(Token),
    /// Several tokens.
    Tokens(Vec<Token>),
    /// A time, with its grain.
    Time(Time, Grain),
}

/// A word of a closed set. Only a [`Kind`](crate::Kind) can make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(&'static str);

impl Word {
    /// Only for words of a catalog.
    pub(crate) const fn of(word: &'static str) -> Self {
        Self(word)
    }

    /// Returns the word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Text that matches the pattern of its kind. Only a [`Kind`](crate::Kind) can
/// make one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(Box<str>);

impl Token {
    /// Only for text that a kind has checked.
    pub(crate) fn admitted(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A finite number, rounded to a number of decimals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl Decimal {
    /// Returns the number rounded to `decimals` decimals; `None` if it is not
    /// finite.
    #[must_use]
    pub fn rounded(number: f64, decimals: u8) -> Option<Self> {
        let scale = 10f64.powi(i32::from(decimals));
        let rounded = (number * scale).round() / scale;
        rounded.is_finite().then_some(Self(rounded))
    }

    /// Returns the number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A value that has not been checked: one of the types of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    /// `null`.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
    /// A string.
    Text(&'a str),
    /// An array.
    List(Vec<Raw<'a>>),
    /// Something that no kind allows, such as an object.
    Other,
}

impl<'a> Raw<'a> {
    /// Returns the text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number if it is whole, however it is written: OpenTelemetry
    /// for JavaScript sends 3 as 3.0, and JSON can also say `3e0`. A number
    /// beyond 64 bits becomes the nearest one that is not.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Decimal(number) if number.fract() == 0.0 => Some(*number as i64),
            _ => None,
        }
    }
}

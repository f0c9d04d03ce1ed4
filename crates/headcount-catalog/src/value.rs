//! A value that may be reported, and the claim of one that has yet to be
//! judged.

use crate::{Grain, Time};

/// A value that a [`Kind`](crate::Kind) of the catalog has admitted.
///
/// Words and tokens can only be made by a kind, so that free text cannot
/// become a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with digits after the point.
    Decimal(Decimal),
    /// A word of a closed set.
    Word(Word),
    /// Words of a closed set, each once, in the order they came.
    Words(Vec<Word>),
    /// Text of a known shape.
    Token(Token),
    /// Several of them.
    Tokens(Vec<Token>),
    /// A time, to a grain.
    Time(Time, Grain),
}

/// A word of a closed set. Made only by a [`Kind`](crate::Kind).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(&'static str);

impl Word {
    /// For the sets of this crate alone.
    pub(crate) const fn of(word: &'static str) -> Self {
        Self(word)
    }

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Text that has the shape its kind asks for. Made only by
/// [`Kind::admit`](crate::Kind::admit).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(Box<str>);

impl Token {
    /// For the shapes of this crate alone.
    pub(crate) fn admitted(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A finite number, kept to a number of digits after the point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl Decimal {
    /// The number rounded to `decimals` digits after the point; `None` where it
    /// is not finite.
    #[must_use]
    pub fn rounded(number: f64, decimals: u8) -> Option<Self> {
        let scale = 10f64.powi(i32::from(decimals));
        let rounded = (number * scale).round() / scale;
        rounded.is_finite().then_some(Self(rounded))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

/// What somebody claims a value to be: the shapes JSON can have.
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
    /// Text.
    Text(&'a str),
    /// A list.
    List(Vec<Raw<'a>>),
    /// Something no kind admits, such as an object.
    Other,
}

impl<'a> Raw<'a> {
    /// The text, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

//! What an event carries: named cells, and how they are counted.

use std::borrow::Cow;
use std::fmt;

/// A named value of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// The key, as the product's catalog has it.
    pub name: &'a str,
    /// The value.
    pub cell: Cell<'a>,
    /// Whether a rollup counts it.
    pub counted: Counted,
}

/// Whether a rollup counts events by the value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// One count a value, up to [`limits::COUNTED_VALUES`](crate::limits::COUNTED_VALUES) of them.
    /// Flags, words and texts are counted so; numbers, times and pseudonyms never are, whatever
    /// their column says.
    ByValue,
    /// Not at all: it is in the raw event alone.
    No,
}

/// A value as it is kept. There is no plain string here either: words are of a catalog's closed
/// sets, text is what a catalog's shape admitted.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with digits after the point.
    Decimal(f64),
    /// A word of a closed set.
    Word(&'a str),
    /// Words of a closed set, each once. All of them are counted.
    Words(Vec<&'a str>),
    /// Text of a known shape.
    Text(Cow<'a, str>),
    /// Several of them. All of them are counted.
    Texts(Vec<Cow<'a, str>>),
    /// The pseudonym of a session, a turn or an account.
    Pseudonym(Pseudonym),
    /// A time, in seconds since 1970.
    Seconds(i64),
}

/// What stands for a device, session or account: an HMAC that a collector made under its own
/// secret, cut to 128 bits. Printing it tells nothing, so that no log can hold one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// From its 128 bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 128 bits.
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Pseudonym(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_tells_nothing_when_it_is_printed() {
        let printed = |byte| format!("{:?}", Cell::Pseudonym(Pseudonym::from_bytes([byte; 16])));
        assert_eq!(printed(1), printed(2));
    }
}

//! What an event carries: named cells, and whether they are counted.

use std::borrow::Cow;
use std::fmt;

/// A named value of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// The key in the product's catalog.
    pub name: &'a str,
    /// The value.
    pub cell: Cell<'a>,
    /// Whether a rollup counts events by this value.
    pub counted: Counted,
}

/// Whether a rollup counts events by the value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Counted {
    /// One count for each value, up to
    /// [`limits::COUNTED_VALUES`](crate::limits::COUNTED_VALUES) values. Flags,
    /// words and texts are counted this way; numbers, times and pseudonyms
    /// never are, whatever their column says.
    ByValue,
    /// No count: the value is only in the raw event.
    No,
}

/// A stored value. It is never arbitrary text: words are of a catalog's closed
/// sets, and texts have a shape that the catalog names.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A word of a closed set.
    Word(&'a str),
    /// Several words of a closed set, each once. All of them are counted.
    Words(Vec<&'a str>),
    /// A text of a known shape.
    Text(Cow<'a, str>),
    /// Several such texts. All of them are counted.
    Texts(Vec<Cow<'a, str>>),
    /// The pseudonym of a session, a turn or an account.
    Pseudonym(Pseudonym),
    /// A time, in seconds since 1970-01-01 UTC.
    Seconds(i64),
}

/// Stands for a device, session, turn or account: an HMAC under the collector's
/// own secret, cut to 128 bits. Its `Debug` output hides the bits, so that no
/// log can hold them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// Makes a pseudonym of its 128 bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the 128 bits.
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
    fn debug_output_hides_a_pseudonym() {
        let printed = |byte| format!("{:?}", Cell::Pseudonym(Pseudonym::from_bytes([byte; 16])));
        assert_eq!(printed(1), printed(2));
    }
}

//! JSON for the dialects: a reader with limits, and a writer that keeps the
//! order of the product's keys.
//!
//! Anybody can send a body. A general-purpose reader allocates whatever the
//! body asks for: an empty object in a tree map takes ninety times the memory
//! of its text. This reader counts values before it keeps them, borrows text
//! that has no escapes, and keeps fields in a list in their order, duplicates
//! included.

mod fault;
mod read;
mod text;
mod write;

use std::borrow::Cow;

pub(crate) use fault::Fault;
pub(crate) use read::{MARK, parse};
#[cfg(feature = "model")]
pub(crate) use read::{Reader, parse_body};
pub(crate) use text::{line_length, plain_length, unescaped};
pub(crate) use write::{Object, Written, list, text};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// True or false.
    Flag(bool),
    /// An integer of 64 bits.
    Whole(i64),
    /// Any other finite number.
    Decimal(f64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, with its fields in their order.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
    /// A number that does not fit into 64 bits, such as `1e999`.
    OutOfRange,
}

impl<'a> Json<'a> {
    /// Returns the value of the first field with this name, if this is an
    /// object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.fields().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The number of fields with this name.
    #[cfg(feature = "model")]
    pub(crate) fn count(&self, name: &str) -> usize {
        self.fields().iter().filter(|(key, _)| key == name).count()
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number, if it is an integer.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the items of an array; an empty slice for any other value.
    #[must_use]
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the fields of an object; an empty slice for any other value.
    #[must_use]
    pub fn fields(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Whether this is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// Whether a byte must be escaped in a string.
fn is_special(byte: u8) -> bool {
    /// A table, because strings are most of what is read and written.
    const SPECIAL: [bool; 256] = {
        let mut special = [false; 256];
        let mut byte = 0;
        while byte < 0x20 {
            special[byte] = true;
            byte += 1;
        }
        special[b'"' as usize] = true;
        special[b'\\' as usize] = true;
        special
    };
    SPECIAL[usize::from(byte)]
}

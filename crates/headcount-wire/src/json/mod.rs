//! JSON as the dialects need it: a reader that is bounded whatever comes in, and
//! a writer that keeps the product's order.
//!
//! A body arrives from anybody. A general reader builds whatever it is told to,
//! and an empty object in a tree map costs ninety times its text; this one
//! counts values before it keeps them, borrows text where it has no escapes, and
//! keeps fields in a list, in the order they came and duplicates included.

mod read;
mod write;

use std::borrow::Cow;

pub(crate) use read::{Fault, Reader, parse};
pub(crate) use write::{Object, Written, list, text};

/// A value of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number that fits.
    Whole(i64),
    /// Any other finite number.
    Decimal(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// An object, its fields in the order they came.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
    /// A number that no machine holds, such as `1e999`.
    OutOfRange,
}

impl<'a> Json<'a> {
    /// The first field of this name, if it is an object that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.fields().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Its text, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its number, if it is a whole one.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// Its items; none where it is no list.
    #[must_use]
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Its fields; none where it is no object.
    #[must_use]
    pub fn fields(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// Whether a byte cannot stand in a string as it is.
fn is_special(byte: u8) -> bool {
    /// Looked up: strings are most of what is read and written.
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

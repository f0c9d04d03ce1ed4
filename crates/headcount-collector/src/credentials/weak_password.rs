//! Why a password is not good enough.

use std::fmt;

use crate::limits;

/// Why a password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// It has too few characters.
    TooShort,
    /// It has too many bytes.
    TooLong,
    /// It is made of very few different characters.
    TooRegular,
    /// It is the reader's name, or little more.
    LikeName,
}

impl fmt::Display for WeakPassword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(
                out,
                "the password is shorter than {} characters: choose a longer one, such as four words",
                limits::PASSWORD_CHARACTERS
            ),
            Self::TooLong => write!(
                out,
                "the password is longer than {} bytes: choose a shorter one",
                limits::PASSWORD_BYTES
            ),
            Self::TooRegular => write!(
                out,
                "the password has fewer than {} different characters: choose one that is harder to \
                 guess, such as four words",
                limits::PASSWORD_DISTINCT_CHARACTERS
            ),
            Self::LikeName => out.write_str(
                "the password is little more than the reader's name: choose another one, such as \
                 four words",
            ),
        }
    }
}

impl std::error::Error for WeakPassword {}

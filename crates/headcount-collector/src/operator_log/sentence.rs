//! Sentences of the operator's log: text of this program and facts of this
//! machine, and nothing of a request.

use std::fmt::{self, Write as _};
use std::io;
use std::ops::Deref;
use std::path::Path;

use headcount_store::StoreError;

use crate::error::StartError;
use crate::registry::{CatalogMistake, RegistryError};
use sealed::OfThisMachine;

/// A sentence of the operator's log: one line without a full stop.
///
/// It begins with text of a program, and goes on with more of that and with
/// [`MachineFact`]s. What a client sent is neither:
///
/// ```
/// use headcount_collector::Sentence;
/// let error = std::io::Error::other("no space left");
/// let sentence = Sentence::from("cannot write the secret: ").and(&error).and(&"; free some space");
/// assert_eq!(&*sentence, "cannot write the secret: no space left; free some space");
/// ```
///
/// ```compile_fail
/// # use headcount_collector::Sentence;
/// let sent = String::from("whatever a client sent");
/// let _ = Sentence::from("unknown event: ").and(&sent);
/// ```
///
/// ```compile_fail
/// # use headcount_collector::Sentence;
/// let sent = String::from("whatever a client sent");
/// let _ = Sentence::from(sent.as_str());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(String);

/// What may stand in a [`Sentence`]: text of a program, a number, or something
/// that this machine says of itself.
pub trait MachineFact: sealed::OfThisMachine {}

mod sealed {
    /// Writes itself into a sentence. It is not implemented for `String`, for
    /// borrowed text, or for anything of a request.
    pub trait OfThisMachine {
        fn write(&self, out: &mut String);
    }
}

impl Sentence {
    /// The sentence, and then this.
    #[must_use]
    pub fn and(mut self, fact: &(impl MachineFact + ?Sized)) -> Self {
        fact.write(&mut self.0);
        self.on_one_line()
    }

    /// A sentence of a store, which knows nothing of requests.
    pub(super) fn of_store(sentence: &str) -> Self {
        Self(sentence.to_owned()).on_one_line()
    }

    /// A sentence about files of the operator's, such as those of a
    /// certificate, which the part that reads them has put together.
    pub(crate) fn of_files(sentence: &str) -> Self {
        Self(sentence.to_owned()).on_one_line()
    }

    /// The name of a file may have a line break in it.
    fn on_one_line(mut self) -> Self {
        if self.0.contains(char::is_control) {
            self.0 = self.0.replace(char::is_control, " ");
        }
        self
    }
}

impl From<&'static str> for Sentence {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&CatalogMistake> for Sentence {
    fn from(mistake: &CatalogMistake) -> Self {
        Self(String::new()).and(mistake)
    }
}

impl From<&StoreError> for Sentence {
    fn from(error: &StoreError) -> Self {
        Self(String::new()).and(error)
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Sentence {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Sentence {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl<T: OfThisMachine + ?Sized> MachineFact for T {}

impl OfThisMachine for &'static str {
    fn write(&self, out: &mut String) {
        out.push_str(self);
    }
}

/// A path that the operator named, or one in the data folder.
impl OfThisMachine for Path {
    fn write(&self, out: &mut String) {
        // Writing into a `String` cannot fail.
        let _ = write!(out, "{}", self.display());
    }
}

/// A catalog is a file of the operator's.
impl OfThisMachine for CatalogMistake {
    fn write(&self, out: &mut String) {
        out.push_str(self.message());
    }
}

macro_rules! displayed {
    ($($fact:ty),*) => {$(
        impl OfThisMachine for $fact {
            fn write(&self, out: &mut String) {
                // Writing into a `String` cannot fail.
                let _ = write!(out, "{self}");
            }
        }
    )*};
}

displayed!(u32, u64, usize, io::Error, getrandom::Error, StoreError, StartError, RegistryError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_whatever_a_file_is_called() {
        let sentence = Sentence::from("read ").and(Path::new("a\nb\u{1b}[31m.toml"));
        assert_eq!(&*sentence, "read a b [31m.toml");
    }

    #[test]
    fn it_counts() {
        let sentence = Sentence::from("events without an outcome: ").and(&3_u64);
        assert_eq!(sentence.to_string(), "events without an outcome: 3");
    }
}

//! The program's own arguments, or those that a test gives.

use std::ffi::OsString;

/// The arguments with which the program was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// The process's own.
    Process,
    /// These, without the program's name.
    Given(Vec<OsString>),
}

impl CommandLine {
    /// Whether they are exactly these words.
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        match self {
            Self::Process => std::env::args_os().skip(1).eq(words.iter().copied()),
            Self::Given(arguments) => arguments.iter().eq(words.iter().copied()),
        }
    }

    /// The name by which the program was called, if that is known.
    pub(crate) fn name(&self) -> Option<OsString> {
        match self {
            Self::Process => std::env::args_os().next(),
            Self::Given(_) => None,
        }
    }

    /// How many there are, the program's name included.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Process => std::env::args_os().len(),
            Self::Given(arguments) => arguments.len() + 1,
        }
    }
}

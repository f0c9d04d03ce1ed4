//! Who reads what a host prints.

/// Who reads what the host prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A person, now or later: a terminal, a log, a file.
    ForPeople,
    /// A program: it must not be kept waiting for an answer, nor find a text
    /// for people in what it reads.
    ForMachines,
}

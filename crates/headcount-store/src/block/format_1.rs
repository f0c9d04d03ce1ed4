//! Blocks as formats 1 and 2 of the file had them. They are only read, once,
//! when a file is migrated.
//!
//! A block can be read without anything else: it has the names and kinds of its
//! columns, and every dictionary that its codes refer to.
//!
//! ```text
//! "HCB" 1            magic and format number
//! u64                XXH64 of everything below, little endian
//! rows
//! ids                16 bytes each, big endian, in the order of the commit
//! devices            dictionary of 16-byte pseudonyms; a code a row, 0 for none, else place + 1
//! events             dictionary of names; a code a row
//! columns            how many, and for each of them:
//!   name, kind       a kind is one byte, its highest bit says "counted by value"
//!   length           bytes of what follows
//!   presence         0: in every row; 1: a bit a row follows
//!   data             of the rows that have the column
//! ```
//!
//! | kind | data |
//! | --- | --- |
//! | flag | a bit each |
//! | number | a zigzag varint each |
//! | decimal | 8 bytes each, little endian |
//! | word, text | dictionary; a code each |
//! | words, texts | dictionary; a length and that many codes each |
//! | pseudonym | dictionary of 16 bytes; a code each |
//! | seconds | a zigzag varint each, of the difference from the one before |

mod cell_kind;
mod decode;

use headcount_catalog::EventId;

use crate::{ColumnKind, Pseudonym};

pub(crate) use decode::decode_old;

/// An event as it was stored.
pub(crate) struct OldRow<'a> {
    pub(crate) id: EventId,
    pub(crate) event: &'a str,
    pub(crate) device: Option<Pseudonym>,
    pub(crate) columns: Vec<OldColumn<'a>>,
}

/// A named value of an event.
pub(crate) struct OldColumn<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ColumnKind,
    /// Whether events were counted by its value.
    pub(crate) is_counted: bool,
    pub(crate) cell: OldCell<'a>,
}

/// A value.
pub(crate) enum OldCell<'a> {
    Flag(bool),
    Number(i64),
    Decimal(f64),
    Word(&'a str),
    Words(Vec<&'a str>),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Pseudonym(Pseudonym),
    Seconds(i64),
}

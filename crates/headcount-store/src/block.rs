//! Blocks: the events of one commit, product and day, column by column, in bytes.
//!
//! A block needs nothing but itself to be read: it has a format number, the names and kinds of its
//! columns and every dictionary its codes refer to. Product and day stand beside it in the table.
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
//!   length           bytes of what follows, so that a reader may skip it
//!   presence         0: in every row; 1: a bit a row follows
//!   data             of the rows that have it
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
//!
//! Counts, lengths and codes are LEB128 varints. SQLite checks no page of its main file, so the
//! checksum is here, where a single flipped bit is found at the start and not in a number on a page.
//! Whatever the bytes, decoding answers or says what is wrong: it allocates in proportion to the
//! body (a flag's bit becomes a cell, the worst case), never to a number that the body claims.

mod bytes;
mod checksum;
mod columns;
mod decode;
mod dictionary;
mod encode;
mod kind;

#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use columns::Columns;
pub(crate) use decode::{decode, keys};
pub(crate) use encode::encode;

/// Magic and format number.
const HEAD: [u8; 4] = *b"HCB\x01";

/// The table says another number of rows than the block beside it.
pub(crate) const ROWS_DIFFER: Damage = Damage("its number of rows differs");

/// What is wrong with the bytes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage(&'static str);

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

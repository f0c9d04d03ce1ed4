//! Blocks: the events of one commit, product and day, column by column, as
//! bytes.
//!
//! A block can be read without anything else: it has a format number, the names
//! and kinds of its columns, and every dictionary that its codes refer to.
//! Product and day stand beside it in the table.
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
//!
//! Counts, lengths and codes are LEB128 varints. SQLite has no checksums for
//! the pages of its main file, so each block has one: a flipped bit is found
//! when the store opens, before it can change a number on a page. Decoding
//! never panics. It allocates in proportion to the bytes of the block, at worst
//! a cell for each bit, and never by a count that the block claims.

mod damage;
mod checksum;
mod head;
mod bytes;
mod dictionary;
mod cell_kind;
mod columns;
mod encode;
mod decode;

#[cfg(test)]
mod tests;

pub(crate) use checksum::xxh64;
pub(crate) use columns::Columns;
pub(crate) use damage::Damage;
pub(crate) use decode::{decode, keys};
pub(crate) use encode::encode;

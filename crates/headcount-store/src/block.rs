//! Blocks: the events of one commit, product and day, column by column, as
//! bytes.
//!
//! A block refers to a schema, which the table names beside it together with
//! product and day: events, columns and words are places in that schema.
//!
//! ```text
//! "HCB" 3            magic and format number
//! u64                XXH64 of everything below, little endian
//! u32                rows
//! ids                0: 16 bytes each; 1: the 6 bytes that all begin with, then 10 each
//! contents           4 bytes each
//! events             packed: places in the schema
//! weights, marks     packed
//! devices            packed: 0 for none, 1 for counted, 2 for ephemeral; then pseudonyms
//! columns            how many have a cell, and for each of them:
//!   place            the difference from the one before; the first counts from 0
//!   presence         0: in every row; 1: a bit a row; 2: a count, and packed row numbers
//!   data             of the rows that have a cell
//! ```
//!
//! *Packed* numbers are `width` (bits of each), the smallest of them, and each
//! one's distance from it in that many bits. If all are the same, the width is
//! 0 and nothing follows. *Pseudonyms* are 0 and 16 bytes each, or 1, a
//! dictionary and packed codes, whichever is shorter.
//!
//! | kind | data |
//! | --- | --- |
//! | flag, number, decimal (as its bits), word, seconds | packed |
//! | words | packed lengths; packed codes of at least 1 bit |
//! | text | a dictionary; packed codes |
//! | texts | a dictionary; packed lengths; packed codes of at least 1 bit |
//! | pseudonym | pseudonyms |
//!
//! Counts, lengths and places are LEB128 varints; ids are big endian,
//! everything else little endian. A sender chooses nothing that decides how
//! long this takes, except for the number of rows.
//!
//! SQLite has no checksums for the pages of its main file, so each block has
//! one: a flipped bit is found when the store opens, before it can change a
//! number on a page. Decoding never panics. Every row has at least ten bytes,
//! so it allocates at most a cell for each row and each column of the schema,
//! and never by a count that the block claims.
//!
//! Blocks of formats 1 and 2 are read by `format_1`, once, when the file is
//! migrated.

mod damage;
mod checksum;
mod head;
mod bytes;
mod packed;
mod pseudonyms;
mod cells;
mod encode;
mod decode;
mod schema_bytes;
mod format_1;

#[cfg(test)]
mod tests;

pub(crate) use bytes::{ByteReader, put_bits, put_count, put_text, put_varint, put_zigzag};
pub(crate) use checksum::xxh64;
pub(crate) use damage::Damage;
pub(crate) use decode::{Keys, decode, keys};
pub(crate) use encode::encode;
pub(crate) use format_1::{OldCell, OldColumn, OldRow, decode_old};
pub(crate) use schema_bytes::{decode_schema, encode_schema};

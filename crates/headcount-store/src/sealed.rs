//! Sealed rows: rows of one product and day, sorted by id, as bytes.
//!
//! Nothing here knows SQLite: `embedded/sealing/` keeps what is made here in
//! tables, reads it back and decides when.
//!
//! A *sealed segment* is a list of chunks. Each is up to
//! [`CHUNK_ROWS`](crate::limits::CHUNK_ROWS) rows, sorted by id over the whole
//! segment. The ids and content hashes of a chunk are in pages of their own, as
//! the index of what is known; everything else is in its body.
//!
//! ```text
//! page of ids                          body of a chunk
//! u64    XXH64 of everything below     "HCS" 1
//! u16    ids                           u64       XXH64 of everything below
//! u8     form: 0 whole, 1 compact      rows
//! u8     width of a gap, in bits       events    integers
//! 16     the first id, big endian      weights   integers
//! bits   the gaps between the others   marks     integers
//! u32    content hash of each          devices   integers: 0 none, 1 counted, 2 ephemeral
//!                                      slots     integers, of the rows with a device
//!                                      columns   how many, and for each of them:
//!                                        length of what follows, so that a reader may skip it
//!                                        presence  0 no row, 1 every row, 2 a frame of a bit a row
//!                                        data      of the rows that have the column
//! ```
//!
//! Numbers of more than a byte are little endian; counts are LEB128 varints. A
//! *frame* is a length and that many bytes of Zstandard, level 1; higher levels
//! gain nothing. *Integers* are the least of them, the bytes that the largest
//! difference to it needs, and for each of these bytes a frame with that byte
//! of every difference: bytes that are random are then apart from those that
//! are not. Texts are a frame with the distinct ones, and integers as codes.
//!
//! A *compact* id is a version-7 UUID of which only the 74 random bits are
//! kept; all ids of a page then share their other 54 bits with the first.
//! Sorted ids are close to each other, so the gaps are what is stored: about 7
//! bytes an id in a segment of a million, instead of 16.
//!
//! Devices are slots of the device table. An account, session or turn stays a
//! pseudonym of 16 bytes, once in each chunk. Decoding never panics, and
//! allocates in proportion to the bytes: at most what Zstandard can make of
//! them.

mod damage;
mod slots;
mod bit_packing;
mod id_page;
mod presence;
mod columns;
mod sealed_rows;
mod row_part;
mod one_schema;
mod frames;
mod encode;
mod decode;
mod merge;

#[cfg(test)]
mod random_rows;
#[cfg(test)]
mod tests;

pub(crate) use damage::SealedDamage;
pub(crate) use decode::{ChunkBody, decode};
pub(crate) use encode::{ChunkEncoder, SealedChunk};
pub(crate) use id_page::{find_in_page, read_page};
pub(crate) use merge::{ChunkSource, Merge};
pub(crate) use one_schema::{SchemaPlaces, one_schema};
pub(crate) use row_part::{RowPart, WantedPart};
pub(crate) use sealed_rows::{SealedRows, SlotDevice};
pub(crate) use slots::DeviceSlots;

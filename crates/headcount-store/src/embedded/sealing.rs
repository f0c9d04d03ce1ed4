//! Sealed events in the file: how they get there, are found, merged, and go.
//!
//! ```text
//! block, block, … --seal--> segment --merge--> segment of the whole day
//!                             |
//!                             +--- expire, erase ---> gone from the file
//! ```
//!
//! Every step is one rule: *while the source exists, the source is the truth*.
//! A segment is written in short slices, between which commits go on; until its
//! row says that it counts, nobody reads it. One transaction then makes it
//! count, and its source not: `sealed_until` covers its blocks, or its source
//! segments count no more. What does not count is deleted in slices. A process
//! that is killed at any moment leaves the state before or after that
//! transaction, and perhaps rows that do not count: the next `keep_house`
//! deletes these.
//!
//! One thread at a time seals, merges, expires or erases (`House`). A merge may
//! take long; it gives up when an erasure waits, and begins again later.
//!
//! When a day has enough fresh rows, or all days together have too many, the
//! append that counts them wakes a thread of the store, which seals
//! (`background`). `keep_house` merges; days that become due meanwhile are
//! sealed between two chunks of the merge. If sealing does not keep up, each
//! append waits for a moment; far behind, it is refused, so that memory stays
//! bounded (`Backlog`).
//!
//! Gone means gone from the file: SQLite overwrites what is deleted
//! (`secure_delete`), and an expiry or an erasure ends with a checkpoint that
//! empties the log.

mod backlog;
mod house;
pub(super) mod tables;
mod read;
mod write;
mod seal;
mod merge;
mod clean;
mod expire;
mod erase;
mod read_ids;
mod housekeeping;
mod background;

pub(super) use background::{Sealable, Sealer};
#[cfg(test)]
pub(super) use backlog::Backlog;
pub(super) use erase::erase;
pub(super) use house::House;
pub(super) use housekeeping::keep_house;
pub(super) use read::{SegmentReader, each_sealed_of};
pub(super) use tables::SegmentHead;

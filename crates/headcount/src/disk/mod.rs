//! What lies on the person's machine: one file here for each file there.
//!
//! [`private_file`] reads and writes files that are the person's alone, [`lock`] holds one that
//! stands for a lock, and [`paths`] names every file of a product. All others know the content of
//! one file each, and none of them knows why it is read.

pub(crate) mod error;
pub(crate) mod private_file;
pub(crate) mod lock;
pub(crate) mod small_json;
pub(crate) mod paths;

// What the person said, and what was agreed to.
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod agreed;

// What becomes of records on their way.
pub(crate) mod backoff;
pub(crate) mod pace;
pub(crate) mod left;
pub(crate) mod quarantine;
pub(crate) mod receipts;
pub(crate) mod tally;

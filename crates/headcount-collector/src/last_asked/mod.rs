//! On which day each event and property was last asked for: so that an author
//! sees what nobody looks at, and can drop it.
//!
//! ```text
//!  question --> names (ask/named_subjects.rs) --> book (pure) --> file
//!                                                  |
//!                                                  +--> page of the catalog
//! ```
//!
//! It holds names of catalogs and days, and nothing of who asked.

mod subject;
mod book;
mod file;
mod current;

pub(crate) use book::{Unasked, UnaskedRow};
pub(crate) use current::LastAsked;
pub(crate) use file::FILE;
pub(crate) use subject::Subject;

//! What an operator does with a data folder without asking a server: reading
//! the events, asking questions, erasing a person's events, and looking whether
//! everything is right.
//!
//! Reading and examining take no lock and change nothing, so a collector may
//! run meanwhile. Erasing takes the folder's lock.

mod error;
mod json_rows;
mod export;
mod forget;
mod doctor;
pub mod credentials;
mod ask;

pub use ask::ask;
pub use doctor::{DoctorReport, doctor};
pub use error::OfflineError;
pub use export::{ExportRange, export};
pub use forget::{Person, forget};

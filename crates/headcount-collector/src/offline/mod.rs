//! What an operator does with a data folder without asking a server: reading
//! the events, asking questions and with SQL, erasing a person's events,
//! looking whether everything is right, and copying it.
//!
//! Reading, examining and copying take no lock and change nothing, so a
//! collector may run meanwhile. Erasing takes the folder's lock.

mod error;
mod json_rows;
mod event_tables;
mod table_cells;
mod csv_rows;
mod parquet_rows;
mod export;
mod forget;
mod doctor;
mod backup;
pub mod credentials;
pub mod notes;
mod alerts;
mod reports;
mod ask;
mod public;

pub use alerts::{SeenAlert, alerts};
pub use ask::{ask, explain};
pub use backup::{BackupProgress, BackupReport, back_up};
pub use doctor::{DoctorReport, doctor};
pub use error::OfflineError;
pub use event_tables::{EventTable, EventTableColumn, EventTables};
pub use export::{ExportRange, ExportTarget, export};
pub use forget::{Person, forget};
/// What takes the rows of a query, and why there are none.
pub use headcount_store::{AnalysisError, AnalysisRows, AnalysisValue};
pub use public::{public_numbers, public_products};
pub use reports::reports;

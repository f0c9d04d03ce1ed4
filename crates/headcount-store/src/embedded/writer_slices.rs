//! Access to the writer between commits.

use super::writer::DatabaseWriter;
use crate::StoreError;

/// Access to the writer, a slice at a time. [`crate::EmbeddedStore`] is it.
pub(super) trait WriterSlices {
    /// Runs `slice` while no commit runs.
    fn with_writer<T>(
        &self,
        slice: impl FnOnce(&mut DatabaseWriter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;
}

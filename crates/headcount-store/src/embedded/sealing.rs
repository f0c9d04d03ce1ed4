//! What is sealed: nothing yet.

use std::path::Path;

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::seams::SealedIds;
use crate::StoreError;

pub(super) struct SealedMemory;

impl SealedMemory {
    pub(super) fn read(_: &Connection, _: &Path) -> Result<Self, StoreError> {
        Ok(Self)
    }
}

impl SealedIds for SealedMemory {
    fn find(
        &mut self,
        _: &Connection,
        _: &str,
        _: Day,
        _: &[EventId],
        _: &mut [Option<u32>],
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

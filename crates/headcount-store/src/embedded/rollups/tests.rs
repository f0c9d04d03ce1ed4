//! Tests of rollups: recounts, and
//! what happens when days go and devices are erased.

mod rows;
mod at_random;
mod vocabularies;
mod expiry;

use rusqlite::Connection;

use super::super::seams::RollupState;
use super::{Rollups, ask};
use crate::{AnswerRows, DayRows, Question};

/// Rollups and the file that they are written to.
pub(super) struct Fixture {
    pub(super) connection: Connection,
    pub(super) rollups: Rollups,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        // Tables of others that questions read.
        connection
            .execute_batch(
                "CREATE TABLE outcome (product TEXT, outcome TEXT, reason TEXT, count INTEGER);
                 CREATE TABLE rejected (product TEXT, day INTEGER, path TEXT, kind TEXT,
                     reason TEXT, catalog INTEGER, program TEXT, count INTEGER);",
            )
            .unwrap();
        connection.execute_batch(include_str!("../../sql/format_3_rollups.sql")).unwrap();
        let rollups = Rollups::read(&connection).unwrap();
        Self { connection, rollups }
    }

    pub(super) fn add(&mut self, rows: &DayRows) {
        self.rollups.add(rows);
    }

    /// Writes everything.
    pub(super) fn flush(&mut self) {
        self.in_transaction(RollupState::flush);
    }

    /// Writes everything, and reads it again.
    pub(super) fn restart(&mut self) {
        self.flush();
        self.rollups = Rollups::read(&self.connection).unwrap();
    }

    pub(super) fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Rollups, &rusqlite::Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> T {
        let transaction = self.connection.transaction().unwrap();
        let done = work(&mut self.rollups, &transaction).unwrap();
        transaction.commit().unwrap();
        done
    }

    pub(super) fn ask(&mut self, question: &Question) -> AnswerRows {
        self.flush();
        let live = self.rollups.live_devices(question);
        ask(&self.connection, question, &live).unwrap()
    }
}

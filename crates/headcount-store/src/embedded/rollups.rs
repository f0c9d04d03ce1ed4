//! Counts of events by name.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Transaction, params};

use super::seams::RollupState;
use crate::{AnswerRows, DayRows, Question};

#[derive(Default)]
pub(super) struct Rollups {
    events: BTreeMap<(String, Day, String), u64>,
}

impl RollupState for Rollups {
    fn read(_: &Connection) -> Result<Self, Error> {
        Ok(Self::default())
    }

    fn add(&mut self, rows: &DayRows) {
        let schema = rows.schema();
        for head in rows.heads() {
            let event = &schema.events()[usize::from(head.event)].name;
            let key = (schema.product().to_owned(), rows.day(), event.clone());
            *self.events.entry(key).or_default() += u64::from(head.weight);
        }
    }

    fn flush(&mut self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let mut write = transaction.prepare_cached(
            "INSERT INTO rollup_events VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for ((product, day, event), count) in std::mem::take(&mut self.events) {
            write.execute(params![product, day.number(), event, count as i64])?;
        }
        Ok(())
    }
}

/// Takes over what the blocks of an older format do not have.
pub(super) fn import_format_2(_: &Transaction<'_>) -> Result<(), Error> {
    Ok(())
}

pub(super) fn ask(connection: &Connection, question: &Question) -> Result<AnswerRows, Error> {
    super::ask::ask(connection, question)
}

//! Checks that the counts of rollups are those of the raw events, where these
//! are all there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use headcount_catalog::Day;
use rusqlite::{Connection, Error};

use super::super::fresh_blocks::each_fresh;
use super::super::rollups::{DayProof, LiveEvents, ProvedSeries, Recount, Recounter};
use super::super::schemas::Schemas;
use super::super::sealing::each_sealed_of;
use super::report::{BooksReport, DayCounts};
use crate::{RowSchema, StoreError};

/// Reads every event once more. It needs a store whose events can be read.
pub(super) fn check(
    (connection, file): (&Connection, &Path),
    schemas: &Schemas,
    counts: &DayCounts,
    report: &mut BooksReport,
) -> Result<(), StoreError> {
    let reading = |error| StoreError::database("examine", file, error);
    let mut recounter = Recounter::new().map_err(reading)?;
    let products: BTreeSet<&str> = counts.keys().map(|(product, _)| product.as_str()).collect();
    for product in products {
        let days = (product, Day::from_number(i32::MIN), Day::from_number(i32::MAX));
        let end = each_sealed_of(connection, file, schemas, days, |rows| {
            recounter.add(rows).map_or_else(ControlFlow::Break, ControlFlow::Continue)
        })?;
        end.break_value().map_or(Ok(()), |error| Err(reading(error)))?;
    }
    let sql = include_str!("../../sql/read_watermark.sql");
    let watermark: i64 = connection.query_row(sql, (), |row| row.get(0)).map_err(reading)?;
    each_fresh(connection, file, |block| {
        // The others are counted when the store opens.
        if block.number > watermark {
            return Ok(());
        }
        recounter.add(&block.rows(schemas)?).map_err(reading)
    })?;
    let counted = recounter.finish().map_err(reading)?;
    let kept = Recount::read(connection).map_err(reading)?;
    let proofs = Proofs::read(connection, schemas).map_err(reading)?;
    for wrong in kept.differences(&counted, |product, day| proofs.of(product, day, &kept)) {
        report.find(format!(
            "The counts of {} on {} are wrong: {} was counted {} times, and raw events say {}; \
             restore the file from a backup.",
            wrong.product, wrong.day, wrong.what, wrong.kept, wrong.counted
        ));
    }
    Ok(())
}

/// What can be proved of each product and day.
struct Proofs {
    /// Products whose catalogs have changed how something is counted.
    changed: BTreeSet<String>,
    gone: BTreeMap<(String, Day), LiveEvents>,
}

impl Proofs {
    fn read(connection: &Connection, schemas: &Schemas) -> Result<Self, Error> {
        let mut by_product: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for schema in schemas.all() {
            by_product.entry(schema.product()).or_default().insert(rules(schema));
        }
        let changed = by_product.into_iter().filter(|(_, rules)| rules.len() > 1);
        let changed = changed.map(|(product, _)| product.to_owned()).collect();
        let mut gone = BTreeMap::new();
        let mut read = connection.prepare(include_str!("../../sql/read_gone.sql"))?;
        let mut rows = read.query(())?;
        while let Some(row) = rows.next()? {
            let day = (row.get(0)?, Day::from_number(row.get(1)?));
            let is_expired = row.get_ref(2)?.as_str()? == "expired";
            let live = gone.entry(day).or_insert(LiveEvents::NotErased);
            if is_expired {
                *live = LiveEvents::NotExpired;
            }
        }
        Ok(Self { changed, gone })
    }

    fn of(&self, product: &str, day: Day, kept: &Recount) -> DayProof {
        let gone = self.gone.get(&(product.to_owned(), day)).copied();
        // Counts may be kept for a shorter time than raw events.
        let is_gone = kept.first_day(product).is_none_or(|first| day < first);
        let events = if is_gone { LiveEvents::NotExpired } else { gone.unwrap_or_default() };
        let is_changed = self.changed.contains(product);
        let series = if is_changed { ProvedSeries::Events } else { ProvedSeries::All };
        DayProof { series, events }
    }
}

/// How a schema has its events counted, in an order that does not depend on its
/// places.
fn rules(schema: &RowSchema) -> String {
    let columns = schema.columns();
    let name = |place: usize| columns[place].name.as_str();
    let mut rules: Vec<String> = columns
        .iter()
        .map(|column| format!("{} {:?} {:?}", column.name, column.rollup, column.role))
        .collect();
    rules.extend(schema.events().iter().map(|event| {
        let across: Vec<_> =
            event.across.iter().map(|(one, other)| (name(*one), name(*other))).collect();
        let failure = event.failure.as_ref();
        let failure = failure.map(|failure| (name(failure.column), &failure.values));
        format!("{} {across:?} {failure:?}", event.name)
    }));
    rules.sort_unstable();
    rules.join("\n")
}

//! Reads the counts of a series for an answer.

use headcount_catalog::Day;
use rusqlite::{Connection, Error, params};

use super::cells::{self, CellKey};
use super::mix::NumberMap;
use super::names::Names;
use super::series::Series;
use super::write::damaged;
use crate::VersionScope;

/// What a question is about.
pub(super) struct Asking<'a> {
    pub(super) connection: &'a Connection,
    pub(super) product: &'a str,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) versions: &'a VersionScope,
    pub(super) names: Names,
}

/// What counts are added up by. Texts are places in [`Names`], so that keys
/// sort like the rows of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AnswerKey {
    pub(super) day: i32,
    pub(super) version: u32,
    pub(super) one: u32,
    pub(super) other: u32,
}

/// Counts by outcome.
pub(super) type OutcomeCounts = [u64; 3];

impl<'a> Asking<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        product: &'a str,
        days: (Day, Day),
        versions: &'a VersionScope,
    ) -> Result<Self, Error> {
        let (from, to) = days;
        let names = Names::read(connection, product)?;
        Ok(Self { connection, product, from, to, versions, names })
    }

    /// Calls `each` with every count of a series: its day, the place of the
    /// version that it is shown under, what it counts, and the count.
    pub(super) fn each(
        &self,
        series: &Series,
        mut each: impl FnMut(Day, u32, CellKey, u64),
    ) -> Result<(), Error> {
        let Series { kind, event, one, other } = series;
        let mut statement =
            self.connection.prepare_cached(include_str!("../../sql/ask_cells.sql"))?;
        let (from, to) = (self.from.number(), self.to.number());
        let mut rows =
            statement.query(params![self.product, kind.number(), event, one, other, from, to])?;
        while let Some(row) = rows.next()? {
            let day = Day::from_number(row.get(0)?);
            // Cells are sorted by version.
            let mut last = None;
            let read = cells::decode(row.get_ref(1)?.as_blob()?, |key, count| {
                let shown = match last {
                    Some((version, shown)) if version == key.version => shown,
                    _ => self.names.version(key.version, self.versions),
                };
                last = Some((key.version, shown));
                if let Some(shown) = shown {
                    each(day, shown, key, count);
                }
            });
            read.ok_or_else(|| damaged("rollup_cells"))?;
        }
        Ok(())
    }

    /// The counts of a series by day, version and values, sorted.
    pub(super) fn sums(
        &self,
        series: &Series,
        values: impl Fn(CellKey) -> (u32, u32),
    ) -> Result<Vec<(AnswerKey, OutcomeCounts)>, Error> {
        let mut sums: NumberMap<AnswerKey, OutcomeCounts> = NumberMap::default();
        self.each(series, |day, version, key, count| {
            let (one, other) = values(key);
            let (one, other) = (self.names.place(one), self.names.place(other));
            let answer = AnswerKey { day: day.number(), version, one, other };
            sums.entry(answer).or_default()[key.outcome as usize] += count;
        })?;
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable_by_key(|(key, _)| *key);
        Ok(sums)
    }

    /// The version of a row.
    pub(super) fn version(&self, place: u32) -> Option<String> {
        self.names.shown(place, self.versions)
    }

    /// The text of a row.
    pub(super) fn text(&self, place: u32) -> String {
        self.names.text(place).to_owned()
    }
}

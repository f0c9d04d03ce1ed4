//! The tables that analysts ask with SQL: one a product, under the names that
//! an export has, with what its catalogs say of each column.

use std::path::Path;
use std::time::Duration;

use headcount_catalog::{Catalog, Kind, Property, Source, Unit};
use headcount_store::{
    Analysis, AnalysisColumn, AnalysisError, AnalysisLimits, AnalysisRows, AnalysisSource,
    AnalysisTable, ColumnKind,
};

use super::error::OfflineError;
use crate::plan;
use crate::registry::KeptCatalogs;

/// The tables of a data folder at one moment, for queries.
pub struct EventTables {
    analysis: Analysis,
    tables: Vec<EventTable>,
}

/// The events of one product as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTable {
    /// The table's name: that of the product.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<EventTableColumn>,
    /// The events with the questions that they answer, as the newest catalog
    /// has them.
    pub events: Vec<(String, String)>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTableColumn {
    /// The name.
    pub name: String,
    /// The type, as SQL names it; empty if it may be any.
    pub sql_type: &'static str,
    /// What it says, and why it is collected if a catalog says so.
    pub about: String,
    source: AnalysisSource,
}

impl EventTableColumn {
    pub(crate) fn source(&self) -> &AnalysisSource {
        &self.source
    }
}

impl EventTables {
    /// Opens the events of a data folder. A collector may run meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such folder, or no store in it that this
    /// version can read.
    pub fn open(data: &Path) -> Result<Self, OfflineError> {
        OfflineError::check_folder(data)?;
        let analysis = Analysis::open(data)?;
        let kept = KeptCatalogs::of(data);
        let stored = analysis.columns();
        let mut names = kept.products();
        names.extend(stored.iter().map(|(product, _)| product.clone()));
        names.sort();
        names.dedup();
        let table = |name: String| {
            let own = stored.iter().find(|(product, _)| *product == name);
            let stored = own.map_or(&[][..], |(_, columns)| columns);
            EventTable::new(name.clone(), &kept.versions(&name), stored)
        };
        Ok(Self { analysis, tables: names.into_iter().map(table).collect() })
    }

    /// All tables, by name.
    #[must_use]
    pub fn tables(&self) -> &[EventTable] {
        &self.tables
    }

    /// Answers one query. It can only read the tables.
    ///
    /// # Errors
    ///
    /// Returns an error if the query is wrong, wants what it may not have, or
    /// needs more than `time` or than its memory; or if the store cannot be
    /// read.
    pub fn query(
        &self,
        sql: &str,
        time: Duration,
        rows: &mut dyn AnalysisRows,
    ) -> Result<(), AnalysisError> {
        let table = |table: &EventTable| AnalysisTable {
            product: table.name.clone(),
            columns: table
                .columns
                .iter()
                .map(|own| AnalysisColumn { name: own.name.clone(), source: own.source.clone() })
                .collect(),
        };
        let tables: Vec<_> = self.tables.iter().map(table).collect();
        self.analysis.query(&tables, sql, &AnalysisLimits { time }, rows)
    }
}

impl EventTable {
    /// `versions` are the kept catalogs, the newest first; `stored` are the
    /// columns of rows that are stored.
    pub(crate) fn new(name: String, versions: &[Catalog], stored: &[(String, ColumnKind)]) -> Self {
        let schema = plan::schema_of(versions);
        let planned = schema.columns().iter().map(|column| (column.name.clone(), column.kind));
        let mut cells: Vec<(String, Vec<ColumnKind>)> = Vec::new();
        for (name, kind) in planned.chain(stored.iter().cloned()) {
            match cells.iter_mut().find(|(known, _)| *known == name) {
                Some((_, kinds)) if kinds.contains(&kind) => {}
                Some((_, kinds)) => kinds.push(kind),
                None => cells.push((name, vec![kind])),
            }
        }
        let newest = versions.first();
        let named = |source: Source, without: &str| {
            let entries = newest.map_or(&[][..], |catalog| catalog.envelope);
            let key = entries.iter().find(|entry| entry.source == source).map(|entry| entry.key);
            let key = key.filter(|key| cells.iter().all(|(name, _)| name != key));
            key.map_or_else(|| ours(without, &cells), str::to_owned)
        };
        let mut columns = vec![
            column(ours("day", &cells), AnalysisSource::Day, DAY),
            column(named(Source::EventId, "id"), AnalysisSource::Id, ID),
            column(named(Source::Event, "event"), AnalysisSource::Event, EVENT),
            column(named(Source::Device, "device"), AnalysisSource::Device, DEVICE),
        ];
        for (name, kinds) in &cells {
            let source = AnalysisSource::Cells(name.clone(), kinds.clone());
            columns.push(column(name.clone(), source, &about(name, versions)));
        }
        columns.extend([
            column(ours("weight", &cells), AnalysisSource::Weight, WEIGHT),
            column(ours("marks", &cells), AnalysisSource::Marks, MARKS),
            column(ours("age", &cells), AnalysisSource::Age, AGE),
            column(ours("ephemeral", &cells), AnalysisSource::Ephemeral, EPHEMERAL),
        ]);
        tell_apart(&mut columns);
        let events = newest.map_or(&[][..], |catalog| catalog.events).iter();
        let events = events.map(|event| (event.name.to_owned(), event.why.to_owned())).collect();
        Self { name, columns, events }
    }
}

const DAY: &str =
    "the event's own day, UTC, as 2026-11-20; only these days are read if it is compared";
const ID: &str = "the id of the event";
const EVENT: &str = "the name of the event";
const DEVICE: &str = "the pseudonym of the device: 32 digits";
const WEIGHT: &str = "how many events this one stands for: add it up instead of counting rows";
const MARKS: &str =
    "the periods of which it is the first event of a device without an id: an array";
const AGE: &str = "how many weeks a device without an id has been counted";
const EPHEMERAL: &str = "1 if the device's home is thrown away, as in a container, and not counted";

fn column(name: String, source: AnalysisSource, about: &str) -> EventTableColumn {
    EventTableColumn { name, sql_type: source.sql_type(), about: about.to_owned(), source }
}

/// A name of ours, unless a column has it.
fn ours(name: &str, cells: &[(String, Vec<ColumnKind>)]) -> String {
    match cells.iter().any(|(known, _)| known == name) {
        true => format!("headcount.{name}"),
        false => name.to_owned(),
    }
}

/// SQL does not tell upper and lower case apart.
fn tell_apart(columns: &mut [EventTableColumn]) {
    for place in 1..columns.len() {
        let (before, rest) = columns.split_at_mut(place);
        let name = &mut rest[0].name;
        let is_taken =
            |name: &str| before.iter().any(|known| known.name.eq_ignore_ascii_case(name));
        while is_taken(name) {
            name.push('_');
        }
    }
}

/// What the catalogs say of a column: the newest that has it.
fn about(name: &str, versions: &[Catalog]) -> String {
    let said = versions.iter().find_map(|catalog| {
        let entry = catalog.envelope.iter().find(|entry| entry.key == name);
        let entry = entry.map(|entry| source_text(entry.source));
        let all = catalog.events.iter().flat_map(|event| event.properties);
        let own: Vec<&Property> = all.filter(|property| property.name == name).collect();
        let kind = entry.or_else(|| own.first().map(|property| kind_text(property.kind)))?;
        let why = own.iter().find_map(|property| property.why);
        Some(why.map_or_else(|| kind.clone(), |why| format!("{kind}: {why}")))
    });
    said.unwrap_or_else(|| "in no kept catalog".to_owned())
}

fn source_text(source: Source) -> String {
    match source {
        Source::Time(_) => "when it happened, UTC, as exactly as the catalog allows".to_owned(),
        Source::Session => "the pseudonym of the session".to_owned(),
        Source::Turn => "the pseudonym of the turn".to_owned(),
        Source::Account => "the pseudonym of the account".to_owned(),
        Source::Version => "the version of the program".to_owned(),
        Source::CatalogVersion => "the version of the catalog".to_owned(),
        Source::Platform(_) => "the operating system".to_owned(),
        Source::Arch(_) => "the processor".to_owned(),
        Source::Ci => "whether it ran in continuous integration".to_owned(),
        Source::Agent => "the coding agent that ran it, if there was one".to_owned(),
        Source::Attended => "whether a person attended to that agent".to_owned(),
        Source::Marks => "the marks, as they were sent".to_owned(),
        Source::Age => "the age, as it was sent".to_owned(),
        Source::Constant(_) => "always the same word".to_owned(),
        source => source.kind().map_or_else(|| "a part of every event".to_owned(), kind_text),
    }
}

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Flag => "0 or 1".to_owned(),
        Kind::Duration { unit: Unit::Milliseconds, .. } => "a duration in milliseconds".to_owned(),
        Kind::Duration { unit: Unit::Seconds, .. } => "a duration in seconds".to_owned(),
        Kind::Amount { unit, .. } => format!("an amount in {unit}"),
        Kind::Choices { .. } | Kind::Frames { .. } => {
            format!("{}, an array: see json_each", kind.name())
        }
        Kind::Reference(_) => "a pseudonym".to_owned(),
        kind => kind.name().to_owned(),
    }
}

//! What a virtual table has, for the table and its cursors.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use super::permissions::Deadline;
use super::shape::{AnalysisSource, AnalysisTable};
use super::snapshot::EventSnapshot;

/// What a table has, shared by its cursors.
pub(super) struct TableShape {
    pub(super) snapshot: Arc<Mutex<EventSnapshot>>,
    pub(super) product: String,
    pub(super) columns: Vec<AnalysisSource>,
    pub(super) deadline: Deadline,
    /// Cursors of all tables of the query that are open.
    pub(super) open: Arc<AtomicUsize>,
    /// How the table is declared.
    pub(super) declaration: String,
}

impl TableShape {
    pub(super) fn new(
        snapshot: Arc<Mutex<EventSnapshot>>,
        table: &AnalysisTable,
        deadline: Deadline,
    ) -> Self {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("{} {}", quoted(&column.name), column.source.sql_type()))
            .collect();
        Self {
            snapshot,
            product: table.product.clone(),
            columns: table.columns.iter().map(|column| column.source.clone()).collect(),
            open: deadline.cursors(),
            deadline,
            declaration: format!("CREATE TABLE x({})", columns.join(", ")),
        }
    }

    /// The place of a column.
    pub(super) fn place(&self, wanted: &AnalysisSource) -> Option<i32> {
        let place = self.columns.iter().position(|source| source == wanted);
        place.and_then(|place| i32::try_from(place).ok())
    }
}

/// A name as SQL takes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

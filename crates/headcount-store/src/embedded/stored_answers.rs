//! Answers questions about a file, for tools: also while a collector commits to
//! it. Takes no lock and changes nothing.
//!
//! The tables of rollups may be behind the blocks. Then what the blocks add is
//! counted in memory, over a copy of the product's rows, by the code by which
//! a store counts when it opens.

use std::path::{Path, PathBuf};

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Row, Transaction, params};

use super::connection::{self, OpenMode};
use super::fresh_blocks::each_block;
use super::raw_counts;
use super::rollups::{self, Rollups};
use super::schemas::Schemas;
use super::seams::RollupState as _;
use crate::{AnswerRows, Question, StoreError, limits};

/// The answers of a data folder, for a tool that asks while a collector runs or
/// while none does.
pub struct StoredAnswers {
    file: PathBuf,
    connection: Connection,
}

impl StoredAnswers {
    /// Opens the store's file in a data folder.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file, or if this version cannot
    /// read its format. A file of an older format is migrated when a collector
    /// starts with it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = std::path::absolute(folder)
            .map_err(|error| StoreError::system("find the data folder", folder, error))?
            .join(connection::FILE);
        let connection = connection::open(&file, OpenMode::Questions)?;
        connection::check_newest(&connection, &file)?;
        Ok(Self { file, connection })
    }

    /// Answers questions about one product as [`Store::ask`](crate::Store::ask)
    /// does, all of them of one moment.
    ///
    /// # Errors
    ///
    /// Returns an error if a part of the file cannot be read or is damaged.
    pub fn ask(&self, questions: &[Question]) -> Result<Vec<AnswerRows>, StoreError> {
        let snapshot = self.connection.unchecked_transaction().map_err(self.asking())?;
        questions.iter().map(|question| self.ask_one(&snapshot, question)).collect()
    }

    fn ask_one(
        &self,
        snapshot: &Transaction<'_>,
        question: &Question,
    ) -> Result<AnswerRows, StoreError> {
        let Some((product, days)) = counted(question) else {
            return rollups::ask(snapshot, question, &rollups::LiveDevices::default())
                .map_err(self.asking());
        };
        let mut state = Rollups::read_product(snapshot, product).map_err(self.asking())?;
        let schemas = Schemas::read(snapshot, &self.file)?;
        let mut is_behind = false;
        let sql = include_str!("../sql/read_uncounted.sql");
        each_block(snapshot, &self.file, sql, (product,), |block| {
            state.add(&block.rows(&schemas)?);
            is_behind = true;
            Ok(())
        })?;
        if let Question::Raw(question) = question {
            let value_rows = raw_counts::value_rows(&state, question);
            let (source, most) = ((&**snapshot, self.file.as_path()), limits::RAW_QUESTION_EVENTS);
            return raw_counts::answer(source, question, &value_rows, most).map(AnswerRows::Raw);
        }
        if !is_behind {
            let live = state.live_devices(question);
            return rollups::ask(snapshot, question, &live).map_err(self.asking());
        }
        let mut copy = || {
            let mut memory = copy_of(snapshot, product, days)?;
            let transaction = memory.transaction()?;
            state.flush(&transaction)?;
            rollups::ask(&transaction, question, &state.live_devices(question))
        };
        copy().map_err(self.asking())
    }

    fn asking(&self) -> impl Fn(Error) -> StoreError + use<'_> {
        |error| StoreError::database("answer a question from", &self.file, error)
    }
}

/// The product and the days of a question whose answer depends on the rollups.
fn counted(question: &Question) -> Option<(&str, (Day, Day))> {
    match question {
        Question::Events { product, from, to, .. }
        | Question::Active { product, from, to, .. }
        | Question::Marks { product, from, to, .. }
        | Question::ByProperty { product, from, to, .. }
        | Question::Across { product, from, to, .. }
        | Question::Failures { product, from, to, .. }
        | Question::Quantiles { product, from, to, .. }
        | Question::Retention { product, from, to }
        | Question::Versions { product, from, to } => Some((product, (*from, *to))),
        Question::Raw(question) => Some((&question.product, (question.from, question.to))),
        Question::Rejected { .. } | Question::Outcomes | Question::Products => None,
    }
}

/// Tables of rollups that an answer is read from, and the condition for rows
/// of one product and of days. What a question about devices needs of live
/// days is in memory.
const COPIED: [(&str, &str); 6] = [
    ("rollup_product", "product = ?1 AND ?2 <= ?3"),
    ("rollup_value", "product = ?1 AND ?2 <= ?3"),
    ("rollup_series", "product = ?1 AND ?2 <= ?3"),
    (
        "rollup_cells",
        "series IN (SELECT number FROM rollup_series WHERE product = ?1) AND day BETWEEN ?2 AND ?3",
    ),
    ("rollup_marks", "product = ?1 AND ?2 <= ?3"),
    ("rollup_period", "product = ?1 AND ?2 <= ?3"),
];

/// A database in memory with the rows of one product.
fn copy_of(
    snapshot: &Connection,
    product: &str,
    (from, to): (Day, Day),
) -> Result<Connection, Error> {
    let memory = Connection::open_in_memory()?;
    memory.execute_batch(include_str!("../sql/format_3_rollups.sql"))?;
    for (table, condition) in COPIED {
        let days = params![product, from.number(), to.number()];
        copy_rows(snapshot, &memory, (table, condition), days)?;
    }
    let all = params![product, i32::MIN, i32::MAX];
    let cohorts = ("rollup_cohort", "product = ?1 AND cohort BETWEEN ?2 AND ?3");
    copy_rows(snapshot, &memory, cohorts, all)?;
    Ok(memory)
}

fn copy_rows(
    snapshot: &Connection,
    memory: &Connection,
    (table, condition): (&str, &str),
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<(), Error> {
    let mut read = snapshot.prepare(&format!("SELECT * FROM {table} WHERE {condition}"))?;
    let width = read.column_count();
    let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
    let insert = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
    let mut write = memory.prepare(&insert)?;
    let mut rows = read.query(parameters)?;
    while let Some(row) = rows.next()? {
        write.execute(rusqlite::params_from_iter(cells(row, width)?))?;
    }
    Ok(())
}

fn cells(row: &Row<'_>, width: usize) -> Result<Vec<rusqlite::types::Value>, Error> {
    (0..width).map(|place| row.get(place)).collect()
}

//! What a query may do: read the tables of events, and compute with what it
//! has read, for a time and with an amount of memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Error};

use super::shape::AnalysisTable;
use crate::limits;

/// How much a query may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnalysisLimits {
    /// The time until its last row, without that in which rows are taken.
    pub time: Duration,
}

/// When a query has to end, and how many tables it reads.
#[derive(Clone)]
pub(super) struct Deadline {
    end: Option<Instant>,
    /// Nanoseconds in which whoever takes the rows had them.
    taken: Arc<AtomicU64>,
    cursors: Arc<AtomicUsize>,
}

impl Deadline {
    pub(super) fn after(time: Duration) -> Self {
        // A time that the clock does not reach is none.
        let end = Instant::now().checked_add(time);
        Self { end, taken: Arc::default(), cursors: Arc::default() }
    }

    pub(super) fn is_over(&self) -> bool {
        let taken = Duration::from_nanos(self.taken.load(Ordering::Relaxed));
        self.end.and_then(|end| end.checked_add(taken)).is_some_and(|end| Instant::now() >= end)
    }

    /// Puts the end off by the time for which a row was taken: a reader who
    /// looks at rows page by page does not make the query longer.
    pub(super) fn put_off(&self, since: Instant) {
        let taken = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.taken.fetch_add(taken, Ordering::Relaxed);
    }

    pub(super) fn cursors(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.cursors)
    }
}

/// The functions that a query may call: those that compute with their
/// arguments alone. What is not here reads or loads a file, tells of the
/// process, or makes data of nothing.
pub const FUNCTIONS: &[&str] = &[
    // numbers
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "ceil",
    "ceiling",
    "cos",
    "cosh",
    "degrees",
    "exp",
    "floor",
    "ln",
    "log",
    "log10",
    "log2",
    "max",
    "min",
    "mod",
    "pi",
    "pow",
    "power",
    "radians",
    "random",
    "round",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
    // texts
    "char",
    "concat",
    "concat_ws",
    "format",
    "glob",
    "hex",
    "instr",
    "length",
    "like",
    "lower",
    "ltrim",
    "octet_length",
    "printf",
    "quote",
    "replace",
    "rtrim",
    "soundex",
    "substr",
    "substring",
    "trim",
    "unhex",
    "unicode",
    "unistr",
    "upper",
    // choices
    "coalesce",
    "if",
    "ifnull",
    "iif",
    "likelihood",
    "likely",
    "nullif",
    "typeof",
    "unlikely",
    // times
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "julianday",
    "strftime",
    "time",
    "timediff",
    "unixepoch",
    // sums
    "avg",
    "count",
    "group_concat",
    "median",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "string_agg",
    "sum",
    "total",
    // rows beside a row
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    // JSON
    "->",
    "->>",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_tree",
    "json_type",
    "json_valid",
    // what runs
    "sqlite_version",
];

/// Virtual tables of SQLite that compute with their arguments alone.
const TABLES: [&str; 2] = ["json_each", "json_tree"];

/// Bounds values, memory and files, before a query is known.
pub(super) fn prepare(connection: &Connection, _: &AnalysisLimits) -> Result<(), Error> {
    // Nothing is written anywhere: sorting happens in memory, and memory is
    // bounded, for the whole process.
    connection.execute_batch(&format!(
        "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA hard_heap_limit = {};",
        limits::ANALYSIS_HEAP_BYTES
    ))?;
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        // A column that is misspelt in double quotes is not a text.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        connection.set_db_config(config, is_on)?;
    }
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, limits::ANALYSIS_VALUE_BYTES),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, limits::ANALYSIS_QUERY_BYTES),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, limits::ANALYSIS_DEPTH),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, limits::ANALYSIS_COMPOUNDS),
        (Limit::SQLITE_LIMIT_VDBE_OP, limits::ANALYSIS_OPERATIONS),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, limits::ANALYSIS_PATTERN_BYTES),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 0),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    Ok(())
}

/// From here on, only a query can be prepared, and it ends in time.
pub(super) fn restrict(
    connection: &mut Connection,
    tables: &[AnalysisTable],
    deadline: &Deadline,
) -> Result<(), Error> {
    let deadline = deadline.clone();
    let is_over = move || deadline.is_over();
    connection.progress_handler(limits::ANALYSIS_STEPS, Some(is_over))?;
    let names = tables.iter().map(|table| table.product.to_lowercase());
    let names: Vec<String> = names.chain(TABLES.map(str::to_owned)).collect();
    connection.authorizer(Some(move |context: AuthContext<'_>| decide(&names, &context.action)))
}

fn decide(tables: &[String], action: &AuthAction<'_>) -> Authorization {
    let is_allowed = match action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => {
            FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(function_name))
        }
        // A part of the query itself has no columns here. A table without a
        // column is one whose rows are only counted.
        AuthAction::Read { table_name, column_name } => {
            column_name.is_empty() || tables.contains(&table_name.to_lowercase())
        }
        _ => false,
    };
    if is_allowed { Authorization::Allow } else { Authorization::Deny }
}

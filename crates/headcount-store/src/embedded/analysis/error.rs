//! Why a query has no answer.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Error, ErrorCode};

use super::permissions::{AnalysisLimits, Deadline};
use super::snapshot::{EventSnapshot, locked};
use crate::{StoreError, limits};

/// Why a query has no answer, or not all of it: one line without a full stop.
pub struct AnalysisError {
    /// Boxed, so that a `Result` stays small.
    cause: Box<Cause>,
}

enum Cause {
    /// The store cannot be read.
    Store(StoreError),
    /// The query is wrong. Holds what SQLite says.
    Query(String),
    /// The query wants what it may not have. Holds what SQLite says.
    Forbidden(String),
    /// It took too long.
    Time(Duration),
    /// It needs too much memory.
    Memory,
    /// A value is too long.
    TooLong,
}

impl AnalysisError {
    /// What an error of SQLite says of a query.
    pub(super) fn of_query(
        error: &Error,
        limits: &AnalysisLimits,
        deadline: &Deadline,
        snapshot: &Mutex<EventSnapshot>,
    ) -> Self {
        if let Some(failure) = locked(snapshot).failure.take() {
            return failure.into();
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) if deadline.is_over() => {
                Cause::Time(limits.time).into()
            }
            Some(ErrorCode::OutOfMemory) => Cause::Memory.into(),
            Some(ErrorCode::TooBig) => Cause::TooLong.into(),
            Some(ErrorCode::ApiMisuse) => Self::no_rows(),
            Some(ErrorCode::AuthorizationForStatementDenied) => {
                Cause::Forbidden(message(error)).into()
            }
            _ => {
                let message = message(error);
                // Denied functions and columns come as errors of the query.
                let is_denied =
                    message.starts_with("not authorized") || message.contains("prohibited");
                let cause = if is_denied { Cause::Forbidden } else { Cause::Query };
                cause(message).into()
            }
        }
    }

    /// A query that asks for no rows.
    pub(super) fn no_rows() -> Self {
        Cause::Query("it asks for no rows: begin it with SELECT or WITH".to_owned()).into()
    }

    /// A query that is longer than one may be.
    pub(super) fn long_query() -> Self {
        let most = limits::ANALYSIS_QUERY_BYTES / 1024;
        Cause::Query(format!("it is longer than {most} KiB: make it shorter")).into()
    }

    /// A query with a NUL in it.
    pub(super) fn nul() -> Self {
        Cause::Query("there is a NUL in it: leave it out".to_owned()).into()
    }

    /// A query with a place for a value, which nobody gives.
    pub(super) fn parameters() -> Self {
        Cause::Query("there is nothing for `?` in it: write the value".to_owned()).into()
    }

    /// Whether the store could not be read, rather than the query.
    #[must_use]
    pub fn is_of_the_store(&self) -> bool {
        matches!(&*self.cause, Cause::Store(_))
    }
}

fn message(error: &Error) -> String {
    match error {
        Error::SqliteFailure(_, Some(message)) => message.clone(),
        Error::SqlInputError { msg, sql, offset, .. } => {
            // SQLite counts bytes; people look for a line.
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            let Some(before) = before.filter(|_| sql.contains('\n')) else { return msg.clone() };
            format!("line {}: {msg}", before.matches('\n').count() + 1)
        }
        Error::MultipleStatement => {
            "there is more than one statement: ask one after the other".to_owned()
        }
        error => error.to_string(),
    }
}

impl From<Cause> for AnalysisError {
    fn from(cause: Cause) -> Self {
        Self { cause: Box::new(cause) }
    }
}

impl From<StoreError> for AnalysisError {
    fn from(error: StoreError) -> Self {
        Cause::Store(error).into()
    }
}

impl fmt::Display for AnalysisError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.cause {
            Cause::Store(error) => error.fmt(out),
            Cause::Query(message) => write!(out, "the query is wrong: {message}"),
            Cause::Forbidden(message) => write!(
                out,
                "a query can only read the tables of events: {message}; `headcount sql --schema` \
                 lists the tables, and docs/operate/sql.md the functions"
            ),
            Cause::Time(time) => write!(
                out,
                "the query took longer than {} second{}: ask for fewer days, or give it more time \
                 with --timeout",
                time.as_secs(),
                if time.as_secs() == 1 { "" } else { "s" }
            ),
            Cause::Memory => write!(
                out,
                "the query needs more than {} MiB of memory: ask for fewer days, or for fewer \
                 groups or columns",
                limits::ANALYSIS_HEAP_BYTES / (1024 * 1024)
            ),
            Cause::TooLong => write!(
                out,
                "a value of the query is longer than {} KiB: make it shorter",
                limits::ANALYSIS_VALUE_BYTES / 1024
            ),
        }
    }
}

impl fmt::Debug for AnalysisError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AnalysisError({:?})", self.to_string())
    }
}

impl std::error::Error for AnalysisError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            Cause::Store(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

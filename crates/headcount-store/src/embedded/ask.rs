//! Answers questions from rollups alone.

use headcount_catalog::Day;
use rusqlite::types::FromSql;
use rusqlite::{Connection, Error, Params, Row, params};

use crate::{AnswerRows, EventCountRow, OutcomeRow, ProductRow, Question};

pub(super) fn ask(connection: &Connection, question: &Question) -> Result<AnswerRows, Error> {
    Ok(match question {
        Question::Events { product, from, to } => AnswerRows::Events(rows(
            connection,
            include_str!("../sql/ask_events.sql"),
            params![product, from.number(), to.number()],
            |row| {
                Ok(EventCountRow { day: day(row, 0)?, event: row.get(1)?, count: count(row, 2)? })
            },
        )?),
        Question::Outcomes => AnswerRows::Outcomes(rows(
            connection,
            include_str!("../sql/ask_outcomes.sql"),
            (),
            |row| {
                let [product, outcome, reason] = [row.get(0)?, row.get(1)?, row.get(2)?];
                Ok(OutcomeRow { product, outcome, reason, count: count(row, 3)? })
            },
        )?),
        Question::Products => AnswerRows::Products(rows(
            connection,
            include_str!("../sql/ask_products.sql"),
            (),
            |row| {
                let [first, last] = [day(row, 1)?, day(row, 2)?];
                Ok(ProductRow { product: row.get(0)?, first, last, events: count(row, 3)? })
            },
        )?),
        Question::Active { .. } => AnswerRows::Active(Vec::new()),
        Question::Marks { .. } => AnswerRows::Marks(Vec::new()),
        Question::ByProperty { .. } => AnswerRows::ByProperty(Vec::new()),
    })
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}

fn day(row: &Row<'_>, column: usize) -> Result<Day, Error> {
    read(row, column).map(Day::from_number)
}

/// A count is never negative.
fn count(row: &Row<'_>, column: usize) -> Result<u64, Error> {
    read::<i64>(row, column).map(i64::unsigned_abs)
}

fn read<T: FromSql>(row: &Row<'_>, column: usize) -> Result<T, Error> {
    row.get(column)
}

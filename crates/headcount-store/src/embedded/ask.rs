//! Answers questions from rollups alone.

use headcount_catalog::{Age, Day};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Error, Params, Row, params};

use crate::{
    ActiveRow, AnswerRows, EventCountRow, MarkRow, OutcomeRow, ProductRow, Question, ValueRow,
};

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
        Question::Active { product, period, from, to } => AnswerRows::Active(rows(
            connection,
            include_str!("../sql/ask_active.sql"),
            params![product, period.name(), period.start(*from).number(), to.number()],
            |row| Ok(ActiveRow { start: day(row, 0)?, devices: count(row, 1)? }),
        )?),
        Question::Marks { product, period, from, to } => AnswerRows::Marks(rows(
            connection,
            include_str!("../sql/ask_marks.sql"),
            params![product, period.name(), period.start(*from).number(), to.number()],
            |row| {
                let age = Age::read(row.get_ref(1)?.as_str()?);
                Ok(MarkRow { start: day(row, 0)?, age, devices: count(row, 2)? })
            },
        )?),
        Question::ByProperty { product, event, property, from, to } => {
            AnswerRows::ByProperty(rows(
                connection,
                include_str!("../sql/ask_by_property.sql"),
                params![product, event, property, from.number(), to.number()],
                |row| Ok(ValueRow { day: day(row, 0)?, value: row.get(1)?, count: count(row, 2)? }),
            )?)
        }
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

//! Answers questions from the tables of rollups, and from what is known of the
//! devices of days that live.

use headcount_catalog::Day;
use rusqlite::{Connection, Error, params};

use super::answer_rows::{count, day, rows};
use super::ask_counts;
use super::ask_devices;
use super::live_devices::LiveDevices;
use crate::{AnswerRows, OutcomeRow, ProductRow, Question, RejectedRow};

/// Answers a question. The rollups have been written before, and `live` was
/// made for this question then.
pub(in crate::embedded) fn ask(
    connection: &Connection,
    question: &Question,
    live: &LiveDevices,
) -> Result<AnswerRows, Error> {
    Ok(match question {
        Question::Active { product, period, from, to, versions } => {
            let days = (period.start(*from), *to);
            AnswerRows::Active(ask_devices::active(
                connection,
                (product, *period),
                days,
                versions,
                live,
            )?)
        }
        Question::Marks { product, period, from, to } => {
            let days = (period.start(*from), *to);
            AnswerRows::Marks(ask_devices::marks(connection, (product, *period), days)?)
        }
        Question::Retention { product, from, to } => {
            let days = (from.week_start(), *to);
            AnswerRows::Retention(ask_devices::retention(connection, product, days, live)?)
        }
        Question::Rejected { product, from, to } => {
            AnswerRows::Rejected(rejected(connection, product, *from, *to)?)
        }
        Question::Outcomes => {
            let sql = include_str!("../../sql/ask_outcomes.sql");
            AnswerRows::Outcomes(rows(connection, sql, (), |row| {
                let [product, outcome, reason] = [row.get(0)?, row.get(1)?, row.get(2)?];
                Ok(OutcomeRow { product, outcome, reason, count: count(row, 3)? })
            })?)
        }
        Question::Products => {
            let sql = include_str!("../../sql/ask_products.sql");
            AnswerRows::Products(rows(connection, sql, (), |row| {
                let [first, last] = [day(row, 1)?, day(row, 2)?];
                Ok(ProductRow { product: row.get(0)?, first, last, events: count(row, 3)? })
            })?)
        }
        counted => ask_counts::ask(connection, counted)?,
    })
}

fn rejected(
    connection: &Connection,
    product: &str,
    from: Day,
    to: Day,
) -> Result<Vec<RejectedRow>, Error> {
    let sql = include_str!("../../sql/ask_rejected.sql");
    rows(connection, sql, params![product, from.number(), to.number()], |row| {
        Ok(RejectedRow {
            path: row.get(0)?,
            kind: row.get(1)?,
            reason: row.get(2)?,
            catalog: row.get(3)?,
            program: row.get(4)?,
            count: count(row, 5)?,
        })
    })
}

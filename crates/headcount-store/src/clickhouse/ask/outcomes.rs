//! Questions about arrivals, which collectors add up.

use headcount_catalog::Day;

use super::super::{Client, Statement};
use crate::{AnswerRows, OutcomeRow, RejectedRow, StoreError};

pub(super) fn outcomes(client: &Client) -> Result<AnswerRows, StoreError> {
    let told: Vec<(String, String, String, u64)> =
        client.rows(&Statement::question("outcomes", &[]))?;
    let rows = told.into_iter().map(|(product, outcome, reason, count)| OutcomeRow {
        product,
        outcome,
        reason,
        count,
    });
    let mut rows: Vec<OutcomeRow> = rows.collect();
    rows.sort_unstable();
    Ok(AnswerRows::Outcomes(rows))
}

pub(super) fn rejected(
    client: &Client,
    product: &str,
    (from, to): (Day, Day),
) -> Result<AnswerRows, StoreError> {
    let statement = Statement::question("rejected", &[]);
    let statement = statement.with("product", product).with("from", from).with("to", to);
    let told: Vec<(String, String, String, u32, String, u64)> = client.rows(&statement)?;
    let rows = told.into_iter().map(|(path, kind, reason, catalog, program, count)| RejectedRow {
        path,
        kind,
        reason,
        catalog,
        program,
        count,
    });
    let mut rows: Vec<RejectedRow> = rows.collect();
    rows.sort_unstable();
    Ok(AnswerRows::Rejected(rows))
}

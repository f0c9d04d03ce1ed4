//! Questions about counts of events.

use headcount_catalog::{Day, Period};

use super::super::sql_day::SqlDay;
use super::super::{Client, Statement};
use super::answers;
use super::asking::Asking;
use super::snapshot::Snapshots;
use crate::{AnswerRows, ProductRow, StoreError, VersionRow, VersionScope};

/// Around every `Date`.
const EVER: (Day, Day) = (Day::from_number(0), Day::from_number(u16::MAX as i32));

pub(super) fn events(asking: &Asking<'_>) -> Result<AnswerRows, StoreError> {
    answers::events(asking.rows("events", &[]), asking.is_each())
}

pub(super) fn by_property(
    asking: &Asking<'_>,
    event: &str,
    property: &str,
) -> Result<AnswerRows, StoreError> {
    let own = [("event", event), ("property", property)];
    answers::values(asking.rows("by_property", &own), asking.is_each())
}

pub(super) fn across(
    asking: &Asking<'_>,
    event: &str,
    (one, other): (&str, &str),
) -> Result<AnswerRows, StoreError> {
    let own = [("event", event), ("one", one), ("other", other)];
    answers::pairs(asking.rows("across", &own), asking.is_each())
}

pub(super) fn failures(
    asking: &Asking<'_>,
    event: &str,
    by: Option<&str>,
) -> Result<AnswerRows, StoreError> {
    let told = match by {
        Some(property) => asking.rows("failures_by", &[("event", event), ("property", property)]),
        None => asking.rows("failures", &[("event", event)]),
    };
    answers::failures(told, asking.is_each())
}

pub(super) fn quantiles(
    asking: &Asking<'_>,
    (event, property): (&str, &str),
    period: Period,
) -> Result<AnswerRows, StoreError> {
    let own = [("event", event), ("property", property), ("period", period.name())];
    answers::quantiles(asking.rows("quantiles", &own), asking.is_each())
}

pub(super) fn versions(asking: &Asking<'_>) -> Result<AnswerRows, StoreError> {
    let told: Vec<(String, SqlDay, SqlDay, u64)> = asking.rows("versions", &[])?;
    let rows = told.into_iter().map(|(version, SqlDay(first), SqlDay(last), count)| VersionRow {
        version,
        first,
        last,
        count,
    });
    let mut rows: Vec<VersionRow> = rows.collect();
    rows.sort_unstable();
    Ok(AnswerRows::Versions(rows))
}

/// Each product is asked for on its own.
pub(super) fn products(client: &Client, snapshots: &Snapshots) -> Result<AnswerRows, StoreError> {
    let names: Vec<(String,)> = client.rows(&Statement::question("product_names", &[]))?;
    let mut rows = Vec::new();
    for (product,) in names {
        let versions = &VersionScope::All;
        let asking = Asking { client, snapshots, product: &product, days: EVER, versions };
        let told: Vec<(SqlDay, SqlDay, u64)> = asking.rows("products", &[])?;
        rows.extend(told.into_iter().map(|(SqlDay(first), SqlDay(last), events)| ProductRow {
            product: product.clone(),
            first,
            last,
            events,
        }));
    }
    rows.sort_unstable();
    Ok(AnswerRows::Products(rows))
}

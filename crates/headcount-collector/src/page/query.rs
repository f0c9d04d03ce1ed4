//! The query of a page. A page ignores what it cannot read.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;

pub(super) type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The names and values.
pub(super) fn readable(pairs: QueryPairs) -> Vec<(String, String)> {
    pairs.map(|Query(pairs)| pairs).unwrap_or_default()
}

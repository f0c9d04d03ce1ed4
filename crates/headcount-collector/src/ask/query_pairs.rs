//! The query of a request, as names and values.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;

use super::parameters::BadQuestion;

/// The query of a request.
pub(super) type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The names and values.
pub(super) fn readable(pairs: QueryPairs) -> Result<Vec<(String, String)>, BadQuestion> {
    pairs.map(|Query(pairs)| pairs).map_err(|_| {
        BadQuestion::new("cannot read the query: send `name=value` pairs after the `?`".to_owned())
    })
}

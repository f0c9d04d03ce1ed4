//! `policy`: the address of the product's policy.

use serde_json::json;

use super::arguments::Reader;
use super::reply::{Reply, call};
use crate::standing::Standing;

pub(super) fn policy(standing: &Standing, reader: Reader) -> Reply {
    let product = standing.catalog().product;
    match (reader, product.policy) {
        (Reader::Program, policy) => Reply::json(&json!({"policy": policy})),
        (Reader::Person, Some(policy)) => Reply::said(format!("{policy}\n")),
        (Reader::Person, None) => Reply::said(format!(
            "{} has no policy page. To see everything that it may report: {} inspect.\n",
            product.title,
            call(standing)
        )),
    }
}

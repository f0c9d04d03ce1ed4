//! `policy`: the address of the product's policy, and where to report a leak.

use super::arguments::Reader;
use super::reply::{Reply, call};
use crate::as_json::json;
use crate::standing::Standing;

pub(super) fn policy(standing: &Standing, reader: Reader) -> Reply {
    let product = standing.catalog().product;
    if reader == Reader::Program {
        return Reply::json(&json!({"policy": product.policy, "contact": product.contact}));
    }
    let mut text = match product.policy {
        Some(policy) => format!("{policy}\n"),
        None => format!(
            "{} has no policy page. To see everything that it may report: {} inspect.\n",
            product.title,
            call(standing)
        ),
    };
    if let Some(contact) = product.contact {
        text.push_str(&format!("To report a leak: {contact}\n"));
    }
    Reply::said(text)
}

//! `status`: whether telemetry is on, which rule decides, and where things are.
//! `facts` collects, `text` and `json` print; `doctor` judges the same facts.

mod doctor;
mod facts;
mod json;
mod place;
mod purposes;
mod text;

use super::arguments::Reader;
use super::reply::Reply;
use crate::standing::Standing;
use facts::Facts;

pub(super) fn status(standing: &Standing, reader: Reader) -> Reply {
    let facts = Facts::of(standing);
    match reader {
        Reader::Person => Reply::said(text::text(standing, &facts)),
        Reader::Program => Reply::json(&json::json(standing, &facts)),
    }
}

pub(super) fn doctor(standing: &Standing, reader: Reader) -> Reply {
    doctor::doctor(standing, &Facts::of(standing), reader)
}

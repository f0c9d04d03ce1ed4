//! `GET /api/v1/notes?product=P&from=DAY&to=DAY`: what readers wrote about
//! days.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use headcount_catalog::{Grain, Period};
use serde_json::{Value as Json, json};

use super::parameters::{BadQuestion, Parameters};
use super::query_pairs::{QueryPairs, readable};
use super::question_parameter::QuestionParameter;
use crate::answer;
use crate::app::App;
use crate::notes::DayNote;

/// The parameters, in the order of the documentation.
pub(super) const PARAMETERS: [QuestionParameter; 4] = [
    QuestionParameter::Product,
    QuestionParameter::From,
    QuestionParameter::To,
    QuestionParameter::Days,
];

pub(super) async fn show(State(app): State<Arc<App>>, pairs: QueryPairs) -> Response {
    answer(&app, pairs)
        .map_or_else(Response::from, |json| answer::json(StatusCode::OK, json.to_string()))
}

fn answer(app: &App, pairs: QueryPairs) -> Result<Json, BadQuestion> {
    let parameters = Parameters::read(readable(pairs)?, &PARAMETERS)?;
    let registry = app.registry();
    let product = parameters.product(&registry)?.name();
    let (from, to) = parameters.days(app.today(), Period::Day)?;
    let notes: Vec<Json> = app.notes(product, &(from..=to)).iter().map(note).collect();
    Ok(json!({"product": product, "notes": notes}))
}

fn note(note: &DayNote) -> Json {
    let DayNote { id, product: _, day, text, by, written } = note;
    let mut json = json!({"id": id, "day": day.to_string(), "text": text,
                          "written": written.format(Grain::Second)});
    if let Some(by) = by {
        json["by"] = json!(by.as_str());
    }
    json
}

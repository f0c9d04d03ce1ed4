//! Questions over HTTP: `GET /api/v1/ask/<question>?product=P&from=DAY&to=DAY`.

mod http_question;
mod for_store;
mod parameters;
mod rows;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::access::Row;
use crate::answer;
use crate::app::App;
use for_store::Checked;
use http_question::HttpQuestion;
use parameters::{BadQuestion, Parameters};

/// The routes of questions.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::read("/api/v1/ask/{question}", ask),
        Row::read("/api/v1/ask", async || unknown_question()),
    ]
}

type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

async fn ask(State(app): State<Arc<App>>, Path(name): Path<String>, pairs: QueryPairs) -> Response {
    let Some(question) = HttpQuestion::from_name(&name) else { return unknown_question() };
    match answer(&app, question, pairs).await {
        Ok(response) => response,
        Err(bad_question) => bad_question.into(),
    }
}

async fn answer(
    app: &App,
    question: HttpQuestion,
    pairs: QueryPairs,
) -> Result<Response, BadQuestion> {
    let Query(pairs) = pairs.map_err(|_| {
        BadQuestion::new("cannot read the query: send `name=value` pairs after the `?`".to_owned())
    })?;
    let parameters = Parameters::read(pairs, question.parameters())?;
    let registry = app.registry();
    let product = parameters.product(&registry)?;
    let for_store = Checked::new(question, product, &parameters)?.questions(app.today())?;
    let mut answered = Vec::with_capacity(for_store.len());
    for asked in &for_store {
        match app.ask(asked.all.clone()).await {
            Err(unavailable) => return Ok(unavailable.into()),
            Ok(answers) => answered.push(rows::json(question, asked, &answers)),
        }
    }
    let rows = &answered[0];
    let before = for_store.iter().zip(&answered).nth(1).map(|(asked, rows)| {
        let (from, to) = (asked.from, asked.to);
        format!(",\"before\":{{\"from\":\"{from}\",\"to\":\"{to}\",\"rows\":[{rows}]}}")
    });
    let before = before.unwrap_or_default();
    let (question, product) = (question.name(), product.name());
    let text = format!(
        "{{\"question\":\"{question}\",\"product\":\"{product}\",\"rows\":[{rows}]{before}}}"
    );
    Ok(answer::json(StatusCode::OK, text))
}

fn unknown_question() -> Response {
    let known = HttpQuestion::ALL.map(HttpQuestion::name).join(", ");
    answer::error(
        StatusCode::NOT_FOUND,
        &format!(
            "unknown question: use {known}, as in /api/v1/ask/{}?product=NAME",
            HttpQuestion::ALL[0].name()
        ),
    )
}

//! Questions over HTTP: `GET /api/v1/ask/<question>?product=P&from=DAY&to=DAY`.

mod http_question;
mod parameters;
mod rows;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::answer;
use crate::app::App;
use http_question::HttpQuestion;
use parameters::{BadQuestion, Parameters};

/// The routes of questions.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/ask/{question}", get(ask))
        .route("/api/v1/ask", get(async || unknown_question()))
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
    let for_store = question.for_store(product, &parameters, app.today())?;
    Ok(match app.ask(vec![for_store.question.clone()]).await {
        Err(unavailable) => unavailable.into(),
        Ok(answers) => {
            let rows = answers.iter().map(|answer| rows::json(question, &for_store, answer));
            let rows = rows.collect::<String>();
            let (question, product) = (question.name(), product.name());
            let text = format!(
                "{{\"question\":\"{question}\",\"product\":\"{product}\",\"rows\":[{rows}]}}"
            );
            answer::json(StatusCode::OK, text)
        }
    })
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

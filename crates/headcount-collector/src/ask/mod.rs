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
    Router::new().route("/api/v1/ask/{question}", get(ask)).route("/api/v1/ask", get(which))
}

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

async fn ask(State(app): State<Arc<App>>, Path(name): Path<String>, pairs: Pairs) -> Response {
    let Some(asked) = HttpQuestion::read(&name) else { return no_such_question() };
    let question = pairs
        .map_err(|_| {
            BadQuestion::bad(
                "cannot read the query: send `name=value` pairs after the `?`".to_owned(),
            )
        })
        .and_then(|Query(pairs)| Parameters::read(pairs, asked.takes()))
        .and_then(|parameters| Ok((parameters.product(&app.registry)?, parameters)))
        .and_then(|(product, parameters)| {
            Ok((product.name(), asked.question(product, &parameters, app.today())?))
        });
    let (product, question) = match question {
        Ok(asked) => asked,
        Err(bad_question) => return bad_question.into(),
    };
    match app.ask(vec![question]).await {
        Err(no_answer) => no_answer.into(),
        Ok(answers) => {
            let rows = answers.iter().map(rows::json).collect::<String>();
            let name = asked.name();
            let text =
                format!("{{\"question\":\"{name}\",\"product\":\"{product}\",\"rows\":[{rows}]}}");
            answer::json(StatusCode::OK, text)
        }
    }
}

async fn which() -> Response {
    no_such_question()
}

fn no_such_question() -> Response {
    let known = HttpQuestion::ALL.map(HttpQuestion::name).join(", ");
    answer::error(
        StatusCode::NOT_FOUND,
        &format!(
            "unknown question: use {known}, as in /api/v1/ask/{}?product=NAME",
            HttpQuestion::ALL[0].name()
        ),
    )
}

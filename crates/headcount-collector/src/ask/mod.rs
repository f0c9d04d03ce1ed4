//! Questions over HTTP: `GET /api/v1/ask/<question>?product=P&from=DAY&to=DAY`,
//! and the document that describes them.
//!
//! ```text
//! http_question   question_parameter --> parameters, filters --> for_store --> store
//!        \________________|______________                                  |
//!                         v              v                                 v
//!                      openapi  <---  columns  ------------------------> row_cells
//!                                                                          |
//!                                                      write_json, write_csv
//! ```

mod question_parameter;
mod http_question;
mod columns;
mod table;
mod answer_format;
mod parameters;
mod filters;
mod steps;
mod next;
mod for_store;
mod sentence;
mod sql;
mod sql_steps;
mod sql_next;
mod row_cells;
mod write_json;
mod write_csv;
mod asked;
mod named_subjects;
mod query_pairs;
mod day_notes;
mod openapi;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::access::Row;
use crate::answer;
use crate::app::App;
use crate::registry::Registry;
use answer_format::AnswerFormat;
use asked::QuestionAnswer;
use parameters::BadQuestion;
use query_pairs::{QueryPairs, readable};

pub(crate) use answer_format::prefers_page;

pub(crate) use asked::{AskedQuestion, counted_from};
pub use asked::{ExplainedQuestion, asked_days};
pub use http_question::HttpQuestion;
pub(crate) use next::{FollowedEvents, next_step};
pub use question_parameter::{ParameterForm, QuestionParameter};
pub(crate) use steps::{has_ids, is_monthly, session_names};

/// The content type of CSV with a header row (RFC 7111, RFC 4180).
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// The routes of questions.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::read("/api/v1/ask/{question}", ask),
        Row::read("/api/v1/ask", async || unknown_question()),
        Row::read("/api/v1/notes", day_notes::show),
        Row::read("/api/v1/openapi.json", openapi::show),
    ]
}

async fn ask(
    State(app): State<Arc<App>>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    pairs: QueryPairs,
) -> Response {
    // A name that is not valid UTF-8 is not one of a question.
    let question = name.ok().and_then(|Path(name)| HttpQuestion::from_name(&name));
    let Some(question) = question else { return unknown_question() };
    let mut response = match answer(&app, question, &headers, pairs).await {
        Ok(response) => response,
        Err(bad_question) => bad_question.into(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

async fn answer(
    app: &App,
    question: HttpQuestion,
    headers: &HeaderMap,
    pairs: QueryPairs,
) -> Result<Response, BadQuestion> {
    let registry = app.registry();
    let asked = AskedQuestion::read(question, readable(pairs)?, &registry, app.today())?;
    let mut answered = Vec::new();
    for questions in asked.for_store() {
        match app.ask(questions.to_vec()).await {
            Err(unavailable) => return Ok(unavailable.into()),
            Ok(answers) => answered.push(answers),
        }
    }
    let answer = asked.answer(&answered)?;
    note_asked(app, &registry, &asked);
    Ok(match asked.format().unwrap_or_else(|| AnswerFormat::preferred(headers)) {
        AnswerFormat::Json => answer::json(StatusCode::OK, answer.json()),
        AnswerFormat::Csv => csv(&answer),
    })
}

/// Notes that somebody asked for what a question names.
pub(crate) fn note_asked(app: &App, registry: &Registry, asked: &AskedQuestion) {
    if let Some(product) = registry.product(asked.product()) {
        app.last_asked.note(product, &asked.named(product), app.today());
    }
}

fn csv(answer: &QuestionAnswer<'_>) -> Response {
    let mut response = answer::of(StatusCode::OK, CSV, answer.csv());
    let disposition = format!("attachment; filename=\"{}\"", answer.file_name());
    // The names of products are plain.
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
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

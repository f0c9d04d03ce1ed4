//! `GET /api/v1/openapi.json`: what can be asked and sent here, for programs.
//! Everything about questions is made of the tables that answer them.

mod json_schema;
mod answers;
mod operations;
mod intakes;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::http_question::HttpQuestion;
use crate::access::Gate;
use crate::answer;
use crate::app::App;
use json_schema::object;

pub(super) async fn show(State(app): State<Arc<App>>) -> Response {
    answer::json(StatusCode::OK, document(&app.gate).to_string())
}

/// The whole document.
fn document(gate: &Gate) -> Json {
    let mut paths = Map::new();
    for question in HttpQuestion::ALL {
        let path = format!("/api/v1/ask/{}", question.name());
        paths.insert(path, json!({ "get": operations::question(question) }));
    }
    paths.insert("/api/v1/ask".to_owned(), json!({ "get": operations::no_question() }));
    paths.insert("/api/v1/notes".to_owned(), json!({ "get": operations::day_notes() }));
    paths.insert("/api/v1/openapi.json".to_owned(), json!({ "get": operations::document() }));
    paths.insert("/api/v1/reload".to_owned(), json!({ "post": operations::reload() }));
    paths.insert("/healthz".to_owned(), json!({ "get": operations::health() }));
    paths.insert("/readyz".to_owned(), json!({ "get": operations::readiness() }));
    paths.insert("/metrics".to_owned(), json!({ "get": operations::metrics() }));
    paths.extend(intakes::paths(gate));
    paths.extend(intakes::flag_paths());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Headcount",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": security(gate),
        "paths": paths,
        "components": {
            "securitySchemes": schemes(),
            "schemas": schemas(),
            "responses": operations::responses(),
        },
    })
}

const DESCRIPTION: &str = "Answers about products, and where their events are sent. Days are UTC, \
                           and both days of a range are included.";

fn schemes() -> Json {
    json!({
        "readerToken": scheme("A reader's token, for scripts"),
        "signIn": { "type": "apiKey", "in": "cookie", "name": "__Host-headcount-sign-in" },
        "writeKey": scheme("The write key of a product"),
        "datadogKey": { "type": "apiKey", "in": "header", "name": "DD-API-KEY" },
        "datadogKeyInQuery": { "type": "apiKey", "in": "query", "name": "dd-api-key" },
    })
}

fn scheme(description: &str) -> Json {
    json!({ "type": "http", "scheme": "bearer", "description": description })
}

/// Who may read. In development everybody on the machine may.
fn security(gate: &Gate) -> Json {
    let token = json!({ "readerToken": [] });
    let other = if gate.is_development() { json!({}) } else { json!({ "signIn": [] }) };
    json!([other, token])
}

fn schemas() -> Map<String, Json> {
    let mut schemas = intakes::schemas();
    schemas.insert("Notes".to_owned(), operations::day_notes_answer());
    schemas.insert("Readiness".to_owned(), operations::readiness_answer());
    schemas.insert("Reloaded".to_owned(), operations::reloaded());
    schemas.insert("Error".to_owned(), object(&[("error", json!({ "type": "string" }))]));
    for question in HttpQuestion::ALL {
        schemas.insert(answers::name(question, "Answer"), answers::answer(question));
        schemas.insert(answers::name(question, "Row"), answers::row(question));
    }
    schemas
}

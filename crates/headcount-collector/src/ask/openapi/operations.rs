//! What can be asked: one operation for each question, and what can be read
//! besides.

use serde_json::{Value as Json, json};

use super::super::day_notes;
use super::super::http_question::HttpQuestion;
use super::super::question_parameter::{ParameterForm, QuestionParameter};
use super::answers;
use super::json_schema::{object, reference, with_required};

pub(super) fn question(question: HttpQuestion) -> Json {
    let parameters = question
        .parameters()
        .iter()
        .map(|parameter| described(*parameter, question.requires(*parameter)));
    let mut responses = errors(&["NotFound"]);
    responses["200"] = json!({
        "description": "The answer, in the form that is preferred",
        "content": {
            "application/json": { "schema": reference(&answers::name(question, "Answer")) },
            "text/csv": { "schema": { "type": "string" } },
        },
    });
    json!({
        "operationId": format!("ask{}", answers::name(question, "")),
        "tags": ["ask"],
        "summary": question.meaning(),
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": responses,
    })
}

fn described(parameter: QuestionParameter, is_required: bool) -> Json {
    let schema = match parameter.form() {
        ParameterForm::Text if is_required => {
            json!({ "type": "string", "minLength": 1 })
        }
        ParameterForm::Text => json!({ "type": "string" }),
        ParameterForm::Date => json!({ "type": "string", "format": "date" }),
        ParameterForm::Number { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        ParameterForm::OneOf(words) => json!({ "type": "string", "enum": words }),
        ParameterForm::WordOrDate(words) => json!({ "anyOf": [
            { "type": "string", "enum": words },
            { "type": "string", "format": "date" },
        ] }),
        ParameterForm::NamedValues { most } => {
            let item = json!({ "type": "string", "pattern": "^[^:]+:" });
            json!({ "type": "array", "items": item, "maxItems": most })
        }
        ParameterForm::Steps { least, most } => {
            let item = json!({ "type": "string", "minLength": 1 });
            json!({ "type": "array", "items": item, "minItems": least, "maxItems": most })
        }
    };
    json!({
        "name": parameter.name(),
        "in": "query",
        "required": is_required,
        "description": parameter.meaning(),
        "schema": schema,
    })
}

pub(super) fn day_notes() -> Json {
    let parameters = day_notes::PARAMETERS
        .map(|parameter| described(parameter, parameter == QuestionParameter::Product));
    let mut responses = errors(&["NotFound"]);
    responses["200"] = json!({
        "description": "The notes, by day",
        "content": { "application/json": { "schema": reference("Notes") } },
    });
    json!({
        "operationId": "notes",
        "tags": ["read"],
        "summary": "What readers wrote about days of a product: releases, outages",
        "parameters": parameters,
        "responses": responses,
    })
}

pub(super) fn day_notes_answer() -> Json {
    let text = json!({ "type": "string" });
    let note = [
        ("id", text.clone()),
        ("day", json!({ "type": "string", "format": "date" })),
        ("text", text.clone()),
        ("written", json!({ "type": "string", "format": "date-time" })),
        ("by", json!({ "type": "string", "description": "The reader; absent if not known" })),
    ];
    let note = with_required(&note, &["id", "day", "text", "written"]);
    object(&[("product", text), ("notes", json!({ "type": "array", "items": note }))])
}

pub(super) fn document() -> Json {
    let mut responses = errors(&[]);
    responses["200"] = json!({
        "description": "This document",
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    json!({
        "operationId": "openapi",
        "tags": ["read"],
        "summary": "This document",
        "responses": responses,
    })
}

pub(super) fn health() -> Json {
    let text = |description: &str| {
        let content = json!({ "text/plain": { "schema": { "type": "string" } } });
        json!({ "description": description, "content": content })
    };
    json!({
        "operationId": "health",
        "tags": ["read"],
        "summary": "Whether every part works",
        "security": [],
        "responses": {
            "200": text("`ok`"),
            "503": text("What does not work, in a sentence"),
            "405": response("MethodNotAllowed"),
            "421": response("Misdirected"),
            "429": response("TooManyRequests"),
        },
    })
}

/// The path of questions without the name of one.
pub(super) fn no_question() -> Json {
    json!({
        "operationId": "askNothing",
        "tags": ["ask"],
        "summary": "Says which questions there are",
        "responses": errors(&["NotFound"]),
    })
}

pub(super) fn readiness() -> Json {
    let answer = |description: &str| {
        let content = json!({ "application/json": { "schema": reference("Readiness") } });
        json!({ "description": description, "content": content })
    };
    json!({
        "operationId": "readiness",
        "tags": ["read"],
        "summary": "Whether events should be sent here, with every part",
        "security": [],
        "responses": {
            "200": answer("Every part is ready"),
            "503": answer("A part is not ready"),
            "405": response("MethodNotAllowed"),
            "421": response("Misdirected"),
            "429": response("TooManyRequests"),
        },
    })
}

pub(super) fn readiness_answer() -> Json {
    let (text, flag) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let part = [("part", text.clone()), ("ok", flag.clone()), ("problem", text)];
    let part = with_required(&part, &["part", "ok"]);
    object(&[("ready", flag), ("parts", json!({ "type": "array", "items": part }))])
}

pub(super) fn metrics() -> Json {
    let mut responses = errors(&[]);
    responses["200"] = json!({
        "description": "Prometheus' text format",
        "content": { "text/plain": { "schema": { "type": "string" } } },
    });
    json!({
        "operationId": "metrics",
        "tags": ["read"],
        "summary": "Counters for Prometheus",
        "responses": responses,
    })
}

pub(super) fn reload() -> Json {
    let mut responses = errors(&[]);
    responses["200"] = json!({
        "description": "What is new, and what cannot be used",
        "content": { "application/json": { "schema": reference("Reloaded") } },
    });
    json!({
        "operationId": "reload",
        "tags": ["operate"],
        "summary": "Reads catalogs and credentials again; needs the role `operate`",
        "responses": responses,
    })
}

pub(super) fn reloaded() -> Json {
    let sentences = json!({ "type": "array", "items": { "type": "string" } });
    object(&[("added", sentences.clone()), ("mistakes", sentences)])
}

fn response(name: &str) -> Json {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

/// The statuses of these errors, and of those that every request can get.
fn errors(names: &[&str]) -> Json {
    let mut responses = json!({});
    let common = [
        "BadRequest",
        "Unauthorized",
        "Forbidden",
        "MethodNotAllowed",
        "Misdirected",
        "TooManyRequests",
        "Unavailable",
    ];
    for name in names.iter().chain(&common) {
        let status =
            ERRORS.iter().find(|error| error.0 == *name).map_or("default", |error| error.1);
        responses[status] = response(name);
    }
    responses
}

/// The name of an error, its status, when it is answered, and a header that
/// comes with it.
const ERRORS: [(&str, &str, &str, Option<&str>); 8] = [
    (
        "BadRequest",
        "400",
        "A parameter is missing, unknown or wrong, or a token in the address",
        None,
    ),
    ("Unauthorized", "401", "Without a token or a sign-in", Some("WWW-Authenticate")),
    ("Forbidden", "403", "The reader's role is too small, or a page of another origin asks", None),
    ("NotFound", "404", "There is no such question or product", None),
    ("MethodNotAllowed", "405", "Another method than this path has", Some("Allow")),
    ("Misdirected", "421", "The request is for another host", None),
    ("TooManyRequests", "429", "Too often: ask again", Some("Retry-After")),
    ("Unavailable", "503", "For now: ask again", Some("Retry-After")),
];

pub(super) fn responses() -> Json {
    let mut responses = json!({});
    for (name, _, description, header) in ERRORS {
        let mut response = json!({
            "description": description,
            "content": { "application/json": { "schema": reference("Error") } },
        });
        if let Some(header) = header {
            response["headers"] =
                json!({ header: { "required": true, "schema": { "type": "string" } } });
        }
        responses[name] = response;
    }
    responses
}

/// The answer of an error in the form of a dialect.
pub(super) fn dialect_error(description: &str, schema: &str, header: Option<&str>) -> Json {
    let mut response = json!({
        "description": description,
        "content": { "application/json": { "schema": reference(schema) } },
    });
    if let Some(header) = header {
        response["headers"] =
            json!({ header: { "required": true, "schema": { "type": "string" } } });
    }
    response
}

/// `{"error":"…","error_description":"…"}` and the like.
pub(super) fn texts(names: &[&str]) -> Json {
    let text = json!({ "type": "string" });
    object(&names.iter().map(|name| (*name, text.clone())).collect::<Vec<_>>())
}

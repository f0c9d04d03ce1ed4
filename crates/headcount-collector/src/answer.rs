//! Answers that are no page: JSON and plain text.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use crate::app::NoAnswer;
use crate::limits;

/// A body of one type.
pub(crate) fn of(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// JSON.
pub(crate) fn json(status: StatusCode, text: String) -> Response {
    of(status, "application/json", text)
}

/// `{"error":"…"}`.
pub(crate) fn error(status: StatusCode, sentence: &str) -> Response {
    json(status, json!({ "error": sentence }).to_string())
}

impl From<NoAnswer> for Response {
    fn from(_: NoAnswer) -> Self {
        let mut response = error(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot answer now: ask again later; the collector's operator was told why",
        );
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_SECONDS));
        response
    }
}

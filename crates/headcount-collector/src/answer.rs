//! Answers that are not pages: JSON and plain text.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use crate::app::StoreUnavailable;
use crate::limits;

/// Why a request was refused, for the operator's log: an extension of its
/// answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WhyRefused {
    /// One of a closed list.
    pub(crate) reason: &'static str,
    /// The product that was sent to, if it is known.
    pub(crate) product: Option<&'static str>,
}

impl WhyRefused {
    /// What a status says by itself.
    pub(crate) fn by(status: StatusCode) -> Self {
        let reason = match status {
            StatusCode::BAD_REQUEST => "bad-request",
            StatusCode::UNAUTHORIZED => "not-signed-in",
            StatusCode::FORBIDDEN => "forbidden",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
            StatusCode::MISDIRECTED_REQUEST => "other-host",
            StatusCode::TOO_MANY_REQUESTS => "too-many",
            StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            _ => "other",
        };
        Self { reason, product: None }
    }
}

/// What an error says, for the page that a browser gets in its place: an
/// extension of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorSentence {
    pub(crate) sentence: String,
    /// Where somebody came from: a path and a query.
    pub(crate) back: Option<String>,
}

/// A body of this content type.
pub(crate) fn of(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A body that is JSON.
pub(crate) fn json(status: StatusCode, text: impl Into<Body>) -> Response {
    of(status, "application/json", text)
}

/// The body `{"error":"…"}`.
pub(crate) fn error(status: StatusCode, message: &str) -> Response {
    let mut response = json(status, json!({ "error": message }).to_string());
    let told = ErrorSentence { sentence: message.to_owned(), back: None };
    response.extensions_mut().insert(told);
    response
}

/// An error's message for people: with a capital letter and a full stop.
pub(crate) fn whole_sentence(message: &str) -> String {
    let (first, rest) = message.split_at(message.chars().next().map_or(0, char::len_utf8));
    format!("{}{}.", first.to_uppercase(), rest.trim_end_matches('.'))
}

/// A request's task has ended by a panic, which was printed.
pub(crate) fn internal_error() -> Response {
    unavailable(&internal_sentence())
}

/// What is told of a fault of the collector's own.
pub(crate) fn internal_sentence() -> String {
    format!("internal error: send the same request again {}", after_retry_time())
}

fn unavailable(message: &str) -> Response {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_SECONDS));
    response
}

/// [`limits::RETRY_SECONDS`] in words, such as "after 1 second".
pub(crate) fn after_retry_time() -> String {
    let plural = if limits::RETRY_SECONDS == 1 { "" } else { "s" };
    format!("after {} second{plural}", limits::RETRY_SECONDS)
}

/// No route has this path.
pub(crate) fn not_found() -> Response {
    error(
        StatusCode::NOT_FOUND,
        "unknown path: send events to /api/v1/events, /v1/logs, /batch/, /api/v2/logs or a path that \
         a catalog names, have a device's events erased at /api/v1/forget, ask questions at \
         /api/v1/ask/…, and open the page at /",
    )
}

/// A route has this path, but not for this method.
pub(crate) async fn method_not_allowed() -> Response {
    error(
        StatusCode::METHOD_NOT_ALLOWED,
        "unsupported method: send events with POST, and read everything else with GET",
    )
}

impl From<StoreUnavailable> for Response {
    fn from(_: StoreUnavailable) -> Self {
        unavailable(&format!(
            "the store cannot answer right now: ask again {}; the operator's log says why",
            after_retry_time()
        ))
    }
}

//! Cross-origin requests (CORS) of PostHog's and Datadog's clients, which run
//! in web pages.
//!
//! Their keys are public, and can only write. No other route allows other
//! origins.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::limits;

/// Lets pages of every origin read a response.
pub(super) fn allow_any_origin(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

/// Answers a browser that asks whether a page may send.
pub(super) async fn preflight(request: HeaderMap) -> Response {
    let mut response = allow_any_origin(Response::new(Body::empty()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from(limits::PREFLIGHT_TIME.as_secs()),
    );
    if let Some(headers_to_send) = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, headers_to_send.clone());
    }
    response
}

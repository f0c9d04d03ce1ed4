//! Clients that run in a page: PostHog's and Datadog's do, and a browser lets a page hear an answer,
//! or send certain headers, only where the other side says so.
//!
//! Their keys are public, and what a page can do with one is what everybody can: write. Nothing else
//! here may be heard by a page, and no other dialect is spoken by one.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::limits;

/// Any page may hear it.
pub(super) fn heard(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

/// The answer to a page that asks whether it may send.
pub(super) async fn preflight(asked: HeaderMap) -> Response {
    let mut response = heard(Response::new(Body::empty()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from(limits::PREFLIGHT_TIME.as_secs()),
    );
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}

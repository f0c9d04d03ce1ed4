//! Errors for people: a browser that asks for a page gets one, with the
//! sentence that a program gets as JSON.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use maud::{Markup, html};

use super::{layout, text};
use crate::answer::{self, ErrorSentence, whole_sentence};
use crate::ask::prefers_page;

/// Answers as the routes do. An error is a page for whoever asks for pages, and
/// JSON for programs, also where it is the framework's own.
pub(crate) async fn for_people(request: Request, next: Next) -> Response {
    let wants_page = prefers_page(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() || is(&response, "text/html") {
        return response;
    }
    let told = response.extensions().get::<ErrorSentence>().cloned();
    match (wants_page, told) {
        (true, told) => as_page(response, told),
        // What the framework says of a path that is not UTF-8.
        (false, None) if status == StatusCode::BAD_REQUEST && is(&response, "text/plain") => {
            answer::error(status, UNREADABLE)
        }
        (false, _) => response,
    }
}

const UNREADABLE: &str = "cannot read the address: it is not valid UTF-8";

fn is(response: &Response, content_type: &str) -> bool {
    let own = response.headers().get(header::CONTENT_TYPE);
    own.is_some_and(|own| own.as_bytes().starts_with(content_type.as_bytes()))
}

/// The same answer with a page in it. It names no product: some of these are
/// for everybody.
fn as_page(response: Response, told: Option<ErrorSentence>) -> Response {
    let (mut parts, _) = response.into_parts();
    let page = drawn(parts.status, told);
    parts.headers.remove(header::CONTENT_LENGTH);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    parts.headers.insert(header::CONTENT_TYPE, html);
    Response::from_parts(parts, Body::from(page.into_string()))
}

fn drawn(status: StatusCode, told: Option<ErrorSentence>) -> Markup {
    let title = match status {
        StatusCode::NOT_FOUND => "No such page",
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "Not allowed",
        _ if status.is_server_error() => "Not now",
        _ => "This cannot be done",
    };
    let (sentence, back) = match told {
        // A program is told where to send events.
        Some(ErrorSentence { back: None, .. }) | None if status == StatusCode::NOT_FOUND => {
            ("This collector has no page at this address.".to_owned(), None)
        }
        Some(ErrorSentence { sentence, back }) => (whole_sentence(&sentence), back),
        None => (whole_sentence(UNREADABLE), None),
    };
    let content = html! {
        header.headline { h1 { (title) } }
        p { (text::quoted(&sentence)) }
        @if let Some(back) = back { p { a href=(back) { "Back to the page" } } }
        p { a href="/" { "All products" } }
    };
    layout::without_products(title, &content)
}

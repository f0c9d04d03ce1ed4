//! Makes an answer one that caches may keep: it is the same for everybody.

use axum::body::{self, Body};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use crate::limits;

/// Says how long a whole answer may be kept and how it is known again, and
/// answers without a body if the asker has it. It depends on no header but
/// `If-None-Match`, so nothing varies.
pub(super) async fn for_everybody(response: Response, asked: &HeaderMap) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, content) = response.into_parts();
    // The body is in memory already.
    let Ok(content) = body::to_bytes(content, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let hash = Sha256::digest(&content);
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hex}\"");
    let age = format!("public, max-age={}", limits::PUBLIC_AGE_SECONDS);
    for (name, value) in [(header::ETAG, &tag), (header::CACHE_CONTROL, &age)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            parts.headers.insert(name, value);
        }
    }
    if has(asked, &tag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(content))
}

/// Whether the asker has a body of this tag. A cache may have weakened it.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let values = asked.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    tags.any(|own| {
        let own = own.trim();
        own == "*" || own.strip_prefix("W/").unwrap_or(own) == tag
    })
}

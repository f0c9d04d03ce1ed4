//! One path for all its spellings: without doubled slashes, and without one at
//! the end.

use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// Returns the address under its own path if it is another spelling of it.
pub(super) fn canonical(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.contains("//") && (path == "/" || !path.ends_with('/')) {
        return None;
    }
    let mut canonical = String::with_capacity(uri.to_string().len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        canonical.push('/');
        canonical.push_str(part);
    }
    if canonical.is_empty() {
        canonical.push('/');
    }
    if let Some(query) = uri.query() {
        canonical.push('?');
        canonical.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(canonical).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path() {
        for (sent, path) in [
            ("//v1/logs", "/v1/logs"),
            ("/v1//logs/", "/v1/logs"),
            ("///", "/"),
            ("/product/atomic/?days=7&a=//", "/product/atomic?days=7&a=//"),
            ("http://localhost//v1/logs/?", "http://localhost/v1/logs?"),
        ] {
            let uri: Uri = sent.parse().unwrap();
            assert_eq!(canonical(&uri).expect(sent).to_string(), path, "{sent}");
        }
        for same in ["/", "/v1/logs", "/v1/logs?a=/b//", "http://localhost/", "*"] {
            assert_eq!(canonical(&same.parse().unwrap()), None, "{same}");
        }
    }
}

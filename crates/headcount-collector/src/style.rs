//! How pages look: the style sheets, inside each page, and what allows them.
//!
//! A sheet of its own would be one more request before anything is painted, and
//! it cannot be cached, because every answer of a collector says `no-store`.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64ct::{Base64, Encoding};
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// What every page has.
const PAGE: &str = include_str!("style/page.css");

/// What a public page has besides.
const PUBLIC: &str = include_str!("style/public.css");

/// The style of the pages for readers, as an element of the head.
pub(crate) fn of_a_page() -> Markup {
    element(PAGE)
}

/// The style of a public page.
pub(crate) fn of_a_public_page() -> Markup {
    html! { (element(PAGE)) (element(PUBLIC)) }
}

/// The value of `Content-Security-Policy` in every answer: a page may use these
/// two sheets, which it names by their digests (CSP Level 3, "hash-source"),
/// and what the collector itself serves.
pub(crate) fn content_policy() -> HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let text = format!(
            "default-src 'none'; style-src {} {}; img-src 'self'; script-src 'self'; \
             connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            source(PAGE),
            source(PUBLIC),
        );
        HeaderValue::try_from(text).expect("digests in Base64 are visible ASCII")
    });
    POLICY.clone()
}

/// A sheet as it is: inside a `style` element nothing is escaped (HTML, "raw
/// text elements").
fn element(sheet: &'static str) -> Markup {
    html! { style { (PreEscaped(sheet)) } }
}

fn source(sheet: &str) -> String {
    format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(sheet)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sheet_ends_its_own_element_or_loads_anything() {
        for sheet in [PAGE, PUBLIC] {
            for absent in ["</", "<!--", "url(", "@import", "\r", "\0"] {
                assert!(!sheet.contains(absent), "{absent:?}");
            }
        }
        assert!(PAGE.contains("prefers-color-scheme: dark"));
    }

    /// The digest of `p{}` by `printf 'p{}' | openssl sha256 -binary | base64`.
    #[test]
    fn a_digest_is_that_of_the_text_between_the_tags() {
        assert_eq!(source("p{}"), "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='");
        assert_eq!(element("p{}").into_string(), "<style>p{}</style>");
    }
}

//! How somebody who is not let in is answered.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use super::gate::Stranger;
use super::row::Face;
use crate::answer;
use crate::credentials::Role;

/// Why a request does not pass the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    Stranger(Stranger),
    /// The reader's role is too small.
    NeedsRole(Role),
    /// A page of another origin sent it with this reader's cookie.
    FromOtherSite,
    /// There is a token in the address.
    TokenInAddress,
}

/// Answers it. A person without a sign-in is sent to where one signs in.
pub(super) fn respond(denial: Denial, face: Face, uri: &Uri) -> Response {
    match (denial, face) {
        (Denial::Stranger(Stranger::Silent | Stranger::SignedOut), Face::Person) => to_sign_in(uri),
        _ => {
            let (status, message) = said(denial);
            let mut response = answer::error(status, &message);
            if status == StatusCode::UNAUTHORIZED {
                let bearer = HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
            }
            response
        }
    }
}

fn to_sign_in(uri: &Uri) -> Response {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let place = match asked {
        "/" => "/sign-in".to_owned(),
        asked => format!("/sign-in?to={}", escaped(asked)),
    };
    redirect(&place)
}

/// Sends a browser to a path of this collector.
pub(super) fn redirect(path: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, place);
    response
}

/// A text as the value of a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

fn said(denial: Denial) -> (StatusCode, String) {
    match denial {
        Denial::Stranger(stranger) => (
            StatusCode::UNAUTHORIZED,
            match stranger {
                Stranger::Silent => {
                    "missing token: send `Authorization: Bearer TOKEN`; `headcount readers token NAME` \
                     makes one"
                }
                Stranger::OtherScheme => {
                    "unsupported `Authorization` header: send one, `Authorization: Bearer TOKEN`"
                }
                Stranger::UnknownToken => {
                    "unknown token: it was revoked, or its reader removed; `headcount readers token \
                     NAME` makes a new one"
                }
                Stranger::WriteKey => {
                    "this is a write key, and can only write: send a reader's token, which `headcount \
                     readers token NAME` makes"
                }
                Stranger::SignedOut => "the sign-in is over: sign in again at /sign-in",
            }
            .to_owned(),
        ),
        Denial::NeedsRole(role) => (
            StatusCode::FORBIDDEN,
            format!(
                "this needs a reader with the role `{}`: `headcount readers list` shows who has it",
                role.name()
            ),
        ),
        Denial::FromOtherSite => (
            StatusCode::FORBIDDEN,
            "a web page of another origin sent this: open this collector's own page".to_owned(),
        ),
        Denial::TokenInAddress => (
            StatusCode::BAD_REQUEST,
            "there is a token in the address, where logs and browsers keep it: revoke it with \
             `headcount readers revoke ID`, and send a new one as `Authorization: Bearer TOKEN`"
                .to_owned(),
        ),
    }
}

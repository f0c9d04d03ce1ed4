//! Signing in and out, for people with a browser.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Extension, Form, Query, Request, State};
use axum::handler::Handler as _;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::MethodFilter;
use tokio::time::Instant;

use super::check::caller_if_known;
use super::denial::redirect;
use super::gate::{Gate, GuardedAccess};
use super::row::Row;
use super::{cookie, reload};
use crate::app::App;
use crate::connection_facts::ConnectionFacts;
use crate::credentials::{ReaderName, SecretHash, SecretKind, SecretText};
use crate::operator_log::LogPart;
use crate::page::{self, SignInNote};
use crate::rates::TooOften;
use crate::{answer, guard, limits};

/// The routes of signing in and out, and of operating.
pub(crate) fn rows() -> Vec<Row> {
    let form = sign_in.layer(DefaultBodyLimit::max(limits::SIGN_IN_BYTES));
    vec![
        Row::open(MethodFilter::GET, "/sign-in", show),
        Row::open(MethodFilter::POST, "/sign-in", form),
        Row::open(MethodFilter::POST, "/sign-out", sign_out),
        Row::operate("/api/v1/reload", reload::handle),
    ]
}

type Pairs = Vec<(String, String)>;

async fn show(State(app): State<Arc<App>>, query: Query<Pairs>, request: Request) -> Response {
    let to = own_path(&field(&query.0, "to"));
    match caller_if_known(&app, &request) {
        // There is nothing to sign in to, or no need.
        Ok(_) => redirect(&to),
        Err(_) => page::sign_in(StatusCode::OK, &to, None),
    }
}

async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(facts): Extension<ConnectionFacts>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Response {
    let Gate::Guarded(guarded) = &*app.gate else { return redirect("/") };
    // Nobody is signed in as somebody else by a page of another origin.
    if guard::is_cross_site(&headers, app.door.scheme()) {
        return page::sign_in(StatusCode::FORBIDDEN, "/", Some(SignInNote::FromOtherSite));
    }
    let Ok(Form(pairs)) = form else {
        return page::sign_in(StatusCode::BAD_REQUEST, "/", Some(SignInNote::NotAForm));
    };
    let to = own_path(&field(&pairs, "to"));
    if let Err(TooOften { wait }) = app.door.rates.sign_in_of(facts.clients(), Instant::now()) {
        let seconds = wait.as_secs() + 1;
        let note = Some(SignInNote::TooOften { seconds });
        let mut response = page::sign_in(StatusCode::TOO_MANY_REQUESTS, &to, note);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    let (name, password) = (field(&pairs, "name"), field(&pairs, "password"));
    let name = name.trim().to_owned();
    match admitted(&app, name, password).await {
        Ok(Some((name, hash))) => {
            app.door.rates.signed_in(facts.clients());
            welcome(&app, guarded, &headers, (name, hash), (facts, &to))
        }
        Ok(None) => page::sign_in(StatusCode::UNAUTHORIZED, &to, Some(SignInNote::Wrong)),
        Err(()) => answer::internal_error(),
    }
}

/// Checks the password of whoever says to have this name, on a thread of its
/// own. Returns the reader, with the hash of the password as it is stored.
async fn admitted(
    app: &Arc<App>,
    name: String,
    password: String,
) -> Result<Option<(ReaderName, SecretHash)>, ()> {
    let app = Arc::clone(app);
    let Gate::Guarded(guarded) = &*app.gate else { return Ok(None) };
    // The semaphore is never closed.
    let _permit = guarded.checks.acquire().await;
    let checked = Arc::clone(&app);
    let fits = tokio::task::spawn_blocking(move || {
        let Gate::Guarded(guarded) = &*checked.gate else { return None };
        let credentials = guarded.credentials.now();
        let reader = credentials.reader(&name);
        let stored = reader.map(|reader| reader.password.as_str());
        let fits = guarded.passwords.fits(&password, stored);
        reader
            .filter(|_| fits)
            .map(|reader| (reader.name.clone(), SecretHash::of(&reader.password)))
    });
    fits.await.map_err(drop)
}

/// Signs somebody in, and out of what the browser held before.
fn welcome(
    app: &App,
    guarded: &GuardedAccess,
    headers: &HeaderMap,
    (name, password): (ReaderName, SecretHash),
    (facts, to): (ConnectionFacts, &str),
) -> Response {
    let Ok(secret) = SecretText::new(SecretKind::SignIn) else {
        app.log.error(LogPart::Credentials, "cannot get random bytes for a sign-in");
        return answer::internal_error();
    };
    if let Some(before) = cookie::sign_in(headers, facts.is_encrypted) {
        guarded.sign_ins.remove(SecretHash::of(before));
    }
    guarded.sign_ins.add(secret.hash(), name, password, app.now().seconds());
    with_cookie(redirect(to), cookie::set(&secret, facts.is_encrypted))
}

async fn sign_out(
    State(app): State<Arc<App>>,
    Extension(facts): Extension<ConnectionFacts>,
    headers: HeaderMap,
) -> Response {
    let Gate::Guarded(guarded) = &*app.gate else { return redirect("/") };
    if guard::is_cross_site(&headers, app.door.scheme()) {
        return page::sign_in(StatusCode::FORBIDDEN, "/", Some(SignInNote::FromOtherSite));
    }
    if let Some(held) = cookie::sign_in(&headers, facts.is_encrypted) {
        guarded.sign_ins.remove(SecretHash::of(held));
    }
    with_cookie(redirect("/sign-in"), cookie::clear(facts.is_encrypted))
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn field(pairs: &Pairs, name: &str) -> String {
    let found = pairs.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A path of this collector, so that nobody is sent elsewhere after signing in;
/// `/` for everything else. Browsers take `//`, `/\` and control characters
/// between them for the beginning of another host.
fn own_path(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_short = text.len() <= limits::SIGN_IN_BYTES / 4;
    let is_own = text.starts_with('/') && !text.starts_with("//") && is_plain && is_short;
    let is_loop = ["/sign-in", "/sign-out"].iter().any(|path| text.starts_with(path));
    if is_own && !is_loop { text.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for own in ["/", "/product/atomic?days=7", "/product/atomic?x=//y"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/ü",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/sign-in?to=/",
            "/sign-out",
            " /",
        ] {
            assert_eq!(own_path(other), "/", "{other:?}");
        }
    }
}

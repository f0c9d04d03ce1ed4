//! What every request to a route with a role passes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::caller::Caller;
use super::denial::{self, Denial};
use super::gate::{Gate, Stranger};
use super::row::Face;
use crate::app::App;
use crate::connection_facts::ConnectionFacts;
use crate::credentials::{Role, SecretKind};
use crate::guard;

/// What a route asks for.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) app: Arc<App>,
    pub(super) role: Role,
    pub(super) face: Face,
}

/// Lets a request through, with its [`Caller`], or answers it.
pub(super) async fn check(
    State(checked): State<Checked>,
    mut request: Request,
    next: Next,
) -> Response {
    match judge(&checked, &request) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(denial) => denial::respond(denial, checked.face, request.uri()),
    }
}

fn judge(checked: &Checked, request: &Request) -> Result<Caller, Denial> {
    let Checked { app, role, .. } = checked;
    let Gate::Guarded(guarded) = &*app.gate else { return Ok(Caller::in_development()) };
    // Whoever it belongs to, and whatever else the request has.
    let asked = request.uri().path_and_query().map_or("", |asked| asked.as_str());
    if SecretKind::Token.is_in(asked) || SecretKind::SignIn.is_in(asked) {
        return Err(Denial::TokenInAddress);
    }
    let caller = guarded.caller(request.headers(), is_encrypted(request), app.now().seconds());
    let caller = caller.map_err(Denial::Stranger)?;
    if caller.role < *role {
        return Err(Denial::NeedsRole(*role));
    }
    let is_safe = [Method::GET, Method::HEAD].contains(request.method());
    if !is_safe && caller.is_ambient() && guard::is_cross_site(request.headers(), app.door.scheme())
    {
        return Err(Denial::FromOtherSite);
    }
    Ok(caller)
}

fn is_encrypted(request: &Request) -> bool {
    let facts = request.extensions().get::<ConnectionFacts>();
    facts.is_some_and(|facts| facts.is_encrypted)
}

/// Who asks at a route that is open to everybody.
pub(super) fn caller_if_known(app: &App, request: &Request) -> Result<Caller, Stranger> {
    match &*app.gate {
        Gate::Development => Ok(Caller::in_development()),
        Gate::Guarded(guarded) => {
            guarded.caller(request.headers(), is_encrypted(request), app.now().seconds())
        }
    }
}

//! The router, made of the rows and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use super::check::{Checked, check};
use super::row::{Face, Needs, Row};
use crate::app::App;
use crate::page;

/// The router of these rows, each behind the gate.
pub(crate) fn router(app: &Arc<App>, rows: Vec<Row>) -> Router<Arc<App>> {
    rows.into_iter().fold(Router::new(), |router, row| {
        let Row { path, needs, face, handler, .. } = row;
        let handler = match needs {
            Needs::Nothing | Needs::WriteKey => handler,
            Needs::Role(role) => {
                let checked = Checked { app: Arc::clone(app), role, face };
                handler.route_layer(from_fn_with_state(checked, check))
            }
        };
        let handler = match face {
            Face::Program => handler,
            Face::Person => handler.layer(from_fn(page::for_people)),
        };
        router.route(path, handler)
    })
}

//! The page: what a product's numbers look like to the team that asked for them.
//!
//! Plain HTML made here, with charts drawn as SVG: no build step, no script, nothing from anywhere
//! else. A chart's numbers are in a table beneath it.

mod bars;
mod breakdown;
mod chart;
mod day_range;
mod facts;
mod figures;
mod layout;
mod panel;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::Markup;

use crate::answer;
use crate::app::App;
use day_range::DayRange;
use figures::Figures;

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// The routes of the page and of what it loads.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(first))
        .route("/product/{name}", get(named))
        .route(
            "/style.css",
            get(async || answer::of(StatusCode::OK, "text/css; charset=utf-8", STYLE)),
        )
        .route("/favicon.svg", get(async || answer::of(StatusCode::OK, "image/svg+xml", ICON)))
}

/// What stands after the `?`. A page makes do without what it cannot read.
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

fn parameter(pairs: &Pairs, name: &str) -> Option<String> {
    let pair = pairs.as_ref().ok()?.0.iter().find(|(own, _)| own == name);
    pair.map(|(_, value)| value.clone())
}

/// `/`, perhaps with `?product=`: the first product where none is named.
async fn first(State(app): State<Arc<App>>, pairs: Pairs) -> Response {
    let name = parameter(&pairs, "product");
    let name = name.or_else(|| app.registry.names().next().map(str::to_owned));
    show(&app, &name.unwrap_or_default(), &pairs).await
}

async fn named(State(app): State<Arc<App>>, Path(name): Path<String>, pairs: Pairs) -> Response {
    show(&app, &name, &pairs).await
}

async fn show(app: &App, name: &str, pairs: &Pairs) -> Response {
    let Some(product) = app.registry.product(name) else {
        return html(StatusCode::NOT_FOUND, layout::no_such_product(&app.registry));
    };
    let range = DayRange::read(parameter(pairs, "days").as_deref(), app.today());
    match Figures::ask(app, product, range).await {
        Ok(figures) => {
            html(StatusCode::OK, layout::product(&app.registry, product, &figures, app.address))
        }
        Err(_) => html(StatusCode::SERVICE_UNAVAILABLE, layout::no_answer(&app.registry, product)),
    }
}

fn html(status: StatusCode, page: Markup) -> Response {
    answer::of(status, "text/html; charset=utf-8", page.into_string())
}

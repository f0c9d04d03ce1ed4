//! The page: a product's numbers, for the team that asks for them.
//!
//! It is plain HTML with charts in SVG: no build step, no script, nothing from
//! another host. The numbers of a chart are in a table below it.

mod bars;
mod breakdown;
mod chart;
mod day_range;
mod devices;
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

/// The routes of the page, its style and its icon.
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

/// The query. A page ignores what it cannot read.
type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

fn parameter(pairs: &QueryPairs, name: &str) -> Option<String> {
    let pair = pairs.as_ref().ok()?.0.iter().find(|(own, _)| own == name);
    pair.map(|(_, value)| value.clone())
}

/// `/`, with or without `?product=`: by default the first product.
async fn first(State(app): State<Arc<App>>, pairs: QueryPairs) -> Response {
    let name = parameter(&pairs, "product");
    let name = name.or_else(|| app.registry().names().next().map(str::to_owned));
    show(&app, &name.unwrap_or_default(), &pairs).await
}

async fn named(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    show(&app, &name, &pairs).await
}

async fn show(app: &App, name: &str, pairs: &QueryPairs) -> Response {
    let registry = app.registry();
    let Some(product) = registry.product(name) else {
        return html(StatusCode::NOT_FOUND, layout::no_such_product(&registry));
    };
    let range = DayRange::read(parameter(pairs, "days").as_deref(), app.today());
    match Figures::ask(app, product, range).await {
        Ok(figures) => {
            html(StatusCode::OK, layout::product(&registry, product, &figures, &app.url))
        }
        Err(_) => {
            html(StatusCode::SERVICE_UNAVAILABLE, layout::store_unavailable(&registry, product))
        }
    }
}

fn html(status: StatusCode, page: Markup) -> Response {
    answer::of(status, "text/html; charset=utf-8", page.into_string())
}

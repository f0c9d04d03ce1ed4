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
mod sign_in;
mod text;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::MethodFilter;
use maud::Markup;

use crate::access::{Caller, Row};
use crate::answer;
use crate::app::App;
use day_range::DayRange;
use figures::Figures;

pub(crate) use sign_in::{SignInNote, sign_in};

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// The routes of the page, its style and its icon, which the page to sign in
/// has, too.
pub(crate) fn rows() -> Vec<Row> {
    let style = async || answer::of(StatusCode::OK, "text/css; charset=utf-8", STYLE);
    let icon = async || answer::of(StatusCode::OK, "image/svg+xml", ICON);
    vec![
        Row::page("/", first),
        Row::page("/product/{name}", named),
        Row::open(MethodFilter::GET, "/style.css", style),
        Row::open(MethodFilter::GET, "/favicon.svg", icon),
    ]
}

/// The query. A page ignores what it cannot read.
type QueryPairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

fn parameter(pairs: &QueryPairs, name: &str) -> Option<String> {
    let pair = pairs.as_ref().ok()?.0.iter().find(|(own, _)| own == name);
    pair.map(|(_, value)| value.clone())
}

/// `/`, with or without `?product=`: by default the first product.
async fn first(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    pairs: QueryPairs,
) -> Response {
    let name = parameter(&pairs, "product");
    let name = name.or_else(|| app.registry().names().next().map(str::to_owned));
    show(&app, &caller, &name.unwrap_or_default(), &pairs).await
}

async fn named(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    show(&app, &caller, &name, &pairs).await
}

async fn show(app: &App, caller: &Caller, name: &str, pairs: &QueryPairs) -> Response {
    let registry = app.registry();
    let shell = layout::Shell { registry: &registry, caller };
    let Some(product) = registry.product(name) else {
        return html(StatusCode::NOT_FOUND, shell.no_such_product());
    };
    let range = DayRange::read(parameter(pairs, "days").as_deref(), app.today());
    match Figures::ask(app, product, range).await {
        Ok(figures) => html(StatusCode::OK, shell.product(product, &figures, &app.url)),
        Err(_) => html(StatusCode::SERVICE_UNAVAILABLE, shell.store_unavailable(product)),
    }
}

fn html(status: StatusCode, page: Markup) -> Response {
    answer::of(status, "text/html; charset=utf-8", page.into_string())
}

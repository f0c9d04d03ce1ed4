//! The pages: the numbers of all products and of each, for the team that asks
//! for them.
//!
//! They are plain HTML with charts in SVG: no build step, and nothing from
//! another host. A script shows numbers under the pointer and keeps the page
//! fresh; without it the same numbers are in tables.
//!
//! | to change | open |
//! | --- | --- |
//! | all products at a glance | `overview.rs` |
//! | which panels a product has, and their order | `product.rs` |
//! | a panel | its file; a new one is a file with its question, and a line in `product.rs` |
//! | the versions of a catalog | `catalog/` |
//! | what is in the address | `address.rs`, `day_range.rs`, `comparison.rs`; `choices.rs` for what is clicked |
//! | how much may be in it, and what a product must have | `too_much.rs`, `refused.rs` |
//! | how charts look | `chart.rs` for bars, `lines.rs` for lines and bands, `marks.rs` for releases and notes, `../style/` |
//! | which days are nearly empty | `quiet_days.rs` |

mod address;
mod too_much;
mod refused;
mod day_range;
mod comparison;
mod call;
mod view;
mod panel;

mod product;
mod by_hand;
mod overview;
mod tiles;
mod active;
mod retention;
mod steps;
mod next;
mod release;
mod rates;
mod failures;
mod durations;
mod versions;
mod events;
mod values;
mod rejections;
mod arrivals;
mod remarks;
mod facts;
mod catalog;

mod bars;
mod quiet_days;
mod marks;
mod behind;
mod chart;
mod lines;
mod scale;
mod spark;
mod choices;
mod query;
mod question;
mod frame;
mod id_changes;
mod layout;
mod in_parts;
mod sign_in;
mod error_page;
mod text;

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::MethodFilter;

use crate::access::{Caller, Row};
use crate::answer;
use crate::app::App;
use crate::ask::{AskedQuestion, HttpQuestion, QuestionParameter, note_asked};
use crate::registry::Registry;
use address::PageAddress;
use layout::{Shell, page_answer};
use query::{QueryPairs, readable};

pub(crate) use arrivals::{losses, sum as lost_events};
pub(crate) use error_page::for_people;
pub(crate) use rejections::{Rejections, counted_properties};
pub(crate) use sign_in::{SignInNote, sign_in};
pub(crate) use text::{named as named_period, number as grouped, percent, percentage};

const SCRIPT: &str = include_str!("page.js");
const ICON: &str = include_str!("icon.svg");

/// The routes of the pages, and their script and icon, which the page to sign
/// in has, too.
pub(crate) fn rows() -> Vec<Row> {
    let script = async || answer::of(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT);
    let icon = async || answer::of(StatusCode::OK, "image/svg+xml", ICON);
    vec![
        Row::page("/", first),
        Row::page("/product/{name}", named),
        Row::page("/product/{name}/catalog", catalog_of),
        Row::page("/question/{name}", question::show),
        Row::open(MethodFilter::GET, "/page.js", script),
        Row::open(MethodFilter::GET, "/favicon.svg", icon),
    ]
}

/// `/`: all products, or the one that `?product=` names.
async fn first(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    pairs: QueryPairs,
) -> Response {
    let pairs = readable(pairs);
    if let Some((_, name)) = pairs.iter().find(|(name, _)| name == "product") {
        let name = name.clone();
        return show(app, caller, name, pairs).await;
    }
    in_parts::answered(|page| async move {
        let (registry, problems) = (app.registry(), app.store.problems());
        let shell = Shell { registry: &registry, caller: &caller, problems };
        overview::drawn(&app, &shell, &registry, page).await
    })
    .await
}

async fn named(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    show(app, caller, name, readable(pairs)).await
}

/// The page of a product's catalog, with or without `?old=` and `&new=`.
async fn catalog_of(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    let pairs = readable(pairs);
    let said = |wanted: &str| {
        pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let registry = app.registry();
    let shell = Shell { registry: &registry, caller: &caller, problems: app.store.problems() };
    let Some(product) = registry.product(&name) else {
        return page_answer(StatusCode::NOT_FOUND, shell.no_such_product());
    };
    let content = catalog::content(&app, product, (said("old"), said("new"))).await;
    page_answer(StatusCode::OK, shell.around(None, &catalog::title(product), &content))
}

async fn show(
    app: Arc<App>,
    caller: Caller,
    name: String,
    pairs: Vec<(String, String)>,
) -> Response {
    in_parts::answered(|page| async move {
        let (registry, problems) = (app.registry(), app.store.problems());
        let shell = Shell { registry: &registry, caller: &caller, problems };
        let Some(product) = registry.product(&name) else {
            return page.whole(StatusCode::NOT_FOUND, shell.no_such_product());
        };
        let address = match PageAddress::read(product.name(), &pairs, app.today()) {
            Ok(address) => address,
            Err(too_much) => {
                let refusal = refused::too_much(&shell, product, &too_much);
                return page.whole(StatusCode::BAD_REQUEST, refusal);
            }
        };
        let page = product::drawn(&app, &shell, product, &address, page).await;
        if page.has_answered {
            note_choices(&app, &registry, &address);
        }
        page
    })
    .await
}

/// Notes what a person chose on a product's page: filters and steps. What its
/// panels ask by themselves is nobody's question.
fn note_choices(app: &App, registry: &Registry, address: &PageAddress) {
    use QuestionParameter::{After, Per, Product, Step, Where};

    let choices: [(HttpQuestion, &[QuestionParameter]); 3] = [
        (HttpQuestion::Events, &[Where]),
        (HttpQuestion::Steps, &[Step, Per]),
        (HttpQuestion::Next, &[After, Per]),
    ];
    for (question, parameters) in choices {
        let is_of = |name: &str| parameters.iter().any(|one| one.name() == name);
        let pairs = address.pairs().into_iter().filter(|(name, _)| is_of(name));
        let mut chosen: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value)).collect();
        if chosen.is_empty() {
            continue;
        }
        chosen.push((Product.name().to_owned(), address.product.clone()));
        if let Ok(asked) = AskedQuestion::read(question, chosen, registry, app.today()) {
            note_asked(app, registry, &asked);
        }
    }
}

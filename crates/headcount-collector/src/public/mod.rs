//! The public page of a product: what it reports, in plain words, and numbers,
//! for the people who are counted. Its catalog turns it on.
//!
//! # The rule
//!
//! **Every number on it stands for at least 20 devices
//! ([`limits::PUBLIC_DEVICES`](crate::limits::PUBLIC_DEVICES)), and so does
//! every number that can be worked out of those on it.**
//!
//! 1. *Who counts as a device.* Only what the raw events of a week prove:
//!    different ids, or events that are each a device's first one of that day
//!    or week (`devices_of_events.rs`). A number of events says nothing of
//!    devices, however large it is: where there is neither id nor mark, nothing
//!    is shown. Two ids of a week in which ids were replaced may be one device.
//! 2. *A cell of too few devices is withheld*, and a cell of nobody is such a
//!    cell: what is not shown may be nothing.
//! 3. *An event of too few devices does not exist*: its name is not shown, and
//!    it is in no total and no other table. So its number is no difference.
//! 4. *A value is never withheld alone* (`suppress.rs`). If any value of a
//!    table is withheld, the smallest value of enough devices is, too, and more
//!    of them until they have as many events as the values of too few
//!    devices. An open vocabulary, such as versions, always has values that are
//!    not shown. The table of an event's property exists only where the number
//!    of that event is shown.
//! 5. *Whole weeks, each once* (`publish.rs`). A week is counted a week after
//!    its end, written to a file, and never counted again, whatever arrives or
//!    is erased later. No sum over other days exists.
//! 6. *Numbers are rounded down to tens*, totals, too.
//!
//! # Why it holds
//!
//! All that is published is what the file says: pages, JSON and feed are
//! functions of it, also their percentages, and so none of them adds anything.
//! Two weeks have no event in common, and each is published once, so nothing is
//! learned from the pages of two days. That leaves one week. Its equations are
//! *all events = the sum of the names shown*, which has nothing in it that is
//! not shown (3), and for each table, *its total = values shown + values not
//! shown*. The values not shown are at least two that nobody can tell apart,
//! and their sum contains a value of at least 20 devices (4), so it stands for
//! at least 20 devices, and each of them alone may be anything from nothing to
//! that sum. A list has several values in one event; then its table has no
//! equation at all. `attacker.rs` solves the equations of random weeks and
//! finds no more.
//!
//! # What is left
//!
//! - Two properties of which one follows from the other are two tables of the
//!   same devices. Equal tables withhold the same values; with partly equal
//!   ones the difference of two sums may stand for fewer devices. Rounding (6)
//!   leaves such a difference uncertain by 20 events or more, not less.
//! - Whoever sends made-up events can make a value look like more devices.
//! - Whoever knows all other devices of a number knows the last one.

#[cfg(test)]
mod attacker;
mod cached;
mod devices_of_events;
mod feed;
mod frame;
mod numbers;
mod page;
mod publish;
mod published;
mod suppress;
mod table_plan;
mod week;
mod week_tally;
mod words;

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::MethodFilter;
use serde_json::json;

use crate::access::Row;
use crate::answer;
use crate::app::App;
use crate::limits;
use crate::operator_log::Sentence;
use crate::registry::LoadedProduct;
use published::Published;
use week::PublicWeek;

pub(crate) use publish::publish;
pub(crate) use published::FILE;
pub use words::words_as_html;

/// The route of the page. It needs nobody's sign-in.
pub(crate) fn rows() -> Vec<Row> {
    vec![Row::open(MethodFilter::GET, "/public/{product}", show)]
}

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Json,
    Feed,
}

impl Form {
    /// Splits the last part of a path. No product has a dot in its name.
    fn of(part: &str) -> (&str, Self) {
        match part.rsplit_once('.') {
            Some((name, "json")) => (name, Self::Json),
            Some((name, "atom")) => (name, Self::Feed),
            _ => (part, Self::Page),
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    part: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let part = part.map(|Path(part)| part).unwrap_or_default();
    let (name, form) = Form::of(&part);
    let registry = app.registry();
    // Whether there is such a product is nobody's business.
    let Some(product) = registry.product(name).filter(|product| is_public(product)) else {
        return html(StatusCode::NOT_FOUND, frame::no_such_page().into_string());
    };
    let data = app.data.clone();
    let read = tokio::task::spawn_blocking(move || published::read(&data)).await;
    // The housekeeper tells the operator what is wrong with the file.
    let published = read.ok().and_then(Result::ok).map(|mut all| all.remove(name));
    let response = match (form, published) {
        (Form::Page, published) => {
            let published = published.map(Option::unwrap_or_default);
            html(StatusCode::OK, page::page(product, published.as_ref()).into_string())
        }
        (Form::Json | Form::Feed, None) => {
            answer::error(StatusCode::SERVICE_UNAVAILABLE, "the numbers cannot be read right now")
        }
        (Form::Json, Some(published)) => {
            answer::json(StatusCode::OK, data_of(product, &published.unwrap_or_default()))
        }
        (Form::Feed, Some(published)) => {
            let feed = feed::feed(product, &published.unwrap_or_default(), &app.url);
            answer::of(StatusCode::OK, "application/atom+xml; charset=utf-8", feed)
        }
    };
    cached::for_everybody(response, &headers).await
}

fn html(status: StatusCode, page: String) -> Response {
    answer::of(status, "text/html; charset=utf-8", page)
}

/// Whether everybody may see numbers of the product.
pub(crate) fn is_public(product: &LoadedProduct) -> bool {
    product.newest().product.is_public
}

/// The numbers of the page of a product that has one, as the server answers
/// with them.
///
/// # Errors
///
/// Returns a sentence if the file of what was published cannot be used.
pub(crate) fn numbers_of(data: &FilePath, product: &LoadedProduct) -> Result<String, Sentence> {
    let published = published::read(data)?.remove(product.name());
    Ok(data_of(product, &published.unwrap_or_default()))
}

/// The numbers of the page as JSON, and no others.
fn data_of(product: &LoadedProduct, published: &Published) -> String {
    let catalog = product.newest();
    json!({
        "product": catalog.product.name,
        "title": catalog.product.title,
        "catalog": catalog.version,
        "devices-at-least": limits::PUBLIC_DEVICES,
        "rounded-down-to": limits::PUBLIC_ROUNDING,
        "weeks": published.shown().iter().map(PublicWeek::json).collect::<Vec<_>>(),
    })
    .to_string()
}

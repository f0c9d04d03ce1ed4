//! The question behind a number: in words, as a request, and as SQL.

use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use headcount_catalog::Day;
use maud::{Markup, html};

use super::address::PageAddress;
use super::call::BACK;
use super::layout::{Shell, page_answer};
use super::query::{QueryPairs, readable};
use super::text;
use super::too_much::{TooMuchAsked, check_length};
use crate::access::Caller;
use crate::app::App;
use crate::ask::{AskedQuestion, ExplainedQuestion, HttpQuestion, QuestionParameter, note_asked};
use crate::limits;
use crate::registry::LoadedProduct;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    let registry = app.registry();
    let shell = Shell { registry: &registry, caller: &caller, problems: app.store.problems() };
    let (back, pairs): (Vec<_>, Vec<_>) =
        readable(pairs).into_iter().partition(|(name, _)| name == BACK);
    let Some(question) = HttpQuestion::from_name(&name) else {
        let content = unknown("There is no question of this name.");
        return page_answer(StatusCode::NOT_FOUND, shell.plain("No such question", &content));
    };
    // The parameters of a page, and those that its panel adds.
    if let Err(TooMuchAsked(sentence)) = check_length(&pairs, 2 * limits::PAGE_QUERY_BYTES) {
        let content = unknown(&sentence);
        return page_answer(StatusCode::BAD_REQUEST, shell.plain("The question", &content));
    }
    let asked = AskedQuestion::read(question, pairs, &registry, app.today());
    let asked = match asked {
        Ok(asked) => asked,
        Err(bad) => {
            let content = unknown(&format!("This cannot be asked: {}.", bad.message()));
            return page_answer(StatusCode::BAD_REQUEST, shell.plain("The question", &content));
        }
    };
    let Some(product) = registry.product(asked.product()) else {
        return page_answer(StatusCode::NOT_FOUND, shell.no_such_product());
    };
    let address = address_of(&asked, &back, app.today());
    match asked.explained(product) {
        Some(explained) => {
            note_asked(&app, &registry, &asked);
            let title = product.newest().product.title;
            let content = html! {
                p { a href=(address.url()) { "Back to " (title) } }
                (drawn(&explained, failing(&asked, product).as_ref()))
            };
            page_answer(StatusCode::OK, shell.of_question(&address, &content))
        }
        None => page_answer(StatusCode::NOT_FOUND, shell.no_such_product()),
    }
}

/// The product's page from which somebody came, or else one of the same days,
/// version and filters. It is read anew, and so is one of this collector.
fn address_of(asked: &AskedQuestion, back: &[(String, String)], today: Day) -> PageAddress {
    let came_from = back.first().and_then(|(_, query)| {
        let uri: Uri = format!("/?{query}").parse().ok()?;
        Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()
    });
    let pairs = came_from.map_or_else(|| asked.pairs().to_vec(), |Query(pairs)| pairs);
    let address = PageAddress::read(asked.product(), &pairs, today);
    address.unwrap_or_else(|_| PageAddress::new(asked.product(), today))
}

/// What it means that an event of the question failed, if it asks that.
fn failing(asked: &AskedQuestion, product: &LoadedProduct) -> Option<Markup> {
    if asked.question() != HttpQuestion::Failures {
        return None;
    }
    let name = asked.pairs().iter().find(|(name, _)| *name == QuestionParameter::Event.name());
    let event = product.events().find(|event| name.is_some_and(|(_, own)| own == event.name))?;
    let (_, property) = event.failure()?;
    Some(html! {
        p {
            "An event named " code { (event.name) } " failed if its " code { (property.name) }
            @match property.failure {
                [] => { " is not 0" }
                values => {
                    " is "
                    @for (place, value) in values.iter().enumerate() {
                        @if place > 0 { " or " }
                        code { (value) }
                    }
                }
            }
            ", and worked if it has any other value. One without it is in neither number."
        }
    })
}

fn drawn(explained: &ExplainedQuestion, failing: Option<&Markup>) -> Markup {
    let as_format = |format: &str| format!("{}&format={format}", explained.address);
    html! {
        section.panel.whole.question {
            h2 { "In words" }
            p { (text::quoted(&explained.sentence)) }
            @if let Some(failing) = failing { (failing) }
            h2 { "As a request" }
            pre tabindex="0" { code { "GET " (explained.address) } }
            p {
                a href=(as_format("json")) data-format="json" { "JSON" } " "
                a href=(as_format("csv")) data-format="csv" { "CSV" }
            }
            h2 { "As SQL" }
            @match &explained.sql {
                Some(sql) => {
                    pre tabindex="0" { code { (sql) } }
                    p.quiet { "For " code { "headcount sql" } " on the collector's folder. It reads raw events, and so it \
                        sees the days for which they are kept." }
                }
                None => p.quiet { "Raw events do not have these numbers, so that no SQL gives them." },
            }
        }
    }
}

fn unknown(sentence: &str) -> Markup {
    html! { p { (text::quoted(sentence)) } p { a href="/" { "All products" } } }
}

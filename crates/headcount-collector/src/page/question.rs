//! The question behind a number: in words, as a request, and as SQL.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::layout::{Shell, page_answer};
use super::query::{QueryPairs, readable};
use crate::access::Caller;
use crate::app::App;
use crate::ask::{AskedQuestion, ExplainedQuestion, HttpQuestion};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    pairs: QueryPairs,
) -> Response {
    let registry = app.registry();
    let shell = Shell { registry: &registry, caller: &caller };
    let pairs = readable(pairs);
    let Some(question) = HttpQuestion::from_name(&name) else {
        let content = unknown("There is no question of this name.");
        return page_answer(StatusCode::NOT_FOUND, shell.plain("No such question", &content));
    };
    let asked = AskedQuestion::read(question, pairs, &registry, app.today());
    let explained = asked.map(|asked| {
        let product = registry.product(asked.product());
        product.and_then(|product| asked.explained(product))
    });
    match explained {
        Ok(Some(explained)) => {
            page_answer(StatusCode::OK, shell.plain("The question", &drawn(&explained)))
        }
        Ok(None) => page_answer(StatusCode::NOT_FOUND, shell.no_such_product()),
        Err(bad) => {
            let content = unknown(&format!("This cannot be asked: {}.", bad.message()));
            page_answer(StatusCode::BAD_REQUEST, shell.plain("The question", &content))
        }
    }
}

fn drawn(explained: &ExplainedQuestion) -> Markup {
    let as_format = |format: &str| format!("{}&format={format}", explained.address);
    html! {
        section.panel.whole.question {
            h2 { "In words" }
            p { (explained.sentence) }
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
    html! { p { (sentence) } p { a href="/" { "All products" } } }
}

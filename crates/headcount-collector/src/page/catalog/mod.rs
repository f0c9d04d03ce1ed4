//! The page of a product's catalog: every version that was received, what is
//! different between any two, which versions of the program still send, what
//! ends soon, and what nobody has asked for.

mod differences;
mod ending;
mod sending;
mod versions;
mod unasked;

use headcount_store::{AnswerRows, Question};
use maud::{Markup, html};

use crate::app::App;
use crate::limits;
use crate::registry::LoadedProduct;
use differences::Compared;

/// The title of the page.
pub(super) fn title(product: &LoadedProduct) -> String {
    format!("The catalog of {}", product.newest().product.title)
}

/// What is on the page. `old` and `new` are what an address says of the two
/// versions to compare.
pub(super) async fn content(
    app: &App,
    product: &LoadedProduct,
    (old, new): (Option<&str>, Option<&str>),
) -> Markup {
    let (today, days) = (app.today(), limits::CATALOG_PAGE_DAYS);
    let name = product.name().to_owned();
    let question = Question::Versions { product: name, from: today.plus(1 - days), to: today };
    let sending = match app.ask(vec![question]).await.as_deref() {
        Ok([AnswerRows::Versions(rows)]) => Some(rows.clone()),
        _ => None,
    };
    let compared = Compared::read(product.versions(), old, new);
    html! {
        (headline(product))
        (versions::panel(product.versions(), product.name()))
        (compared.panel(product.versions(), product.name()))
        div.pair {
            (sending::panel(sending))
            (ending::panel(product.newest(), today))
        }
        (unasked::panel(&app.last_asked.unasked(product, today)))
    }
}

fn headline(product: &LoadedProduct) -> Markup {
    html! {
        header.headline {
            div {
                h1 { (title(product)) }
                p.quiet {
                    "Everything that it may report. "
                    a href={ "/product/" (product.name()) } { "Its numbers" }
                    @if product.newest().product.is_public {
                        ", " a href={ "/public/" (product.name()) } { "what everybody sees" }
                    }
                }
            }
        }
    }
}

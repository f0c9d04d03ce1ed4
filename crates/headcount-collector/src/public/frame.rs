//! What a public page has around it: nothing that knows who looks.

use maud::{DOCTYPE, Markup, html};

use crate::style;

/// A whole page. `product` is the name in its address.
pub(super) fn frame(title: &str, product: Option<&str>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                (style::of_a_public_page())
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
                @if let Some(name) = product {
                    link rel="alternate" type="application/json" href={ "/public/" (name) ".json" };
                    link rel="alternate" type="application/atom+xml" href={ "/public/" (name) ".atom" };
                }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                main.public id="content" { (content) }
                footer {
                    p {
                        "This page has no script and sets no cookie. It is the same for everybody."
                        @if let Some(name) = product {
                            " Its numbers as data: "
                            a href={ "/public/" (name) ".json" } { "JSON" } ", "
                            a href={ "/public/" (name) ".atom" } { "Atom" } "."
                        }
                    }
                }
            }
        }
    }
}

/// The answer where there is no page, whatever the reason.
pub(super) fn no_such_page() -> Markup {
    let content = html! {
        header.headline { h1 { "There is no such page" } }
        p { "This collector has no product of this name, or the product has no public page." }
    };
    frame("There is no such page", None, &content)
}

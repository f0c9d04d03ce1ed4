//! The layout of every page: navigation by product and by days, and a footer.

use axum::http::StatusCode;
use axum::response::Response;
use headcount_store::StoreProblem;
use maud::{DOCTYPE, Markup, html};

use super::address::PageAddress;
use crate::access::{Caller, Means};
use crate::registry::LoadedProduct;
use crate::{Registry, answer, style};

/// What every page of a product has around it.
pub(super) struct Shell<'a> {
    pub(super) registry: &'a Registry,
    pub(super) caller: &'a Caller,
    /// What is wrong with the store while it takes events.
    pub(super) problems: Vec<StoreProblem>,
}

impl Shell<'_> {
    /// All products at a glance.
    pub(super) fn overview(&self, content: &Markup) -> Markup {
        let content = html! {
            header.headline { h1 { "All products" } }
            (content)
        };
        self.around(None, "All products", &content)
    }

    /// A page with one heading.
    pub(super) fn plain(&self, title: &str, content: &Markup) -> Markup {
        let content = html! {
            header.headline { h1 { (title) } }
            (content)
        };
        self.around(None, title, &content)
    }

    /// The page of a question, with the choices of the page that led to it.
    pub(super) fn of_question(&self, address: &PageAddress, content: &Markup) -> Markup {
        let content = html! {
            header.headline { h1 { "The question" } }
            (content)
        };
        self.around(Some(address), "The question", &content)
    }

    /// The page for an unknown product.
    pub(super) fn no_such_product(&self) -> Markup {
        let content = html! {
            header.headline { h1 { "No such product" } }
            p { "This collector has no catalog for a product of this name. Choose one above." }
        };
        self.around(None, "No such product", &content)
    }

    /// The page if the store cannot be read.
    pub(super) fn store_unavailable(&self, title: &str) -> Markup {
        let content = html! {
            header.headline { h1 { (title) } }
            p { "The store cannot answer right now. The operator's log says why. Reload this page \
                 later." }
        };
        self.around(None, title, &content)
    }

    /// A page with the products above it and a footer below.
    pub(super) fn around(
        &self,
        shown: Option<&PageAddress>,
        title: &str,
        content: &Markup,
    ) -> Markup {
        let head = html! {
            nav aria-label="Products" { (products(self.registry, shown)) }
            (signed_in(self.caller))
        };
        let data = html! {
            " Days are those of UTC. Every panel has its numbers as data; "
            a href="/api/v1/openapi.json" { "all questions" } " and "
            a href="/metrics" { "metrics" } " are there, too."
        };
        let content = html! {
            @for StoreProblem { part, problem } in &self.problems {
                p.low role="status" { (part) ": " (problem) "." }
            }
            (content)
        };
        frame(title, &head, &content, Some(&data))
    }
}

/// A page as an answer.
pub(super) fn page_answer(status: StatusCode, page: Markup) -> Response {
    answer::of(status, "text/html; charset=utf-8", page.into_string())
}

/// A page for everybody, which names no product.
pub(super) fn without_products(title: &str, content: &Markup) -> Markup {
    frame(title, &html! {}, content, None)
}

/// Who is signed in, and how to sign out.
fn signed_in(caller: &Caller) -> Markup {
    let name = caller.name.as_ref().filter(|_| caller.means == Means::SignIn);
    html! {
        @if let Some(name) = name {
            form.signed-in method="post" action="/sign-out" {
                span.quiet { (name) }
                button type="submit" { "Sign out" }
            }
        }
    }
}

/// `data` says where the numbers of a page are as data, if it has any: then it
/// stays fresh.
fn frame(title: &str, head: &Markup, content: &Markup, data: Option<&Markup>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Headcount" }
                (style::of_a_page())
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
                script src="/page.js" defer {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.house href="/" { "Headcount" }
                    (head)
                }
                main id="content" data-live=[data.map(|_| "yes")] { (content) }
                footer {
                    p {
                        "Counted by " strong { "Headcount" } ". Ids of devices are stored as pseudonyms, and IP \
                         addresses are not stored."
                        @if let Some(data) = data { (data) }
                    }
                    @if data.is_some() { p id="fresh" role="status" {} }
                }
            }
        }
    }
}

fn products(registry: &Registry, shown: Option<&PageAddress>) -> Markup {
    let current = shown.map(|address| address.product.as_str());
    html! {
        ul {
            @for product in registry.products() {
                @let here = (current == Some(product.name())).then_some("page");
                li { a href=(path(product, shown)) aria-current=[here] { (product.newest().product.title) } }
            }
        }
    }
}

/// The address of a product's page, with the choices of the current one.
fn path(product: &LoadedProduct, shown: Option<&PageAddress>) -> String {
    match shown {
        Some(address) => address.for_product(product.name()).url(),
        None => format!("/product/{}", product.name()),
    }
}

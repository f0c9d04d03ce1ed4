//! The layout of every page: the products above it, its headline, and what it
//! says until its numbers are there, or if they cannot be had.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use headcount_store::StoreProblem;
use maud::{Markup, html};

use super::address::PageAddress;
use super::frame::{self, Content};
use crate::access::{Caller, Means};
use crate::registry::LoadedProduct;
use crate::{Registry, answer};

/// What every page of a product has around it.
pub(super) struct Shell<'a> {
    pub(super) registry: &'a Registry,
    pub(super) caller: &'a Caller,
    /// What is wrong with the store while it takes events.
    pub(super) problems: Vec<StoreProblem>,
}

impl Shell<'_> {
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

    /// A page without numbers, which does not stay fresh.
    pub(super) fn without_numbers(
        &self,
        shown: Option<&PageAddress>,
        title: &str,
        content: &Markup,
    ) -> Markup {
        html! {
            (self.above(shown, title, Content::NoNumbers))
            (content)
            (frame::below_content(Content::NoNumbers))
        }
    }

    /// The page if the store cannot be read.
    pub(super) fn store_unavailable(&self, title: &str) -> Markup {
        let content = html! {
            header.headline { h1 { (title) } }
            p { (UNAVAILABLE) }
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
        html! { (self.above(shown, title, Content::Numbers)) (content) (frame::below_content(Content::Numbers)) }
    }

    /// A page down to what is counted, for a page in parts.
    pub(super) fn above_numbers(
        &self,
        shown: Option<&PageAddress>,
        title: &str,
        headline: &Markup,
    ) -> Markup {
        html! {
            (self.above(shown, title, Content::Numbers))
            (headline)
            p.counting role="status" { (COUNTING) }
        }
    }

    fn above(&self, shown: Option<&PageAddress>, title: &str, content: Content) -> Markup {
        let head = html! {
            nav aria-label="Products" { (products(self.registry, shown)) }
            (signed_in(self.caller))
        };
        html! {
            (frame::above_content(title, &head, content))
            @for StoreProblem { part, problem } in &self.problems {
                p.low role="status" { (part) ": " (problem) "." }
            }
        }
    }
}

/// What a page says until its numbers are there, and if it was cut off: then no
/// script runs. A browser that knows no style, or not `:has`, shows it above
/// the numbers. The minute is that of `limits::REQUEST_TIME`.
const COUNTING: &str = "The numbers follow as soon as they are counted. If nothing is here after a \
                        minute, reload this page.";

/// What a page says in place of its numbers if they cannot be had.
pub(super) const UNAVAILABLE: &str =
    "The store cannot answer right now. The operator's log says why. Reload this page later.";

/// A page as an answer.
pub(super) fn page_answer(status: StatusCode, page: Markup) -> Response {
    page_of_body(status, page.into_string())
}

/// The body of a page as an answer.
pub(super) fn page_of_body(status: StatusCode, body: impl Into<Body>) -> Response {
    answer::of(status, "text/html; charset=utf-8", body)
}

/// A page for everybody, which names no product.
pub(super) fn without_products(title: &str, content: &Markup) -> Markup {
    html! {
        (frame::above_content(title, &html! {}, Content::NoNumbers))
        (content)
        (frame::below_content(Content::NoNumbers))
    }
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

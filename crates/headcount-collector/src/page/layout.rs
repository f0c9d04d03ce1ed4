//! The layout of every page: navigation by product and by days, and a footer.

use maud::{DOCTYPE, Markup, html};

use super::day_range::DayRange;
use super::figures::Figures;
use super::{facts, panel, text};
use crate::Registry;
use crate::access::{Caller, Means};
use crate::registry::LoadedProduct;

/// What every page of a product has around it.
pub(super) struct Shell<'a> {
    pub(super) registry: &'a Registry,
    pub(super) caller: &'a Caller,
}

impl Shell<'_> {
    /// A product's page.
    pub(super) fn product(&self, product: &LoadedProduct, figures: &Figures, url: &str) -> Markup {
        let title = product.newest().product.title;
        let range = figures.range;
        let content = html! {
            header.headline {
                div {
                    h1 { (title) }
                    p.quiet { (text::long(range.from())) " – " (text::long(range.to())) ", UTC" }
                }
                (ranges(product, range))
            }
            (panel::all(product, figures, url))
            @if figures.has_arrivals() { (facts::outcomes(&figures.outcomes)) }
            (facts::catalog(product))
        };
        self.around(Some((product, range)), title, &content)
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
    pub(super) fn store_unavailable(&self, product: &LoadedProduct) -> Markup {
        let title = product.newest().product.title;
        let content = html! {
            header.headline { h1 { (title) } }
            p { "The store cannot answer right now. The operator's log says why. Reload this page \
                 later." }
        };
        self.around(None, title, &content)
    }

    fn around(
        &self,
        shown: Option<(&LoadedProduct, DayRange)>,
        title: &str,
        content: &Markup,
    ) -> Markup {
        let head = html! {
            nav aria-label="Products" { (products(self.registry, shown)) }
            (signed_in(self.caller))
        };
        let data = html! {
            " The same numbers as data: "
            a href="/metrics" { "metrics" }
            @if let Some((product, _)) = shown {
                ", "
                a href={ "/api/v1/ask/active?product=" (product.name()) } { "devices" }
                ", "
                a href={ "/api/v1/ask/events?product=" (product.name()) } { "events" }
            }
            "."
        };
        frame(title, &head, content, &data)
    }
}

/// A page for everybody, which names no product.
pub(super) fn without_products(title: &str, content: &Markup) -> Markup {
    frame(title, &html! {}, content, &html! {})
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

fn frame(title: &str, head: &Markup, content: &Markup, data: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Headcount" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.house href="/" { "Headcount" }
                    (head)
                }
                main id="content" { (content) }
                footer {
                    p {
                        "Counted by " strong { "Headcount" } ". Ids of devices are stored as pseudonyms, and IP \
                         addresses are not stored."
                        (data)
                    }
                }
            }
        }
    }
}

fn products(registry: &Registry, shown: Option<(&LoadedProduct, DayRange)>) -> Markup {
    let current = shown.map(|(product, _)| product.name());
    html! {
        ul {
            @for product in registry.products() {
                @let here = (current == Some(product.name())).then_some("page");
                li {
                    a href=(path(product, shown.map(|(_, range)| range))) aria-current=[here] {
                        (product.newest().product.title)
                    }
                }
            }
        }
    }
}

fn ranges(product: &LoadedProduct, range: DayRange) -> Markup {
    html! {
        nav.ranges aria-label="Days" {
            ul {
                @for length in DayRange::LENGTHS {
                    @let here = (length == range.length()).then_some("true");
                    li {
                        a href={ "/product/" (product.name()) "?days=" (length) } aria-current=[here] {
                            (length) " days"
                        }
                    }
                }
            }
        }
    }
}

/// The path of a product's page, with the days of the current page.
fn path(product: &LoadedProduct, range: Option<DayRange>) -> String {
    match range {
        Some(range) => format!("/product/{}?days={}", product.name(), range.length()),
        None => format!("/product/{}", product.name()),
    }
}

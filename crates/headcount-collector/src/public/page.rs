//! The page as a whole: what a catalog says, and what was counted.

use headcount_catalog::plain_words::{self, OfTheSdk, place};
use maud::{Markup, html};

use super::published::Published;
use super::{frame, numbers, words};
use crate::registry::LoadedProduct;

/// The heading of the numbers.
const NUMBERS: &str = "In numbers";

/// The page of a product. `None` stands for numbers that cannot be read.
pub(super) fn page(product: &LoadedProduct, published: Option<&Published>) -> Markup {
    let catalog = product.newest();
    let blocks = plain_words::page(catalog, &OfTheSdk::default());
    let (introduction, sections) = words::sections(&blocks);
    let title = catalog.product.title;
    let content = html! {
        header.introduction { (words::all(introduction)) }
        nav.contents aria-label="On this page" {
            ul {
                li { a href={ "#" (place(NUMBERS)) } { (NUMBERS) } }
                @for section in &sections {
                    li { a href={ "#" (place(section.heading)) } { (words::line(section.heading)) } }
                }
            }
        }
        section.panel id=(place(NUMBERS)) {
            h2 { (NUMBERS) }
            @match published {
                Some(published) => { (numbers::all(catalog, published.shown())) }
                None => { p { "The numbers cannot be read right now." } }
            }
        }
        @for section in &sections { (section.markup()) }
    };
    frame::frame(&format!("What {title} reports about its use"), Some(product.name()), &content)
}

//! The pages of addresses that no numbers are drawn for: one asks for too much,
//! or for what the product does not have.

use headcount_catalog::Day;
use maud::{Markup, html};

use super::address::PageAddress;
use super::layout::Shell;
use super::text;
use super::too_much::TooMuchAsked;
use super::view::of_product;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::registry::{LoadedProduct, Registry};

/// The page of an address that asks for too much. None of its links repeats the
/// address.
pub(super) fn too_much(
    shell: &Shell<'_>,
    product: &LoadedProduct,
    TooMuchAsked(sentence): &TooMuchAsked,
) -> Markup {
    let title = product.newest().product.title;
    let content = html! {
        header.headline { h1 { (title) } }
        p { (sentence) " Nothing is shown for it." }
        p { a href={ "/product/" (product.name()) } { (title) " without filters" } }
    };
    shell.without_numbers(None, title, &content)
}

/// A filter that nothing can be asked under.
pub(super) struct UnknownFilter<'a> {
    filter: &'a (String, String),
    /// Why, without a full stop.
    why: String,
}

/// The filters of an address whose names or values the product does not have.
pub(super) fn unknown_filters<'a>(
    registry: &Registry,
    address: &'a PageAddress,
    today: Day,
) -> Vec<UnknownFilter<'a>> {
    let unknown = |filter: &'a (String, String)| {
        let (name, value) = filter;
        let call = of_product(HttpQuestion::Events, &address.product)
            .with(QuestionParameter::Where, format!("{name}:{value}"));
        let why = call.read(registry, today).err()?;
        Some(UnknownFilter { filter, why })
    };
    address.filters.iter().filter_map(unknown).collect()
}

/// What is wrong with each of them, and the same page without it.
pub(super) fn told(unknown: &[UnknownFilter<'_>], address: &PageAddress) -> Markup {
    html! {
        section.panel.whole.empty {
            h2 { "No such filter" }
            @for UnknownFilter { filter, why } in unknown {
                p {
                    "Nothing can be counted under " code { (filter.0) ":" (filter.1) } ": " (text::quoted(why)) ". "
                    a href=(address.without_filter(filter).url()) { "Remove this filter" }
                }
            }
        }
    }
}

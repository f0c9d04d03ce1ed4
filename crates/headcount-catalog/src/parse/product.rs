//! `[product]`: who collects.

use super::fields::Fields;
use super::notes::Notes;
use super::{address, names};
use crate::Product;

/// Whether the program has environment variables of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    Needed,
    None,
}

pub(super) fn read(
    mut fields: Fields<'_>,
    prefix_is: Prefix,
    notes: &mut Notes<'_>,
) -> Option<Product> {
    let name = fields
        .need_text("name", notes)
        .and_then(|text| text.checked(names::is_name, names::NAME, notes));
    let prefix = match prefix_is {
        Prefix::Needed => fields.need_text("prefix", notes).and_then(|text| {
            let fits = |text: &str| names::is_variable(text) && !text.ends_with('_');
            text.checked(fits, "capital letters, digits and underscores, such as `MY_TOOL`", notes)
        }),
        Prefix::None => Some(""),
    };
    let title = fields
        .need_text("title", notes)
        .and_then(|text| text.checked(names::is_line, names::LINE, notes));
    let policy = fields.text("policy", notes).and_then(|text| address::page(text, notes));
    let contact = fields.text("contact", notes).and_then(|text| address::contact(text, notes));
    // The page would tell people of commands that somebody else's program
    // lacks.
    let public = match prefix_is {
        Prefix::Needed => fields.find("public").map(|pair| pair.flag(notes)),
        Prefix::None => None,
    };
    fields.finish(notes);
    let is_public = public.unwrap_or(Some(false));
    Some(Product {
        name: name?,
        prefix: prefix?,
        title: title?,
        policy,
        contact,
        is_public: is_public?,
    })
}

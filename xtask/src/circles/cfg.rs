//! What attributes say about an item: whether it is compiled for tests alone,
//! and where its file is.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Item, Lit, Meta, Token};

/// Whether something is only there when tests are compiled.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args::<Meta>().is_ok_and(|condition| needs_test(&condition))
        }
        Meta::Path(path) => path.is_ident("test"),
        _ => false,
    })
}

/// Whether the condition cannot hold without `test`.
fn needs_test(condition: &Meta) -> bool {
    let Meta::List(list) = condition else { return condition.path().is_ident("test") };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let Ok(parts) = parts else { return false };
    if list.path.is_ident("all") {
        parts.iter().any(needs_test)
    } else {
        list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(needs_test)
    }
}

/// The file that `#[path = "…"]` names.
pub(super) fn path(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(value) = &pair.value else { return None };
        let Lit::Str(text) = &value.lit else { return None };
        pair.path.is_ident("path").then(|| text.value())
    })
}

/// The attributes of an item, whatever it is.
pub(super) fn of_item(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `read` makes of the attributes in a text.
    fn of<T>(text: &str, read: impl Fn(&[Attribute]) -> T) -> T {
        let file = syn::parse_file(&format!("{text}\nmod a;\n")).unwrap();
        let syn::Item::Mod(module) = &file.items[0] else { panic!("not a module: {text}") };
        read(&module.attrs)
    }

    #[test]
    fn what_only_tests_compile() {
        for (text, expected) in [
            ("#[cfg(test)]", true),
            ("#[test]", true),
            ("#[cfg(all(unix, test))]", true),
            ("#[cfg(any(test, all(test, unix)))]", true),
            ("#[cfg(any(test, feature = \"contract\"))]", false),
            ("#[cfg(not(test))]", false),
            ("#[cfg(any())]", false),
            ("#[cfg(unix)]", false),
            ("#[cfg(feature = \"test\")]", false),
            ("#[derive(Debug)]", false),
        ] {
            assert_eq!(of(text, is_for_tests), expected, "{text}");
        }
    }

    #[test]
    fn the_file_of_a_path() {
        assert_eq!(of("#[path = \"b.rs\"]", path), Some("b.rs".to_owned()));
        assert_eq!(of("#[doc = \"b.rs\"]", path), None);
    }
}

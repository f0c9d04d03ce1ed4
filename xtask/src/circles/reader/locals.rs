//! The variables of a function: a name that is one of them is no function of
//! another file.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

/// Every name that a pattern binds in what `read` visits.
pub(super) fn of(read: impl FnOnce(&mut Locals)) -> BTreeSet<String> {
    let mut locals = Locals::default();
    read(&mut locals);
    locals.names
}

#[derive(Default)]
pub(super) struct Locals {
    names: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Locals {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.names.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_variables_and_those_of_closures() {
        let text =
            "fn f(a: u8, (b, C { d, .. }): X) { let Some(e) = a else { return }; g(|h| h); }";
        let syn::Item::Fn(function) = &syn::parse_file(text).unwrap().items[0] else {
            panic!("not a function")
        };
        let names = of(|locals| locals.visit_item_fn(function));
        assert_eq!(names.iter().map(String::as_str).collect::<String>(), "abdeh");
    }
}

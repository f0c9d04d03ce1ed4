//! Whether two texts have the same code: the same tokens in the same order, but
//! for the places of their imports, and whatever their comments say.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A text that has no tokens is the same as none.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    match (Code::of(one), Code::of(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

#[derive(PartialEq, Eq)]
struct Code {
    /// Sorted.
    imports: Vec<String>,
    /// In their order. A macro sees only what stands before it, and `mod`
    /// brings macros.
    others: Vec<String>,
}

impl Code {
    fn of(text: &str) -> Option<Self> {
        let tokens = TokenStream::from_str(text).ok()?;
        let mut code = Self { imports: Vec::new(), others: Vec::new() };
        let mut item = Vec::new();
        for token in without_docs(tokens) {
            let is_import = is_import(&item);
            // What begins with `#!` is the file's own and stands alone.
            let is_of_the_file =
                item.len() == 2 && ends_with(&item, '!') && ends_with(&item[..1], '#');
            let ends = match &token {
                _ if is_of_the_file => true,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_import,
                _ => false,
            };
            item.push(token);
            if ends {
                let item = std::mem::take(&mut item);
                let items = if is_import { &mut code.imports } else { &mut code.others };
                items.push(plain(item));
            }
        }
        code.others.push(plain(item));
        code.imports.sort();
        Some(code)
    }
}

/// Whether an item that begins so is a `use`: behind attributes and what says
/// who may see it.
fn is_import(item: &[TokenTree]) -> bool {
    let mut words = item.iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    match words.next().as_deref() {
        Some("use") => true,
        Some("pub") => words.next().as_deref() == Some("use"),
        _ => false,
    }
}

/// All tokens but documentation, at every depth, as text.
fn plain(tokens: Vec<TokenTree>) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inside = plain(without_docs(group.stream()));
                text.push_str(&format!("{:?} {{ {inside}}} ", group.delimiter()));
            }
            other => text.push_str(&format!("{other} ")),
        }
    }
    text
}

/// The tokens but for `#[doc = …]` and `#![doc = …]`, which is what comments of
/// documentation are.
fn without_docs(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        if is_doc(&token) && ends_with(&kept, '#') {
            kept.pop();
        } else if is_doc(&token) && ends_with(&kept, '!') {
            kept.truncate(kept.len().saturating_sub(2));
        } else {
            kept.push(token);
        }
    }
    kept
}

fn is_doc(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let mut inside = group.stream().into_iter();
    let is_named = matches!(inside.next(), Some(TokenTree::Ident(name)) if name == "doc");
    let is_text = matches!(inside.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=');
    group.delimiter() == Delimiter::Bracket && is_named && is_text
}

fn ends_with(tokens: &[TokenTree], wanted: char) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "//! Room.\n#![cfg(x)]\nuse a::{b, c};\n#[cfg(unix)]\npub(crate) use d;\nmod e;\n\
                       /// Doc.\nfn f() -> u8 {\n    // why\n    1\n}\n";

    #[test]
    fn comments_and_the_places_of_imports_are_no_code() {
        let other = "//! Another\n//! room.\n#![cfg(x)]\nmod e;\n#[cfg(unix)]\npub(crate) use d;\nuse a::{b, c};\n\
                     fn f() -> u8 { 1 }\n";
        assert!(is_same(ONE, other));
    }

    #[test]
    fn everything_else_is() {
        for (one, other) in [
            ("1\n", "2\n"),
            ("use a::{b, c};\n", ""),
            ("use a::{b, c};\n", "use a::{b};\n"),
            ("#[cfg(unix)]\n", ""),
            ("pub(crate) use d;\n", "pub use d;\n"),
            ("mod e;\n", ""),
            ("#![cfg(x)]\n", ""),
            ("}\n", ""),
        ] {
            assert!(ONE.contains(one));
            assert!(!is_same(ONE, &ONE.replace(one, other)), "{one}");
        }
        assert!(!is_same("mod a;\nmod b;\n", "mod b;\nmod a;\n"));
    }
}

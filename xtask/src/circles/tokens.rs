//! Paths in the tokens of a macro, which are no syntax until the macro has been
//! at work.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use super::module::{Path, Space};

pub(super) struct Found {
    pub(super) path: Path,
    pub(super) space: Space,
    pub(super) at: Span,
}

/// Every path of two steps or more, and every single name that can only be a
/// type or a call. What stands behind a dot is a field or a method.
pub(super) fn paths(tokens: &TokenStream) -> Vec<Found> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: &TokenStream, found: &mut Vec<Found>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        match &trees[at] {
            TokenTree::Group(group) => collect(&group.stream(), found),
            TokenTree::Ident(first) if is_a_beginning(&trees[..at]) => {
                let mut path = vec![first.to_string()];
                while let Some(next) = step(&trees[at + 1..]) {
                    path.push(next.to_string());
                    at += 3;
                }
                if let Some(space) = space(&path, trees.get(at + 1)) {
                    found.push(Found { path, space, at: first.span() });
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether a path may begin after these tokens: not after a dot or a colon
/// pair, nor in a variable of the macro; `$crate` is the crate itself.
fn is_a_beginning(before: &[TokenTree]) -> bool {
    let punct = |back: usize| match before.len().checked_sub(back).map(|at| &before[at]) {
        Some(TokenTree::Punct(punct)) => punct.as_char(),
        _ => ' ',
    };
    match punct(1) {
        '.' => punct(2) == '.',
        ':' => punct(2) != ':',
        '\'' => false,
        _ => true,
    }
}

/// The name behind `::`.
fn step(trees: &[TokenTree]) -> Option<&Ident> {
    match trees {
        [TokenTree::Punct(one), TokenTree::Punct(two), TokenTree::Ident(name), ..]
            if one.as_char() == ':' && two.as_char() == ':' =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// What a path can mean by what follows it, or nothing for what may as well be
/// a variable.
fn space(path: &Path, next: Option<&TokenTree>) -> Option<Space> {
    let is_called = match next {
        Some(TokenTree::Punct(punct)) if punct.as_char() == '!' => return Some(Space::Macro),
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    };
    let is_type = path[0].starts_with(char::is_uppercase);
    match path.len() {
        1 if is_type => Some(Space::Any),
        1 if is_called => Some(Space::Value),
        1 => None,
        _ => Some(Space::Any),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let tokens: TokenStream = text.parse().unwrap();
        paths(&tokens).iter().map(|found| found.path.join("::")).collect()
    }

    #[test]
    fn paths_and_calls_and_types_are_found_at_any_depth() {
        assert_eq!(found("a { crate::b::C, [super::d] }"), ["crate::b::C", "super::d"]);
        assert_eq!(found("$crate::losses!($x)"), ["crate::losses"]);
        assert_eq!(
            found("@header; (limits::MAX) name Kind call(1) mac!()"),
            ["limits::MAX", "Kind", "call", "mac"]
        );
    }

    #[test]
    fn fields_methods_and_what_follows_a_type_are_not() {
        assert_eq!(found("a.name().b(c) 'x: d, <T as E>::f()"), ["T", "E"]);
        assert_eq!(found("1..max()"), ["max"]);
        assert_eq!(found("::std::fs::File"), [""; 0]);
    }
}

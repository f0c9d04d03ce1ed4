//! Codegen's shapes: text that must have a shape, as a type that only a check
//! of that shape can make.

use super::fields::sentence;
use super::kinds::of_kind;
use super::literal::uses;
use super::page::{Page, quoted};
use super::plan::Named;
use crate::Kind;

/// Writes the checked type of a kind of shaped text.
pub(super) fn write(page: &mut Page<'_>, named: &Named, kind: Kind) {
    let sdk = page.sdk;
    let model = format!("{sdk}::catalog");
    let several = matches!(kind, Kind::Frames { .. });
    page.line("");
    page.docs(&[&format!("{}: {}.", quoted(named.key), sentence(kind))]);
    page.line("#[derive(Debug, Clone, PartialEq, Eq, Hash)]");
    let name = &named.name;
    if several {
        page.line(&format!("pub struct {name}(::std::vec::Vec<{model}::Token>);"));
    } else {
        page.line(&format!("pub struct {name}({model}::Token);"));
    }
    page.line("");
    page.open(&format!("impl {name} {{"));
    page.docs(&[
        if several { "Takes texts of that shape." } else { "Takes text of that shape." },
        "# Errors",
        &format!("[`BadProperty`]({model}::Reason::BadProperty) where it has another."),
    ]);
    let answer = format!("::core::result::Result<Self, {model}::Reason>");
    let judge = if several {
        let texts = "texts: impl ::core::iter::IntoIterator<Item = &'a str>";
        page.open_function("pub fn new<'a>", texts, &answer);
        "frames(texts)"
    } else {
        page.open_function("pub fn new", "text: &str", &answer);
        "token(text)"
    };
    let literal = of_kind(kind);
    for (path, names) in uses(&literal, sdk) {
        page.import(&path, &names);
    }
    let before = "const KIND: Kind = ";
    let mut text = before.to_owned();
    literal.write(&mut text, page.indent(), page.indent() + before.len());
    page.line(&format!("{text};"));
    page.line(&format!("KIND.{judge}.map(Self)"));
    page.close("}");
    if !several {
        page.line("");
        page.docs(&["The text."]);
        page.line("#[must_use]");
        page.open("pub fn as_str(&self) -> &str {");
        page.line("self.0.as_str()");
        page.close("}");
    }
    page.close("}");
}

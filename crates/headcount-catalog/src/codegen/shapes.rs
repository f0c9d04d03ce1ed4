//! Writes a type for each pattern of text. Only a check of the pattern can make
//! a value of it.

use super::fields::sentence;
use super::kinds::of_kind;
use super::literal::uses;
use super::plan::NamedType;
use super::writer::{CodeWriter, quoted};
use crate::Kind;

/// Writes the type of a kind that is defined by a pattern.
pub(super) fn write(out: &mut CodeWriter<'_>, named: &NamedType, kind: Kind) {
    let sdk = out.sdk;
    let model = format!("{sdk}::catalog");
    let several = matches!(kind, Kind::Frames { .. });
    out.line("");
    out.docs(&[&format!("{}: {}.", quoted(named.key), sentence(kind))]);
    out.line("#[derive(Debug, Clone, PartialEq, Eq, Hash)]");
    let name = &named.name;
    if several {
        out.line(&format!("pub struct {name}(::std::vec::Vec<{model}::Token>);"));
    } else {
        out.line(&format!("pub struct {name}({model}::Token);"));
    }
    out.line("");
    out.open(&format!("impl {name} {{"));
    out.docs(&[
        if several { "Checks the texts." } else { "Checks the text." },
        "# Errors",
        &format!("Returns [`BadProperty`]({model}::Reason::BadProperty) if it is not allowed."),
    ]);
    let answer = format!("::core::result::Result<Self, {model}::Reason>");
    let judge = if several {
        let texts = "texts: impl ::core::iter::IntoIterator<Item = &'a str>";
        out.open_function("pub fn new<'a>", texts, &answer);
        "frames(texts)"
    } else {
        out.open_function("pub fn new", "text: &str", &answer);
        "token(text)"
    };
    let literal = of_kind(kind);
    for (path, names) in uses(&literal, sdk) {
        out.import(&path, &names);
    }
    let before = "const KIND: Kind = ";
    let mut text = before.to_owned();
    literal.write(&mut text, out.indent(), out.indent() + before.len());
    out.line(&format!("{text};"));
    out.line(&format!("KIND.{judge}.map(Self)"));
    out.close("}");
    if !several {
        out.line("");
        out.docs(&["Returns the text."]);
        out.line("#[must_use]");
        out.open("pub fn as_str(&self) -> &str {");
        out.line("self.0.as_str()");
        out.close("}");
    }
    out.close("}");
}

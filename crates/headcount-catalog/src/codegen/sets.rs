//! Codegen's sets: a closed set of words as an enum.

use super::names::{Names, pascal};
use super::page::{Page, quoted};
use super::plan::Named;

/// Writes the enum of a closed set, its bucket last.
pub(super) fn write(
    page: &mut Page<'_>,
    named: &Named,
    set: &'static [&'static str],
    other: Option<&'static str>,
) {
    let mut names = Names::default();
    let words: Vec<&str> =
        set.iter().copied().chain(other.filter(|bucket| !set.contains(bucket))).collect();
    let variants: Vec<(String, &str)> =
        words.iter().map(|word| (names.take(&pascal(word)), *word)).collect();
    page.line("");
    page.docs(&[&format!("A word of the closed set of {}.", quoted(named.key))]);
    page.line("#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]");
    page.open(&format!("pub enum {} {{", named.name));
    for (variant, word) in &variants {
        if Some(*word) == other {
            page.docs(&[&format!("{}, which stands for every other word.", quoted(word))]);
        } else {
            page.docs(&[&format!("{}.", quoted(word))]);
        }
        page.line(&format!("{variant},"));
    }
    page.close("}");
    page.line("");
    page.open(&format!("impl {} {{", named.name));
    all(page, &variants);
    page.line("");
    page.docs(&["As it stands on a line."]);
    page.line("#[must_use]");
    page.open("pub fn word(self) -> &'static str {");
    page.open("match self {");
    for (variant, word) in &variants {
        page.line(&format!("Self::{variant} => {word:?},"));
    }
    page.close("}");
    page.close("}");
    page.line("");
    let bucket = variants.iter().find(|(_, word)| Some(*word) == other);
    reading(page, bucket.map(|(variant, _)| variant.as_str()));
    page.close("}");
}

fn all(page: &mut Page<'_>, variants: &[(String, &str)]) {
    page.docs(&["Every word, in the catalog's order."]);
    let all: Vec<String> = variants.iter().map(|(variant, _)| format!("Self::{variant}")).collect();
    page.list(&format!("pub const ALL: [Self; {}] = [", all.len()), &all, "];");
}

/// How text from outside becomes a word.
fn reading(page: &mut Page<'_>, bucket: Option<&str>) {
    let find = "Self::ALL.into_iter().find(|it| it.word() == text)";
    match bucket {
        Some(variant) => {
            page.docs(&["The word that this text is, and the bucket where it is none."]);
            page.line("#[must_use]");
            page.open("pub fn of(text: &str) -> Self {");
            page.line(&format!("{find}.unwrap_or(Self::{variant})"));
        }
        None => {
            page.docs(&["The word that this text is, if it is one."]);
            page.line("#[must_use]");
            page.open("pub fn read(text: &str) -> ::core::option::Option<Self> {");
            page.line(find);
        }
    }
    page.close("}");
}

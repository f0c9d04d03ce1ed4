//! Writes an enum for each closed set of words.

use super::names::{Names, pascal};
use super::plan::NamedType;
use super::writer::{CodeWriter, quoted};

/// Writes the enum of a closed set. The bucket is the last variant.
pub(super) fn write(
    out: &mut CodeWriter<'_>,
    named: &NamedType,
    set: &'static [&'static str],
    other: Option<&'static str>,
) {
    let mut names = Names::default();
    let words: Vec<&str> =
        set.iter().copied().chain(other.filter(|bucket| !set.contains(bucket))).collect();
    let variants: Vec<(String, &str)> =
        words.iter().map(|word| (names.take(&pascal(word)), *word)).collect();
    out.line("");
    out.docs(&[&format!("A word of the closed set {}.", quoted(named.key))]);
    out.line("#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]");
    out.open(&format!("pub enum {} {{", named.name));
    for (variant, word) in &variants {
        if Some(*word) == other {
            out.docs(&[&format!("{}, for every other word.", quoted(word))]);
        } else {
            out.docs(&[&format!("{}.", quoted(word))]);
        }
        out.line(&format!("{variant},"));
    }
    out.close("}");
    out.line("");
    out.open(&format!("impl {} {{", named.name));
    all(out, &variants);
    out.line("");
    out.docs(&["Returns the word on the line."]);
    out.line("#[must_use]");
    out.open("pub fn word(self) -> &'static str {");
    out.open("match self {");
    for (variant, word) in &variants {
        out.line(&format!("Self::{variant} => {word:?},"));
    }
    out.close("}");
    out.close("}");
    out.line("");
    let bucket = variants.iter().find(|(_, word)| Some(*word) == other);
    reading(out, bucket.map(|(variant, _)| variant.as_str()));
    out.close("}");
}

fn all(out: &mut CodeWriter<'_>, variants: &[(String, &str)]) {
    out.docs(&["Every word, in the order of the catalog."]);
    let all: Vec<String> = variants.iter().map(|(variant, _)| format!("Self::{variant}")).collect();
    out.list(&format!("pub const ALL: [Self; {}] = [", all.len()), &all, "];");
}

/// Writes the function that reads a word.
fn reading(out: &mut CodeWriter<'_>, bucket: Option<&str>) {
    let find = "Self::ALL.into_iter().find(|it| it.word() == text)";
    match bucket {
        Some(variant) => {
            out.docs(&[
                "Returns the word that is equal to `text`, or the bucket if there is none.",
            ]);
            out.line("#[must_use]");
            out.open("pub fn of(text: &str) -> Self {");
            out.line(&format!("{find}.unwrap_or(Self::{variant})"));
        }
        None => {
            out.docs(&["Returns the word that is equal to `text`, if there is one."]);
            out.line("#[must_use]");
            out.open("pub fn read(text: &str) -> ::core::option::Option<Self> {");
            out.line(find);
        }
    }
    out.close("}");
}

//! Tidy: what every file of the repository owes to whoever opens it. One rule a
//! file.

mod dependencies;
mod headings;
mod imports;
mod length;
mod name;
mod opening;
mod place;
mod rooms;
mod secret;
mod suppress;
mod unfinished;
mod width;

mod fix;

use crate::tree::SourceFile;
use crate::{Finding, Tree, rust};

pub use fix::{Tidied, tidied};

/// Every finding of every rule.
#[must_use]
pub fn tidy(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        findings.extend(opening::check(file));
        findings.extend(length::check(file));
        findings.extend(suppress::check(file));
        findings.extend(unfinished::check(file));
        findings.extend(secret::check(file));
        findings.extend(place::check(file));
        if file.is_rust() && !is_quoted(tree, file) {
            let lines = rust::lines(&file.text);
            findings.extend(imports::check(file, &lines));
            findings.extend(headings::check(file, &lines));
            findings.extend(width::check(file, &lines));
        }
    }
    findings.extend(name::check(tree));
    findings.extend(rooms::check(tree));
    findings.extend(dependencies::check(tree));
    findings
}

/// Whether a compiler's words about a file are kept beside it: they quote its
/// lines, so that none may change its place.
fn is_quoted(tree: &Tree, file: &SourceFile) -> bool {
    let quotes = file.path.strip_suffix(".rs").map(|path| format!("{path}.stderr"));
    quotes.is_some_and(|path| tree.position(&path).is_some())
}

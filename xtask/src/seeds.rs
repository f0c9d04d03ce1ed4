//! The requirements of the five documents that the products were made from,
//! each with its state and what shows it: tables in docs/reference/seeds, and
//! the page made of them.
//!
//! ```text
//! docs/reference/seeds/*.toml  ─>  table  ─┬─>  check, against what the evidence finds  ─>  findings
//!                                          └─>  page  ─>  docs/reference/seeds.md
//! ```
//!
//! Whether a test passes is for `cargo test` to say; here it only has to be
//! there, by the name that a row gives, and to run without being asked for.

mod check;
mod evidence;
mod page;
mod table;

#[cfg(test)]
mod tests;

use crate::{Finding, Tree};
use table::Document;

/// Where the page lies.
pub const PATH: &str = "docs/reference/seeds.md";

/// The tables, in the order of the page.
const TABLES: [&str; 6] = ["atomic", "atomcode", "archon", "assembly", "clacky", "decisions"];

/// What is wrong in the tables, and whether the page is that of the tables.
#[must_use]
pub fn seeds(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut documents = Vec::new();
    let mut found = evidence::Finder::new(tree);
    for name in TABLES {
        let path = path(name);
        match Document::read(&path, tree.text(&path)) {
            Ok(document) => {
                findings.extend(check::document(&document, &mut found));
                documents.push(document);
            }
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() && tree.text(PATH) != page::page(&documents) {
        findings.push(Finding::new(PATH, 1, "It is old: run `cargo xtask seeds --write`."));
    }
    findings
}

/// The page as it must be.
///
/// # Errors
///
/// What makes a table unreadable. A table that can be read is shown, whatever
/// else is wrong with it.
pub fn seeds_page(tree: &Tree) -> Result<String, Finding> {
    let read = |name| {
        let path = path(name);
        Document::read(&path, tree.text(&path))
    };
    let documents: Result<Vec<Document>, Finding> = TABLES.into_iter().map(read).collect();
    Ok(page::page(&documents?))
}

fn path(name: &str) -> String {
    format!("docs/reference/seeds/{name}.toml")
}

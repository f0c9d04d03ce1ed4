//! Tidy: what every file of the repository owes to whoever opens it. One rule a file.

mod dependencies;
mod length;
mod name;
mod opening;
mod place;
mod rooms;
mod secret;
mod suppress;
mod unfinished;

use crate::{Finding, Tree};

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
    }
    findings.extend(name::check(tree));
    findings.extend(rooms::check(tree));
    findings.extend(dependencies::check(tree));
    findings
}

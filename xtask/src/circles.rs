//! Circles: no file of a package may use a file that, directly or by way of
//! others, uses it back.
//!
//! ```text
//! crates    the packages, and the files their modules begin in   ─┐
//! reader    each file once: its names, and the paths it uses      ├─>  arrows  ─>  circles
//! resolve   a path to the file that defines what it names        ─┘
//! ```
//!
//! A name counts for the file that defines it, however many re-exports lie
//! between: what `lib.rs` only passes on is not a use of `lib.rs`, nor does
//! `lib.rs` use it. What is compiled for tests alone does not count; what is
//! compiled for one platform or one feature does.
//!
//! Methods are not seen: which file defines `value.method()` is for the
//! compiler to know. A name that leads nowhere, because it is another crate's
//! or because a macro makes it, is passed over.

mod crates;
mod cfg;
mod module;
mod tokens;
mod reader;
mod resolve;
mod arrows;

use crate::{Finding, Tree};
use arrows::{Arrows, Circle, Step};

/// One finding for each group of files that all lead to one another: its
/// shortest circle. When that one is mended, the next one shows.
#[must_use]
pub fn circles(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in crates::packages(tree) {
        let mut arrows = Arrows::default();
        for root in package.roots {
            let read = reader::read(tree, root);
            arrows.add(&read);
            findings.extend(read.unread.iter().map(|(file, line, wrong)| {
                let sentence = format!("This file cannot be read as Rust: {wrong}.");
                Finding::new(&tree.files()[*file].path, *line, sentence)
            }));
        }
        findings.extend(arrows.circles().iter().map(|circle| finding(tree, circle)));
    }
    findings
}

fn finding(tree: &Tree, circle: &Circle<'_>) -> Finding {
    let path = |file: usize| tree.files()[file].path.as_str();
    let first = circle.steps[0];
    let arrow =
        |step: &Step<'_>| format!("{} -> {} ({})", path(step.from), path(step.to), step.names());
    let arrows: Vec<String> = circle.steps.iter().map(arrow).collect();
    let which = match circle.group {
        files if files > circle.steps.len() => {
            format!("{files} files use one another in circles, and this is the shortest")
        }
        _ => "These files use one another in a circle".to_owned(),
    };
    let sentence = format!(
        "{which}: {}. Move what both need into a file that both may use.",
        arrows.join(", ")
    );
    Finding::new(path(first.from), first.line(), sentence)
}

#[cfg(test)]
mod tests;

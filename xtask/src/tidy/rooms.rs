//! ARCHITECTURE.md is the map: every package has a row in it, every row a
//! package, and every path that a page for contributors names is there.

use crate::architecture::{self, rows};
use crate::layers;
use crate::{Finding, Tree};

/// Pages whose paths are checked.
const PAGES: [&str; 3] = [architecture::PATH, "CONTRIBUTING.md", "README.md"];

/// What a path in such a page begins with.
const FOLDERS: [&str; 5] = ["crates/", "examples/", "xtask/", "docs/", ".github/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = packages_have_rows(tree);
    findings.extend(rows_have_packages(tree));
    for file in tree.files().iter().filter(|file| PAGES.contains(&file.path.as_str())) {
        for (number, line) in file.lines() {
            // Between backticks is every second piece of a line.
            for path in line.split('`').skip(1).step_by(2).filter(|path| is_path(path)) {
                if !is_there(tree, path) {
                    let sentence = format!("{path} is not there: name what is.");
                    findings.push(Finding::new(&file.path, number, sentence));
                }
            }
        }
    }
    findings
}

fn packages_have_rows(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.text(architecture::PATH));
    let missing = tree
        .packages()
        .map(architecture::room)
        .filter(|room| rows.iter().all(|row| row.room != *room));
    missing
        .map(|room| {
            let row = layers::row(room).unwrap_or_else(|| format!("{room} -> what it may use"));
            let sentence = format!("The block ```rooms lacks {room}: add the row `{row}`.");
            Finding::new(architecture::PATH, 1, sentence)
        })
        .collect()
}

fn rows_have_packages(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.text(architecture::PATH));
    rows.iter()
        .filter(|row| tree.packages().map(architecture::room).all(|room| room != row.room))
        .map(|row| {
            let sentence = format!("There is no package {}: take its row out.", row.room);
            Finding::new(architecture::PATH, row.line, sentence)
        })
        .collect()
}

fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    FOLDERS.iter().any(|folder| text.starts_with(folder)) && text.chars().all(plain)
}

fn is_there(tree: &Tree, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let below = |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    tree.files().iter().any(|file| file.path == path || below(&file.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    const WIRE: (&str, &str) = ("crates/headcount-wire/Cargo.toml", "");

    #[test]
    fn a_package_without_a_row_is_caught() {
        let sentence = "ARCHITECTURE.md:1: The block ```rooms lacks headcount-wire: \
                        add the row `headcount-wire -> catalog`.";
        assert_eq!(caught(&[WIRE]), [sentence]);
        assert_eq!(caught(&[WIRE, ("ARCHITECTURE.md", "headcount-wire -> catalog\n")]), [sentence]);
        let map = ("ARCHITECTURE.md", "```rooms\nheadcount-wire -> catalog\n```\n");
        assert!(caught(&[WIRE, map]).is_empty());
        let example = ("examples/new/Cargo.toml", "");
        assert!(caught(&[WIRE, map, example])[0].contains("`examples/new -> headcount`"));
    }

    #[test]
    fn a_row_without_a_package_is_caught() {
        let map = ("ARCHITECTURE.md", "```rooms\nheadcount-wire\nheadcount-gone\n```\n");
        assert_eq!(
            caught(&[WIRE, map]),
            ["ARCHITECTURE.md:3: There is no package headcount-gone: take its row out."]
        );
    }

    #[test]
    fn a_path_that_is_not_there_is_caught() {
        let pages = "`crates/headcount-wire/` `crates/headcount-wire/Cargo.toml` `cargo test`\n\
                     `crates/headcount-wire/src/gone.rs` `crates/*/src` `crates/headcount-wi`\n";
        let map = ("ARCHITECTURE.md", "```rooms\nheadcount-wire\n```\n");
        assert_eq!(
            caught(&[WIRE, map, ("CONTRIBUTING.md", pages)]),
            [
                "CONTRIBUTING.md:2: crates/headcount-wire/src/gone.rs is not there: name what is.",
                "CONTRIBUTING.md:2: crates/headcount-wi is not there: name what is.",
            ]
        );
    }
}

//! `cargo xtask tidy --fix`: what a program can put in order by itself, it
//! does. No code is changed: imports change their places, comments their
//! breaks, and the tokens of both texts are compared.

mod same_code;

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{headings, imports, is_quoted, opening, width};
use crate::tree::SourceFile;
use crate::{Finding, Tree, rust};

/// What a program can put in order.
#[derive(Debug)]
pub struct Tidied {
    /// Every file that was not in order, as it should be.
    pub files: Vec<SourceFile>,
    /// What it must leave to a person.
    pub left: Vec<Finding>,
}

/// Puts every file in order; nothing is written.
#[must_use]
pub fn tidied(tree: &Tree) -> Tidied {
    let mut tidied = Tidied { files: Vec::new(), left: Vec::new() };
    for file in tree.files().iter().filter(|file| file.is_rust() && !is_quoted(tree, file)) {
        match in_order(&file.text) {
            Ok(text) if text == file.text => {}
            Ok(text) => tidied.files.push(SourceFile { path: file.path.clone(), text }),
            Err(sentence) => tidied.left.push(Finding::new(&file.path, 1, sentence)),
        }
    }
    tidied
}

fn in_order(text: &str) -> Result<String, String> {
    let mut wanted = opening::fixed(text).unwrap_or_else(|| text.to_owned());
    let imports = imports::fixed(&wanted, &rust::lines(&wanted));
    let has_moved = imports.is_some();
    wanted = imports.unwrap_or(wanted);
    wanted = headings::fixed(&wanted, &rust::lines(&wanted)).unwrap_or(wanted);
    wanted = width::fixed(&wanted, &rust::lines(&wanted)).unwrap_or(wanted);
    if wanted != text && !same_code::is_same(text, &wanted) {
        return Err("This file would become other code: put it in order by hand.".to_owned());
    }
    // Imports that came together want sorting.
    if has_moved { formatted(&wanted) } else { Ok(wanted) }
}

/// The text as rustfmt has it, by the settings of this repository.
fn formatted(text: &str) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("rustfmt cannot be run: {error}.");
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--config-path"])
        .arg(crate::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot)?;
    // It reads all before it writes.
    let written = rustfmt.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
    let output = rustfmt.wait_with_output().map_err(cannot)?;
    written.transpose().map_err(cannot)?;
    match String::from_utf8(output.stdout) {
        Ok(text) if output.status.success() => Ok(text),
        _ => Err(format!("rustfmt ended with {}.", output.status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_mended_at_once_and_then_stays() {
        let words = "and ".repeat(30);
        let is = format!(
            "//! The room of one: {words}this.\n\nuse super::Two;\nuse std::fmt;\nmod three;\n\n/// Does.\n\
             /// # Errors\n/// When.\nfn f() {{}}\n"
        );
        let untidy = Tree::of(&[("a/one.rs", &is), ("a/one.md", &is)]);
        let tidy = tidied(&untidy).files;
        assert_eq!(tidy.len(), 1);
        let text = &tidy[0].text;
        assert!(text.starts_with("//! One: and and "), "{text}");
        let imports = "\n\nmod three;\n\nuse std::fmt;\n\nuse super::Two;\n\n/// Does.\n///\n/// # Errors\n///\n";
        assert!(text.contains(imports), "{text}");
        let again = Tree::of(&[("a/one.rs", text)]);
        assert_eq!(tidied(&again).files.len(), 0);
    }

    #[test]
    fn a_file_that_is_no_rust_is_left_to_a_person() {
        let broken = Tree::of(&[("a/one.rs", "//! One.\n\nuse a::B;\nuse std::c;\n}\n")]);
        let tidied = tidied(&broken);
        assert_eq!((tidied.files.len(), tidied.left.len()), (0, 1));
    }

    #[test]
    fn a_file_whose_lines_a_compiler_quotes_stays() {
        let is = "//! One.\n\nuse super::Two;\nuse std::fmt;\n";
        let quoted = Tree::of(&[("a/one.rs", is), ("a/one.stderr", "")]);
        assert_eq!(tidied(&quoted).files.len(), 0);
    }
}

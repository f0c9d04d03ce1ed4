//! The public types of the crates: where each is declared.

use crate::Tree;
use crate::rust::{self, Item, ItemKind, Line};
use crate::tree::SourceFile;

/// A type that is `pub` at the top level of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declared<'a> {
    pub(super) name: &'a str,
    /// The crate, such as `headcount-wire`.
    pub(super) owner: &'a str,
    pub(super) path: &'a str,
    /// Counted from 1.
    pub(super) line: usize,
}

const KEYWORDS: [&str; 5] = ["struct ", "enum ", "trait ", "type ", "union "];

/// Every such type below `crates/*/src`, but for what is compiled for tests
/// alone.
pub(super) fn types(tree: &Tree) -> Vec<Declared<'_>> {
    let sources: Vec<(&SourceFile, &str)> = tree
        .files()
        .iter()
        .filter(|file| file.is_rust())
        .filter_map(|file| Some((file, owner(&file.path)?)))
        .collect();
    let mut for_tests = Vec::new();
    let mut types = Vec::new();
    for (file, owner) in &sources {
        let lines = rust::lines(&file.text);
        for item in rust::items(&lines) {
            if item.is_for_tests(&lines) {
                for_tests.extend(child(&file.path, &item, &lines));
            } else if let Some(name) = name(&item, &lines) {
                types.push(Declared { name, owner, path: &file.path, line: item.head + 1 });
            }
        }
    }
    types.retain(|declared| !for_tests.iter().any(|path| is_below(declared.path, path)));
    types
}

/// The crate that a source file is of.
fn owner(path: &str) -> Option<&str> {
    let (owner, below) = path.strip_prefix("crates/")?.split_once('/')?;
    below.starts_with("src/").then_some(owner)
}

fn name<'a>(item: &Item, lines: &[Line<'a>]) -> Option<&'a str> {
    let (code, is_public) = item.code(lines);
    let code = code.strip_prefix("unsafe ").unwrap_or(code);
    let name = KEYWORDS.into_iter().find_map(|keyword| code.strip_prefix(keyword))?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    is_public.then_some(&name[..end])
}

/// The path of the module that an item declares, without `.rs`.
fn child(path: &str, item: &Item, lines: &[Line<'_>]) -> Option<String> {
    let (code, _) = item.code(lines);
    let name = code
        .strip_prefix("mod ")?
        .strip_suffix(';')
        .filter(|_| item.kind == ItemKind::Declaration)?;
    let (folder, file) = path.rsplit_once('/')?;
    let stem = file.strip_suffix(".rs")?;
    let named =
        item.above(lines).find_map(|line| line.strip_prefix("#[path = \"")?.split('"').next());
    Some(match named {
        Some(named) => format!("{folder}/{}", named.strip_suffix(".rs").unwrap_or(named)),
        None if matches!(stem, "lib" | "main" | "mod") => format!("{folder}/{name}"),
        None => format!("{folder}/{stem}/{name}"),
    })
}

/// Whether a file is a module of that path, or lies below it.
fn is_below(file: &str, path: &str) -> bool {
    file.strip_prefix(path).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

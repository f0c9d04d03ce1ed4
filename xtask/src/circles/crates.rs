//! The packages of the workspace, and the files in which their crates begin.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::Tree;

/// One package: its library and its programs are crates of their own, but share
/// a folder.
pub(super) struct Package {
    /// Where each crate begins, as a place in the tree's files.
    pub(super) roots: Vec<usize>,
}

/// Every package of the workspace that has Rust files below `src`.
pub(super) fn packages(tree: &Tree) -> Vec<Package> {
    tree.packages().map(|folder| Package { roots: roots(tree, folder) }).collect()
}

/// The files that cargo finds by itself, and those that the manifest names.
fn roots(tree: &Tree, folder: &str) -> Vec<usize> {
    let named = named(tree.text(&format!("{folder}/Cargo.toml")));
    let is_root = |path: &str| {
        let Some(below) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else {
            return false;
        };
        let in_bin = below.strip_prefix("src/bin/").is_some_and(|rest| {
            !rest.contains('/') || (rest.matches('/').count() == 1 && rest.ends_with("/main.rs"))
        });
        let found = matches!(below, "src/lib.rs" | "src/main.rs") || in_bin;
        path.ends_with(".rs") && (found || named.contains(below))
    };
    let files = tree.files().iter().enumerate();
    files.filter(|(_, file)| is_root(&file.path)).map(|(at, _)| at).collect()
}

/// The paths of a manifest's library and programs, where it names them.
fn named(manifest: &str) -> BTreeSet<String> {
    let Ok(table) = DeTable::parse(manifest) else { return BTreeSet::new() };
    let table = table.get_ref();
    let library = table.get("lib").into_iter().filter_map(|lib| lib.get_ref().as_table());
    let programs = table.get("bin").and_then(|bins| bins.get_ref().as_array());
    let programs = programs.into_iter().flatten().filter_map(|bin| bin.get_ref().as_table());
    library
        .chain(programs)
        .filter_map(|target| target.get("path")?.get_ref().as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_begins_where_cargo_looks_and_where_its_manifest_says() {
        let manifest = "[package]\nname = \"a\"\n[[bin]]\nname = \"b\"\npath = \"src/other.rs\"\n";
        let tree = Tree::of(&[
            ("a/Cargo.toml", manifest),
            ("a/src/bin/one.rs", ""),
            ("a/src/bin/two/main.rs", ""),
            ("a/src/bin/two/part.rs", ""),
            ("a/src/inner.rs", ""),
            ("a/src/lib.rs", ""),
            ("a/src/other.rs", ""),
            ("a/tests/main.rs", ""),
            ("bench/Cargo.toml", ""),
            ("bench/src/main.rs", ""),
        ]);
        let packages = packages(&tree);
        assert_eq!(packages.len(), 1);
        let roots = packages[0].roots.iter().map(|at| tree.files()[*at].path.as_str());
        assert_eq!(
            roots.collect::<Vec<_>>(),
            ["a/src/bin/one.rs", "a/src/bin/two/main.rs", "a/src/lib.rs", "a/src/other.rs"]
        );
    }
}

//! Every dependency is declared once, in the workspace's manifest, and says in
//! docs/dependencies.md what it is for and why it is that one.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::tree::SourceFile;
use crate::{Finding, Tree};

const MANIFEST: &str = "Cargo.toml";
const REASONS: &str = "docs/dependencies.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let declared = declared(tree.text(MANIFEST));
    let explained = explained(tree.text(REASONS));
    let mut findings = Vec::new();
    for (name, line) in &declared {
        if explained.iter().all(|(other, _)| other != name) {
            let sentence =
                format!("{name} has no row in {REASONS}: say what for, and why this one.");
            findings.push(Finding::new(MANIFEST, *line, sentence));
        }
    }
    for (name, line) in &explained {
        if declared.iter().all(|(other, _)| other != name) {
            let sentence = format!("{name} is no dependency of the workspace: take its row out.");
            findings.push(Finding::new(REASONS, *line, sentence));
        }
    }
    let manifests = tree.files().iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    findings.extend(manifests.flat_map(not_inherited));
    findings
}

/// The workspace's dependencies on others' crates, with their lines; its own
/// have a path.
fn declared(manifest: &str) -> BTreeSet<(String, usize)> {
    let Ok(manifest_table) = DeTable::parse(manifest) else { return BTreeSet::new() };
    let table = manifest_table.get_ref();
    let dependencies = table
        .get("workspace")
        .and_then(|workspace| workspace.get_ref().get("dependencies"))
        .and_then(|dependencies| dependencies.get_ref().as_table());
    let foreign = dependencies.into_iter().flatten().filter(|(_, value)| {
        value.get_ref().as_table().is_none_or(|table| !table.contains_key("path"))
    });
    foreign
        .map(|(name, _)| (name.get_ref().to_string(), line_at(manifest, name.span().start)))
        .collect()
}

/// The names that begin the rows of the page's table, with their lines.
fn explained(page: &str) -> Vec<(String, usize)> {
    let name = |line: &str| {
        let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some(name.to_owned())
    };
    page.lines().enumerate().filter_map(|(at, line)| Some((name(line)?, at + 1))).collect()
}

/// Dependencies that a package takes from elsewhere than the workspace's
/// manifest.
fn not_inherited(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    match DeTable::parse(&file.text) {
        Ok(table) => dependency_tables(table.get_ref(), &mut |name, inherited| {
            if !inherited {
                let line = line_at(&file.text, name.1);
                let sentence =
                    format!("{} must be `workspace = true`: versions are declared once.", name.0);
                findings.push(Finding::new(&file.path, line, sentence));
            }
        }),
        Err(error) => {
            let line = line_at(&file.text, error.span().map_or(0, |span| span.start));
            let sentence = format!("This is not TOML: {}.", error.message());
            findings.push(Finding::new(&file.path, line, sentence));
        }
    }
    findings
}

/// Calls `each` with every dependency's name, its place in the text, and
/// whether the workspace declares it, or it is the package itself, which its
/// own tests use with more features: that one must have no version, or the
/// package could not be published. Those of a single platform stand deeper,
/// under `target`.
fn dependency_tables(table: &DeTable<'_>, each: &mut impl FnMut((&str, usize), bool)) {
    for (key, value) in table {
        let Some(inner) = value.get_ref().as_table() else { continue };
        if key.get_ref().ends_with("dependencies") {
            for (name, value) in inner {
                let entry = value.get_ref();
                let inherited = entry.get("workspace").and_then(|it| it.get_ref().as_bool());
                let path = entry.get("path").and_then(|it| it.get_ref().as_str());
                let itself = path == Some(".") && entry.get("version").is_none();
                each((name.get_ref(), name.span().start), inherited == Some(true) || itself);
            }
        } else if key.get_ref() == "target" || key.get_ref().starts_with("cfg(") {
            dependency_tables(inner, each);
        }
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    text[..byte].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str =
        "[workspace.dependencies]\nours = { path = \"ours\" }\nmaud = \"0.27\"\ntoml = \"1\"\n";

    fn caught(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_and_dependencies_must_match() {
        let page = "| crate | what for |\n| --- | --- |\n| `toml` | x |\n| `gone` | y |\n";
        assert_eq!(
            caught(&[("Cargo.toml", WORKSPACE), ("docs/dependencies.md", page)]),
            [
                "Cargo.toml:3: maud has no row in docs/dependencies.md: say what for, and why this one.",
                "docs/dependencies.md:4: gone is no dependency of the workspace: take its row out.",
            ]
        );
    }

    #[test]
    fn a_version_beside_the_workspaces_is_caught() {
        let package = "[dependencies]\nmaud.workspace = true\ntoml = \"1\"\n\
                       [dev-dependencies]\nours = { workspace = true, features = [] }\n\
                       [target.'cfg(unix)'.dependencies]\nlibc = { version = \"0.2\" }\n";
        assert_eq!(
            caught(&[("crates/a/Cargo.toml", package)]),
            [
                "crates/a/Cargo.toml:3: toml must be `workspace = true`: versions are declared once.",
                "crates/a/Cargo.toml:7: libc must be `workspace = true`: versions are declared once.",
            ]
        );
    }

    #[test]
    fn a_package_may_use_itself_without_a_version() {
        let package = |itself: &str| format!("[dev-dependencies]\nours = {{ {itself} }}\n");
        let caught = |itself| caught(&[("crates/a/Cargo.toml", &package(itself))]).len();
        assert_eq!(caught("path = \".\", features = [\"x\"]"), 0);
        assert_eq!(caught("path = \".\", version = \"1\""), 1);
        assert_eq!(caught("path = \"../ours\""), 1);
    }

    #[test]
    fn a_manifest_that_is_no_toml_is_caught() {
        assert!(
            caught(&[("crates/a/Cargo.toml", "a = 1\nb =\n")])[0]
                .starts_with("crates/a/Cargo.toml:2: This is not TOML")
        );
    }
}

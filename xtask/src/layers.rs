//! Layers: which room may use which. What is not in the table may not be
//! imported.

use crate::architecture::{self, rows};
use crate::metadata::{Kind, Package};
use crate::{Finding, Tree};

/// Each room with the packages of ours that it may use. All products under
/// `examples/` share a row.
///
/// ARCHITECTURE.md has the same table for people; [`layers`] holds the two
/// together.
const TABLE: [(&str, &[&str]); 15] = [
    ("headcount-catalog", &[]),
    ("headcount-wire", &["headcount-catalog"]),
    ("headcount-queue", &[]),
    ("headcount-settings", &[]),
    ("headcount-macros", &["headcount-catalog"]),
    (
        "headcount",
        &[
            "headcount-catalog",
            "headcount-wire",
            "headcount-queue",
            "headcount-settings",
            "headcount-macros",
        ],
    ),
    ("headcount-agents", &["headcount-catalog", "headcount-settings", "headcount"]),
    ("headcount-tracing", &["headcount"]),
    ("headcount-store", &["headcount-catalog"]),
    (
        "headcount-collector",
        &["headcount-catalog", "headcount-wire", "headcount-queue", "headcount-store"],
    ),
    (
        "headcount-cli",
        &[
            "headcount-catalog",
            "headcount-wire",
            "headcount-queue",
            "headcount-settings",
            "headcount-macros",
            "headcount",
            "headcount-agents",
            "headcount-store",
            "headcount-collector",
        ],
    ),
    ("headcount-testkit", &["headcount-wire"]),
    // The product whose own program is a hook.
    ("examples/atomic", &["headcount", "headcount-agents"]),
    (EXAMPLES, &["headcount"]),
    ("xtask", &[]),
];

/// The row of every package in that folder that has none of its own.
const EXAMPLES: &str = "examples";

/// What the tests of any room may use besides.
const IN_TESTS: &str = "headcount-testkit";

/// The other end, which the tests of products may use as well.
const IN_TESTS_OF_EXAMPLES: &str = "headcount-collector";

/// Every dependency that the table does not have, every room that is in only
/// one of the table and the workspace, and every row of ARCHITECTURE.md that
/// says something else than the table.
#[must_use]
pub fn layers(packages: &[Package], tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        findings.extend(package_findings(package, packages, tree));
    }
    for (room, _) in TABLE {
        if packages.iter().all(|package| room_of(&package.name, &package.folder) != room) {
            let sentence =
                format!("The table has the room {room}, which no package is: remove it.");
            findings.push(Finding::new("xtask/src/layers.rs", 1, sentence));
        }
    }
    findings.extend(architecture_findings(tree.text(architecture::PATH)));
    findings
}

/// The row that ARCHITECTURE.md owes for a room; none if the table does not
/// know it.
pub(crate) fn row(room: &str) -> Option<String> {
    let uses: Vec<&str> = may_use(key(room))?.iter().map(|package| short(package)).collect();
    let uses = if uses.is_empty() { "nothing of ours".to_owned() } else { uses.join(", ") };
    Some(format!("{room} -> {uses}"))
}

fn package_findings(package: &Package, packages: &[Package], tree: &Tree) -> Vec<Finding> {
    let manifest = format!("{}/Cargo.toml", package.folder);
    let room = room_of(&package.name, &package.folder);
    let Some(may_use) = may_use(room) else {
        let sentence = format!(
            "{} is no room that the layers know: add it to the table in xtask/src/layers.rs and to \
             {}.",
            package.name,
            architecture::PATH
        );
        return vec![Finding::new(&manifest, 1, sentence)];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let name = dependency.name.as_str();
        let foreign = packages.iter().all(|package| package.name != name);
        let is_of_tests = name == IN_TESTS
            || name == package.name
            || (room.starts_with(EXAMPLES) && name == IN_TESTS_OF_EXAMPLES);
        let excused = dependency.kind == Kind::Test && is_of_tests;
        if foreign || excused || may_use.contains(&name) {
            continue;
        }
        let line = tree.text(&manifest).lines().position(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        });
        let row = row(room).unwrap_or_default();
        let sentence = format!("{} may not use {name}: the layers say `{row}`.", package.name);
        findings.push(Finding::new(&manifest, line.unwrap_or(0) + 1, sentence));
    }
    findings
}

fn architecture_findings(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for written in rows(text) {
        // A row for a room that the table lacks is the business of the tidy
        // rule on rooms.
        let Some(may_use) = may_use(key(&written.room)) else { continue };
        let mut expected: Vec<&str> = may_use.iter().map(|package| short(package)).collect();
        let mut said: Vec<&str> = written.may_use.iter().map(String::as_str).collect();
        expected.sort_unstable();
        said.sort_unstable();
        if said != expected {
            let row = row(&written.room).unwrap_or_default();
            let sentence = format!("The table in xtask/src/layers.rs says `{row}`: make them one.");
            findings.push(Finding::new(architecture::PATH, written.line, sentence));
        }
    }
    findings
}

fn may_use(room: &str) -> Option<&'static [&'static str]> {
    TABLE.into_iter().find(|(name, _)| *name == room).map(|(_, may_use)| may_use)
}

fn room_of<'a>(name: &'a str, folder: &'a str) -> &'a str {
    if folder.starts_with("examples/") { key(folder) } else { name }
}

/// The row of a room: its own, or the one of all products.
fn key(room: &str) -> &str {
    let has_own = TABLE.iter().any(|(name, _)| *name == room);
    if !has_own && room.starts_with("examples/") { EXAMPLES } else { room }
}

/// A package as the table of ARCHITECTURE.md calls it on the right of an arrow.
fn short(package: &str) -> &str {
    package.strip_prefix("headcount-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    /// A workspace in which every room of the table is a package that uses
    /// nothing.
    fn workspace() -> Vec<Package> {
        let package = |(room, _): (&str, _)| match room {
            EXAMPLES => ("headcount-example-wren".to_owned(), "examples/wren".to_owned()),
            "examples/atomic" => {
                ("headcount-example-atomic".to_owned(), "examples/atomic".to_owned())
            }
            "xtask" => (room.to_owned(), room.to_owned()),
            _ => (room.to_owned(), format!("crates/{room}")),
        };
        let named = TABLE.into_iter().map(package);
        let bare = |(name, folder)| Package {
            name,
            folder,
            features: Vec::new(),
            dependencies: Vec::new(),
        };
        named.map(bare).collect()
    }

    fn caught(user: &str, used: &str, kind: Kind) -> Vec<String> {
        let mut packages = workspace();
        let package = packages.iter_mut().find(|package| package.name == user).unwrap();
        package.dependencies.push(Dependency { name: used.to_owned(), kind });
        let manifest = format!("{}/Cargo.toml", package.folder);
        let text = format!("[dependencies]\nheadcount-other = 1\n{used}.workspace = true\n");
        let tree = Tree::of(&[(manifest.as_str(), text.as_str())]);
        layers(&packages, &tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_the_table_has_is_allowed() {
        assert!(caught("headcount-wire", "headcount-catalog", Kind::Build).is_empty());
        assert!(caught("headcount-wire", "serde_json", Kind::Build).is_empty());
        assert!(caught("headcount-example-atomic", "headcount", Kind::Build).is_empty());
    }

    #[test]
    fn what_the_table_lacks_is_caught() {
        assert_eq!(
            caught("headcount-wire", "headcount-store", Kind::Build),
            ["crates/headcount-wire/Cargo.toml:3: headcount-wire may not use headcount-store: \
              the layers say `headcount-wire -> catalog`."]
        );
        let upward = caught("headcount-catalog", "headcount", Kind::Build);
        assert!(upward[0].ends_with("`headcount-catalog -> nothing of ours`."), "{upward:?}");
        assert_eq!(caught("headcount-collector", "headcount", Kind::Build).len(), 1);
        let product = caught("headcount-example-wren", "headcount-wire", Kind::Build);
        assert!(product[0].contains("`examples -> headcount`"), "{product:?}");
    }

    #[test]
    fn tests_may_use_the_test_kit_and_their_own_package() {
        assert!(caught("headcount-queue", "headcount-testkit", Kind::Test).is_empty());
        assert!(caught("headcount-queue", "headcount-queue", Kind::Test).is_empty());
        assert_eq!(caught("headcount-queue", "headcount-testkit", Kind::Build).len(), 1);
        assert_eq!(caught("headcount-queue", "headcount-store", Kind::Test).len(), 1);
    }

    #[test]
    fn tests_of_products_may_use_the_collector() {
        let product = "headcount-example-atomic";
        assert!(caught(product, "headcount-collector", Kind::Test).is_empty());
        assert_eq!(caught(product, "headcount-collector", Kind::Build).len(), 1);
        assert_eq!(caught(product, "headcount-store", Kind::Test).len(), 1);
        assert_eq!(caught("headcount-queue", "headcount-collector", Kind::Test).len(), 1);
    }

    #[test]
    fn a_package_that_is_no_room_is_caught_and_a_room_that_is_no_package() {
        let mut packages = workspace();
        let package = packages.last_mut().unwrap();
        package.name = "headcount-new".to_owned();
        package.folder = "crates/headcount-new".to_owned();
        let sentences: Vec<String> =
            layers(&packages, &Tree::of(&[])).iter().map(ToString::to_string).collect();
        assert_eq!(sentences.len(), 2, "{sentences:?}");
        assert!(sentences[0].contains("headcount-new is no room that the layers know"));
        assert!(sentences[1].contains("the room xtask, which no package is"));
    }

    #[test]
    fn a_row_of_the_map_that_says_something_else_is_caught() {
        let map = |row: &str| format!("```rooms\n{row}\n```\n");
        assert_eq!(architecture_findings(&map("headcount-macros  a shell -> catalog")), []);
        assert_eq!(
            architecture_findings(&map("headcount -> macros, wire, settings, queue, catalog")),
            []
        );
        let caught = architecture_findings(&map("examples/{atomic,archon} -> headcount, wire"));
        assert_eq!(caught.len(), 2);
        assert_eq!(
            caught[1].sentence,
            "The table in xtask/src/layers.rs says `examples/archon -> headcount`: make them one."
        );
    }
}

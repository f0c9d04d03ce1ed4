//! What is written beside each product: the documents ask for pages, and a page
//! that does not name a way to turn telemetry off is none.

use xtask::{Tree, root};

/// The products that follow a document, by their folders.
const PRODUCTS: [&str; 5] = ["archon", "assembly", "atomcode", "atomic", "clacky"];

/// The variable of a product's own that refuses.
fn variable(catalog: &str) -> &str {
    let line = catalog.lines().find(|line| line.starts_with("variables = [{ name = \""));
    line.and_then(|line| line.split('"').nth(1)).expect("a variable that refuses")
}

#[test]
fn every_product_has_a_readme_with_the_ways_to_turn_it_off() {
    let tree = Tree::read(root()).unwrap();
    for product in PRODUCTS {
        let text = |file: &str| tree.text(&format!("examples/{product}/{file}"));
        let page = text("README.md");
        for word in [variable(text("telemetry.toml")), "DO_NOT_TRACK", "--no-telemetry"] {
            assert!(page.contains(word), "examples/{product}/README.md does not name {word}");
        }
        let says_off = ["telemetry off", "telemetry disable", "config set telemetry false"];
        assert!(says_off.iter().any(|word| page.contains(word)), "{product} names no command");
        assert!(text("TELEMETRY.md").contains("## How to turn it off"), "{product}");
    }
}

#[test]
fn openclackys_page_says_what_is_lost() {
    let tree = Tree::read(root()).unwrap();
    let page = tree.text("examples/clacky/README.md");
    let (_, rest) = page.split_once("\n## What is lost\n").expect("a section on it");
    let section = rest.split("\n## ").next().unwrap_or_default();
    for loss in ["first run", "without a network", "killed", "4 KiB"] {
        assert!(section.contains(loss), "{loss} is not in {section}");
    }
}

#[test]
fn the_changelog_tells_of_telemetry_by_version_and_kind() {
    let tree = Tree::read(root()).unwrap();
    let page = tree.text("CHANGELOG.md");
    assert!(page.contains("\n## Unreleased\n"), "what is not released has a place");
    let (_, newest) = page.split_once("\n## ").expect("a version");
    let kinds = ["breaking", "added", "changed", "fixed", "privacy"];
    let of_a_kind = |line: &str| kinds.iter().any(|it| line.starts_with(&format!("- **{it}** ")));
    let lines: Vec<&str> = newest.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| of_a_kind(line)), "{lines:?}");
    assert!(newest.contains("TELEMETRY.md") && newest.contains("collector"));
}

#[test]
fn the_page_for_agents_of_assembly_tells_of_telemetry_and_names_what_is_there() {
    let tree = Tree::read(root()).unwrap();
    let page = tree.text("examples/assembly/AGENTS.md");
    assert!(page.contains("\n- **Telemetry.** "), "{page}");
    for (said, path) in [
        ("`telemetry.toml`", "examples/assembly/telemetry.toml"),
        ("`tests/assembly/stage.rs`", "examples/assembly/tests/assembly/stage.rs"),
        ("`tests/assembly/trouble.rs`", "examples/assembly/tests/assembly/trouble.rs"),
        (
            "`crates/headcount-cli/catalogs/assembly.toml`",
            "crates/headcount-cli/catalogs/assembly.toml",
        ),
    ] {
        assert!(page.contains(said), "{said}");
        assert!(!tree.text(path).is_empty(), "{path}");
    }
}

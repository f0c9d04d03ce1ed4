//! The example in `docs/catalog.md` is a valid catalog, and the page mentions
//! every word of the grammar.
#![cfg(feature = "parse")]

use std::fs;
use std::path::Path;

use headcount_catalog::{Dialect, Grain, Kind, Rule, Words, parse};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/catalog.md");
    fs::read_to_string(path).expect("the page is in the repository")
}

/// The TOML of the page. All other lines are empty, so that mistakes have the
/// lines of the page.
fn toml(page: &str) -> String {
    let mut toml = String::new();
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```toml";
        } else if inside {
            toml.push_str(line);
        }
        toml.push('\n');
    }
    toml
}

#[test]
fn the_example_of_the_page_is_a_catalog_with_every_kind() {
    let page = page();
    let catalog = parse(&toml(&page)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let kinds: Vec<&str> = catalog
        .events
        .iter()
        .flat_map(|event| event.properties)
        .map(|property| property.kind.name())
        .collect();
    let every = [
        "flag",
        "choice",
        "choices",
        "count",
        "amount",
        "bucket",
        "duration",
        "exit-code",
        "version",
        "locale",
        "token",
        "location",
        "frames",
        "scrubbed",
        "reference",
        "function",
        "class",
        "count-of",
        "time",
        "constant",
    ];
    for kind in every {
        assert!(kinds.contains(&kind), "the example has no {kind}");
        assert!(
            page.contains(&format!("| `\"{kind}\"")) || page.contains(&format!("| `{{ {kind} ="))
        );
    }
    assert_eq!(Kind::Flag.name(), every[0]);
}

#[test]
fn every_word_of_the_grammar_is_on_the_page() {
    let page = page();
    let words = Words::ALL.map(|(_, word)| word).into_iter();
    let words = words.chain(Grain::ALL.map(|(_, word)| word));
    let words = words.chain(Dialect::ALL.map(|(_, word)| word));
    let words = words.chain(Rule::ALL.map(Rule::name));
    for word in words {
        assert!(page.contains(&format!("\"{word}\"")), "{word}");
    }
}

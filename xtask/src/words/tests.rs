//! Made-up crates and tables: which words are caught.

use super::*;

fn tree(files: &[(&str, &str)]) -> Vec<String> {
    words(&Tree::of(files)).iter().map(ToString::to_string).collect()
}

/// A table that has every word of the vocabulary as a concept, and these rows.
fn table(rows: &str) -> String {
    let mut table = format!("{}\n{rows}", table::OPENS);
    let said: Vec<String> = table::rows(&format!("{table}```\n"))
        .unwrap()
        .iter()
        .map(WordRow::in_plain_letters)
        .collect();
    for word in VOCABULARY.iter().filter(|word| said.iter().all(|other| other != *word)) {
        table.push_str(&format!("{word}  headcount-queue  a word\n"));
    }
    format!("{table}```\n")
}

/// What is found in the types of two crates, given a table without fault.
fn homonyms_of(queue: &str, wire: &str) -> Vec<String> {
    tree(&[
        ("ARCHITECTURE.md", &table("")),
        ("crates/headcount-queue/Cargo.toml", ""),
        ("crates/headcount-queue/src/claim.rs", queue),
        ("crates/headcount-wire/src/claim.rs", wire),
    ])
}

/// What is found in a table, given a queue that declares `Claim` and a wire
/// that declares `Batch`.
fn table_of(rows: &str) -> Vec<String> {
    tree(&[
        ("ARCHITECTURE.md", &table(rows)),
        ("crates/headcount-queue/Cargo.toml", ""),
        ("crates/headcount-queue/src/claim.rs", "pub struct Claim;\n"),
        ("crates/headcount-wire/Cargo.toml", ""),
        ("crates/headcount-wire/src/batch.rs", "pub struct Batch;\n"),
    ])
}

#[test]
fn a_name_with_two_meanings_is_caught() {
    for (queue, wire) in [
        ("pub struct Claim;\n", "//! A.\n\npub enum Claim {\n}\n"),
        ("pub trait Claim {\n}\n", "\n\npub type Claim = u8;\n"),
        ("pub union Claim {\n}\n", "\n\npub unsafe trait Claim<T> {\n}\n"),
        ("pub struct Claim<'a>(&'a str);\n", "\n#[cfg(unix)]\npub struct Claim;\n"),
    ] {
        assert_eq!(
            homonyms_of(queue, wire),
            ["crates/headcount-wire/src/claim.rs:3: `Claim` is also declared in \
              crates/headcount-queue/src/claim.rs:1: rename one, so that the word has one meaning."],
            "{queue}{wire}"
        );
    }
}

#[test]
fn a_file_may_have_a_type_for_each_platform() {
    let both = "#[cfg(unix)]\npub struct Lock;\n#[cfg(windows)]\npub struct Lock(u8);\n";
    assert_eq!(homonyms_of(both, ""), [""; 0]);
}

#[test]
fn what_the_world_does_not_see_has_no_homonym() {
    let queue = "pub struct Claim;\n";
    for wire in [
        "pub struct Claimed;\n",
        "pub(crate) struct Claim;\n",
        "struct Claim;\n",
        "pub use other::Claim;\n",
        "pub fn Claim() {}\n",
        "const TEXT: &str = \"\npub struct Claim;\n\";\n",
        "mod inside {\n    pub struct Claim;\n}\n",
        "#[cfg(test)]\npub struct Claim;\n",
        "#[cfg(test)]\nmod tests {\npub struct Claim;\n}\n",
    ] {
        assert_eq!(homonyms_of(queue, wire), [""; 0], "{wire}");
    }
}

#[test]
fn files_of_tests_alone_declare_no_words() {
    let with = |lib: &str, path: &str| {
        tree(&[
            ("ARCHITECTURE.md", &table("")),
            ("crates/headcount-queue/Cargo.toml", ""),
            ("crates/headcount-queue/src/claim.rs", "pub struct Claim;\n"),
            ("crates/headcount-queue/src/lib.rs", lib),
            (path, "pub struct Claim;\n"),
        ])
        .len()
    };
    let path = "crates/headcount-queue/src/made_up.rs";
    assert_eq!(with("mod made_up;\n", path), 1);
    assert_eq!(with("#[cfg(test)]\nmod made_up;\n", path), 0);
    assert_eq!(with("#[cfg(test)]\n#[path = \"made_up.rs\"]\nmod tests;\n", path), 0);
    assert_eq!(with("#[cfg(test)]\nmod made_up;\n", "crates/headcount-queue/src/made_up/a.rs"), 0);
    assert_eq!(
        with("#[cfg(test)]\nmod made_up;\n", "crates/headcount-queue/src/made_up_too.rs"),
        1
    );
    assert_eq!(with("", "crates/headcount-queue/tests/made_up.rs"), 0);
}

#[test]
fn a_table_that_is_not_there_is_caught() {
    let found = tree(&[("ARCHITECTURE.md", "# Map\n")]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("ARCHITECTURE.md:1: There is no block ```words"), "{found:?}");
}

#[test]
fn a_row_that_is_so_is_let_be() {
    assert_eq!(table_of("Claim  headcount-queue  a segment at rest\n"), [""; 0]);
    assert_eq!(table_of("lease  headcount-wire  a concept\n"), [""; 0]);
}

#[test]
fn a_row_that_is_not_so_is_caught() {
    for (row, expected) in [
        (
            "Claim  headcount-wire  a segment",
            "`Claim` is declared in crates/headcount-queue/src/claim.rs:1, not in headcount-wire: \
             change its owner, or move it.",
        ),
        (
            "Lease  headcount-wire  a segment",
            "headcount-wire declares no public type `Lease`: say its name, or write a concept in \
             lower case.",
        ),
        (
            "claim  headcount-gone  x",
            "`claim` has the owner headcount-gone, which is not a package.",
        ),
        (
            "claim  headcount-queue",
            "The row of `claim` must say its crate and its meaning, with two spaces between.",
        ),
    ] {
        assert_eq!(table_of(&format!("{row}\n")), [format!("ARCHITECTURE.md:2: {expected}")]);
    }
}

#[test]
fn a_word_stands_once_however_it_is_written() {
    let rows = "Claim  headcount-queue  a type\nclaim  headcount-queue  a concept\n";
    assert_eq!(
        table_of(rows),
        ["ARCHITECTURE.md:3: `claim` is already in line 2: make one row of the two."]
    );
}

#[test]
fn a_word_of_the_vocabulary_without_a_row_is_caught() {
    let short = table("").replace("value set  headcount-queue  a word\n", "");
    let found = tree(&[("ARCHITECTURE.md", &short), ("crates/headcount-queue/Cargo.toml", "")]);
    assert_eq!(
        found,
        ["ARCHITECTURE.md:2: The table lacks the word `value set`: say its crate and meaning."]
    );
}

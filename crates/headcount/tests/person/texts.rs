//! Golden texts: question, notice and status line of the five products, as
//! their catalogs word them and as the catalog alone makes them.
//! `UPDATE=1 cargo test -p headcount --test person texts` writes them anew.

use std::path::Path;

use headcount::catalog::{Catalog, Scope, Texts};
use headcount::person::texts;
use headcount_testkit::Home;

use crate::scene::{self, PRODUCTS};

const NONE: Texts =
    Texts { question: None, introduction: None, collected: &[], never: &[], notice: None };

fn without_texts(catalog: &Catalog) -> &'static Catalog {
    let consent = headcount::catalog::Consent { texts: NONE, ..catalog.consent };
    Box::leak(Box::new(Catalog { consent, ..*catalog }))
}

fn all(catalog: &'static Catalog) -> String {
    let question = texts::question(catalog);
    let first = catalog.events.first().expect("an event");
    let home = Home::new();
    let lines: Vec<String> = [
        &[][..],
        &[("DO_NOT_TRACK", "1")],
        &[("ATOMCODE_TELEMETRY", "0"), ("AAI_TELEMETRY_DISABLED", "maybe")],
    ]
    .iter()
    .map(|variables| scene::open(catalog, &home, variables).decision().status_line())
    .collect();
    // As if the first event were new in this release.
    let mut agreed = Scope::of(catalog);
    agreed.events.remove(first.name);
    let news = texts::news(catalog, &agreed.compare(&Scope::of(catalog)));
    format!(
        "== question\n{question}\n\n? {}\n\n== notice\n{}\n== news\n{news}\n== status line\n{}\n\n== example of {}\n{}\n",
        question.question,
        texts::notice(catalog),
        lines.join("\n"),
        first.name,
        settled(&texts::example(catalog, first, headcount::Time::parse(scene::NOW).unwrap())),
    )
}

/// The platform the test runs on is not the product's.
fn settled(example: &str) -> String {
    let keys = ["platform\":", "os\":", "arch\":"];
    let lines = example.lines().map(|line| match keys.iter().find(|key| line.contains(**key)) {
        Some(_) => line.split_once(": ").map_or(line, |(key, _)| key).to_owned(),
        None => line.to_owned(),
    });
    lines.collect::<Vec<String>>().join("\n")
}

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/person/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).expect("a golden file, made with UPDATE=1");
    assert_eq!(text, golden, "{name}: look at it with UPDATE=1");
}

#[test]
fn the_five_products_words_are_these() {
    for product in PRODUCTS {
        let catalog = scene::catalog(product);
        compare(&format!("{product}.txt"), &all(catalog));
        compare(&format!("{product}.generated.txt"), &all(without_texts(catalog)));
    }
}

/// The words that the documents of the products pin.
#[test]
fn the_documents_own_sentences_are_there() {
    let atomic = texts::question(scene::catalog("atomic"));
    let text = atomic.to_string();
    for sentence in [
        "Atomic collects anonymous usage data to improve the product.",
        "What we collect:",
        "• Command names (e.g., \"init\", \"/research-codebase\")",
        "What we NEVER collect:",
        "• IP addresses or personal information",
        "You can opt out anytime with: ATOMIC_TELEMETRY=0",
    ] {
        assert!(text.contains(sentence), "{sentence} in {text}");
    }
    assert_eq!(atomic.question, "Help improve Atomic by enabling anonymous telemetry?");
    let home = Home::new();
    let line = |variables: &[(&str, &str)]| {
        scene::open(scene::catalog("atomcode"), &home, variables).decision().status_line()
    };
    assert_eq!(line(&[]), "Telemetry: enabled");
    assert_eq!(
        line(&[("ATOMCODE_TELEMETRY", "0")]),
        "Telemetry: disabled (reason: env:ATOMCODE_TELEMETRY=0)"
    );
}

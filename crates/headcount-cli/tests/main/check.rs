//! `headcount check` reports every mistake with its place and exits with 2.

use headcount_testkit::Home;

use super::stage::{catalog, headcount};

#[test]
fn the_five_catalogs_have_no_mistakes() {
    let home = Home::new();
    for product in ["atomic", "atomcode", "archon", "assembly", "clacky"] {
        let path = catalog(product);
        let output = headcount(&home, &["check"]).args([&path]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        assert!(output.stdout_text().contains("no mistakes"));
    }
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let home = Home::new();
    let text = std::fs::read_to_string(catalog("atomic")).unwrap();
    let bad = text
        .replace("title = \"Atomic CLI\"", "titel = \"Atomic CLI\"")
        .replace("success = \"flag\"", "success = \"string\"");
    let path = home.write("bad.toml", bad.as_bytes());
    let output = headcount(&home, &["check"]).args([&path]).run();
    assert_eq!(output.code(), Some(2));
    let sentences = output.stderr_text();
    let places: Vec<&str> = sentences.lines().collect();
    assert!(places.len() >= 2, "{sentences}");
    assert!(places.iter().all(|line| line.starts_with(&format!("{}:", path.display()))));
    assert!(sentences.contains("titel") && sentences.contains("string"), "{sentences}");
}

#[test]
fn a_file_that_cannot_be_read_is_reported() {
    let home = Home::new();
    home.write("broken.toml", b"grammar = \n[product\n");
    for path in ["missing.toml", ".", "broken.toml"] {
        let output = headcount(&home, &["check", path]).run();
        assert_eq!(output.code(), Some(2), "{path}");
        assert!(output.stderr_text().contains(path), "{}", output.stderr_text());
        assert_eq!(output.stdout_text(), "");
        assert!(!output.stderr_text().contains("--catalog"), "`check` has no such option");
    }
}

//! `headcount docs` makes the page for the people who are counted, and the
//! pages in the repository say what their catalogs say.
//!
//! `UPDATE=1 cargo test -p headcount-cli --test main docs` writes them again;
//! read the difference.

use std::fs;
use std::path::{Path, PathBuf};

use headcount_testkit::Home;

use super::stage::{catalog, counting, headcount};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the command prints for this catalog.
fn page(catalog: &Path) -> String {
    let home = Home::new();
    let output = headcount(&home, &["docs"]).args([catalog]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    output.stdout_text()
}

/// Compares a page with its file, or writes it.
fn is_in(file: &Path, page: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, page).unwrap();
    }
    let written = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        written == page,
        "{} is not what `headcount docs` makes of its catalog: run this test with UPDATE=1, and read the difference",
        file.display()
    );
}

#[test]
fn the_page_of_every_example_is_what_its_catalog_says() {
    let examples = root().join("examples");
    let mut checked = 0;
    for entry in fs::read_dir(&examples).unwrap() {
        let folder = entry.unwrap().path();
        // README.md's program is explained there.
        if !folder.join("telemetry.toml").is_file() || folder.ends_with("wren") {
            continue;
        }
        is_in(&folder.join("TELEMETRY.md"), &page(&folder.join("telemetry.toml")));
        checked += 1;
    }
    assert!(checked >= 5, "the five products are there");
}

/// The catalog on the page of the grammar, which has every kind, purposes, last
/// days, and no id.
#[test]
fn the_page_has_words_for_everything_in_the_grammar() {
    let grammar = fs::read_to_string(root().join("docs/catalog.md")).unwrap();
    let mut toml = String::new();
    let mut inside = false;
    for line in grammar.lines() {
        if line.starts_with("```") {
            inside = line == "```toml";
        } else if inside {
            toml.push_str(&format!("{line}\n"));
        }
    }
    let home = Home::new();
    let page = page(&home.write("telemetry.toml", toml));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/main/golden/grammar.md");
    is_in(&golden, &page);
}

#[test]
fn a_page_is_printed_or_written_and_can_be_checked() {
    let home = Home::new();
    let path = home.write("telemetry.toml", counting());
    let docs = |args: &[&str]| headcount(&home, &["docs"]).args(args).args([&path]).run();
    let checked = || docs(&["--check", "TELEMETRY.md"]);
    let missing = checked();
    assert_eq!(missing.code(), Some(1));
    let said = missing.stderr_text();
    assert!(
        said.contains("TELEMETRY.md: there is no page: run `headcount docs --output"),
        "{said}"
    );
    let written = docs(&["--output", "TELEMETRY.md"]);
    assert_eq!((written.code(), written.stdout_text().as_str()), (Some(0), ""));
    let page = home.read("TELEMETRY.md");
    assert!(page.contains("# What Wren reports about its use"), "{page}");
    assert_eq!(docs(&[]).stdout_text(), page, "what is printed is what is written");
    assert_eq!(checked().code(), Some(0));
    home.write("TELEMETRY.md", page.replace('\n', "\r\n"));
    assert_eq!(checked().code(), Some(0), "Git may change line endings");
    // A catalog that says something else makes the page wrong.
    let other = counting().replacen("why = \"", "why = \"Really: ", 1);
    home.write("telemetry.toml", other);
    let differs = checked();
    assert_eq!((differs.code(), differs.stdout_text().as_str()), (Some(1), ""));
    let said = differs.stderr_text();
    assert!(said.contains("TELEMETRY.md: this page does not say what "), "{said}");
    assert!(said.contains("run `headcount docs --output TELEMETRY.md "), "{said}");
    let both = docs(&["--check", "TELEMETRY.md", "--output", "other.md"]);
    assert_eq!(both.code(), Some(2), "{}", both.stderr_text());
}

#[test]
fn a_catalog_with_mistakes_makes_no_page() {
    let home = Home::new();
    let path = home.write("telemetry.toml", "grammar = 1\n[product]\n");
    let output = headcount(&home, &["docs", "--output", "TELEMETRY.md"]).args([&path]).run();
    assert_eq!(output.code(), Some(2));
    assert!(output.stderr_text().contains("telemetry.toml:"), "{}", output.stderr_text());
    assert!(!home.path().join("TELEMETRY.md").exists());
    let atomic = catalog("atomic");
    let unwritten =
        headcount(&home, &["docs", "--output", "missing/page.md"]).args([&atomic]).run();
    assert_eq!(unwritten.code(), Some(1));
    assert!(unwritten.stderr_text().contains("missing/page.md: cannot write the page: "));
}

#[test]
fn the_same_words_are_a_page_that_loads_nothing() {
    let home = Home::new();
    let path = catalog("atomic");
    let page = headcount(&home, &["docs", "--format", "html"]).args([&path]).run();
    let text = page.stdout_text();
    assert_eq!(page.code(), Some(0), "{}", page.stderr_text());
    assert!(text.starts_with("<!doctype html>\n") && text.ends_with("</html>\n"), "{text}");
    for part in ["<h1>What Atomic", "<h2>", "<table", "<title>What Atomic"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for loaded in ["<script", "<link", "<img", "src=", "url("] {
        assert!(!text.contains(loaded), "{loaded}: {text}");
    }
    // Every link within the page leads to something in it.
    let ids: Vec<&str> = attribute(&text, " id=\"");
    let links: Vec<&str> = attribute(&text, "href=\"#");
    assert!(!ids.is_empty() && links.iter().all(|link| ids.contains(link)), "{links:?} {ids:?}");

    fs::write(home.path().join("page.html"), &text).unwrap();
    let check = |args: &[&str]| headcount(&home, &["docs"]).args(args).args([&path]).run();
    assert_eq!(check(&["--format", "html", "--check", "page.html"]).code(), Some(0));
    let other = check(&["--check", "page.html"]);
    assert_eq!(other.code(), Some(1), "Markdown is another page");
    let badge = check(&["--format", "badge"]);
    assert!(badge.stdout_text().starts_with("<svg "), "{}", badge.stdout_text());
}

/// The values of an attribute, up to its closing quotation mark.
fn attribute<'t>(text: &'t str, begins: &str) -> Vec<&'t str> {
    text.split(begins).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

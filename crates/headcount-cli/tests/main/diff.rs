//! `headcount diff` says what people would share that they did not, and
//! returns 1 where that is more; and the README of each product has it for the
//! catalog of a next release.
//!
//! `UPDATE=1 cargo test -p headcount-cli --test main diff` writes those again;
//! read the difference.

use std::fs;
use std::path::Path;
use std::process::Command;

use headcount_testkit::{Home, ProgramOutput};
use serde_json::Value as Json;

use super::stage::{COUNT, counting, headcount};

fn diff(home: &Home, args: &[&str]) -> ProgramOutput {
    headcount(home, &["diff"]).args(args).run()
}

/// A later catalog that asks for more, for less, and for what changes nothing.
fn later() -> String {
    counting()
        .replacen("catalog = 1", "catalog = 2", 1)
        .replacen(COUNT, "count = [\"week\"]\n", 1)
        .replacen("why = \"", "why = \"Really: ", 1)
        + "\n[event.crash]\nwhy = \"Does it crash?\"\nowner = \"cli team\"\n"
}

fn two(home: &Home) {
    home.write("old.toml", counting());
    home.write("new.toml", later());
}

#[test]
fn a_catalog_that_asks_for_more_returns_1_and_says_of_what() {
    let home = Home::new();
    two(&home);
    let output = diff(&home, &["old.toml", "new.toml"]);
    assert_eq!(output.code(), Some(1), "{}", output.stderr_text());
    let said = output.stdout_text();
    assert!(
        said.starts_with(
            "Wren: widens, from catalog 1 to catalog 2.\n\nA person would also share:\n"
        ),
        "{said}"
    );
    assert!(said.contains("  + The event `crash` is new. *\n"), "{said}");
    let (more, less) = (said.find("would also share"), said.find("would no longer share"));
    assert!(more < less && less.is_some(), "{said}");
    assert!(
        said.contains("\n* Withheld from everybody who agreed to the earlier catalog, until they"),
        "{said}"
    );
}

#[test]
fn a_catalog_that_asks_for_less_or_the_same_returns_0() {
    let home = Home::new();
    two(&home);
    home.write("less.toml", counting().replacen(COUNT, "count = [\"week\"]\n", 1));
    for (old, new, first) in [
        ("old.toml", "old.toml", "Wren: same. Catalog 1 has no difference.\n"),
        (
            "old.toml",
            "less.toml",
            "Wren: narrows. Both are catalog 1: raise the number `catalog` before",
        ),
    ] {
        let output = diff(&home, &[old, new]);
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
        let said = output.stdout_text();
        assert!(said.starts_with(first), "{said}");
        assert!(!said.contains('*'), "nothing is withheld: {said}");
    }
}

#[test]
fn a_program_and_a_pull_request_read_the_same() {
    let home = Home::new();
    two(&home);
    let output = diff(&home, &["--format", "json", "old.toml", "new.toml"]);
    assert_eq!(output.code(), Some(1));
    let json: Json = serde_json::from_str(&output.stdout_text()).expect("one line of JSON");
    assert_eq!((&json["product"], &json["judgement"]), (&"wren".into(), &"widens".into()));
    assert_eq!((&json["old"], &json["new"]), (&1.into(), &2.into()));
    let all = json["differences"].as_array().expect("a list");
    let text = diff(&home, &["old.toml", "new.toml"]).stdout_text();
    let markdown = diff(&home, &["--format", "markdown", "old.toml", "new.toml"]).stdout_text();
    assert!(markdown.starts_with("### Wren: widens, from catalog 1 to catalog 2."), "{markdown}");
    assert!(all.len() >= 3);
    for one in all {
        let sentence = one["sentence"].as_str().expect("a sentence");
        assert!(text.contains(sentence), "{sentence}");
    }
    assert_eq!(markdown.lines().filter(|line| line.starts_with("- ")).count(), all.len());
}

/// A pull request shows what a stranger wrote: nobody is called, and nothing is
/// linked.
#[test]
fn markdown_does_not_make_more_of_a_text_than_it_is() {
    let home = Home::new();
    two(&home);
    let title = "title = \"Wren\"";
    assert!(later().contains(title));
    let hostile = later().replacen(title, "title = \"@all <b>[x](https://x.example)</b>\"", 1);
    home.write("new.toml", hostile);
    let output = diff(&home, &["--format", "markdown", "old.toml", "new.toml"]);
    let said = output.stdout_text();
    assert!(!said.contains(" @all") && !said.contains("<b>") && !said.contains("[x]("), "{said}");
    assert!(said.contains("\\@all \\<b\\>") && !said.contains("https:"), "{said}");
}

fn git(home: &Home, words: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(home.path()).args(["-c", "user.name=a", "-c", "user.email=a@a.example"]);
    command.env("GIT_CONFIG_GLOBAL", home.path().join("none")).env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.args(words).output().expect("there is Git");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_revision_of_git_is_compared_with() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("tool")).unwrap();
    let since = |words: &[&str]| {
        headcount(&home, &["diff", "--since"]).args(words).folder(home.path().join("tool")).run()
    };
    home.write("tool/telemetry.toml", later());
    let nowhere = since(&["HEAD"]);
    assert_eq!(nowhere.code(), Some(2), "there is no repository");
    assert!(
        nowhere.stderr_text().starts_with("HEAD:telemetry.toml: cannot read it: "),
        "{}",
        nowhere.stderr_text()
    );
    git(&home, &["init", "--quiet"]);
    git(&home, &["commit", "--quiet", "--allow-empty", "--message", "empty"]);
    let first = since(&["HEAD"]);
    assert_eq!(first.code(), Some(1), "{}", first.stderr_text());
    assert!(
        first.stdout_text().contains("It is the first one: everything in it is new."),
        "{}",
        first.stdout_text()
    );
    home.write("tool/telemetry.toml", counting());
    git(&home, &["add", "."]);
    git(&home, &["commit", "--quiet", "--message", "one"]);
    assert_eq!(since(&["HEAD"]).code(), Some(0));
    home.write("tool/telemetry.toml", later());
    let more = since(&["HEAD", "telemetry.toml"]);
    assert_eq!(more.code(), Some(1), "{}", more.stderr_text());
    assert!(more.stdout_text().contains("The event `crash` is new."));
    for revision in ["HEAD~9", "no such", "--upload-pack=x"] {
        let output = headcount(&home, &["diff", &format!("--since={revision}")])
            .folder(home.path().join("tool"))
            .run();
        assert_eq!(output.code(), Some(2), "{revision}");
        let said = output.stderr_text();
        assert!(said.contains(":telemetry.toml: cannot read it: "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn what_cannot_be_compared_is_said_in_a_sentence() {
    let home = Home::new();
    two(&home);
    home.write("bad.toml", "grammar = 1\n");
    for (words, said) in [
        (&["old.toml"][..], "Give two catalogs, the earlier one first"),
        (&[], "Give two catalogs"),
        (&["--since", "HEAD", "old.toml", "new.toml"], "With --since, give one catalog"),
        (&["old.toml", "missing.toml"], "missing.toml: cannot read the catalog"),
        (&["bad.toml", "new.toml"], "bad.toml:1:1: "),
    ] {
        let output = diff(&home, words);
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(2), ""), "{words:?}");
        assert!(output.stderr_text().contains(said), "{}", output.stderr_text());
    }
}

/// The five products' READMEs have what a next release of each would change.
#[test]
fn the_readme_of_each_product_has_what_its_next_catalog_changes() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let home = Home::new();
    let mut judgements = Vec::new();
    for product in ["atomic", "atomcode", "archon", "assembly", "clacky"] {
        let folder = examples.join(product);
        let checked = headcount(&home, &["check", "next.toml"]).folder(&folder).run();
        assert_eq!(checked.code(), Some(0), "{product}: {}", checked.stderr_text());
        let output =
            headcount(&home, &["diff", "telemetry.toml", "next.toml"]).folder(&folder).run();
        let said = output.stdout_text();
        let first = said.lines().next().unwrap_or_default();
        let judgement = first.split([':', ',']).nth(1).unwrap_or_default().trim().to_owned();
        assert!(first.ends_with(", from catalog 1 to catalog 2."), "{product}: {first}");
        let is_wider = judgement == "widens";
        assert_eq!(output.code(), Some(i32::from(is_wider)), "{product}: {first}");
        judgements.push(judgement);
        let block = format!(
            "<!-- diff -->\n```console\n$ headcount diff telemetry.toml next.toml\n{said}```\n<!-- end diff -->\n"
        );
        let readme = folder.join("README.md");
        let page = fs::read_to_string(&readme).unwrap().replace("\r\n", "\n");
        let (before, rest) = page.split_once("<!-- diff -->\n").expect("a block");
        let (_, after) = rest.split_once("<!-- end diff -->\n").expect("its end");
        let made = format!("{before}{block}{after}");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&readme, &made).unwrap();
        } else {
            assert!(
                page == made,
                "examples/{product}/README.md does not say what `headcount diff` does: run this test with UPDATE=1, and read the difference"
            );
        }
    }
    for judgement in ["widens", "narrows", "same"] {
        assert!(judgements.iter().any(|one| one == judgement), "{judgement}: {judgements:?}");
    }
}

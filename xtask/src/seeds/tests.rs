//! Each rule of the tables, catching what it is there for.

use super::*;

const RUST: &str = "#[test]\nfn it_holds() {}\n\nmod inside {\n    #[test]\n    fn it_holds_inside() {}\n}\n\n\
                    #[test]\n#[ignore]\nfn asked_for() {}\n\nfn no_test() {}\n";
const RUN: &str = "readonly STEPS=(\n    test off\n)\nreadonly BY_NAME=(windows)\n";
const SUITE: &str = "PARTS = {\n    \"senders\": senders.check,\n}\n";
const CASE: &str = "crates/headcount/tests/compile_fail/text";

/// What is wrong in a table of two rows, the first of which holds.
fn wrong(second: &str) -> Vec<String> {
    let table = format!(
        "document = \"0\"\nletter = \"A\"\nrows = 2\n\n\
         [[row]]\nid = \"A001\"\nquote = \"q\"\ndemands = \"d\"\nstate = \"works\"\n\
         tests = [\"a.rs::it_holds\"]\n\n[[row]]\nquote = \"q\"\ndemands = \"d\"\n{second}\n"
    );
    let tree = Tree::of(&[
        ("a.rs", RUST),
        ("a.py", "import b\n\ndef check(stage):\n"),
        ("a.test.ts", "test(\"a session is one call\", async () => {\n"),
        (".ci/run", RUN),
        ("peers/suite.py", SUITE),
        (".github/workflows/ci.yml", "jobs:\n  test:\n"),
        (&format!("{CASE}.rs"), "x"),
        (&format!("{CASE}.stderr"), "x"),
    ]);
    let document = match Document::read("t.toml", &table) {
        Ok(document) => document,
        Err(finding) => return vec![finding.sentence],
    };
    let findings = check::document(&document, &mut evidence::Finder::new(&tree));
    findings.into_iter().map(|finding| finding.sentence).collect()
}

fn wrong_with(tests: &str) -> Vec<String> {
    wrong(&format!("id = \"A002\"\nstate = \"works\"\ntests = [{tests}]"))
}

#[test]
fn whatever_is_there_is_found() {
    for test in [
        "a.rs::it_holds_inside",
        "a.py::check",
        "a.test.ts::a session is one call",
        "ci:off",
        "ci:windows",
        "peers:senders",
        &format!("{CASE}.rs"),
    ] {
        assert_eq!(wrong_with(&format!("{test:?}")), [""; 0], "{test}");
    }
}

#[test]
fn a_test_that_does_not_exist_or_does_not_run_is_told() {
    for (test, sentence) in [
        ("a.rs::it_is_gone", "A002: a.rs has no test \"it_is_gone\" that runs by itself."),
        ("a.rs::asked_for", "A002: a.rs has no test \"asked_for\" that runs by itself."),
        ("a.rs::no_test", "A002: a.rs has no test \"no_test\" that runs by itself."),
        ("b.rs::it_holds", "A002: The file b.rs does not exist."),
        ("a.py::chec", "A002: a.py has no test \"chec\" that runs by itself."),
        ("a.test.ts::a session", "A002: a.test.ts has no test \"a session\" that runs by itself."),
        ("ci:of", "A002: .ci/run has no step \"of\"."),
        ("peers:receivers", "A002: .ci/peers has no part \"receivers\"."),
        ("it_holds", "A002: \"it_holds\" names no test, no case, no step and no part."),
    ] {
        assert_eq!(wrong_with(&format!("{test:?}")), [sentence], "{test}");
    }
    let gone = "crates/headcount/tests/compile_fail/gone.rs";
    let told = wrong_with(&format!("{gone:?}"));
    assert_eq!(told, [format!("A002: There is no case {gone} with its .stderr beside it.")]);
}

#[test]
fn ids_are_there_once_each() {
    let state = "state = \"works\"\ntests = [\"ci:off\"]";
    let twice = wrong(&format!("id = \"A001\"\n{state}"));
    assert_eq!(
        twice,
        ["A001 is there twice.", "A002 is missing: the document has 2 requirements."]
    );
    let other = wrong(&format!("id = \"A003\"\n{state}"));
    assert_eq!(
        other,
        ["A002 is missing: the document has 2 requirements.", "A003 is no id of this document."]
    );
}

#[test]
fn every_state_has_its_evidence() {
    let told = |rest: &str| wrong(&format!("id = \"A002\"\n{rest}"));
    let works = "A002: It works, and no test is named that shows it.";
    assert_eq!(told("state = \"works\""), [works]);
    assert_eq!(told("state = \"works\"\nnote = \"Seen.\""), [works]);
    assert_eq!(told("state = \"partly\""), ["A002: The note must say what is missing."]);
    assert_eq!(told("state = \"partly\"\nnote = \"No page.\""), [""; 0]);
    let decided = "state = \"decided\"\ntests = [\"ci:off\"]";
    assert_eq!(told(decided), ["A002: It was decided: the note must say what."]);
    assert_eq!(
        told("state = \"elsewhere\"\ntests = [\"ci:off\"]\nnote = \"No Mac.\""),
        [
            "A002: A test shows it, so it is not elsewhere.",
            "A002: `shown-by` must name the file that would."
        ]
    );
    let elsewhere = |path: &str| {
        told(&format!("state = \"elsewhere\"\nnote = \"No Mac.\"\nshown-by = \"{path}\""))
    };
    assert_eq!(elsewhere(".github/workflows/ci.yml#test"), [""; 0]);
    let gone = ".github/workflows/ci.yml#macos";
    assert_eq!(elsewhere(gone), [format!("A002: There is no {gone}.")]);
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_its_key() {
    let state = wrong("id = \"A002\"\nstate = \"done\"");
    assert_eq!(state, ["\"done\" is no state: one is works, partly, elsewhere or decided."]);
    assert_eq!(
        wrong("id = \"A002\"\nstate = \"works\"\nwhy = 1"),
        ["`why` is not a key of this table."]
    );
    assert_eq!(wrong("state = \"works\""), ["`id` is missing."]);
}

#[test]
fn a_page_shows_a_row_with_links_and_without_breaking_its_table() {
    let table = "document = \"000 Atomic\"\nletter = \"A\"\nrows = 1\n\n[[row]]\nid = \"A001\"\n\
                 quote = \"§1 a | b <c>\"\ndemands = \"d\"\nstate = \"works\"\n\
                 tests = [\"a/b.rs::it_holds\", \"ci:off\"]\nnote = \"n\"\n";
    let page = page::page(&[Document::read("t.toml", table).unwrap()]);
    let row = "| A001 | §1 a \\| b \\<c> | d | works | [it_holds](../../a/b.rs)<br>`.ci/run off`<br>n |\n";
    assert!(page.ends_with(row), "{page}");
    assert!(page.contains("| 000 Atomic | 1 | 1 | 0 | 0 | 0 |\n"), "{page}");
}

#[test]
fn a_page_that_is_old_is_told_once_the_tables_are_right() {
    let table = |letter: char| {
        format!(
            "document = \"{letter}\"\nletter = \"{letter}\"\nrows = 1\n\n[[row]]\nid = \"{letter}001\"\n\
             quote = \"q\"\ndemands = \"d\"\nstate = \"partly\"\nnote = \"n\"\n"
        )
    };
    let mut files: Vec<(String, String)> =
        TABLES.into_iter().zip('A'..).map(|(name, letter)| (path(name), table(letter))).collect();
    let found = |files: &[(String, String)]| {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let tree = Tree::of(&files);
        (seeds(&tree), seeds_page(&tree))
    };
    let (findings, page) = found(&files);
    assert_eq!(findings, [Finding::new(PATH, 1, "It is old: run `cargo xtask seeds --write`.")]);
    files.push((PATH.to_owned(), page.unwrap()));
    assert_eq!(found(&files).0, []);
    files.remove(0);
    let (findings, page) = found(&files);
    let missing = Finding::new(&path("atomic"), 1, "The table is not there.");
    assert_eq!(findings, std::slice::from_ref(&missing));
    assert_eq!(page.unwrap_err(), missing);
}

//! `headcount check` reports every mistake with its place and exits with 2.

use headcount_testkit::Home;
use serde_json::Value as Json;

use super::stage::{COUNT, catalog, counting, headcount};

#[test]
fn the_five_catalogs_have_no_mistakes() {
    let home = Home::new();
    for product in ["atomic", "atomcode", "archon", "assembly", "clacky"] {
        let path = catalog(product);
        let output = headcount(&home, &["check"]).args([&path]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let said = output.stdout_text();
        assert!(said.contains("no mistakes"));
        // All five have an id, as their documents want it.
        let hint = "hint[HC112]: Active devices can be counted without an id: `scheme = \"none\"` and `count = [";
        assert_eq!(said.matches(hint).count(), 1, "{said}");
    }
}

/// Nobody records by them, and all can be in one folder.
#[test]
fn the_catalogs_of_agents_have_no_mistakes_and_no_host() {
    let home = Home::new();
    let agents = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogs/agents");
    let files = ["claude-code.toml", "codex.toml", "copilot.toml"].map(|name| agents.join(name));
    let output = headcount(&home, &["check", "--deny-lints"]).args(&files).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(
        output.stdout_text().matches("no mistakes\n").count(),
        3,
        "{}",
        output.stdout_text()
    );
    assert!(!output.stdout_text().contains("hint"));
    let status = headcount(&home, &["telemetry", "status", "--catalog"]).args([&files[0]]).run();
    assert_eq!(status.code(), Some(2), "{}", status.stderr_text());
    assert!(status.stderr_text().contains("it is for collectors"), "{}", status.stderr_text());
}

#[test]
fn a_catalog_without_an_id_is_told_how_to_count() {
    let home = Home::new();
    for (count, hints) in [("", 1), ("count = [\"week\"]\n", 0)] {
        let path = home.write("counting.toml", counting().replace(COUNT, count));
        let output = headcount(&home, &["check"]).args([&path]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let said = output.stdout_text();
        assert_eq!(said.matches("hint[HC112]: Add `count = [").count(), hints, "{said}");
    }
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let home = Home::new();
    let text = std::fs::read_to_string(catalog("atomic")).unwrap();
    let bad = text
        .replace("title = \"Atomic CLI\"", "titel = \"Atomic CLI\"")
        .replace("success = { is = \"flag\"", "success = \"string\" # {");
    let path = home.write("bad.toml", bad.as_bytes());
    let output = headcount(&home, &["check"]).args([&path]).run();
    assert_eq!(output.code(), Some(2));
    let said = output.stderr_text();
    let place = format!("--> {}:", path.display());
    assert_eq!(said.matches(&place).count(), 2, "one for each mistake: {said}");
    assert_eq!(said.matches("error[HC0").count(), 2, "{said}");
    assert!(said.contains("| titel = \"Atomic CLI\"\n"), "{said}");
    assert!(said.contains("| success = \"string\""), "{said}");
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

/// Two products with these `[files] folder` and further keys; checked together.
fn checked(one: &str, other: &str) -> (Option<i32>, String, String) {
    let home = Home::new();
    let text = std::fs::read_to_string(catalog("atomcode")).unwrap();
    let folder =
        "folder = { linux = \"~/.atomcode\", macos = \"~/.atomcode\", windows = \"~/.atomcode\" }";
    let folder = if text.contains(folder) { folder } else { "folder = \"~/.atomcode\"" };
    assert!(text.contains(folder), "{text}");
    let paths = [("a", one), ("b", other)].map(|(name, files)| {
        let text = text
            .replace("name = \"atomcode\"", &format!("name = \"{name}\""))
            .replace(folder, files);
        home.write(&format!("{name}.toml"), text)
    });
    let output = headcount(&home, &["check"]).args(&paths).run();
    (output.code(), output.stdout_text(), output.stderr_text())
}

#[test]
fn two_products_with_one_folder_are_refused() {
    for (one, other) in [
        ("folder = \"~/.tool\"", "folder = \"~/.tool\""),
        ("folder = \"~/.tool\"", "folder = \"~/.TOOL\""),
        (
            "folder = \"~/.tool\"",
            "folder = { linux = \"${HOME:-/home/me}/.tool\", macos = \"~/.b\", windows = \"~/.b\" }",
        ),
        (
            "folder = { linux = \"~/.a\", macos = \"~/.a\", windows = \"~/AppData/Local/tool\" }",
            "folder = { linux = \"~/.b\", macos = \"~/.b\", windows = \"%LOCALAPPDATA%/tool\" }",
        ),
        (
            "folder = { linux = \"${XDG_DATA_HOME:-~/.local/share}/t\", macos = \"~/.a\", windows = \"~/.a\" }",
            "folder = { linux = \"${XDG_DATA_HOME:-~/.data}/t\", macos = \"~/.b\", windows = \"~/.b\" }",
        ),
        // One keeps its state inside the other's folder.
        (
            "folder = \"~/.tool\"\nstate = \"b/state.json\"",
            "folder = \"~/.tool/b\"\nstate = \"state.json\"",
        ),
        ("folder = \"~/.tool\"", "folder = \"~/.tool/telemetry-state\""),
    ] {
        let (code, out, err) = checked(one, other);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{one} {other}: {err}");
        assert!(
            err.contains("error[HC006]: `b` and `a` (") && err.contains("would share the f"),
            "{err}"
        );
    }
}

#[test]
fn products_that_keep_apart_are_fine_and_so_are_releases_of_one() {
    let home = Home::new();
    for (one, other) in
        [("~/.tool", "~/.tools"), ("~/.tool", "~/.config/tool"), ("~/.suite/a", "~/.suite/b")]
    {
        let folder = |path: &str| format!("folder = \"{path}\"");
        let (code, out, err) = checked(&folder(one), &folder(other));
        let valid = out.matches("no mistakes").count();
        assert_eq!((code, err.as_str(), valid), (Some(0), "", 2), "{one} {other}");
    }
    let twice = [catalog("atomic"), catalog("atomic")];
    assert_eq!(headcount(&home, &["check"]).args(&twice).run().code(), Some(0));
    let five = ["atomic", "atomcode", "archon", "assembly", "clacky"].map(catalog);
    let output = headcount(&home, &["check"]).args(&five).run();
    let valid = output.stdout_text().matches("no mistakes").count();
    assert_eq!((output.code(), valid), (Some(0), 5));
}

/// A catalog with a misspelt key, a kind of other grammars and a text without
/// quotes, in this order.
fn misspelt() -> String {
    counting().replacen("title = ", "titel = ", 1).replacen(
        "worked = \"flag\"",
        "worked = \"bool\"",
        1,
    )
}

#[test]
fn a_person_sees_the_line_and_what_to_do() {
    let home = Home::new();
    home.write("bad.toml", misspelt());
    let output = headcount(&home, &["check", "bad.toml"]).run();
    assert_eq!((output.code(), output.stdout_text().as_str()), (Some(2), ""));
    let said = output.stderr_text();
    assert!(
        said.contains("error[HC003]: Unknown key `titel` in `[product]`; did you mean `title`?\n"),
        "{said}"
    );
    assert!(said.contains("| titel = \"Wren\"\n") && said.contains("| ^^^^^\n"), "{said}");
    assert!(said.contains("Unknown kind `bool`; did you mean `flag`?"), "{said}");
    // A line that would fill the screen is named by its place alone.
    let long =
        counting().replacen("catalog = 1", &format!("catalog = \"{}\"", "x".repeat(9_999)), 1);
    home.write("long.toml", long);
    let said = headcount(&home, &["check", "long.toml"]).run().stderr_text();
    assert!(said.contains(" --> long.toml:2:11\n") && said.len() < 2_000, "{said}");
    // What is in the file is not obeyed by the terminal.
    home.write(
        "hostile.toml",
        counting().replacen("catalog = 1", "catalog = \"\u{1b}[31m\u{202e}\"", 1),
    );
    let said = headcount(&home, &["check", "hostile.toml"]).run().stderr_text();
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{said:?}");
}

#[test]
fn programs_read_the_same_findings_in_three_forms() {
    let home = Home::new();
    home.write("bad, one.toml", misspelt());
    let form = |form: &str| {
        let output = headcount(&home, &["check", "--format", form, "bad, one.toml"]).run();
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(2), ""), "{form}");
        output.stdout_text()
    };
    let lines = form("json");
    let found: Vec<Json> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let key = found.iter().find(|one| one["message"].to_string().contains("titel")).expect("it is");
    assert_eq!(
        (&key["code"], &key["level"], &key["column"], &key["end_column"]),
        (&"HC003".into(), &"mistake".into(), &1.into(), &6.into())
    );
    let sarif: Json = serde_json::from_str(&form("sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), found.len());
    for (result, one) in results.iter().zip(&found) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["startColumn"]), (&one["line"], &one["column"]));
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a place")).expect("small");
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], one["code"]);
    }
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "bad%2C%20one.toml");
    let github = form("github");
    assert_eq!(github.lines().count(), found.len());
    assert!(
        github.lines().all(|line| line.starts_with("::error file=bad%2C one.toml,line=")),
        "{github}"
    );
}

#[test]
fn misspelt_words_are_replaced_where_that_leaves_fewer_mistakes() {
    let home = Home::new();
    let path = home.write("bad.toml", misspelt());
    let output = headcount(&home, &["check", "--fix"]).args([&path]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(
        output.stderr_text().ends_with("bad.toml: 2 words were replaced.\n"),
        "{}",
        output.stderr_text()
    );
    assert_eq!(home.read("bad.toml"), counting(), "nothing else has changed");
    let again = headcount(&home, &["check", "--fix"]).args([&path]).run();
    assert_eq!((again.code(), again.stderr_text().as_str()), (Some(0), ""));
    // `choice` needs more than a name, so nothing is better by it.
    let guess = counting().replacen("worked = \"flag\"", "worked = \"choyce\"", 1);
    let path = home.write("guess.toml", guess.as_str());
    let output = headcount(&home, &["check", "--fix"]).args([&path]).run();
    assert_eq!((output.code(), home.read("guess.toml")), (Some(2), guess));
    let missing = headcount(&home, &["check", "--fix", "missing.toml"]).run();
    assert_eq!(missing.code(), Some(2));
    assert!(
        missing.stderr_text().starts_with("missing.toml: cannot read the catalog: "),
        "{}",
        missing.stderr_text()
    );
}

#[test]
fn advice_can_be_allowed_by_a_comment() {
    let home = Home::new();
    let advised = counting().replacen("owner = \"", "owner = \"a@b.example ", 1);
    let allowed = advised.replacen("owner = ", "# allow HC103: it is a list\nowner = ", 1);
    for (text, code, says) in [(&advised, 1, true), (&allowed, 0, false)] {
        home.write("telemetry.toml", text.as_str());
        let output = headcount(&home, &["check", "--deny-lints"]).run();
        let said = output.stderr_text();
        assert_eq!((output.code(), said.contains("warning[HC103]")), (Some(code), says), "{said}");
        assert_eq!(headcount(&home, &["check"]).run().code(), Some(0), "advice is not a mistake");
    }
}

#[test]
fn every_code_is_explained_and_its_page_says_the_same() {
    let home = Home::new();
    let explain = |code: &str| headcount(&home, &["check", "--explain", code]).run();
    let by_code = explain("hc003");
    assert_eq!(by_code.code(), Some(0));
    assert!(by_code.stdout_text().starts_with("HC003: unknown\n\n"), "{}", by_code.stdout_text());
    assert_eq!(explain("unknown").stdout_text(), by_code.stdout_text());
    let none = explain("HC03");
    assert_eq!(none.code(), Some(2));
    assert!(
        none.stderr_text().contains("There is no code HC03; did you mean HC00"),
        "{}",
        none.stderr_text()
    );
    // SARIF lists all of them.
    home.write("telemetry.toml", counting());
    let sarif = headcount(&home, &["check", "--format", "sarif"]).run().stdout_text();
    let sarif: Json = serde_json::from_str(&sarif).expect("JSON");
    let mut page = "# What `headcount check` finds\n\n".to_owned();
    page.push_str(
        "Each finding has a code that stays the same. `headcount check --explain CODE` says what is here. A mistake makes the command\n\
         return 2; advice makes it return 1 with `--deny-lints`. A comment `# allow CODE: why`, on the line or right above it, silences\n\
         advice where you have decided otherwise.\n",
    );
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list") {
        let text = |key: &Json| key.as_str().expect("a text").to_owned();
        let (code, name) = (text(&rule["id"]), text(&rule["name"]));
        let said = text(&rule["fullDescription"]["text"]);
        assert!(explain(&code).stdout_text().replace('\n', " ").contains(&said), "{code}");
        page.push_str(&format!("\n## {code}: {name}\n\n{said}\n"));
    }
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/findings.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        written == page,
        "docs/reference/findings.md is not what --explain says: run this test with UPDATE=1"
    );
}

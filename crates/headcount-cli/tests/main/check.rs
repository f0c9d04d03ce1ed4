//! `headcount check` reports every mistake with its place and exits with 2.

use headcount_testkit::Home;

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
        let hint =
            "hint: active devices can be counted without an id: `scheme = \"none\"` and `count = [";
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
        assert_eq!(said.matches("hint: add `count = [").count(), hints, "{said}");
    }
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let home = Home::new();
    let text = std::fs::read_to_string(catalog("atomic")).unwrap();
    let bad = text
        .replace("title = \"Atomic CLI\"", "titel = \"Atomic CLI\"")
        .replace("success = { is = \"flag\", failure = false }", "success = \"string\"");
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
            err.contains("b.toml: `b` and `a` (") && err.contains("would share the f"),
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

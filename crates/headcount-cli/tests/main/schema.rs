//! `headcount schema`: the schema of `telemetry.toml` has the keys that the
//! parser looks for, and is kept in the documentation.
//!
//! `UPDATE=1 cargo test -p headcount-cli --test main schema` writes it again;
//! read the difference. `.ci/schema` checks both schemas with real validators.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use headcount_testkit::Home;
use serde_json::Value;

use super::stage::{catalog, counting, headcount};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the command prints.
pub(crate) fn schema(args: &[&str]) -> String {
    let output = headcount(&Home::new(), &["schema"]).args(args).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    output.stdout_text()
}

/// The catalog on the page of the grammar, which has every key of a host.
pub(crate) fn grammar() -> String {
    let page = fs::read_to_string(root().join("docs/catalog.md")).unwrap();
    let mut toml = String::new();
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```toml";
        } else if inside {
            toml.push_str(&format!("{line}\n"));
        }
    }
    toml
}

/// All catalogs of the repository that are accepted.
fn accepted() -> Vec<String> {
    let folders = [
        "crates/headcount-cli/catalogs",
        "crates/headcount-cli/catalogs/agents",
        "crates/headcount-catalog/tests/accept",
    ];
    let files = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let catalogs = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let catalogs = catalogs.map(|path| fs::read_to_string(path).unwrap());
    // Kinds that no catalog of the repository has in its envelope.
    let entries =
        "a = { choices = [\"x\"] }\nb = { count = 9 }\nc = { bucket = [1] }\n[[destination]]\n";
    let host = counting().replacen("[[destination]]\n", entries, 1);
    catalogs.chain([grammar(), counting(), host]).collect()
}

#[test]
fn the_schema_for_editors_is_in_the_documentation() {
    let file = root().join("docs/reference/telemetry.schema.json");
    let made = schema(&["--grammar"]);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &made).unwrap();
    }
    let path = file.display().to_string();
    let checked = headcount(&Home::new(), &["schema", "--grammar", "--check", &path]).run();
    assert_eq!(checked.code(), Some(0), "{}", checked.stderr_text());
}

/// What the schema says of a table: the keys of all its forms.
fn keys(root: &Value, schema: &Value, way: &[String]) -> BTreeSet<String> {
    if let Some(pointer) = schema["$ref"].as_str() {
        return keys(root, root.pointer(pointer.trim_start_matches('#')).unwrap(), way);
    }
    let mut found = BTreeSet::new();
    for form in schema["anyOf"].as_array().into_iter().flatten() {
        found.extend(keys(root, form, way));
    }
    let Some((key, rest)) = way.split_first() else {
        let properties = schema["properties"].as_object();
        found.extend(properties.into_iter().flat_map(|keys| keys.keys().cloned()));
        return found;
    };
    for inner in [&schema["properties"][key], &schema["additionalProperties"], &schema["items"]] {
        if inner.is_object() {
            found.extend(keys(root, inner, rest));
        }
    }
    found
}

/// Where a table is, with a star for every name of an author and every place of
/// an item.
fn place(way: &[String]) -> String {
    let named = |at: usize| {
        at > 0 && ["event", "envelope", "purpose", "properties"].contains(&way[at - 1].as_str())
    };
    let star = |at: usize| named(at) || way[at].parse::<usize>().is_ok();
    let parts = (0..way.len()).map(|at| if star(at) { "*" } else { way[at].as_str() });
    parts.collect::<Vec<_>>().join(".")
}

/// A key that is new in the parser is missing here until the schema has it, and
/// one that the parser no longer has is too much.
#[test]
fn the_schema_has_exactly_the_keys_of_the_parser() {
    let schema: Value = serde_json::from_str(&schema(&["--grammar"])).unwrap();
    let mut by_place: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for text in accepted() {
        headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        for (way, asked) in headcount_catalog::asked_keys(&text) {
            let (parser, described) = by_place.entry(place(&way)).or_default();
            parser.extend(asked.iter().map(|key| (*key).to_owned()));
            described.extend(keys(&schema, &schema, &way));
        }
    }
    for (place, (parser, described)) in &by_place {
        assert_eq!(parser, described, "keys of `{place}`: parser, schema");
    }
    let all = by_place.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        all,
        [
            "",
            "consent",
            "consent.texts",
            "consent.variables.*",
            "destination.*",
            "destination.*.endpoint",
            "destination.*.key",
            "envelope.*",
            "event.*",
            "event.*.properties.*",
            "files",
            "files.folder",
            "files.settings",
            "identity",
            "opentelemetry",
            "product",
            "purpose.*",
            "report",
            "retention",
            "shipping",
        ]
    );
}

#[test]
fn a_schema_is_printed_or_written_and_can_be_checked() {
    let home = Home::new();
    let path = home.write("telemetry.toml", counting());
    let run = |args: &[&str]| headcount(&home, &["schema"]).args(args).args([&path]).run();
    let missing = run(&["--check", "line.json"]);
    assert_eq!(missing.code(), Some(1));
    let said = missing.stderr_text();
    assert!(
        said.contains("line.json: there is no schema: run `headcount schema --output"),
        "{said}"
    );
    assert_eq!(run(&["--output", "line.json"]).code(), Some(0));
    assert_eq!(run(&["--check", "line.json"]).code(), Some(0));
    home.write("telemetry.toml", counting().replacen("\"build\"", "\"built\"", 1));
    let differs = run(&["--check", "line.json"]);
    assert_eq!((differs.code(), differs.stdout_text().as_str()), (Some(1), ""));
    assert!(
        differs.stderr_text().contains("this schema does not say what "),
        "{}",
        differs.stderr_text()
    );
    home.write("telemetry.toml", "grammar = 1\n");
    assert_eq!(run(&[]).code(), Some(2));
    let both = headcount(&home, &["schema", "--grammar"]).args([catalog("atomic")]).run();
    assert_eq!(both.code(), Some(2), "{}", both.stderr_text());
}

#[test]
fn the_schema_of_a_line_says_what_the_catalog_says() {
    let path = catalog("atomic").display().to_string();
    let schema: Value = serde_json::from_str(&schema(&[&path])).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let command = &schema["$defs"]["atomic_command"];
    assert_eq!(command["additionalProperties"], false);
    assert_eq!(
        command["properties"]["command"]["enum"],
        serde_json::json!(["init", "update", "uninstall", "run"])
    );
    assert_eq!(command["properties"]["source"]["const"], "cli");
    assert_eq!(schema["$defs"]["agent_session"]["properties"]["source"]["const"], "session_hook");
    let required = command["required"].as_array().unwrap();
    assert!(required.contains(&"agentType".into()), "null where there is none: {required:?}");
    assert_eq!(schema["oneOf"].as_array().map(Vec::len), Some(4));
}

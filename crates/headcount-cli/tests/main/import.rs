//! `headcount import`: what others describe becomes a catalog that `check` has
//! no mistake in, what could be free text is a comment, and what a registry of
//! Weaver says of a catalog comes back as it was.

use std::path::Path;

use headcount_catalog::{Catalog, parse};
use headcount_testkit::{Home, ProgramOutput};

use super::schema::grammar;
use super::stage::{catalog, counting, headcount};

fn import(home: &Home, args: &[&str]) -> ProgramOutput {
    headcount(home, &["import", "--product", "wren"]).args(args).run()
}

/// Imports, and checks the catalog that comes of it.
fn imported(home: &Home, args: &[&str]) -> (String, String) {
    let output = import(home, &[args, &["--output", "made.toml"]].concat());
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let check = headcount(home, &["check", "made.toml"]).run();
    assert_eq!(check.code(), Some(0), "{}{}", check.stderr_text(), home.read("made.toml"));
    let text = home.read("made.toml");
    std::fs::remove_file(home.path().join("made.toml")).unwrap();
    (text, output.stderr_text())
}

fn lines_start(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|own| own.starts_with(line)), "{line}: {text}");
    }
}

const ATTRIBUTES: &str = r#"
groups:
  - id: registry.wren
    type: attribute_group
    brief: Attributes of a command-line program.
    attributes:
      - id: cli.command
        type:
          members:
            - id: build
              value: "build"
              brief: Builds.
              stability: stable
            - { id: test, value: test, stability: stable }
            - id: deploy
              value: deploy
              stability: stable
              deprecated: { reason: renamed, renamed_to: publish }
        stability: stable
        brief: The command that was called.
      - id: cli.worked
        type: boolean
        stability: stable
        brief: Whether it worked.
      - { id: took_ms, type: int, stability: stable, brief: How long it took. }
      - id: cli.folder
        type: string
        stability: stable
        brief: "Where it ran: C:\\x"
        examples: ["/home/mia"]
      - { id: cli.cost, type: double, stability: stable, brief: What it cost. }
      - { id: http.header, type: "template[string]", stability: stable, brief: Headers. }
      - id: cli.old
        type: int
        stability: stable
        brief: Not used any more.
        deprecated: { reason: obsoleted }
      - id: cli.level
        type: { members: [{ id: low, value: 1, stability: stable }, { id: high, value: 3, stability: stable }] }
        stability: stable
        brief: A level.
"#;

const EVENTS: &str = r#"
groups:
  - id: common
    type: attribute_group
    brief: With every event.
    extends: more
    attributes:
      - ref: cli.command
        requirement_level: required
  - { id: more, type: attribute_group, brief: More., attributes: [{ ref: cli.level }] }
  - id: event.cli.run
    type: event
    name: cli.run
    stability: development
    brief: >
      A command
      has ended.
    extends: common
    attributes:
      - { ref: cli.worked, requirement_level: required }
      - { ref: took_ms, requirement_level: { conditionally_required: it ended } }
      - ref: cli.folder
      - ref: cli.cost
      - ref: http.header
      - ref: cli.old
      - ref: cli.gone
  - { id: event.old, type: event, name: old, stability: development, brief: Old., deprecated: { reason: obsoleted } }
  - { id: event.ring, type: event, name: ring, stability: development, brief: Ring., extends: ring.a }
  - { id: ring.a, type: attribute_group, brief: A., extends: ring.b }
  - { id: ring.b, type: attribute_group, brief: B., extends: ring.a }
  - { id: event.läuft, type: event, name: läuft, stability: development, brief: In another script. }
  - { id: span.run, type: span, span_kind: internal, stability: development, brief: Not an event., attributes: [{ ref: cli.worked }] }
"#;

#[test]
fn a_registry_of_weaver_becomes_a_catalog() {
    let home = Home::new();
    home.write("registry/attributes.yaml", ATTRIBUTES);
    home.write("registry/deep/events.yml", EVENTS);
    home.write("registry/README.md", "not of the registry");
    let (text, said) = imported(&home, &["registry"]);
    assert!(
        said.starts_with("1 event with 4 properties; 8 left out, each with its reason"),
        "{said}"
    );
    lines_start(
        &text,
        &[
            "[event.\"cli.run\"]",
            "why = \"A command has ended.\"",
            "# It is called `cli.command` there.",
            "cli_command = { choice = [\"build\", \"test\"], other = \"other\" }",
            "cli_worked = \"flag\"",
            "took_ms = { duration = \"ms\", optional = \"omit\" }",
            "cli_level = { count = 3, optional = \"omit\" }",
            "# cli.folder is left out: a text can say anything",
            "# cli.cost is left out: it has decimals",
            "# http.header is left out: its names can be anything",
            "# cli.old is left out: it is deprecated there.",
            "# cli.gone is left out: its definition is in none of the files.",
            "# Left out: `old`: it is deprecated there.",
            "# Left out: `ring`: its group extends itself through",
            "# Left out: `läuft`: its name is not one",
        ],
    );
    assert!(!text.contains("mia") && !text.contains("deploy"), "{text}");
}

#[test]
fn the_second_form_of_a_registry_is_read_too() {
    let home = Home::new();
    home.write(
        "second.yaml",
        r#"
file_format: definition/2
attributes:
  - { key: cli.worked, type: boolean, stability: stable, brief: Whether it worked. }
  - { key: cli.files, type: int, stability: stable, brief: How many files. }
attribute_groups:
  - id: counted
    visibility: internal
    attributes: [{ ref: cli.files, requirement_level: required }]
events:
  - name: cli.run
    stability: development
    brief: A command has ended.
    attributes: [{ ref: cli.worked, requirement_level: required }, { ref_group: counted }]
"#,
    );
    let (text, _) = imported(&home, &["second.yaml"]);
    lines_start(&text, &["cli_worked = \"flag\"", "cli_files = { count = 1000000 }"]);
}

#[test]
fn a_json_schema_becomes_a_catalog() {
    let home = Home::new();
    home.write(
        "schema.json",
        r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "oneOf": [{"$ref": "#/$defs/run"}, {"$ref": "#/$defs/end"}, {"$ref": "#/$defs/gone"}],
  "$defs": {
    "worked": {"type": "boolean", "description": "Whether it worked."},
    "run": {
      "description": "Which commands are used?",
      "type": "object",
      "required": ["event", "properties"],
      "properties": {
        "event": {"const": "run"},
        "properties": {
          "type": "object",
          "required": ["command", "files", "maybe"],
          "properties": {
            "command": {"enum": ["build", "test"]},
            "files": {"type": "integer", "minimum": 0, "maximum": 500},
            "worked": {"$ref": "#/$defs/worked"},
            "flags": {"type": "array", "items": {"enum": ["a", "b"]}},
            "maybe": {"type": ["boolean", "null"]},
            "path": {"type": "string"},
            "price": {"type": "number"},
            "balance": {"type": "integer", "minimum": -5},
            "mixed": {"type": ["string", "integer"]},
            "far": {"$ref": "https://schema.example/x"},
            "loop": {"$ref": "#/$defs/loop"}
          }
        }
      }
    },
    "end": {"type": "object", "properties": {"name": {"const": "end"}, "exit_code": {"type": "integer"}}},
    "loop": {"$ref": "#/$defs/loop"}
  }
}"##,
    );
    let (text, said) = imported(&home, &["schema.json"]);
    assert!(said.starts_with("2 events with 6 properties; 7 left out"), "{said}");
    lines_start(
        &text,
        &[
            "[event.run]",
            "why = \"Which commands are used?\"",
            "command = { choice = [\"build\", \"test\"] }",
            "files = { count = 500 }",
            "worked = { is = \"flag\", optional = \"omit\" }",
            "flags = { choices = [\"a\", \"b\"], optional = \"omit\" }",
            "maybe = { is = \"flag\", optional = \"omit\" }",
            "exit_code = { is = \"exit-code\", optional = \"omit\" }",
            "# path is left out: a text can say anything",
            "# price is left out: it has decimals",
            "# balance is left out: some of its numbers are below 0",
            "# mixed is left out: its values are of several types",
            "# far is left out: what it refers to is not in this file",
            "# loop is left out: what it refers to is not in this file",
            "# Left out: `gone`: what it refers to is not in this file.",
        ],
    );
}

#[test]
fn an_export_of_posthog_becomes_a_catalog() {
    let home = Home::new();
    home.write(
        "events.jsonl",
        r#"{"event":"cli run","distinct_id":"d1","timestamp":"2026-11-20T10:00:00Z","properties":{"$lib":"node","command":"build","worked":true,"old":"yes, once","path":"/home/mia"}}
{"event":"cli run","distinct_id":"d2","properties":{"command":"build","worked":false,"old":true,"path":"/home/tom"}}
{"event":"cli run","distinct_id":"d2","properties":{"command":"test","worked":false,"path":"/x"}}
{"event":"cli run","distinct_id":"d2","properties":{"command":"test","worked":false,"path":"/x"}}
"#,
    );
    home.write("definitions.json", r#"{"results":[{"name":"old","property_type":"Boolean"},{"name":"path","property_type":"String"}]}"#);
    let (text, said) = imported(&home, &["events.jsonl", "definitions.json"]);
    assert!(said.starts_with("1 event with 3 properties; 1 left out"), "{said}");
    lines_start(
        &text,
        &[
            "# It is called `cli run` there.",
            "[event.cli_run]",
            "command = { choice = [\"build\", \"test\"], other = \"other\" }",
            "worked = \"flag\"",
            "old = { is = \"flag\", optional = \"omit\" }",
            "# path is left out",
        ],
    );
    for private in ["mia", "tom", "d1", "$lib"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    let alone = import(&home, &["definitions.json"]);
    assert_eq!(alone.code(), Some(2));
    assert!(
        alone.stderr_text().contains("do not say which event has them"),
        "{}",
        alone.stderr_text()
    );
}

/// The catalogs of the repository whose events come back as they were.
fn catalogs() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = ["atomic", "atomcode", "archon", "assembly", "clacky"]
        .into_iter()
        .map(|product| (product.to_owned(), std::fs::read_to_string(catalog(product)).unwrap()))
        .collect();
    all.push(("wren".to_owned(), counting()));
    all.push(("grammar".to_owned(), grammar()));
    all
}

fn same(name: &str, before: &Catalog, after: &Catalog) {
    let own = |catalog: &Catalog| {
        let events = catalog.events.iter().filter(|event| !event.is_report());
        events.map(|event| event.name).collect::<Vec<_>>()
    };
    assert_eq!(own(before), own(after), "{name}");
    for event in before.events.iter().filter(|event| !event.is_report()) {
        let again = after.event(event.name).unwrap();
        assert_eq!((event.why, event.owner), (again.why, again.owner), "{name}: {}", event.name);
        let properties = |event: &headcount_catalog::Event| {
            let all = event.properties.iter();
            all.map(|own| (own.name, own.kind, own.optional, own.expires, own.failure))
                .collect::<Vec<_>>()
        };
        let (known, found) = (properties(event), properties(again));
        for property in &known {
            // Every event of the new catalog says it, in its envelope.
            let of_envelope = ["id", "event", "time", "version", "platform", "first", "age"];
            assert!(
                found.contains(property) || of_envelope.contains(&property.0),
                "{name}: {property:?}: {found:?}"
            );
        }
    }
}

#[test]
fn a_catalog_comes_back_from_its_registry() {
    for (name, text) in catalogs() {
        let home = Home::new();
        home.write("telemetry.toml", &text);
        for (format, file) in
            [("weaver", "registry/events.yaml"), ("weaver-manifest", "registry/manifest.yaml")]
        {
            std::fs::create_dir_all(home.path().join("registry")).unwrap();
            let args = ["schema", "--format", format, "--output", file];
            let made = headcount(&home, &args).run();
            assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
            let check = headcount(&home, &["schema", "--format", format, "--check", file]).run();
            assert_eq!(check.code(), Some(0), "{}", check.stderr_text());
        }
        let manifest = home.read("registry/manifest.yaml");
        assert!(manifest.contains("schema_url: \"https://"), "{manifest}");
        let (made, _) = imported(&home, &["registry"]);
        let before = parse(&text).unwrap();
        let after = parse(&made).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        same(&name, &before, &after);
    }
}

#[test]
fn whatever_is_given_ends_in_a_sentence() {
    let home = Home::new();
    let mut bomb = "groups: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let refs = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{refs}]\n");
    }
    let many: String = (0..400).map(|number| format!("  - {{ id: event.e{number}, type: event, name: e{number}, stability: stable, brief: E. }}\n")).collect();
    home.write("many.yaml", format!("groups:\n{many}"));
    let (text, said) = imported(&home, &["many.yaml"]);
    assert!(said.starts_with("256 events with 0 properties; 144 left out"), "{said}");
    assert!(text.contains("# Left out: `e399`: a catalog has no more events."));
    let injected = "groups:\n  - id: event.a\n    type: event\n    name: a\n    stability: stable\n    brief: \"x\\\"\\n[event.b]\\u001b[2J\"\n    attributes:\n      - { id: p, type: boolean, stability: stable, brief: \"y\\n[consent]\", annotations: { headcount: { kind: \"\\\"flag\\\"\\n[event.c]\" } } }\n      - { id: q, type: boolean, stability: stable, brief: Q., annotations: { headcount: { kind: \"{ scrubbed = 9 }\" } } }\n";
    home.write("injected.yaml", injected);
    let (text, _) = imported(&home, &["injected.yaml"]);
    let made = parse(&text).unwrap();
    assert_eq!(made.events.iter().map(|event| event.name).collect::<Vec<_>>(), ["a"]);
    assert_eq!(made.events[0].properties, []);
    assert!(!text.contains('\u{1b}'), "{text}");

    home.write("bomb.yaml", bomb);
    home.write("deep.yaml", "[".repeat(200_000));
    home.write("deep.json", "[".repeat(200_000));
    home.write("nul.yaml", "groups: \0\n");
    home.write("latin.yaml", [b'a', 0xff, b'\n']);
    home.write("empty.yaml", "");
    home.write("other.yaml", "services:\n  web: {}\n");
    home.write("none.yaml", "groups: []\n");
    home.write("scripts.yaml", "groups:\n  - { id: event.x, type: event, name: \"запуск\", stability: stable, brief: X. }\n");
    home.write("broken.json", "{\"$schema\":");
    home.write("string.json", "{\"$schema\":\"x\",\"type\":\"string\"}");
    home.write("empty/README.md", "");
    let large = std::fs::File::create(home.path().join("large.yaml")).unwrap();
    large.set_len(100 * 1024 * 1024).unwrap();
    for (file, more, code, word) in [
        ("bomb.yaml", &[][..], 2, "aliases repeat"),
        ("deep.yaml", &[], 2, "deep.yaml: line 1"),
        ("deep.json", &[], 2, "line 1 is not JSON"),
        ("nul.yaml", &[], 2, "nul.yaml: line"),
        ("latin.yaml", &[], 1, "not valid UTF-8"),
        ("empty.yaml", &[], 1, "it is empty"),
        ("other.yaml", &[], 2, "this is not a registry of Weaver"),
        ("none.yaml", &[], 2, "there is no event in it"),
        ("scripts.yaml", &[], 2, "no event can be made of it"),
        ("broken.json", &["--from", "json-schema"], 2, "it is not JSON"),
        ("string.json", &[], 2, "there is no event in this schema"),
        ("large.yaml", &[], 1, "more than 64 MiB"),
        ("gone.yaml", &[], 1, "cannot be read"),
        ("empty", &[], 1, "no file that ends in .yaml"),
        ("many.yaml", &["--product", "My Tool"], 2, "cannot be used multiple times"),
    ] {
        let output = import(&home, &[&[file], more].concat());
        let told = output.stderr_text();
        assert_eq!(output.code(), Some(code), "{file}: {told}");
        assert!(told.contains(word), "{file}: {word}: {told}");
        assert!(!told.contains("panicked") && output.stdout_text().is_empty(), "{file}: {told}");
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_waited_for() {
    let home = Home::new();
    home.write("registry/events.yaml", EVENTS);
    home.write("registry/attributes.yaml", ATTRIBUTES);
    let link =
        |from: &Path, to: &str| std::os::unix::fs::symlink(from, home.path().join(to)).unwrap();
    link(&home.path().join("registry"), "registry/itself");
    link(Path::new("/etc/passwd"), "registry/passwd.yaml");
    let (text, _) = imported(&home, &["registry"]);
    assert!(text.contains("[event.\"cli.run\"]") && !text.contains("root:"));
    let pipe = home.path().join("pipe.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let output = import(&home, &["pipe.yaml"]);
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("not a regular file"), "{}", output.stderr_text());
}

//! `headcount infer` makes a catalog of captured events that `check` has no
//! mistake in, and leaves out what could be anything.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::headcount;

/// As PostHog exports them, with what must not get into a catalog.
const CAPTURED: &str = r#"{"event":"command run","distinct_id":"d1","properties":{"x":1}}
{"event":"telemetry-report","properties":{"x":1}}
{"event":"cli.run","distinct_id":"d1","timestamp":"2026-11-20T10:00:00Z","properties":{"$lib":"node","command":"build","worked":true,"took_ms":120,"path":"/home/mia/plans","version":"1.2.0"}}
{"event":"cli.run","distinct_id":"d2","timestamp":"2026-11-20T10:01:00Z","properties":{"command":"test","repo.host":"github","worked":false,"took_ms":9000,"path":"/home/tom","exit_code":1}}
{"event":"cli.run","distinct_id":"d2","timestamp":"2026-11-20T10:02:00Z","properties":{"command":"test","worked":true,"took_ms":80,"path":"/x"}}
{"event":"cli.run","distinct_id":"d2","timestamp":"2026-11-20T10:03:00Z","properties":{"command":"build","worked":true,"took_ms":80,"path":"/x"}}
"#;

fn infer(home: &Home, args: &[&str]) -> ProgramOutput {
    headcount(home, &["infer"]).args(args).run()
}

#[test]
fn captured_events_become_a_catalog_that_passes_its_check() {
    let home = Home::new();
    home.write("captured.ndjson", CAPTURED);
    let output =
        infer(&home, &["captured.ndjson", "--product", "wren", "--output", "telemetry.toml"]);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(0), "{said}");
    assert!(said.starts_with("3 events from 6; 5 left out, each with its reason"), "{said}");
    let text = home.read("telemetry.toml");
    for line in [
        "[event.\"cli.run\".properties]",
        "command = { choice = [\"build\", \"test\"], other = \"other\" }",
        "exit_code = { is = \"exit-code\", optional = \"omit\" }",
        "took_ms = { duration = \"ms\" }",
        "worked = \"flag\"",
        "# version is left out: every event says it already, in the envelope.",
        "# Left out: `command run`, seen once.",
        "# Left out: `telemetry-report`, seen once.",
        "# repo.host is left out: its name is not one that a property can have.",
    ] {
        assert!(text.lines().any(|own| own.starts_with(line)), "{line}: {text}");
    }
    for private in ["mia", "tom", "plans", "d1", "$lib"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    let check = headcount(&home, &["check", "telemetry.toml"]).run();
    assert_eq!(check.code(), Some(0), "{}{}", check.stdout_text(), check.stderr_text());
    let again =
        infer(&home, &["captured.ndjson", "--product", "wren", "--output", "telemetry.toml"]);
    assert_eq!(again.code(), Some(1));
    assert!(again.stderr_text().contains("is there already"), "{}", again.stderr_text());
}

#[test]
fn what_nothing_can_be_made_of_is_a_sentence() {
    let home = Home::new();
    home.write("none.json", "[1, 2]");
    home.write("broken.ndjson", "{\"event\":\"a\"}\n{");
    home.write("captured.ndjson", CAPTURED);
    for (args, code, word) in [
        (&["none.json", "--product", "wren"][..], 2, "there is no event in it"),
        (&["broken.ndjson", "--product", "wren"], 2, "line 2 is not JSON"),
        (&["gone.json", "--product", "wren"], 1, "cannot be read"),
        (&["captured.ndjson", "--product", "My Tool"], 2, "cannot be the name of a product"),
        (&["captured.ndjson", "--product", "wren", "--endpoint", "nowhere"], 2, "endpoint"),
    ] {
        let output = infer(&home, args);
        assert_eq!(output.code(), Some(code), "{args:?}: {}", output.stderr_text());
        assert!(output.stderr_text().contains(word), "{args:?}: {}", output.stderr_text());
        assert_eq!(output.stdout_text(), "");
    }
}

//! On by default, and off at one word: the document's four ways and their
//! order.

use std::time::Duration;

use headcount_testkit::{CannedAnswer, CaptureServer, Home};
use serde_json::Value;

use crate::stage::{EVENTS, ID, SETTINGS, atomcode, dumped, paths, program};

const PROMPT: &[&str] = &["-p", "hello"];

#[test]
fn meta_commands_create_nothing() {
    let home = Home::new();
    for args in [
        &["--version"][..],
        &["--help"],
        &[],
        &["daemon", "--help"],
        &["telemetry"],
        &["telemetry", "status", "--json"],
        &["telemetry", "inspect"],
        &["telemetry", "dump", "--last", "50", "--pretty"],
        &["telemetry", "policy"],
        &["telemetry", "flush"],
    ] {
        let output = atomcode(&home, args);
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!(home.tree(), []);
}

#[test]
fn each_of_the_four_ways_turns_it_off_and_status_names_the_one_that_holds() {
    for (variables, flags, settings, expected) in [
        (&[("ATOMCODE_TELEMETRY", "0")][..], &[][..], None, "env:ATOMCODE_TELEMETRY=0"),
        (&[("ATOMCODE_TELEMETRY", "off")], &[], None, "env:ATOMCODE_TELEMETRY=off"),
        (&[("ATOMCODE_TELEMETRY", "maybe")], &[], None, "env:ATOMCODE_TELEMETRY=maybe"),
        (&[("DO_NOT_TRACK", "1")], &[], None, "env:DO_NOT_TRACK=1"),
        (&[], &["--no-telemetry"], None, "flag:--no-telemetry"),
        (&[], &[], Some("[telemetry]\nenabled = false\n"), "config:telemetry.enabled=false"),
        (
            &[("DO_NOT_TRACK", "1"), ("ATOMCODE_TELEMETRY", "0")],
            &["--no-telemetry"],
            Some("[telemetry]\nenabled = false\n"),
            "env:ATOMCODE_TELEMETRY=0",
        ),
        (&[("DO_NOT_TRACK", "yes")], &["--no-telemetry"], None, "env:DO_NOT_TRACK=yes"),
        (
            &[("ATOMCODE_TELEMETRY", "1"), ("DO_NOT_TRACK", "0")],
            &["--no-telemetry"],
            Some("[telemetry]\nenabled = true\n"),
            "flag:--no-telemetry",
        ),
    ] {
        let home = Home::new();
        if let Some(text) = settings {
            home.write(SETTINGS, text);
        }
        let before = home.tree();
        let run = |args: &[&str]| {
            let program = program(&home, flags).args(args);
            variables.iter().fold(program, |program, (name, value)| program.env(name, value)).run()
        };
        let status = run(&["telemetry", "status"]).stdout_text();
        let first = status.lines().next().unwrap();
        assert_eq!(first, format!("Telemetry: DISABLED (reason: {expected})"));
        let json: Value =
            serde_json::from_str(&run(&["telemetry", "status", "--json"]).stdout_text()).unwrap();
        assert_eq!(json["reason"], expected);
        assert_eq!(run(PROMPT).code(), Some(0));
        assert_eq!(run(&["telemetry", "flush"]).code(), Some(0));
        assert_eq!(home.tree(), before, "{expected}");
    }
}

#[test]
fn refusing_keeps_what_is_queued_and_adds_nothing() {
    let home = Home::new();
    atomcode(&home, PROMPT);
    let before = home.read(EVENTS);
    for (name, value) in [("ATOMCODE_TELEMETRY", "0"), ("DO_NOT_TRACK", "1")] {
        assert_eq!(program(&home, PROMPT).env(name, value).run().code(), Some(0));
        assert_eq!(home.read(EVENTS), before);
    }
    atomcode(&home, &["--no-telemetry", "-p", "hello"]);
    assert_eq!(home.read(EVENTS), before);
}

#[test]
fn disable_is_one_value_in_the_settings_file_and_the_id_stays() {
    let home = Home::new();
    let settings =
        "# mine\nmodel = \"qwen3-max\" # the big one\n\n[telemetry]\nenabled = true # for now\n";
    home.write(SETTINGS, settings);
    atomcode(&home, PROMPT);
    let id = home.read(ID);
    let output = atomcode(&home, &["telemetry", "disable"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(home.read(SETTINGS), settings.replace("enabled = true", "enabled = false"));
    assert_eq!(home.read(ID), id);
    assert_eq!(dumped(&home), [] as [Value; 0]);

    atomcode(&home, &["telemetry", "enable"]);
    assert_eq!(home.read(SETTINGS), settings);
    assert_eq!(home.read(ID), id);
}

#[test]
fn disable_says_farewell_once_and_only_where_it_was_on() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200)
            .header("content-type", "application/json")
            .body(r#"{"accepted":1,"duplicate":0,"rejected":0,"events":[]}"#),
    );
    let url = server.url();
    let home = Home::new();
    // No shipper of the queue, so that the farewell is the only request.
    atomcode(&home, PROMPT);
    for _ in 0..2 {
        let disable = program(&home, &["telemetry", "disable"]);
        assert_eq!(disable.env("ATOMCODE_TELEMETRY_ENDPOINT", &url).run().code(), Some(0));
    }
    let requests = server.wait_for(1, Duration::from_secs(20));
    assert_eq!(requests.len(), 1);
    let body = requests[0].text();
    let record: Value = serde_json::from_str(body.lines().next().unwrap()).unwrap();
    assert_eq!(body.lines().count(), 1);
    assert_eq!(record["event_id"], "telemetry_disabled");
    assert_eq!(record["mode"], "headless");
    assert_eq!(record["device_id"], home.read(ID).trim());
}

#[test]
fn an_id_is_minted_by_the_first_run_and_survives_everything_but_clear() {
    let home = Home::new();
    atomcode(&home, PROMPT);
    let id = home.read(ID);
    assert_eq!(id.trim().len(), 36);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(home.path().join(ID)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    atomcode(&home, PROMPT);
    assert_eq!(home.read(ID), id);
    atomcode(&home, &["telemetry", "clear"]);
    assert!(!paths(&home).contains(&ID.to_owned()));
    atomcode(&home, PROMPT);
    assert_ne!(home.read(ID), id);
}

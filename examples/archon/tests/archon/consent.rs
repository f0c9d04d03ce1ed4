//! Off until a person turns it on: what Archon leaves, says and obeys.

use headcount_testkit::{CaptureServer, Home};

use crate::stage::{EVENTS, ID, MARKER, SETTINGS, agreed, archon, paths, program, reason};

#[test]
fn the_notice_is_said_once_by_whatever_command_comes_first() {
    for first in [&["version"][..], &["workflow", "list"], &["telemetry", "status"], &["--help"]] {
        let home = Home::new();
        let output = archon(&home, first);
        assert_eq!(output.code(), Some(0));
        let notice = output.stderr_text();
        assert!(notice.contains("Archon collects no usage data by default."), "{notice}");
        assert!(notice.contains("archon telemetry on\n"), "{notice}");
        assert!(!output.stdout_text().contains("by default."));
        assert_eq!(paths(&home), [".archon/", MARKER], "{first:?}");

        let output = archon(&home, &["version"]);
        assert_eq!(
            (output.stdout_text().as_str(), output.stderr_text().as_str()),
            ("archon 0.1.0\n", "")
        );
    }
}

#[test]
fn who_never_turns_it_on_has_a_marker_and_nothing_else() {
    let home = Home::new();
    for args in [
        &["telemetry", "flush"][..],
        &["version"],
        &["setup", "--method", "curl"],
        &["workflow", "run", "archon-assist"],
        &["telemetry"],
        &["telemetry", "inspect"],
        &["telemetry", "inspect", "--json"],
        &["telemetry", "clear"],
        &["telemetry", "policy"],
    ] {
        let output = archon(&home, args);
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
        // A granting variable is no opinion.
        let output = program(&home, args).env("ARCHON_TELEMETRY", "1").run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!(paths(&home), [".archon/", MARKER]);
    let output =
        program(&home, &["telemetry", "status", "--json"]).env("ARCHON_TELEMETRY", "1").run();
    assert_eq!(reason(&output), "default");
}

#[test]
fn a_shipper_says_no_notice() {
    let home = Home::new();
    let output = archon(&home, &["telemetry", "flush"]);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    assert_eq!(home.tree(), []);
}

#[test]
fn the_first_refusal_in_the_documents_order_wins() {
    let home = agreed();
    archon(&home, &["version"]);
    let before = home.read(EVENTS);
    for (variables, flags, expected) in [
        (&[][..], &[][..], "config:telemetry.enabled=true"),
        (&[("ARCHON_TELEMETRY", "0"), ("DO_NOT_TRACK", "1")], &[], "env:DO_NOT_TRACK=1"),
        (&[("ARCHON_TELEMETRY", "0")], &["--no-telemetry"], "env:ARCHON_TELEMETRY=0"),
        (&[("ARCHON_TELEMETRY", "maybe")], &[], "env:ARCHON_TELEMETRY=maybe"),
        (&[], &["--no-telemetry"], "flag:--no-telemetry"),
        (&[("DO_NOT_TRACK", "0"), ("ARCHON_TELEMETRY", "1")], &[], "config:telemetry.enabled=true"),
        (&[("CI", "true")], &[], "config:telemetry.enabled=true"),
    ] {
        let with = |args: &[&str]| {
            let program = program(&home, args).args(flags);
            variables.iter().fold(program, |program, (name, value)| program.env(name, value)).run()
        };
        assert_eq!(reason(&with(&["telemetry", "status", "--json"])), expected);
        if !expected.starts_with("config:") {
            let text = with(&["telemetry", "status"]).stdout_text();
            assert_eq!(
                text.lines().next().unwrap(),
                format!("Telemetry: DISABLED (reason: {expected})")
            );
            assert_eq!(with(&["version"]).code(), Some(0));
            assert_eq!(home.read(EVENTS), before, "{expected}");
        }
    }
}

#[test]
fn on_and_off_change_one_value_and_off_keeps_the_id() {
    let home = Home::new();
    let settings = "# mine\nassistant: codex # and no other\ntelemetry:\n  enabled: false\n  # why not\nworktrees: 3\n";
    home.write(SETTINGS, settings);
    let status = archon(&home, &["telemetry", "status", "--json"]);
    assert_eq!(reason(&status), "config:telemetry.enabled=false");

    archon(&home, &["telemetry", "on"]);
    assert_eq!(home.read(SETTINGS), settings.replace("enabled: false", "enabled: true"));
    let id = home.read(ID);
    archon(&home, &["version"]);
    assert!(home.read(EVENTS).contains(id.trim()));

    archon(&home, &["telemetry", "off"]);
    assert_eq!(home.read(SETTINGS), settings);
    assert_eq!(home.read(ID), id);
    assert!(!paths(&home).contains(&EVENTS.to_owned()));

    archon(&home, &["telemetry", "clear"]);
    assert!(!paths(&home).contains(&ID.to_owned()));
    assert_eq!(home.read(SETTINGS), settings);
}

#[test]
#[cfg(unix)]
fn the_id_is_a_file_that_its_person_alone_can_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = agreed();
    let mode = std::fs::metadata(home.path().join(ID)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(home.read(ID).trim().len(), 36);
}

#[test]
fn policy_prints_where_it_is_whatever_the_answer() {
    for home in [Home::new(), agreed()] {
        let output = archon(&home, &["telemetry", "policy"]);
        let (code, said) = (output.code(), output.stdout_text());
        assert_eq!(code, Some(0));
        assert!(said.lines().any(|line| line == "https://archon.example/docs/telemetry"), "{said}");
    }
}

#[test]
fn a_settings_file_that_cannot_be_read_means_off_and_is_left_alone() {
    let home = agreed();
    home.write(SETTINGS, "telemetry: {enabled: true\n");
    let before = home.tree();
    let status = archon(&home, &["telemetry", "status", "--json"]);
    let file = home.path().join(SETTINGS.replace('/', std::path::MAIN_SEPARATOR_STR));
    assert_eq!(reason(&status), format!("file:{}", file.display()));
    archon(&home, &["version"]);
    assert_eq!(home.tree(), before);
}

#[test]
fn a_build_without_a_key_sends_nothing_and_says_so() {
    if option_env!("POSTHOG_PUBLIC_KEY").is_some() {
        return;
    }
    let server = CaptureServer::start();
    let home = Home::new();
    let said = archon(&home, &["telemetry", "on"]).stdout_text();
    let sentence = "This build cannot send anything (development build: built without a key).";
    assert!(said.lines().any(|line| line == sentence), "{said}");
    let said = archon(&home, &["telemetry", "on", "--json"]).stdout_text();
    assert!(said.contains("\"problem\":\"development build: built without a key\""), "{said}");
    let url = server.url();
    for args in [&["version"][..], &["telemetry", "flush"]] {
        let output = program(&home, args).env("ARCHON_TELEMETRY_ENDPOINT", &url).run();
        assert_eq!(output.code(), Some(0));
    }
    assert_eq!(server.connections(), 0);
    let status = archon(&home, &["telemetry", "status"]).stdout_text();
    assert!(status.contains("development build"), "{status}");
}

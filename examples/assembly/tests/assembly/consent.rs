//! On by default, refused by an inverted variable, kept in the product's own
//! settings file.

use headcount_testkit::Home;
use serde_json::Value;

use crate::stage::{FOLDER, assembly, dumped, events, program, settings};

#[test]
fn every_refusal_creates_nothing_and_status_names_the_one_that_holds() {
    for (variables, flags, expected) in [
        (&[("AAI_TELEMETRY_DISABLED", "1")][..], &[][..], "env:AAI_TELEMETRY_DISABLED=1"),
        (&[("AAI_TELEMETRY_DISABLED", "maybe")], &[], "env:AAI_TELEMETRY_DISABLED=maybe"),
        (&[("DO_NOT_TRACK", "1")], &[], "env:DO_NOT_TRACK=1"),
        (
            &[("DO_NOT_TRACK", "1"), ("AAI_TELEMETRY_DISABLED", "true")],
            &["--no-telemetry"],
            "env:AAI_TELEMETRY_DISABLED=true",
        ),
        (
            &[("DO_NOT_TRACK", "0"), ("AAI_TELEMETRY_DISABLED", "0")],
            &["--no-telemetry"],
            "flag:--no-telemetry",
        ),
    ] {
        let home = Home::new();
        let run = |args: &[&str]| {
            let program = program(&home, flags).args(args);
            variables.iter().fold(program, |program, (name, value)| program.env(name, value)).run()
        };
        let status = run(&["telemetry", "status"]).stdout_text();
        let first = status.lines().next().unwrap();
        assert_eq!(first, format!("Telemetry: DISABLED (reason: {expected})"));
        let status = run(&["telemetry", "status", "--json"]).stdout_text();
        let json: Value = serde_json::from_str(&status).unwrap();
        assert_eq!(json["reason"], expected);
        assert_eq!(run(&["whoami"]).code(), Some(4));
        assert_eq!(run(&["telemetry", "flush"]).code(), Some(0));
        assert_eq!(home.tree(), [], "{expected}");
    }
}

#[test]
fn variables_never_grant() {
    let home = Home::new();
    home.write(&settings(), "telemetry_enabled = false\n");
    let before = home.tree();
    let program = program(&home, &["whoami"]);
    let output = program.env("AAI_TELEMETRY_DISABLED", "0").env("DO_NOT_TRACK", "0").run();
    assert_eq!(output.code(), Some(4));
    assert_eq!(home.tree(), before);
    let status = assembly(&home, &["telemetry"]).stdout_text();
    assert!(status.starts_with("Telemetry: DISABLED (reason: config:telemetry_enabled=false)"));
}

#[test]
fn the_first_run_mints_an_id_in_the_settings_file_and_leaves_the_rest_of_it() {
    let home = Home::new();
    let text = "# mine\nprofile = \"work\" # not home\n\n[stream]\nlanguage = \"de\"\n";
    home.write(&settings(), text);
    assembly(&home, &["whoami"]);
    let after = home.read(&settings());
    let id = dumped(&home)[0]["device_id"].as_str().unwrap().to_owned();
    let added: Vec<&str> = after.lines().filter(|line| !text.contains(line)).collect();
    assert_eq!(added, [format!("device_id = \"{id}\"")], "{after}");
    let kept: Vec<&str> = after.lines().filter(|line| text.contains(line)).collect();
    assert_eq!(kept, text.lines().collect::<Vec<_>>());

    assembly(&home, &["telemetry", "disable"]);
    let off = home.read(&settings());
    assert!(off.contains("telemetry_enabled = false\n"), "{off}");
    assert!(off.contains(&id), "{off}");
    assert!(!home.tree().iter().any(|entry| entry.path == events()));
}

#[test]
fn what_a_first_run_leaves_is_the_documents_file_and_ours() {
    let home = Home::new();
    assembly(&home, &["whoami"]);
    let below = format!("{FOLDER}/");
    let files: Vec<String> = home
        .tree()
        .into_iter()
        .filter_map(|entry| entry.path.strip_prefix(&below).map(str::to_owned))
        .filter(|path| !path.is_empty() && !path.starts_with("telemetry-state"))
        .collect();
    assert_eq!(files, ["config.toml", "telemetry-events.jsonl"]);
    assert_eq!(home.read(&settings()).lines().count(), 1);
}

#[test]
fn refusing_keeps_what_is_queued() {
    let home = Home::new();
    assembly(&home, &["whoami"]);
    let before = home.read(&events());
    let refused = program(&home, &["whoami"]).env("AAI_TELEMETRY_DISABLED", "1").run();
    assert_eq!(refused.code(), Some(4));
    assembly(&home, &["whoami", "--no-telemetry"]);
    assert_eq!(home.read(&events()), before);
}

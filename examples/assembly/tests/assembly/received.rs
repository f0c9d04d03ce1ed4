//! What arrives: at Datadog, and at the real collector.

use std::time::Duration;

use headcount_testkit::{Backend, BackendServer, Home};

use crate::collector::TheCollector;
use crate::stage::{ENDPOINT, KEY, program, shipped_token, sound, told};

/// What hangs never comes; a busy machine may be slow.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn datadog_receives_the_documents_fields_under_the_client_token() {
    let datadog = BackendServer::start(Backend::Datadog);
    let home = told();
    let output = program(&home, &["whoami"]).env(KEY.0, KEY.1).env(ENDPOINT, &datadog.url()).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let logs = datadog.events_of(1, PATIENCE);
    // The first run's event, which waited until the person was told, and this
    // one.
    assert_eq!(logs.len(), 2, "{logs:?}");
    for log in &logs {
        for key in [
            "command",
            "outcome",
            "exit_code",
            "duration_ms",
            "cli_version",
            "os",
            "python_version",
            "ci",
            "device_id",
        ] {
            assert!(log.get(key).is_some(), "{key} in {log}");
        }
        assert_eq!(log["command"], "assembly whoami");
        assert_eq!(log["service"], "assembly");
    }
    let path = &datadog.server().requests()[0].path;
    assert!(path.contains(&format!("dd-api-key={}", shipped_token().real())), "{path}");
}

#[test]
fn the_real_collector_counts_outcomes_exit_codes_and_durations() {
    let collector = TheCollector::start("assembly", |catalog| catalog);
    let home = told();
    let work = Home::new();
    work.write("talk.wav", sound(8_000));
    work.write("noise.wav", "no sound");
    for (args, key, code) in [
        (&["transcribe", "talk.wav"][..], "a-key", 0),
        (&["transcribe", "talk.wav"], "", 4),
        (&["transcribe", "noise.wav"], "a-key", 1),
        (&["transcribe", "missing.wav"], "a-key", 2),
        (&["whoami"], "a-key", 0),
    ] {
        let run = program(&home, args).folder(work.path()).env(KEY.0, key);
        let output = run.env(ENDPOINT, &collector.url()).run();
        assert_eq!(output.code(), Some(code), "{args:?}: {}", output.stderr_text());
    }
    // One more: that of the first run.
    collector.has("command_run", 6, PATIENCE);
    let counts = |property: &str| {
        let parameters = format!("&event=command_run&property={property}");
        let rows = collector.ask("by-property", &parameters);
        let mut counts: Vec<(String, u64)> = rows
            .iter()
            .map(|row| (row["value"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()))
            .collect();
        counts.sort();
        counts
    };
    let words = |counts: &[(&str, u64)]| -> Vec<(String, u64)> {
        counts.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    };
    assert_eq!(counts("exit_code"), words(&[("0", 3), ("1", 1), ("2", 1), ("4", 1)]));
    assert_eq!(
        counts("outcome"),
        words(&[("api_error", 1), ("not_authenticated", 1), ("success", 3), ("usage_error", 1)])
    );
    let durations = collector.ask("quantiles", "&event=command_run&property=duration_ms");
    assert!(!durations.is_empty(), "durations are counted");
    let failed = collector.ask("failures", "&event=command_run");
    assert!(!failed.is_empty(), "failures are counted: {failed:?}");
    let devices: u64 =
        collector.ask("active", "").iter().map(|row| row["devices"].as_u64().unwrap()).sum();
    assert_eq!(devices, 1);
}

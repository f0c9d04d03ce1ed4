//! The seven success criteria of Archon's document, each by its number.

use std::time::Instant;

use headcount_testkit::{Backend, BackendServer, CapturedRequest, Home};

use crate::stage::{
    ARRIVES, ENDPOINT, HELD, ID, MARKER, agreed, archon, inspected, names, paths, program,
};

/// Every command that somebody might try first.
const COMMANDS: [&[&str]; 6] = [
    &["version"],
    &["setup", "--method", "curl"],
    &["workflow", "list"],
    &["workflow", "run", "archon-assist"],
    &["telemetry", "inspect"],
    &["telemetry", "status"],
];

#[test]
fn criterion_1_a_default_install_sends_zero_events() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = Home::new();
    for args in COMMANDS.iter().chain(&[&["telemetry", "flush"][..]]) {
        let output = program(&home, args).env(ENDPOINT, &posthog.url()).run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!(posthog.server().connections(), 0);
}

#[test]
fn criterion_2_after_on_the_next_invocation_shows_up_within_30_seconds() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    let start = Instant::now();
    let output = program(&home, &["version"]).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let events = posthog.events_of(1, ARRIVES);
    let took = start.elapsed();
    assert!(took < ARRIVES, "{took:?}");
    assert_eq!(names(&events), ["binary.startup", "cli.command_invoked", "cli.command_completed"]);
    let id = home.read(ID);
    assert!(events.iter().all(|event| event["distinct_id"] == id.trim()), "{events:?}");
}

#[test]
fn criterion_3_inspect_is_what_posthog_receives_of_ten_events() {
    let posthog = BackendServer::start(Backend::PostHog);
    let url = posthog.url();
    let home = agreed();
    for args in [&["version"][..], &["setup"], &["workflow", "run", "archon-assist"]] {
        let output = program(&home, args).env(ENDPOINT, &url).env(HELD.0, HELD.1).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    }
    let (shown, said) = inspected(&home, &url);
    assert_eq!((shown.len(), said.as_str()), (10, ""));
    assert_eq!(posthog.server().connections(), 0, "to look sends nothing");

    let flush = program(&home, &["telemetry", "flush"]).env(ENDPOINT, &url).run();
    assert_eq!(flush.code(), Some(0), "{}", flush.stderr_text());
    let received = posthog.events_of(1, ARRIVES);
    assert!(received.len() > 10);
    assert_eq!(received[received.len() - 10..], shown, "every key and value of ten events");
    for key in ["$process_person_profile", "$geoip_disable", "$ip", "$lib", "$lib_version"] {
        assert!(shown[0]["properties"].get(key).is_some(), "{key}");
    }
    // Once they are sent, they are what is shown, and not samples.
    let (after, said) = inspected(&home, &url);
    assert_eq!(after, shown);
    assert!(said.starts_with("Nothing waits to be sent. These were sent, the last at "), "{said}");
}

#[test]
fn criterion_4_do_not_track_disables_everything_without_other_configuration() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    let before = home.tree();
    for args in COMMANDS {
        let output = program(&home, args)
            .env("DO_NOT_TRACK", "1")
            .env("ARCHON_TELEMETRY", "1")
            .env(ENDPOINT, &posthog.url())
            .run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!(posthog.server().connections(), 0);
    assert_eq!(home.tree(), before, "nothing is recorded");
}

#[test]
fn criterion_5_who_never_turns_it_on_has_no_id() {
    let home = Home::new();
    for args in COMMANDS {
        assert_eq!(archon(&home, args).code(), Some(0), "{args:?}");
    }
    assert_eq!(paths(&home), [".archon/", MARKER]);
}

/// At compile time: `headcount::compile_fail mistakes_do_not_compile` has the
/// case `property_outside_the_catalog`. At run time a property that is not in
/// the catalog is dropped wherever an event is judged, here as it would be on a
/// line of the queue and at a collector.
#[test]
fn criterion_6_what_the_whitelist_does_not_have_is_never_sent() {
    let posthog = BackendServer::start(Backend::PostHog);
    let home = agreed();
    let held = program(&home, &["version"]).env(HELD.0, HELD.1).run();
    assert_eq!(held.code(), Some(0));
    // Somebody writes into the queue what no release records.
    let queue = home.read(".archon/telemetry-events.jsonl");
    let planted =
        queue.replace("\"properties\":{", "\"properties\":{\"cwd\":\"/home/me/secret-repo\",");
    assert_ne!(planted, queue);
    home.write(".archon/telemetry-events.jsonl", planted);
    let flush = program(&home, &["telemetry", "flush"]).env(ENDPOINT, &posthog.url()).run();
    assert_eq!(flush.code(), Some(0));
    let received = posthog.events_of(1, ARRIVES);
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|event| event["properties"].get("cwd").is_none()), "{received:?}");
    let sent: Vec<u8> =
        posthog.server().requests().iter().flat_map(CapturedRequest::bytes).collect();
    assert!(!String::from_utf8_lossy(&sent).contains("secret-repo"));
}

#[test]
fn criterion_7_the_binary_points_at_the_documented_proxy_by_default() {
    let home = agreed();
    let status = archon(&home, &["telemetry", "status"]).stdout_text();
    for line in [
        "PostHog host: https://telemetry.archon.example",
        "PostHog key: phc_000... (embedded at build time)",
    ] {
        assert!(status.lines().any(|found| found == line), "{line} in\n{status}");
    }
    let page = include_str!("../../../release/README.md");
    assert!(
        page.contains("worker.mjs") && page.contains("nginx.conf") && page.contains("POSTHOG_HOST")
    );
}

//! `doctor`: what is wrong on this machine, and the one thing to do next. An
//! answer of the person's is never wrong.

use headcount::person::Reply;
use headcount_testkit::{CannedAnswer, CaptureServer, Home};

use crate::scene;

fn next(reply: &Reply) -> &str {
    let line = reply.out.lines().last().unwrap_or_default();
    line.strip_prefix("Next: ").unwrap_or_else(|| panic!("{}", reply.out))
}

/// Atomic, sending to a server of this test.
fn atomic(server: &CaptureServer) -> [(&'static str, String); 1] {
    [("ATOMIC_TELEMETRY_ENDPOINT", server.url())]
}

fn said(home: &Home, words: &str, variables: &[(&str, String)]) -> Reply {
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    scene::say_with(scene::catalog("atomic"), home, words, &variables)
}

#[test]
fn a_no_is_well_and_leaves_nothing() {
    let home = Home::new();
    for variables in [vec![], vec![("DO_NOT_TRACK", "1".to_owned())]] {
        let reply = said(&home, "doctor", &variables);
        assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{}", reply.out);
        assert!(reply.out.starts_with("right: Telemetry is off: "), "{}", reply.out);
        assert!(next(&reply).starts_with("nothing needs doing; `"), "{}", reply.out);
        assert_eq!(home.tree(), [], "nothing is made while it is off");
    }
}

#[test]
fn what_nobody_said_is_wrong_with_what_to_do() {
    let home = Home::new();
    let unknown = said(&home, "doctor", &[("ATOMIC_TELEMETRY", "maybe".to_owned())]);
    assert_eq!(unknown.code, 1);
    assert_eq!(next(&unknown), "set ATOMIC_TELEMETRY to 1 or 0, or unset it.");
    assert_eq!(scene::say(scene::catalog("atomic"), &home, "on").code, 0);
    let settings = home.tree().into_iter().find(|entry| entry.path.ends_with("telemetry.json"));
    let settings = settings.expect("settings").path;
    home.write(&settings, "{ broken");
    let broken = said(&home, "doctor", &[]);
    assert_eq!(broken.code, 1, "{}", broken.out);
    assert!(broken.out.starts_with("WRONG: Telemetry is off: "), "{}", broken.out);
    assert!(next(&broken).starts_with("fix ") && next(&broken).contains("telemetry.json"));
}

#[test]
fn the_last_request_is_judged() {
    let (home, server) = (Home::new(), CaptureServer::start());
    let there = atomic(&server);
    assert_eq!(said(&home, "on", &there).code, 0);
    let fresh = said(&home, "doctor", &there);
    assert!(fresh.out.contains("nothing was sent there yet."), "{}", fresh.out);

    server.reply_next(CannedAnswer::status(401).body(r#"{"message":"unknown write key"}"#));
    server.reply_otherwise(CannedAnswer::status(200).body("{}"));
    let catalog = scene::catalog("atomic");
    let record = |now: &str| {
        let session = scene::open_at(catalog, &home, now, &[(there[0].0, &there[0].1)]);
        session.try_record(&scene::Any::named(catalog, "atomic_command")).unwrap();
        session.flush(&headcount::ship::Ureq::new());
    };
    record(scene::NOW);
    let refused = said(&home, "doctor", &there);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(refused.out.contains("401): unknown write key"), "{}", refused.out);
    assert!(refused.out.contains("Waiting to be sent: 1 event, "), "{}", refused.out);
    assert!(next(&refused).starts_with("wait: "), "{}", refused.out);

    record("2026-11-15T14:00:00Z");
    let session =
        scene::open_at(catalog, &home, "2026-11-15T14:00:30Z", &[(there[0].0, &there[0].1)]);
    let well = headcount::person::run(&session, &["doctor".to_owned()]);
    assert!(well.out.contains("accepted 30 seconds ago."), "{}", well.out);
    assert!(next(&well).contains("inspect"), "{}", well.out);
}

#[test]
fn what_cannot_be_written_is_told() {
    let home = Home::new();
    assert_eq!(said(&home, "on", &[]).code, 0);
    let settings = home.tree().into_iter().find(|entry| entry.path.ends_with("telemetry.json"));
    let settings = home.path().join(settings.expect("settings").path);
    let state = settings.with_file_name("telemetry-state");
    let _ = std::fs::remove_dir_all(&state);
    std::fs::write(&state, "in the way").unwrap();
    let reply = said(&home, "doctor", &[]);
    assert_eq!(reply.code, 1, "{}", reply.out);
    assert!(reply.out.contains("WRONG: Nothing can be recorded: "), "{}", reply.out);
    assert!(next(&reply).ends_with("a folder of yours that can be written."), "{}", reply.out);
}

#[test]
fn a_program_gets_the_same() {
    let home = Home::new();
    let (text, json) = (said(&home, "doctor", &[]), said(&home, "doctor --json", &[]));
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(told["next"], next(&text));
    let finding = &told["findings"][0];
    assert_eq!((&finding["about"], &finding["wrong"]), (&"decision".into(), &false.into()));
    assert!(text.out.contains(finding["text"].as_str().unwrap()));
}

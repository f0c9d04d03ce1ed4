//! A headless run: two records with the document's keys, and their way to the
//! server.

use std::time::Duration;

use headcount_testkit::{Canary, CannedAnswer, CaptureServer, Home};

use crate::stage::{EVENTS, ID, NOTICE, atomcode, dumped, keys, only, paths, program, told};

#[test]
fn a_run_is_two_lines_with_the_keys_of_the_document() {
    let home = Home::new();
    let output = program(&home, &["-p", "hello"]).env("LANG", "de_DE.UTF-8").run();
    assert_eq!(output.code(), Some(0));
    assert!(output.stderr_text().starts_with(NOTICE), "{}", output.stderr_text());
    assert_eq!(output.stdout_text().lines().count(), 1);

    let text = home.read(EVENTS);
    let lines: Vec<&str> = text.lines().collect();
    let envelope = [
        "id",
        "event_id",
        "device_id",
        "session_id",
        "mode",
        "ts",
        "schema_version",
        "app_version",
        "os",
        "arch",
        "locale",
    ];
    let mut opened = envelope.to_vec();
    opened.push("type");
    let mut chatted = envelope.to_vec();
    chatted.insert(5, "turn_id");
    // The last of the line's parts is the second key of `repo_origin`.
    chatted.extend([
        "provider",
        "model",
        "repo_origin",
        "has_git",
        "duration_ms",
        "tool_calls_count",
        "input_tokens",
        "output_tokens",
        "cached_tokens",
        "had_error",
    ]);
    assert_eq!(lines.len(), 2);
    assert_eq!(keys(lines[0]), opened);
    assert_eq!(keys(lines[1]), chatted);

    let records = dumped(&home);
    assert_eq!(
        (&records[0]["event_id"], &records[0]["type"]),
        (&"open_atomcode".into(), &"/".into())
    );
    assert_eq!(records[1]["event_id"], "llm_chat");
    for record in &records {
        assert_eq!(record["mode"], "headless");
        assert_eq!(record["locale"], "de-DE");
        assert_eq!(record["device_id"], home.read(ID).trim());
        assert_eq!(record["session_id"], records[0]["session_id"]);
    }
}

#[test]
fn what_a_first_run_leaves_is_the_documents_files_and_ours() {
    let home = Home::new();
    atomcode(&home, &["-p", "hello"]);
    let foreign: Vec<String> = paths(&home)
        .into_iter()
        .filter(|path| !path.starts_with(".atomcode/telemetry-state"))
        .collect();
    assert_eq!(
        foreign,
        [".atomcode/", ID, ".atomcode/telemetry/", ".atomcode/telemetry/queue/", EVENTS]
    );
}

#[test]
fn every_process_is_a_session_of_its_own() {
    let home = Home::new();
    atomcode(&home, &["-p", "hello"]);
    atomcode(&home, &["-p", "hello"]);
    let records = dumped(&home);
    let chats = only(&records, "llm_chat");
    assert_eq!(chats.len(), 2);
    assert_ne!(chats[0]["session_id"], chats[1]["session_id"]);
    assert_ne!(chats[0]["turn_id"], chats[1]["turn_id"]);
    assert_eq!(chats[0]["device_id"], chats[1]["device_id"]);
}

#[test]
fn the_prompt_the_folder_and_the_environment_stay_here() {
    let canaries = ["prompt", "folder", "variable", "user"].map(Canary::new);
    let [prompt, folder, variable, user] = canaries.each_ref().map(Canary::text);
    let home = Home::new();
    let work = Home::new();
    work.write(&format!("{folder}/notes"), "");
    let output = program(&home, &["-p", prompt])
        .folder(work.path().join(folder))
        .env("SECRET_TOKEN", variable)
        .env("USER", user)
        .run();
    assert_eq!(output.code(), Some(0));
    assert_eq!(dumped(&home).len(), 2);
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
    }
}

#[test]
fn a_flag_in_the_place_of_a_prompt_is_a_prompt() {
    let home = Home::new();
    assert_eq!(atomcode(&home, &["-p", "--no-telemetry"]).code(), Some(0));
    assert_eq!(dumped(&home).len(), 2);
}

#[test]
fn what_was_recorded_arrives_once_after_the_command_has_ended() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200)
            .header("content-type", "application/json")
            .body(r#"{"accepted":2,"duplicate":0,"rejected":0,"events":[]}"#),
    );
    let home = told();
    let url = server.url();
    let output = program(&home, &["-p", "hello"]).env("ATOMCODE_TELEMETRY_ENDPOINT", &url).run();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let requests = server.wait_for(1, Duration::from_secs(20));
    assert_eq!(requests[0].path, "/api/v1/events");
    assert_eq!(requests[0].header("authorization"), Some("Bearer atomcode"));
    assert_eq!(requests[0].text().lines().count(), 2);
    assert_eq!(requests.len(), 1);
}

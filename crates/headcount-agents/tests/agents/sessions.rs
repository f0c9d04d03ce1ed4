//! One session is one event: whatever fires twice, is resumed, cleared,
//! compacted, or crashes.

use headcount_agents::Agent;
use serde_json::json;

use crate::stage::Stage;

const COMMIT: &str = r#","expansion_type":"slash_command","command_name":"commit","command_args":"my secret","prompt":"/commit my secret""#;

#[test]
fn a_session_has_its_commands_its_turns_and_its_length() {
    let stage = Stage::new();
    stage.claude(0, "a", "SessionStart", r#","source":"startup""#);
    stage.claude(5, "a", "UserPromptExpansion", COMMIT);
    stage.claude(6, "a", "UserPromptSubmit", r#","prompt":"/create-spec""#);
    stage.claude(9, "a", "Stop", r#","stop_hook_active":true"#);
    stage.claude(10, "a", "Stop", r#","stop_hook_active":false"#);
    stage.claude(11, "a", "UserPromptExpansion", &COMMIT.replace("commit", "ralph:help"));
    stage.claude(12, "a", "UserPromptExpansion", COMMIT);
    stage.claude(60, "a", "SessionEnd", r#","reason":"prompt_input_exit""#);
    assert_eq!(stage.sessions(), ["claude 0+60 [/commit /ralph:help] 1 exit"]);
    assert_eq!(stage.recorded("begun").len(), 1);
    let invoked: Vec<_> =
        stage.recorded("invoked").iter().map(|it| it["command"].clone()).collect();
    assert_eq!(invoked, [json!("/commit"), json!("/ralph:help"), json!("/commit")]);
}

#[test]
fn what_fires_twice_or_goes_on_is_one_session() {
    let stage = Stage::new();
    for _ in 0..2 {
        stage.claude(0, "a", "SessionStart", r#","source":"startup""#);
    }
    stage.claude(1, "a", "SessionStart", r#","source":"compact""#);
    stage.claude(2, "a", "SessionStart", r#","source":"resume""#);
    for second in 3..6 {
        stage.claude(second, "a", "SessionEnd", r#","reason":"other""#);
    }
    assert_eq!(stage.sessions(), ["claude 0+3 [] 0 other"]);
    assert_eq!(stage.recorded("begun").len(), 1);
}

#[test]
fn a_session_that_was_told_is_told_again_only_for_what_came_since() {
    let stage = Stage::new();
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(1, "a", "UserPromptExpansion", COMMIT);
    stage.claude(2, "a", "SessionEnd", "");
    stage.claude(10, "a", "SessionStart", r#","source":"resume""#);
    stage.claude(12, "a", "SessionEnd", "");
    assert_eq!(stage.sessions().len(), 1);
    stage.claude(20, "a", "SessionStart", r#","source":"resume""#);
    stage.claude(21, "a", "UserPromptExpansion", &COMMIT.replace("commit", "create-spec"));
    stage.claude(25, "a", "SessionEnd", "");
    assert_eq!(stage.sessions()[1..], ["claude 20+5 [/create-spec] 0 other"]);
}

#[test]
fn a_cleared_session_ends_and_another_begins() {
    let stage = Stage::new();
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(5, "a", "SessionEnd", r#","reason":"clear""#);
    stage.claude(5, "b", "SessionStart", r#","source":"clear""#);
    stage.claude(9, "b", "SessionEnd", r#","reason":"logout""#);
    assert_eq!(stage.sessions(), ["claude 0+5 [] 0 clear", "claude 5+4 [] 0 logout"]);
}

/// Codex has several sessions in one process, so that a start of another one
/// says nothing of this one.
fn codex(stage: &Stage, second: i64, session: &str, event: &str, rest: &str) {
    let payload = format!(r#"{{"session_id":"{session}","hook_event_name":"{event}"{rest}}}"#);
    stage.call(second, Agent::Codex, event, payload.as_bytes());
}

#[test]
fn a_session_without_an_end_is_told_at_a_later_start() {
    let stage = Stage::new();
    codex(&stage, 0, "a", "SessionStart", "");
    codex(&stage, 7, "a", "Stop", "");
    let day = 86_400;
    codex(&stage, day, "b", "SessionStart", "");
    assert!(stage.sessions().is_empty(), "it may still run");
    codex(&stage, day + 7, "c", "SessionStart", "");
    assert_eq!(stage.sessions(), ["codex 0+7 [] 1 unknown"]);
    codex(&stage, day + 8, "d", "SessionStart", "");
    assert_eq!(stage.sessions().len(), 1);
}

/// The tests run in one process, and so do these sessions: Claude Code has one
/// at a time, Codex several.
#[test]
#[cfg(target_os = "linux")]
fn an_agent_with_one_session_at_a_time_has_left_the_one_before() {
    let stage = Stage::new();
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(3, "a", "UserPromptExpansion", COMMIT);
    stage.claude(9, "b", "SessionStart", "");
    assert_eq!(stage.sessions(), ["claude 0+3 [/commit] 0 unknown"]);
    stage.claude(11, "a", "SessionEnd", "");
    assert_eq!(stage.sessions().len(), 1, "its end comes after all, with nothing new");
    codex(&stage, 20, "x", "SessionStart", "");
    codex(
        &stage,
        21,
        "x",
        "UserPromptSubmit",
        r#","prompt":"$commit fix","turn_id":"t","model":"m""#,
    );
    codex(&stage, 22, "y", "SessionStart", "");
    assert_eq!(stage.sessions().len(), 1);
    codex(&stage, 30, "x", "SessionEnd", r#","reason":"other""#);
    assert_eq!(stage.sessions()[1..], ["codex 20+10 [/commit] 0 other"]);
}

#[test]
fn an_end_without_a_beginning_is_told_with_what_is_known() {
    let stage = Stage::new();
    stage.claude(5, "a", "SessionEnd", r#","reason":"other""#);
    assert_eq!(stage.sessions(), ["claude 5+0 [] 0 other"]);
    stage.claude(8, "b", "UserPromptExpansion", COMMIT);
    stage.claude(9, "b", "SessionEnd", "");
    assert_eq!(stage.sessions()[1..], ["claude 8+1 [/commit] 0 other"]);
}

#[test]
fn sub_agents_are_no_sessions() {
    let stage = Stage::new();
    for event in ["SessionStart", "UserPromptExpansion", "Stop", "SessionEnd"] {
        stage.claude(0, "a", event, &format!(r#","agent_id":"sub","agent_type":"x"{COMMIT}"#));
    }
    assert!(stage.home.tree().is_empty());
}

#[test]
fn one_file_that_several_agents_run_tells_each_of_them_once() {
    let mut stage = Stage::new();
    stage.claude(0, "a", "SessionStart", r#","timestamp":"2026-11-20T10:00:00Z""#);
    stage.call(
        1,
        Agent::Copilot,
        "sessionEnd",
        br#"{"sessionId":"a","timestamp":1,"reason":"user_exit"}"#,
    );
    assert_eq!(stage.sessions(), ["copilot 0+1 [] 0 exit"]);
    stage.variables.insert("GROK_HOOK_EVENT".into(), "session_end".into());
    stage.claude(2, "g", "SessionEnd", r#","sessionId":"g","timestamp":"2026-11-20T10:00:00Z""#);
    assert_eq!(stage.sessions()[1..], ["grok 2+0 [] 0 other"]);
}

#[test]
fn while_it_is_off_nothing_is_there() {
    let mut stage = Stage::new();
    stage.variables.insert("DO_NOT_TRACK".into(), "1".into());
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(1, "a", "UserPromptExpansion", COMMIT);
    stage.claude(2, "a", "SessionEnd", "");
    assert!(stage.home.tree().is_empty());
}

#[test]
fn only_cursor_is_answered() {
    let stage = Stage::new();
    for payload in
        [&br#"{"conversation_id":"a","user_email":"ada@mail.example"}"#[..], b"", b"\xff{"]
    {
        assert_eq!(stage.call(0, Agent::Cursor, "stop", payload), "{}\n");
        assert_eq!(
            stage.call(0, Agent::Cursor, "beforeSubmitPrompt", payload),
            "{\"continue\":true}\n"
        );
        assert_eq!(stage.call(0, Agent::Cursor, "sessionStart", payload), "");
        for agent in Agent::ALL.into_iter().filter(|agent| *agent != Agent::Cursor) {
            assert_eq!(stage.call(0, agent, "Stop", payload), "");
        }
    }
}

#[test]
fn many_sessions_leave_no_more_than_twice_what_is_needed() {
    let stage = Stage::new();
    for session in 0..100 {
        let (name, second) = (format!("s{session}"), session * 10);
        stage.claude(second, &name, "SessionStart", "");
        stage.claude(second + 1, &name, "UserPromptExpansion", COMMIT);
        stage.claude(second + 2, &name, "SessionEnd", "");
    }
    assert_eq!(stage.sessions().len(), 100);
    let notes = stage.home.read(".tally/telemetry-state/agent-notes.jsonl");
    assert!(notes.lines().count() <= 202, "{}", notes.lines().count());
    // Two days later that they were told is forgotten, too.
    for session in 0..60 {
        let name = format!("t{session}");
        stage.claude(172_800 + session, &name, "SessionStart", "");
        stage.claude(172_800 + session, &name, "SessionEnd", "");
    }
    let notes = stage.home.read(".tally/telemetry-state/agent-notes.jsonl");
    // Of these sixty it is remembered that they were told.
    assert!(notes.lines().count() <= 2 * 61, "{}", notes.lines().count());
}

/// What of a session may not be recorded is not noted either.
#[test]
fn where_sessions_are_refused_nothing_is_noted_of_them() {
    let stage = Stage::new();
    stage.home.write(".tally/settings.json", "{\"telemetry\": false}\n");
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(1, "a", "UserPromptExpansion", COMMIT);
    assert!(!stage.home.path().join(".tally/telemetry-state").exists());
}

/// The first word of a prompt is a command only if it is one of the catalog's.
#[test]
fn a_prompt_is_not_a_command_that_nobody_knows() {
    let stage = Stage::new();
    for prompt in ["$HOME is full", "$5 for you", "/tmp is full", "/unknown x"] {
        let rest = format!(",\"prompt\":\"{prompt}\",\"turn_id\":\"t\"");
        codex(&stage, 0, "a", "UserPromptSubmit", &rest);
        let goose =
            format!(r#"{{"session_id":"a","event":"UserPromptSubmit","message":"{prompt}"}}"#);
        stage.call(0, Agent::Goose, "", goose.as_bytes());
    }
    assert!(stage.recorded("invoked").is_empty());
    codex(&stage, 0, "a", "UserPromptSubmit", r#","prompt":"$commit it""#);
    assert_eq!(stage.recorded("invoked").len(), 1);
}

/// A queue that is held for a moment costs no session.
#[test]
#[cfg(unix)]
fn what_cannot_be_recorded_now_is_told_later_as_of_its_own_time() {
    let stage = Stage::new();
    stage.claude(0, "z", "SessionStart", "");
    stage.claude(1, "z", "SessionEnd", "");
    stage.claude(2, "a", "SessionStart", "");
    stage.claude(3, "a", "UserPromptExpansion", COMMIT);
    let queue = stage.home.path().join(".tally/events.jsonl");
    let before = std::fs::read(&queue).unwrap();
    std::fs::remove_file(&queue).unwrap();
    std::fs::create_dir(&queue).unwrap();
    stage.claude(9, "a", "SessionEnd", r#","reason":"logout""#);
    std::fs::remove_dir(&queue).unwrap();
    std::fs::write(&queue, before).unwrap();
    assert_eq!(stage.sessions().len(), 1);
    stage.claude(100, "b", "SessionStart", "");
    assert_eq!(stage.sessions()[1..], ["claude 2+7 [/commit] 0 logout"]);
    stage.claude(101, "a", "SessionEnd", "");
    assert_eq!(stage.sessions().len(), 2);
}

/// Whoever runs an agent from a script has hundreds of sessions a day, each of
/// which is remembered for that day.
#[cfg(unix)]
#[test]
fn a_day_of_many_sessions_rewrites_the_notes_a_few_times() {
    use std::os::unix::fs::MetadataExt as _;

    let stage = Stage::new();
    let notes = stage.home.path().join(".tally/telemetry-state/agent-notes.jsonl");
    let mut written = Vec::new();
    for session in 0..250 {
        let name = format!("s{session}");
        stage.claude(session * 60, &name, "SessionStart", "");
        stage.claude(session * 60 + 30, &name, "SessionEnd", "");
        written.push(notes.metadata().expect("there are notes").ino());
    }
    assert_eq!(stage.sessions().len(), 250);
    written.dedup();
    assert!((2..=5).contains(&written.len()), "rewritten {} times", written.len() - 1);
}

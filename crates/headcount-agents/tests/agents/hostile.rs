//! Payloads that no agent sends: nothing is recorded, nothing is created, and
//! nothing panics.

use headcount_agents::Agent;

use crate::stage::Stage;

/// Each of them, to every agent; a long one to two, for their readers are one.
fn every_agent(stage: &Stage, payload: &[u8]) {
    let agents = if payload.len() > 10_000 { &Agent::ALL[..2] } else { &Agent::ALL[..] };
    for agent in agents.iter().copied() {
        for event in ["", "SessionStart", "sessionEnd", "dispose", "UserPromptExpansion"] {
            stage.call(0, agent, event, payload);
        }
    }
}

#[test]
fn what_is_not_a_payload_leaves_nothing() {
    let stage = Stage::new();
    let whole = r#"{"session_id":"a","sessionId":"a","sessionID":"a","conversation_id":"a","hook_event_name":"SessionEnd","event":"SessionEnd","x":"<command-name>/commit</command-name>"}"#;
    let mut bad: Vec<Vec<u8>> =
        (0..whole.len()).map(|end| whole.as_bytes()[..end].to_vec()).collect();
    bad.extend(
        [
            "null",
            "[]",
            "[{}]",
            "\"a\"",
            "7",
            "{}",
            "{} {}",
            "\u{feff}{}",
            r#"{"session_id":7,"hook_event_name":"SessionEnd"}"#,
            r#"{"session_id":"","hook_event_name":"SessionEnd"}"#,
            r#"{"session_id":"a","session_id":"b","hook_event_name":"SessionEnd"}"#,
            r#"{"session_id":{"a":"SessionEnd"},"hook_event_name":["SessionEnd"]}"#,
            r#"{"a":{"session_id":"a","hook_event_name":"SessionEnd"}}"#,
            r#"{"prompt":"{\"session_id\":\"a\",\"hook_event_name\":\"SessionEnd\"}"}"#,
            r#"{"session_id":"a","hook_event_name":"SessionEnd","#,
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
    bad.push(b"{\"session_id\":\"\xff\xfe\",\"hook_event_name\":\"SessionEnd\"}".to_vec());
    bad.push(format!("{{\"session_id\":\"a\",\"x\":{}", "[".repeat(500_000)).into_bytes());
    bad.push(vec![0; 100_000]);
    bad.push(
        format!(r#"{{"session_id":"{}","hook_event_name":"SessionEnd"}}"#, "a".repeat(5000))
            .into_bytes(),
    );
    bad.push(
        format!(
            r#"{{"session_id":"a","hook_event_name":"SessionEnd","x":"{}"}}"#,
            "a".repeat(1 << 20)
        )
        .into_bytes(),
    );
    for payload in bad {
        every_agent(&stage, &payload);
        let tree: Vec<String> = stage.home.tree().into_iter().map(|entry| entry.path).collect();
        let shown: String = String::from_utf8_lossy(&payload).chars().take(200).collect();
        assert!(tree.is_empty(), "{shown}: {tree:?}");
    }
}

#[test]
fn events_that_tell_nothing_of_a_session_leave_nothing() {
    let stage = Stage::new();
    for event in [
        "PreToolUse",
        "PostToolUse",
        "Notification",
        "SubagentStop",
        "WorktreeCreate",
        "session_x",
        "SessionEnd2",
        "",
        "BeforeModel",
        "tool.execute.before",
        "chat.message",
        "SessionEnd\u{0}x",
    ] {
        let name = serde_json::to_string(event).unwrap();
        let payload = format!(
            r#"{{"session_id":"a","sessionId":"a","sessionID":"a","conversation_id":"a","hook_event_name":{name},"event":{name},"command_name":"commit","prompt":"$commit","message":"/commit","name":"commit"}}"#
        );
        for agent in Agent::ALL {
            stage.call(0, agent, "PreToolUse", payload.as_bytes());
        }
    }
    assert!(stage.home.tree().is_empty());
}

#[test]
fn a_commands_name_that_is_not_one_is_no_command() {
    let stage = Stage::new();
    for name in [
        "com mit",
        "commit\\n",
        "commit\\u0000",
        "\\u200bcommit",
        "\\uff43ommit",
        "/../commit",
        "//commit",
        "$commit",
        "",
        "-commit",
        "commit;rm",
        "ｃommit",
        "commit\\u202e",
    ] {
        stage.claude(0, "a", "UserPromptExpansion", &format!(r#","command_name":"{name}""#));
    }
    stage.claude(
        0,
        "a",
        "UserPromptExpansion",
        r#","command_name":"commit","expansion_type":"mcp_prompt""#,
    );
    assert!(stage.recorded("invoked").is_empty() && stage.home.tree().is_empty());
}

#[test]
fn what_is_around_the_allowed_keys_is_kept_nowhere() {
    let stage = Stage::new();
    let canary = "canary-4711@mail.example";
    for (agent, event) in [
        (Agent::Claude, "UserPromptExpansion"),
        (Agent::Claude, "SessionEnd"),
        (Agent::Codex, "UserPromptSubmit"),
        (Agent::Codex, "SessionEnd"),
        (Agent::Goose, "UserPromptSubmit"),
        (Agent::Goose, "SessionEnd"),
        (Agent::Qwen, "UserPromptExpansion"),
        (Agent::Cursor, "sessionEnd"),
        (Agent::Gemini, "SessionEnd"),
        (Agent::OpenCode, "command.executed"),
        (Agent::OpenCode, "dispose"),
        (Agent::Copilot, "sessionEnd"),
    ] {
        let payload = format!(
            r#"{{"session_id":"{canary}","sessionId":"{canary}","sessionID":"{canary}","conversation_id":"{canary}","command_name":"commit","name":"commit","command_args":"{canary}","prompt":"$commit {canary}","message":"/commit {canary}","cwd":"/home/{canary}","transcript_path":"/home/{canary}.jsonl","user_email":"{canary}","last_assistant_message":"{canary}","reason":"{canary}","source":"{canary}","model":"{canary}","{canary}":1}}"#
        );
        stage.call(0, agent, event, payload.as_bytes());
    }
    assert!(!stage.recorded("session").is_empty() && !stage.recorded("invoked").is_empty());
    for entry in stage.home.tree() {
        let content = std::fs::read(stage.home.path().join(&entry.path)).unwrap_or_default();
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("canary") && !entry.path.contains("canary"), "{}", entry.path);
    }
}

//! The hooks of each agent fire and create events (§8.3). The very commands
//! that `init` registered are run, with the payloads that the agents document.

use std::fs;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::{Value, json};

use crate::places::EVENTS;
use crate::stage::{ENDPOINT, MARKED, PATIENCE, agreed, atomic, backend, named, project, until};

/// Where Claude Code and Copilot CLI read what is registered, and the key of
/// the command.
const CLAUDE: (&str, &str) = (".claude/settings.json", "command");
const COPILOT: (&str, &str) = (".github/hooks/atomic-telemetry.json", "bash");

fn set_up(agent: &str) -> Home {
    let home = agreed();
    let output = atomic(&home, &["init", "--agent", agent]);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    fs::remove_file(home.path().join(EVENTS)).expect("the event of `init`");
    home
}

/// Runs what is registered for an event, as the agent does: by a shell, in the
/// folder, with the payload as the input.
fn fires(home: &Home, (file, key): (&str, &str), event: &str, payload: &Value) -> ProgramOutput {
    shell(home, (file, key), event, payload).env(MARKED.0, MARKED.1).run()
}

fn shell(home: &Home, (file, key): (&str, &str), event: &str, payload: &Value) -> TestProgram {
    let text = fs::read_to_string(project(home).join(file)).expect("what is registered");
    let registered: Value = serde_json::from_str(&text).expect("JSON");
    let handler = &registered["hooks"][event][0];
    let handler = if file == CLAUDE.0 { &handler["hooks"][0] } else { handler };
    let command = handler[key].as_str().unwrap_or_else(|| panic!("{event} in {text}"));
    TestProgram::new("/bin/sh", home)
        .args(["-c", command])
        .folder(project(home))
        .stdin(payload.to_string())
        .env("PATH", "/usr/bin:/bin")
}

/// An agent hears nothing, and that all is well.
fn assert_silent(output: &ProgramOutput) {
    let said = (output.code(), output.stdout_text(), output.stderr_text());
    assert_eq!(said, (Some(0), String::new(), String::new()));
}

fn claude(home: &Home, event: &str, more: &Value) -> Value {
    let mut payload = json!({
        "session_id": "5d0c1f0a-7e66-4c1e-8a55-0c6f6f6f1d10",
        "transcript_path": home.path().join(".claude/projects/-srv-demo/5d0c.jsonl"),
        "cwd": project(home),
        "prompt_id": "b7e1",
        "hook_event_name": event,
    });
    let all = payload.as_object_mut().expect("an object");
    all.extend(more.as_object().expect("an object").clone());
    payload
}

fn typed(home: &Home, command: &str, arguments: &str) -> Value {
    let more = json!({
        "permission_mode": "default", "expansion_type": "slash_command",
        "command_name": command, "command_args": arguments, "command_source": "projectSettings",
        "prompt": format!("/{command} {arguments}"),
    });
    claude(home, "UserPromptExpansion", &more)
}

/// The only session that was told: with its eleven keys and an id of its own.
fn the_session(home: &Home, agent: &str, commands: &[&str], own: &str) -> Value {
    let sessions = named(home, "agent_session");
    let [session] = &sessions[..] else { panic!("{sessions:?}") };
    let keys: Vec<&str> =
        session.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut document = [
        "anonymousId",
        "sessionId",
        "eventType",
        "timestamp",
        "sessionStartedAt",
        "agentType",
        "commands",
        "commandCount",
        "platform",
        "atomicVersion",
        "source",
    ];
    document.sort_unstable();
    assert_eq!(keys, document);
    assert_eq!(
        (&session["agentType"], &session["source"]),
        (&agent.into(), &"session_hook".into())
    );
    assert_eq!(session["commands"].as_array().expect("an array")[..], *commands);
    assert_eq!(session["commandCount"], commands.len());
    let id = session["sessionId"].as_str().expect("an id");
    assert!(id.len() == 36 && id.as_bytes()[14] == b'4' && id != own, "{id}");
    session.clone()
}

#[test]
fn claude_code_tells_a_session_and_its_commands() {
    let home = set_up("claude");
    let start = claude(&home, "SessionStart", &json!({"source": "startup", "model": "opus"}));
    assert_silent(&fires(&home, CLAUDE, "SessionStart", &start));
    for (command, arguments) in [
        ("create-spec", "for the secret thing"),
        ("commit", "fix"),
        ("commit", ""),
        ("deploy", "x"),
    ] {
        let payload = typed(&home, command, arguments);
        assert_silent(&fires(&home, CLAUDE, "UserPromptExpansion", &payload));
    }
    assert!(named(&home, "agent_session").is_empty(), "not before its end");
    let end = claude(&home, "SessionEnd", &json!({"reason": "prompt_input_exit"}));
    // An end that comes twice is one.
    for _ in 0..2 {
        assert_silent(&fires(&home, CLAUDE, "SessionEnd", &end));
    }
    let own = start["session_id"].as_str().expect("an id");
    let session = the_session(&home, "claude", &["/create-spec", "/commit"], own);
    assert!(session["sessionStartedAt"].as_str() <= session["timestamp"].as_str(), "{session}");
    assert!(!home.read(EVENTS).contains("secret"));
}

/// A release that has no hook for commands: they are in the transcript, where
/// only what a person typed counts.
#[test]
fn claude_codes_transcript_tells_where_no_hook_does() {
    let home = set_up("claude");
    let line = |kind: &str, role: &str, text: &str| {
        json!({"type": kind, "message": {"role": role, "content": text},
               "timestamp": "2026-11-01T10:00:00Z"})
    };
    let command = |name: &str| {
        format!("<command-message>{name}</command-message>\n<command-name>/{name}</command-name>")
    };
    let lines = [
        line("user", "user", &command("research-codebase")),
        line("assistant", "assistant", &command("commit")),
        line("user", "user", &format!("look: {}", command("ralph-loop"))),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    home.write(".claude/projects/-srv-demo/5d0c.jsonl", text);
    let end = claude(&home, "SessionEnd", &json!({"reason": "other"}));
    assert_silent(&fires(&home, CLAUDE, "SessionEnd", &end));
    the_session(&home, "claude", &["/research-codebase"], "");
}

/// "Copilot CLI Transcript Access": its hooks name no command, and its
/// `events.jsonl` does, with who invoked it.
#[test]
fn copilot_cli_tells_a_session_and_its_events_tell_the_commands() {
    let home = set_up("copilot");
    let id = "0f7c2d1e-aaaa-4bbb-8ccc-123456789abc";
    let base = json!({"sessionId": id, "timestamp": 1_795_176_000_000_u64, "cwd": project(&home)});
    let with = |more: Value| {
        let mut payload = base.clone();
        payload.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap());
        payload
    };
    let start = with(json!({"source": "new", "initialPrompt": "/commit the secret thing"}));
    assert_silent(&fires(&home, COPILOT, "sessionStart", &start));
    let skill = |name: &str, trigger: &str| {
        json!({"type": "skill.invoked", "timestamp": "2026-11-29T10:00:00Z",
               "data": {"name": name, "trigger": trigger, "content": "secret"}})
    };
    let lines = [
        skill("implement-feature", "user-invoked"),
        skill("commit", "agent-invoked"),
        skill("ralph-help", "context-load"),
        json!({"type": "user.message", "data": {"content": "/explain-code secret"}}),
    ];
    // Later than the start, as it is in life.
    let text: String = lines
        .iter()
        .map(|line| format!("{line}\n").replace("2026-11-29T", "2099-01-01T"))
        .collect();
    home.write(&format!(".copilot/session-state/{id}/events.jsonl"), text);
    let end = with(json!({"reason": "complete"}));
    for _ in 0..2 {
        assert_silent(&fires(&home, COPILOT, "sessionEnd", &end));
    }
    the_session(&home, "copilot", &["/implement-feature"], id);
    assert!(!home.read(EVENTS).contains("secret"));
}

/// Loads the plugin and tells it what OpenCode would.
const HOST: &str = r#"
import plugin from "./telemetry.mjs"
const hooks = await plugin.server()
const tell = (type, properties) => hooks.event({ event: { type, properties } })
await tell("session.created", { info: { id: "ses_1", title: "secret", directory: "/secret" } })
await tell("session.created", { info: { id: "ses_2", parentID: "ses_1" } })
await tell("command.executed", { name: "create-gh-pr", sessionID: "ses_1", arguments: "secret" })
await tell("command.executed", { name: "commit", sessionID: "ses_2", arguments: "secret" })
await tell("message.part.updated", { part: { text: "/ralph-loop secret" } })
await hooks.dispose()
"#;

#[test]
fn opencode_tells_a_session_by_its_plugin() {
    let home = set_up("opencode");
    let node = TestProgram::new("/usr/bin/env", &home)
        .env("PATH", &std::env::var("PATH").unwrap_or_default());
    if node.clone().args(["node", "--version"]).run().code() != Some(0) {
        println!("skipped OpenCode's plugin: there is no node on this machine");
        return;
    }
    let plugin = project(&home).join(".opencode/plugin/telemetry.ts");
    // An older node does not read `.ts`. There is not a type in it.
    fs::copy(plugin, home.path().join("telemetry.mjs")).expect("the plugin");
    home.write("host.mjs", HOST);
    let host = node.args(["node", "host.mjs"]).env(MARKED.0, MARKED.1);
    assert_silent(&host.run());
    the_session(&home, "opencode", &["/create-gh-pr"], "ses_1");
    assert!(!home.read(EVENTS).contains("secret"));
}

/// People start agents without Atomic, and their sessions arrive all the same.
#[test]
fn a_hook_starts_the_upload() {
    for (agent, registered, event, end) in [
        ("claude", CLAUDE, "SessionEnd", "session_id"),
        ("copilot", COPILOT, "sessionEnd", "sessionId"),
    ] {
        let (home, server) = (set_up(agent), backend());
        let start = event.replace("End", "Start");
        let payload = json!({end: "a1", "hook_event_name": start, "source": "startup"});
        assert_silent(&fires(&home, registered, &start, &payload));
        let payload = json!({end: "a1", "hook_event_name": event, "reason": "other"});
        let run = shell(&home, registered, event, &payload).env(ENDPOINT, &server.url());
        assert_silent(&run.run());
        let body = server.wait_for(1, PATIENCE)[0].text();
        assert!(body.contains("\"agent_session\"") && body.contains("\"session_hook\""), "{body}");
        until(|| !home.path().join(EVENTS).exists());
    }
}

#[test]
fn a_hook_is_silent_whatever_it_is_told_and_records_nothing_while_off() {
    let home = set_up("claude");
    let end = claude(&home, "SessionEnd", &json!({"reason": "other"})).to_string();
    let hook = |words: &[&str], input: &str, variable: (&str, &str)| {
        let args = [&["hook"], words].concat();
        let run = crate::stage::program(&home, &args).stdin(input);
        assert_silent(&run.env(variable.0, variable.1).run());
    };
    for words in [&[][..], &["cobol"], &["claude"], &["claude", "Nonsense"], &["claude", "x", "y"]]
    {
        for input in ["", "{", "[]", "null", "{\"session_id\":1}"] {
            hook(words, input, MARKED);
        }
    }
    for refusal in [("ATOMIC_TELEMETRY", "0"), ("DO_NOT_TRACK", "1"), ("CI", "true")] {
        hook(&["claude", "SessionEnd"], &end, refusal);
    }
    assert!(!home.path().join(EVENTS).exists());
    assert_eq!(atomic(&home, &["telemetry", "off"]).code(), Some(0));
    let start = claude(&home, "SessionStart", &json!({"source": "startup"}));
    assert_silent(&fires(&home, CLAUDE, "SessionStart", &start));
    assert_silent(&fires(&home, CLAUDE, "SessionEnd", &serde_json::from_str(&end).expect("JSON")));
    assert!(!home.path().join(EVENTS).exists());
}

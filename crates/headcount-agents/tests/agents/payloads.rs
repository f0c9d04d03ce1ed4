//! Payloads as agents send them: `tests/payloads/README.md` says which are
//! recorded. Their keys, in order, and what is told of them.

use std::fs;
use std::path::{Path, PathBuf};

use headcount_agents::Agent;
use serde_json::Value as Json;

use crate::stage::Stage;

/// What one agent sends in a session of one turn.
struct Recorded {
    folder: &'static str,
    /// For whom the hook was installed.
    agent: Agent,
    variable: Option<(&'static str, &'static str)>,
    /// A file, and its keys in their order.
    calls: &'static [(&'static str, &'static str)],
    session: &'static str,
    /// The commands that were told when they were invoked, and by whom.
    invoked: &'static [(&'static str, &'static str)],
}

const TYPED: &[(&str, &str)] = &[("/commit", "typed")];

const ALL: [Recorded; 9] = [
    Recorded {
        folder: "claude",
        agent: Agent::Claude,
        variable: None,
        calls: &[
            ("SessionStart", "session_id transcript_path cwd hook_event_name source"),
            (
                "UserPromptExpansion",
                "session_id transcript_path cwd prompt_id permission_mode hook_event_name \
                 expansion_type command_name command_args command_source prompt",
            ),
            (
                "UserPromptSubmit",
                "session_id transcript_path cwd prompt_id permission_mode hook_event_name prompt",
            ),
            (
                "Stop",
                "session_id transcript_path cwd prompt_id permission_mode hook_event_name \
                 stop_hook_active last_assistant_message",
            ),
            ("SessionEnd", "session_id transcript_path cwd prompt_id hook_event_name reason"),
        ],
        session: "claude 0+4 [/commit] 1 exit",
        invoked: TYPED,
    },
    Recorded {
        folder: "codex",
        agent: Agent::Codex,
        variable: None,
        calls: &[
            (
                "SessionStart",
                "session_id transcript_path cwd hook_event_name model permission_mode source",
            ),
            (
                "UserPromptSubmit",
                "session_id turn_id transcript_path cwd hook_event_name model permission_mode \
                 prompt",
            ),
            (
                "PreToolUse",
                "session_id turn_id transcript_path cwd hook_event_name model permission_mode \
                 tool_name tool_input tool_use_id",
            ),
            (
                "PostToolUse",
                "session_id turn_id transcript_path cwd hook_event_name model permission_mode \
                 tool_name tool_input tool_response tool_use_id",
            ),
            (
                "Stop",
                "session_id turn_id transcript_path cwd hook_event_name model permission_mode \
                 stop_hook_active last_assistant_message",
            ),
            ("SessionEnd", "session_id transcript_path cwd hook_event_name reason"),
        ],
        session: "codex 0+5 [/commit] 1 other",
        invoked: TYPED,
    },
    Recorded {
        folder: "copilot",
        agent: Agent::Copilot,
        variable: None,
        calls: &[
            // The first prompt comes before the session's start.
            ("userPromptSubmitted", "sessionId timestamp cwd prompt"),
            ("sessionStart", "sessionId timestamp cwd source initialPrompt"),
            ("agentStop", "sessionId timestamp cwd transcriptPath stopReason"),
            ("sessionEnd", "sessionId timestamp cwd reason"),
            ("SessionEnd_of_a_repository", "session_id timestamp cwd hook_event_name reason"),
        ],
        session: "copilot 1+2 [] 1 exit",
        invoked: &[],
    },
    Recorded {
        folder: "opencode",
        agent: Agent::OpenCode,
        variable: None,
        calls: &[
            ("session.created", "sessionID info"),
            ("session.idle", "sessionID"),
            ("command.executed", "name sessionID arguments messageID"),
        ],
        session: "opencode 0+3 [/commit] 1 exit",
        invoked: TYPED,
    },
    Recorded {
        folder: "cursor",
        agent: Agent::Cursor,
        variable: None,
        calls: &[
            (
                "sessionStart",
                "conversation_id generation_id model hook_event_name cursor_version \
                 workspace_roots user_email transcript_path session_id is_background_agent \
                 composer_mode",
            ),
            (
                "beforeSubmitPrompt",
                "conversation_id generation_id model hook_event_name cursor_version \
                 workspace_roots user_email transcript_path prompt attachments",
            ),
            (
                "stop",
                "conversation_id generation_id model hook_event_name cursor_version \
                 workspace_roots user_email transcript_path status loop_count",
            ),
            (
                "sessionEnd",
                "conversation_id generation_id model hook_event_name cursor_version \
                 workspace_roots user_email transcript_path session_id reason duration_ms \
                 is_background_agent final_status",
            ),
        ],
        session: "cursor 0+3 [] 1 exit",
        invoked: &[],
    },
    Recorded {
        folder: "qwen",
        agent: Agent::Qwen,
        variable: None,
        calls: &[
            (
                "SessionStart",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode source \
                 model",
            ),
            (
                "UserPromptExpansion",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode \
                 prompt_id command_name command_args prompt",
            ),
            (
                "UserPromptSubmit",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode \
                 prompt_id prompt submitted_prompt",
            ),
            (
                "PreToolUse",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode \
                 prompt_id tool_name tool_input tool_use_id tool_call_id",
            ),
            (
                "Stop",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode \
                 prompt_id stop_hook_active last_assistant_message background_tasks crons \
                 context_usage context_limit input_tokens",
            ),
            // In a terminal alone.
            (
                "SessionEnd",
                "session_id transcript_path cwd hook_event_name timestamp permission_mode reason",
            ),
        ],
        session: "qwen 0+5 [/commit] 1 exit",
        invoked: TYPED,
    },
    Recorded {
        folder: "goose",
        agent: Agent::Goose,
        variable: None,
        calls: &[
            ("SessionStart", "event session_id"),
            ("UserPromptSubmit", "event session_id matcher_context message"),
            (
                "PreToolUse",
                "event session_id matcher_context tool_name tool_input working_dir tool_call_id",
            ),
            ("Stop", "event session_id last_assistant_message"),
            ("SessionEnd", "event session_id"),
        ],
        session: "goose 0+4 [/commit] 1 other",
        invoked: TYPED,
    },
    Recorded {
        folder: "gemini",
        agent: Agent::Gemini,
        variable: None,
        calls: &[
            ("SessionStart", "session_id transcript_path cwd hook_event_name timestamp source"),
            ("BeforeAgent", "session_id transcript_path cwd hook_event_name timestamp prompt"),
            (
                "BeforeTool",
                "session_id transcript_path cwd hook_event_name timestamp tool_name tool_input",
            ),
            (
                "AfterAgent",
                "session_id transcript_path cwd hook_event_name timestamp prompt prompt_response \
                 stop_hook_active",
            ),
            ("SessionEnd", "session_id transcript_path cwd hook_event_name timestamp reason"),
        ],
        session: "gemini 0+4 [] 1 exit",
        invoked: &[],
    },
    Recorded {
        folder: "grok",
        // It runs the hooks of Claude Code.
        agent: Agent::Claude,
        variable: Some(("GROK_HOOK_EVENT", "set")),
        calls: &[
            (
                "SessionStart",
                "hookEventName sessionId hook_event_name session_id cwd transcript_path timestamp \
                 source",
            ),
            (
                "Stop",
                "hookEventName sessionId hook_event_name session_id cwd transcript_path timestamp \
                 stop_hook_active",
            ),
            (
                "Stop_at_the_end",
                "hookEventName sessionId hook_event_name session_id cwd transcript_path timestamp \
                 reason",
            ),
            (
                "SessionEnd",
                "hookEventName sessionId hook_event_name session_id cwd transcript_path timestamp \
                 reason",
            ),
        ],
        session: "grok 0+3 [] 1 other",
        invoked: &[],
    },
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payloads")
}

fn text(folder: &str, file: &str) -> String {
    let path = self::folder().join(folder).join(format!("{file}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).expect("a folder");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("UTF-8");
    let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

#[test]
fn the_keys_of_every_payload_are_known_in_their_order() {
    let mut folders: Vec<String> = names(&folder());
    folders.retain(|name| !name.ends_with(".md"));
    let mut known: Vec<&str> = ALL.iter().map(|recorded| recorded.folder).collect();
    known.sort_unstable();
    assert_eq!(folders, known);
    for recorded in &ALL {
        let mut files: Vec<String> =
            recorded.calls.iter().map(|(file, _)| format!("{file}.json")).collect();
        files.sort();
        assert_eq!(names(&folder().join(recorded.folder)), files);
        for (file, keys) in recorded.calls {
            let text = text(recorded.folder, file);
            // Two spaces before the keys of the object itself.
            let key = |line: &str| Some(line.strip_prefix("  \"")?.split('"').next()?.to_owned());
            let found: Vec<String> = text.lines().filter_map(key).collect();
            assert_eq!(found.join(" "), *keys, "{}/{file}", recorded.folder);
            let object: Json = serde_json::from_str(&text).expect("JSON");
            assert_eq!(object.as_object().expect("an object").len(), found.len());
        }
    }
}

/// Calls the hook for each payload.
fn told(recorded: &Recorded) -> Stage {
    let mut stage = Stage::new();
    let variable = recorded.variable.map(|(name, value)| (name.to_owned(), value.to_owned()));
    stage.variables.extend(variable);
    let mut second = 0;
    let mut call = |event: &str, payload: &[u8]| {
        stage.call(second, recorded.agent, event, payload);
        second += 1;
    };
    for (file, _) in recorded.calls {
        let event = file.split('_').next().unwrap_or_default();
        call(event, text(recorded.folder, file).as_bytes());
    }
    // The plugin tells the end when its host disposes of it.
    if recorded.agent == Agent::OpenCode {
        call("dispose", br#"{"sessionID":"invented sessionID"}"#);
    }
    stage
}

#[test]
fn of_every_agent_one_session_is_told_with_its_commands() {
    for recorded in &ALL {
        let stage = told(recorded);
        assert_eq!(stage.sessions(), [recorded.session], "{}", recorded.folder);
        let invoked = stage.recorded("invoked");
        let invoked: Vec<(&str, &str)> = invoked
            .iter()
            .map(|it| (it["command"].as_str().expect("a word"), it["by"].as_str().expect("a word")))
            .collect();
        assert_eq!(invoked, recorded.invoked, "{}", recorded.folder);
    }
}

#[test]
fn no_value_of_a_payload_is_kept_but_its_closed_words() {
    for recorded in &ALL {
        let stage = told(recorded);
        let mut files = 0;
        for entry in stage.home.tree() {
            let path = stage.home.path().join(&entry.path);
            if path.is_file() {
                files += 1;
                let kept = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
                for planted in ["invented", "a person typed", "/home/person", "updates.jsonl"] {
                    assert!(
                        !kept.contains(planted),
                        "{planted} in {} of {}",
                        entry.path,
                        recorded.folder
                    );
                }
            }
        }
        assert!(files > 1, "{} left {files} files", recorded.folder);
    }
}

//! Who calls a hook. The agent's name is in the installed command, and the
//! marks of an agent that runs another one's hooks overrule it: payloads do not
//! tell the agents apart.

use std::path::Path;

use headcount::Variables;

use crate::Agent;
use crate::fields::Fields;

/// The agent that calls a hook which was installed for `named`. Only the files
/// of Claude Code are run by others: Grok Build, Cursor, Codex (as plugins) and
/// Copilot CLI.
///
/// `CLAUDECODE`, `CLAUDE_PROJECT_DIR` and `COPILOT_CLI` decide nothing: other
/// agents set them too, and one that was started by another inherits them.
pub(crate) fn agent(named: Agent, variables: &Variables, fields: &Fields) -> Agent {
    let is_set = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
    if named != Agent::Claude {
        return named;
    }
    // What Claude Code says of its own session proves it, whatever a shell that
    // it was started from has set.
    let own = variables.get("CLAUDE_CODE_SESSION_ID");
    if own.is_some() && own.as_deref() == fields.text("session_id") {
        return named;
    }
    let transcript = fields.text("transcript_path").unwrap_or_default();
    if is_set("GROK_HOOK_EVENT") || is_named(transcript, |name| name == "updates.jsonl") {
        Agent::Grok
    } else if is_set("CURSOR_VERSION")
        || fields.has("cursor_version")
        || fields.has("conversation_id")
    {
        Agent::Cursor
    } else if fields.has("turn_id") || is_named(transcript, |name| name.starts_with("rollout-")) {
        Agent::Codex
    } else if is_below(transcript, ".gemini") {
        Agent::Gemini
    } else if is_below(transcript, ".qwen") {
        Agent::Qwen
    } else if fields.has("timestamp") {
        // Claude Code's payloads have no time.
        Agent::Copilot
    } else {
        named
    }
}

fn is_named(path: &str, is: impl Fn(&str) -> bool) -> bool {
    Path::new(path).file_name().and_then(|name| name.to_str()).is_some_and(is)
}

fn is_below(path: &str, folder: &str) -> bool {
    Path::new(path).components().any(|part| part.as_os_str() == folder)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::claude;

    fn called(payload: &str, variable: Option<&str>) -> Agent {
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        let variables: HashMap<String, String> = variable.map(pair).into_iter().collect();
        let fields = Fields::read(payload.as_bytes(), claude::payload::ALLOWED).unwrap();
        agent(Agent::Claude, &Variables::from(variables), &fields)
    }

    #[test]
    fn the_marks_of_who_runs_anothers_hooks_overrule_the_name() {
        let plain = r#"{"session_id":"a","hook_event_name":"SessionEnd"}"#;
        assert_eq!(called(plain, None), Agent::Claude);
        assert_eq!(called(plain, Some("GROK_HOOK_EVENT")), Agent::Grok);
        assert_eq!(called(plain, Some("CURSOR_VERSION")), Agent::Cursor);
        for inherited in ["CLAUDECODE", "CLAUDE_PROJECT_DIR", "COPILOT_CLI", "GEMINI_SESSION_ID"] {
            assert_eq!(called(plain, Some(inherited)), Agent::Claude, "{inherited}");
        }
        for (more, agent) in [
            (r#""conversation_id":"b""#, Agent::Cursor),
            (r#""turn_id":"b","model":"m""#, Agent::Codex),
            (r#""transcript_path":"/h/.codex/sessions/rollout-2026.jsonl""#, Agent::Codex),
            (r#""transcript_path":"/h/.gemini/tmp/a/chats/session.jsonl""#, Agent::Gemini),
            (r#""transcript_path":"/h/.claude/projects/-x/a.jsonl""#, Agent::Claude),
            (r#""timestamp":"2026-11-29T10:00:00Z""#, Agent::Copilot),
        ] {
            assert_eq!(called(&format!("{{\"session_id\":\"a\",{more}}}"), None), agent, "{more}");
        }
    }

    #[test]
    fn of_other_agents_the_installed_name_counts() {
        let variables = Variables::from(HashMap::from([
            ("GROK_HOOK_EVENT".to_owned(), "Stop".to_owned()),
            ("CURSOR_VERSION".to_owned(), "3".to_owned()),
        ]));
        for named in Agent::INSTALLABLE.into_iter().filter(|agent| *agent != Agent::Claude) {
            assert_eq!(agent(named, &variables, &Fields::default()), named);
        }
    }
}

//! Detects the shell of a coding agent by the variables that agents set for the
//! commands they run. Such a shell may have a pseudo-terminal, but nobody sits
//! at it who could answer a question.
//!
//! Sources: `std-env` 4.3, `@vercel/detect-agent` 1.2.7, `am-i-vibing` 0.5
//! (npm), `is-ai-agent` 0.7 and `detect-coding-agent` 0.2 (crates), the
//! documentation of Claude Code and Gemini CLI, and the packages of Codex
//! 0.171, Copilot CLI 1.0.102, OpenCode 1.18, Qwen Code 0.24, Crush 0.96 and
//! Grok Build 1.0.46, as of November 2026.
//!
//! Variables that an editor sets in its terminal for people, such as
//! `CURSOR_TRACE_ID`, are not in the list; nor are settings that people make,
//! such as `COPILOT_MODEL`. A false find means that a question is not asked;
//! a person can still turn telemetry on by a command.

use headcount_catalog::RunningAgent;

use super::variables::Variables;

/// Variables that mean a coding agent if they are set, unless their value is a
/// no, each with the agent.
///
/// The first one says which agent it is. An agent that was started in another
/// one's shell inherits the other's variables, so whoever sets or inherits
/// another's comes before it: Amp sets Claude Code's, Qwen Code and iFlow are
/// forks of Gemini CLI, and Kilo is one of OpenCode. Most agents are tools of
/// their own that people start in a Claude Code shell, and rarely the other way
/// round, so Claude Code comes last. What its variables say of a Claude Code
/// within a Codex cannot be told from a Codex within a Claude Code.
const VARIABLES: &[(&str, &str)] = &[
    ("AMP_CURRENT_THREAD_ID", "amp"),
    ("GROK_HOOK_EVENT", "grok"),
    ("GROK_SESSION_ID", "grok"),
    ("CODEBUDDY", "codebuddy"),
    ("CODEBUDDY_SESSION_ID", "codebuddy"),
    ("QWEN_CODE", "qwen"),
    ("QWEN_CODE_CLI", "qwen"),
    ("QWEN_CODE_SESSION_ID", "qwen"),
    ("IFLOW_CLI", "iflow"),
    ("KILO", "kilo"),
    ("ANTIGRAVITY_AGENT", "antigravity"),
    ("AUGMENT_AGENT", "augment"),
    ("CLINE_ACTIVE", "cline"),
    ("CLINE_TASK_ID", "cline"),
    ("CODEX_CI", "codex"),
    ("CODEX_SANDBOX", "codex"),
    ("CODEX_SANDBOX_NETWORK_DISABLED", "codex"),
    ("CODEX_SESSION_ID", "codex"),
    ("CODEX_THREAD_ID", "codex"),
    ("CODEX_TOOL_CALL_ID", "codex"),
    ("COPILOT_AGENT", "copilot"),
    ("COPILOT_AGENT_JOB_ID", "copilot"),
    ("COPILOT_AGENT_SESSION_ID", "copilot"),
    ("COPILOT_CLI", "copilot"),
    ("CRUSH", "crush"),
    ("CURSOR_AGENT", "cursor"),
    ("CURSOR_SANDBOX", "cursor"),
    ("FIREBENDER_TERMINAL", "firebender"),
    ("GEMINI_CLI", "gemini"),
    ("GOOSE_TERMINAL", "goose"),
    ("HERMES_AGENT", "hermes"),
    ("JUNIE_DATA", "junie"),
    ("JUNIE_SHIM_PATH", "junie"),
    ("KIRO_AGENT_PATH", "kiro"),
    ("OPENCLAW_SHELL", "openclaw"),
    ("OPENCODE", "opencode"),
    ("OPENCODE_CLIENT", "opencode"),
    ("OPENCODE_PID", "opencode"),
    ("OPENCODE_SERVER", "opencode"),
    ("OPENCODE_SESSION_ID", "opencode"),
    ("PI_CODING_AGENT", "pi"),
    ("PI_SESSION_ID", "pi"),
    ("ROO_ACTIVE", "roo"),
    ("ROO_CODE_TASK_ID", "roo"),
    ("TRAE_AI_SHELL_ID", "trae"),
    ("VTCODE", "vtcode"),
    ("OZ_RUN_ID", "warp"),
    ("WINDSURF_CASCADE_TERMINAL", "windsurf"),
];

/// Variables that mean a coding agent if a part of their value is this.
const VALUES: &[(&str, &str, &str)] = &[
    // The older convention. People use the variable for other things too.
    ("AGENT", "amp", "amp"),
    ("AGENT", "crush", "crush"),
    ("AGENT", "goose", "goose"),
    ("AGENT", "opencode", "opencode"),
    ("AWS_EXECUTION_ENV", "amazonq", "amazonq"),
    ("CURSOR_EXTENSION_HOST_ROLE", "agent-exec", "cursor"),
    ("REPLIT_MODE", "assistant", "replit"),
];

/// Any agent: agentsmd/agents.md#136. Claude Code, Copilot in VS Code, Crush,
/// OpenCode, Pi and OpenHands set it, others inherit it. Its value begins with
/// the agent's name in one of several dialects.
const ANY: &str = "AI_AGENT";

/// Those of Claude Code, which are inherited most.
const CLAUDE: &[&str] =
    &["CLAUDECODE", "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_IS_COWORK"];

/// Whether a person attends to a Claude Code session: 1 or 0.
const CLAUDE_ATTENDED: &str = "CLAUDE_CODE_SESSION_ATTENDED";

/// The job of a Copilot in the cloud, to which nobody attends.
const COPILOT_JOB: &str = "COPILOT_AGENT_JOB_ID";

/// The value of a variable in lower case, unless it is a no.
fn value(variables: &Variables, name: &str) -> Option<String> {
    let value = variables.get(name)?.trim().to_ascii_lowercase();
    let is_no = matches!(value.as_str(), "" | "0" | "false" | "no" | "off");
    (!is_no).then_some(value)
}

/// The variable that means a coding agent, and the agent's name.
fn found(variables: &Variables) -> Option<(&'static str, &'static str)> {
    let is_set = |(name, _): &&(&'static str, &'static str)| value(variables, name).is_some();
    let by_value = || {
        let has = |name, part| value(variables, name).is_some_and(|text| text.contains(part));
        let known = VALUES.iter().find(|(name, part, _)| has(*name, *part));
        known.map(|(name, _, agent)| (*name, *agent))
    };
    let any = || value(variables, ANY).map(|text| (ANY, named_in(&text)));
    let claude = || {
        let set = CLAUDE.iter().find(|name| value(variables, name).is_some());
        set.map(|name| (*name, "claude"))
    };
    VARIABLES.iter().find(is_set).copied().or_else(by_value).or_else(any).or_else(claude)
}

/// The agent whose name a value of [`ANY`] begins with, or has as a word:
/// `devin@1`, `claude-code_2-1-312_agent`, `github_copilot_vscode_agent`.
fn named_in(text: &str) -> &'static str {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let known = words.find_map(|word| RunningAgent::NAMES.iter().find(|name| **name == word));
    known.copied().unwrap_or(RunningAgent::OTHER)
}

/// The first variable that means a coding agent.
pub(crate) fn named(variables: &Variables) -> Option<&'static str> {
    found(variables).map(|(name, _)| name)
}

/// The coding agent that runs this.
pub(crate) fn running(variables: &Variables) -> Option<RunningAgent> {
    let (_, name) = found(variables)?;
    let is_attended = match name {
        "claude" => match variables.get(CLAUDE_ATTENDED).as_deref().map(str::trim) {
            Some("1") => Some(true),
            Some("0") => Some(false),
            _ => None,
        },
        "copilot" => value(variables, COPILOT_JOB).map(|_| false),
        _ => None,
    };
    Some(RunningAgent { name, is_attended })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn given(variables: &[(&str, &str)]) -> Variables {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        Variables::Given(owned.collect::<HashMap<_, _>>())
    }

    fn found(name: &str, value: &str) -> Option<&'static str> {
        named(&given(&[(name, value)]))
    }

    #[test]
    fn each_agent_is_found_and_each_no_is_believed() {
        let all = VARIABLES.iter().map(|(name, _)| name).chain(CLAUDE).chain([&ANY]);
        for name in all {
            assert_eq!(found(name, "1"), Some(*name));
            for value in ["", " ", "0", "false", "No", "OFF"] {
                assert_eq!(found(name, value), None, "{name}={value}");
            }
        }
        assert_eq!(found("AGENT", "goose"), Some("AGENT"));
        assert_eq!(found("AWS_EXECUTION_ENV", "AmazonQ-For-CLI 1.2"), Some("AWS_EXECUTION_ENV"));
    }

    #[test]
    fn what_people_set_for_themselves_is_not_an_agent() {
        for (name, value) in [
            ("AGENT", "1234"),
            ("AWS_EXECUTION_ENV", "AWS_Lambda_python3.12"),
            ("CURSOR_TRACE_ID", "a1b2"),
            ("COPILOT_MODEL", "small"),
            ("TERM_PROGRAM", "vscode"),
        ] {
            assert_eq!(found(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn the_innermost_agent_is_told_and_only_names_of_the_closed_set() {
        let claude: &[(&str, &str)] =
            &[("CLAUDECODE", "1"), ("AI_AGENT", "claude-code_2-1-332_agent")];
        for (own, expected, is_attended) in [
            (&[][..], "claude", None),
            (&[("CLAUDE_CODE_SESSION_ATTENDED", "1")], "claude", Some(true)),
            (&[("CLAUDE_CODE_SESSION_ATTENDED", " 0 ")], "claude", Some(false)),
            (&[("CLAUDE_CODE_SESSION_ATTENDED", "ada")], "claude", None),
            // Others that were started in a shell of Claude Code.
            (&[("CODEX_THREAD_ID", "x"), ("CLAUDE_CODE_SESSION_ATTENDED", "1")], "codex", None),
            (&[("AMP_CURRENT_THREAD_ID", "x"), ("AGENT", "amp")], "amp", None),
            (&[("QWEN_CODE", "1"), ("GEMINI_CLI", "1")], "qwen", None),
            (&[("KILO", "1"), ("OPENCODE", "1")], "kilo", None),
            (&[("AGENT", "goose")], "goose", None),
            (&[("COPILOT_AGENT_JOB_ID", "7")], "copilot", Some(false)),
            (&[("COPILOT_CLI", "1")], "copilot", None),
        ] {
            let variables = given(&[claude, own].concat());
            assert_eq!(running(&variables), Some(RunningAgent { name: expected, is_attended }));
        }
        for (text, expected) in [
            ("devin@1", "devin"),
            ("github_copilot_vscode_agent", "copilot"),
            ("Crush", "crush"),
            ("ada-lovelaces-agent", "other"),
            ("clau/de", "other"),
        ] {
            let agent = running(&given(&[(ANY, text)])).map(|agent| agent.name);
            assert_eq!(agent, Some(expected), "{text}");
        }
        assert_eq!(running(&given(&[(ANY, "0"), ("CLAUDECODE", "")])), None);
        let known = |name: &str| RunningAgent::NAMES.contains(&name);
        assert!(VARIABLES.iter().all(|(_, agent)| known(agent)));
        assert!(VALUES.iter().all(|(_, _, agent)| known(agent)));
    }
}

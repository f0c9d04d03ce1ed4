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

use super::variables::Variables;

/// Variables that mean a coding agent if they are set, unless their value is a
/// no.
const VARIABLES: &[&str] = &[
    // Any agent: agentsmd/agents.md#136. Claude Code, Copilot in VS Code,
    // Crush, OpenCode, Pi and OpenHands set it.
    "AI_AGENT",
    // Amp
    "AMP_CURRENT_THREAD_ID",
    // Antigravity
    "ANTIGRAVITY_AGENT",
    // Augment
    "AUGMENT_AGENT",
    // Claude Code; Amp sets the first one too
    "CLAUDECODE",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_IS_COWORK",
    // Cline
    "CLINE_ACTIVE",
    "CLINE_TASK_ID",
    // CodeBuddy
    "CODEBUDDY",
    "CODEBUDDY_SESSION_ID",
    // Codex
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_SANDBOX_NETWORK_DISABLED",
    "CODEX_SESSION_ID",
    "CODEX_THREAD_ID",
    "CODEX_TOOL_CALL_ID",
    // Copilot
    "COPILOT_AGENT",
    "COPILOT_AGENT_JOB_ID",
    "COPILOT_AGENT_SESSION_ID",
    "COPILOT_CLI",
    // Crush
    "CRUSH",
    // Cursor
    "CURSOR_AGENT",
    "CURSOR_SANDBOX",
    // Firebender
    "FIREBENDER_TERMINAL",
    // Gemini CLI, and its forks
    "GEMINI_CLI",
    // Goose
    "GOOSE_TERMINAL",
    // Grok Build
    "GROK_HOOK_EVENT",
    "GROK_SESSION_ID",
    // Hermes
    "HERMES_AGENT",
    // iFlow
    "IFLOW_CLI",
    // Junie
    "JUNIE_DATA",
    "JUNIE_SHIM_PATH",
    // Kilo
    "KILO",
    // Kiro
    "KIRO_AGENT_PATH",
    // OpenClaw
    "OPENCLAW_SHELL",
    // OpenCode
    "OPENCODE",
    "OPENCODE_CLIENT",
    "OPENCODE_PID",
    "OPENCODE_SERVER",
    "OPENCODE_SESSION_ID",
    // Pi
    "PI_CODING_AGENT",
    "PI_SESSION_ID",
    // Qwen Code
    "QWEN_CODE",
    "QWEN_CODE_CLI",
    "QWEN_CODE_SESSION_ID",
    // Roo Code
    "ROO_ACTIVE",
    "ROO_CODE_TASK_ID",
    // Trae
    "TRAE_AI_SHELL_ID",
    // VT Code
    "VTCODE",
    // Warp
    "OZ_RUN_ID",
    // Windsurf
    "WINDSURF_CASCADE_TERMINAL",
];

/// Variables that mean a coding agent if a part of their value is this.
const VALUES: &[(&str, &str)] = &[
    // The older convention. People use the variable for other things too.
    ("AGENT", "amp"),
    ("AGENT", "crush"),
    ("AGENT", "goose"),
    ("AGENT", "opencode"),
    ("AWS_EXECUTION_ENV", "amazonq"),
    ("CURSOR_EXTENSION_HOST_ROLE", "agent-exec"),
    ("REPLIT_MODE", "assistant"),
];

/// The first variable that means a coding agent.
pub(crate) fn named(variables: &Variables) -> Option<&'static str> {
    let value = |name: &str| {
        let value = variables.get(name)?.trim().to_ascii_lowercase();
        let is_no = matches!(value.as_str(), "" | "0" | "false" | "no" | "off");
        (!is_no).then_some(value)
    };
    let has = |(name, part): &&(&str, &str)| value(name).is_some_and(|text| text.contains(part));
    let by_value = || VALUES.iter().find(has).map(|(name, _)| *name);
    VARIABLES.iter().copied().find(|name| value(name).is_some()).or_else(by_value)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn found(name: &str, value: &str) -> Option<&'static str> {
        named(&Variables::Given(HashMap::from([(name.to_owned(), value.into())])))
    }

    #[test]
    fn each_agent_is_found_and_each_no_is_believed() {
        for name in VARIABLES {
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
}

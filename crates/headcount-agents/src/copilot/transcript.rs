//! The commands in the events of a session of Copilot CLI:
//! `session-events.d.ts` of `@github/copilot-sdk` 1.0.14. The agent writes
//! these lines, and no result of a tool can.

use serde_json::Value as Json;

use crate::command_name::CommandName;
use crate::told::Invocation;
use crate::transcript::TranscriptForm;

pub(crate) const FORM: TranscriptForm =
    TranscriptForm { marks: &["\"skill.invoked\"", "\"command.execute\""], command };

fn command(line: &Json) -> Option<(CommandName, Invocation)> {
    // A sub-agent's events have its id.
    if line.get("agentId").is_some_and(|id| !id.is_null()) {
        return None;
    }
    let data = line.get("data")?;
    let text = |key: &str| data.get(key).and_then(Json::as_str);
    match line.get("type")?.as_str()? {
        "skill.invoked" => {
            let by = match text("trigger")? {
                "user-invoked" => Invocation::Typed,
                "agent-invoked" => Invocation::Model,
                // It is there because of the folder, and nobody invoked it.
                _ => return None,
            };
            let name = text("name")?;
            let of_plugin = text("pluginName").filter(|_| !name.contains(':'));
            let whole = of_plugin.map(|plugin| format!("{plugin}:{name}"));
            Some((CommandName::read(whole.as_deref().unwrap_or(name))?, by))
        }
        "command.execute" => Some((CommandName::read(text("commandName")?)?, Invocation::Typed)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::testing::commands;

    fn told(line: &str) -> Vec<(String, Invocation)> {
        commands(&FORM, &format!("{line}\n"))
    }

    #[test]
    fn what_a_person_invoked_is_a_command() {
        for (line, name) in [
            (
                r#"{"type":"skill.invoked","id":"1","data":{"name":"commit","trigger":"user-invoked","content":"secret"}}"#,
                "commit",
            ),
            (
                r#"{"data":{"trigger":"user-invoked","pluginName":"ralph","name":"help"},"type":"skill.invoked"}"#,
                "ralph:help",
            ),
            (
                r#"{"type":"command.execute","data":{"command":"/commit secret","commandName":"commit","args":"secret"}}"#,
                "commit",
            ),
        ] {
            assert_eq!(told(line), [(name.to_owned(), Invocation::Typed)], "{line}");
        }
    }

    #[test]
    fn what_the_model_invoked_is_told_apart() {
        let line = r#"{"type":"skill.invoked","data":{"name":"commit","trigger":"agent-invoked"}}"#;
        assert_eq!(told(line), [("commit".to_owned(), Invocation::Model)]);
    }

    #[test]
    fn what_a_tool_or_a_message_says_is_not() {
        for line in [
            r#"{"type":"skill.invoked","data":{"name":"commit","trigger":"context-load"}}"#,
            r#"{"type":"skill.invoked","data":{"name":"commit"}}"#,
            r#"{"type":"skill.invoked","agentId":"s","data":{"name":"commit","trigger":"user-invoked"}}"#,
            r#"{"type":"tool.execution_complete","data":{"result":"\"type\":\"skill.invoked\"","type":"skill.invoked","name":"commit","trigger":"user-invoked"}}"#,
            r#"{"type":"user.message","data":{"content":"{\"type\":\"skill.invoked\"} \"skill.invoked\""}}"#,
            r#"{"type":"assistant.message","data":{"type":"skill.invoked","name":"commit","trigger":"user-invoked"}}"#,
        ] {
            assert!(told(line).is_empty(), "{line}");
        }
    }
}

//! The commands in a transcript of Claude Code, by the safe rule: only what a
//! person typed counts. Text in tool results, pasted files, sub-agents, queued
//! prompts and assistant messages can hold the very same words.

use serde_json::Value as Json;

use crate::command_name::CommandName;
use crate::told::Invocation;
use crate::transcript::TranscriptForm;

/// A command is a message that begins with one of these tags.
const MESSAGE: &str = "<command-message>";
const NAME: &str = "<command-name>";
const NAME_END: &str = "</command-name>";

pub(crate) const FORM: TranscriptForm =
    TranscriptForm { marks: &["\"<command-message>", "\"<command-name>"], command };

/// Keys of lines that a tool, a sub-agent or Claude Code itself has made.
const NOBODYS: &[&str] = &[
    "agentId",
    "isApiErrorMessage",
    "isSynthetic",
    "isVisibleInTranscriptOnly",
    "parentToolUseID",
    "parent_tool_use_id",
    "sourceToolAssistantUUID",
    "sourceToolUseID",
    "toolUseResult",
];

fn command(line: &Json) -> Option<(CommandName, Invocation)> {
    let is = |key: &str, wanted: &str| line.get(key).and_then(Json::as_str) == Some(wanted);
    let is_true = |key: &str| line.get(key).is_some_and(|flag| flag != &Json::Bool(false));
    let origin = line.get("origin");
    let is_of_a_person = is("type", "user")
        && !is_true("isSidechain")
        && !is_true("isMeta")
        && !is_true("isCompactSummary")
        && NOBODYS.iter().all(|key| line.get(key).is_none())
        && origin.is_none_or(|origin| origin["kind"] == "human")
        && line.get("promptSource").is_none_or(|source| source == "typed");
    let message = line.get("message").filter(|message| message["role"] == "user")?;
    let name = of_text(text(message.get("content")?)?)?;
    if is_of_a_person { Some((CommandName::read(name)?, Invocation::Typed)) } else { None }
}

/// A text, or the only block of text.
fn text(content: &Json) -> Option<&str> {
    match content {
        Json::String(text) => Some(text),
        Json::Array(blocks) => match blocks.as_slice() {
            [block] if block["type"] == "text" => block.get("text")?.as_str(),
            _ => None,
        },
        _ => None,
    }
}

/// The name in the tags at the beginning of a text. A message has its own tag
/// first, or the name's.
fn of_text(text: &str) -> Option<&str> {
    let rest = match text.strip_prefix(MESSAGE) {
        Some(rest) => rest.split_once("</command-message>")?.1.trim_start(),
        None => text,
    };
    let (name, after) = rest.strip_prefix(NAME)?.split_once(NAME_END)?;
    // What a person pasted goes on in other words.
    let after = after.trim_start();
    let is_whole = after.is_empty()
        || after.starts_with("<command-args>")
        || after.starts_with("<command-message>");
    is_whole.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::testing::commands;

    const TYPED: &str = r#"{"type":"user","isSidechain":false,"message":{"role":"user","content":"<command-message>commit</command-message>\n<command-name>/commit</command-name>\n<command-args>fix my secret</command-args>"},"timestamp":"2026-11-29T10:00:00Z","sessionId":"a"}"#;

    fn told(line: &str) -> Vec<String> {
        commands(&FORM, &format!("{line}\n")).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn what_a_person_typed_is_a_command_in_each_of_its_forms() {
        assert_eq!(told(TYPED), ["commit"]);
        for (from, to) in [
            ("/commit<", "commit<"),
            ("<command-message>commit</command-message>\\n", ""),
            ("commit</command-message>", "commit is running…</command-message>"),
            ("\"content\":\"<", "\"content\": \"<"),
            ("\"isSidechain\":false,", ""),
            ("\"isSidechain\":false", "\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\""),
        ] {
            let line = TYPED.replacen(from, to, 1);
            assert_ne!(line, TYPED, "{from}");
            assert_eq!(told(&line), ["commit"], "{line}");
        }
        let block = TYPED
            .replace("\"content\":\"", "\"content\":[{\"type\":\"text\",\"text\":\"")
            .replace("</command-args>\"", "</command-args>\"}]");
        assert_eq!(told(&block), ["commit"]);
        assert_eq!(told(&TYPED.replace("/commit", "/ralph:help")), ["ralph:help"]);
    }

    #[test]
    fn what_nobody_typed_is_not_a_command() {
        for (from, to) in [
            ("\"type\":\"user\"", "\"type\":\"assistant\""),
            ("\"type\":\"user\"", "\"type\":\"attachment\""),
            ("\"type\":\"user\"", "\"type\":\"queue-operation\""),
            ("\"role\":\"user\"", "\"role\":\"assistant\""),
            ("\"isSidechain\":false", "\"isSidechain\":true"),
            ("\"isSidechain\":false", "\"isSidechain\":\"false\""),
            ("\"isSidechain\":false", "\"isMeta\":true"),
            ("\"isSidechain\":false", "\"isCompactSummary\":true"),
            ("\"isSidechain\":false", "\"toolUseResult\":{}"),
            ("\"isSidechain\":false", "\"sourceToolAssistantUUID\":\"b\""),
            ("\"isSidechain\":false", "\"origin\":{\"kind\":\"peer\"}"),
            ("\"isSidechain\":false", "\"origin\":null"),
            ("\"isSidechain\":false", "\"promptSource\":\"system\""),
            ("\"<command-message>", "\"Look: <command-message>"),
            ("\"<command-message>", "\" <command-message>"),
            ("\"<command-message>", "\"\u{200b}<command-message>"),
            ("/commit<", "/com mit<"),
            ("/commit<", "/commit\\n<"),
            ("</command-name>", ""),
            ("</command-name>\\n<command-args>", "</command-name> what is this? <command-args>"),
            ("\"isSidechain\":false", "\"parent_tool_use_id\":null"),
            ("\"isSidechain\":false", "\"isVisibleInTranscriptOnly\":true"),
            ("<command-name>", "text <command-name>"),
        ] {
            let line = TYPED.replacen(from, to, 1);
            assert_ne!(line, TYPED, "{from}");
            assert!(told(&line).is_empty(), "{line}");
        }
        for block in [
            r#"[{"type":"tool_result","tool_use_id":"t","content":"<command-name>/commit</command-name>"}]"#,
            r#"[{"type":"tool_result","content":[{"type":"text","text":"<command-name>/commit</command-name>"}]}]"#,
            r#"[{"type":"text","text":"<command-name>/commit</command-name>"},{"type":"text","text":"x"}]"#,
            r#"{"type":"text","text":"<command-name>/commit</command-name>"}"#,
        ] {
            let line =
                format!(r#"{{"type":"user","message":{{"role":"user","content":{block}}}}}"#);
            assert!(told(&line).is_empty(), "{line}");
        }
    }
}

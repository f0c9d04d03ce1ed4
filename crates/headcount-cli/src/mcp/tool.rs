//! How a tool is described to a client, as the Model Context Protocol wants it.

use serde_json::{Map, Value as Json, json};

/// A tool that reads, and changes nothing.
pub(super) fn reading(
    name: &str,
    title: &str,
    more: &str,
    properties: &Map<String, Json>,
    required: &[&str],
) -> Json {
    json!({
        "name": name,
        "title": title,
        "description": format!("{title}. {more}"),
        "inputSchema": {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        },
        "annotations": {
            "readOnlyHint": true,
            "destructiveHint": false,
            "idempotentHint": true,
            "openWorldHint": false,
        },
    })
}

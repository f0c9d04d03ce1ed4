//! The parts of schemas.

use serde_json::{Map, Value as Json, json};

/// An object with these properties, all of them required, and no others.
pub(super) fn object(properties: &[(&str, Json)]) -> Json {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    with_required(properties, &required)
}

/// An object with these properties and no others.
pub(super) fn with_required(properties: &[(&str, Json)], required: &[&str]) -> Json {
    let named = properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone()));
    let properties: Map<String, Json> = named.collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

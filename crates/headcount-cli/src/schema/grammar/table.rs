//! A table of the file while it is described.

use serde_json::{Map, Value, json};

/// A table, in which no key is allowed but those that are named.
pub(super) struct Table {
    schema: Map<String, Value>,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { schema: Map::new(), properties: Map::new(), required: Vec::new() }
    }

    /// A key that must be there.
    pub(super) fn needs(mut self, key: &'static str, says: &str, value: Value) -> Self {
        self.required.push(key);
        self.may(key, says, value)
    }

    /// A key that may be there.
    pub(super) fn may(mut self, key: &'static str, says: &str, mut value: Value) -> Self {
        value["description"] = says.into();
        self.properties.insert(key.to_owned(), value);
        self
    }

    /// A key that is there only with one of these.
    pub(super) fn only_with(mut self, key: &'static str, others: &[&str]) -> Self {
        let any = others.iter().map(|other| json!({ "required": [other] }));
        let any: Vec<Value> = any.collect();
        let only = self.schema.entry("dependentSchemas").or_insert_with(|| json!({}));
        only[key] = json!({ "anyOf": any });
        self
    }

    /// A key that needs another one beside it.
    pub(super) fn with(mut self, key: &'static str, other: &str) -> Self {
        let needed = self.schema.entry("dependentRequired").or_insert_with(|| json!({}));
        needed[key] = json!([other]);
        self
    }

    /// Exactly one of these keys must be there.
    pub(super) fn one_of(mut self, keys: &[&str]) -> Self {
        let each = keys.iter().map(|key| json!({ "required": [key] }));
        self.schema.insert("oneOf".to_owned(), each.collect());
        self
    }

    pub(super) fn described(self) -> Value {
        let mut schema = self.schema;
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        schema.insert("additionalProperties".to_owned(), false.into());
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        Value::Object(schema)
    }
}

/// A table with keys of the author's own, which have this form.
pub(super) fn of_names(form: &str, value: &Value) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "pattern": form },
        "additionalProperties": value,
    })
}

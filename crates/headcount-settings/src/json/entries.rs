//! Lists every value of a JSON text with its path.

use serde_json::Value;

use super::whole::is_blank;
use crate::Format;
use crate::error::Problem;
use crate::value::Entry;

pub(crate) fn entries(text: &str) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::new();
    if is_blank(text) {
        return Ok(entries);
    }
    // `get` has the position of a mistake; here the text was read before.
    let value: Value = text.parse().map_err(|_| Problem::NotATable(Format::Json))?;
    walk(&value, &[], &mut entries);
    Ok(entries)
}

fn walk(value: &Value, path: &[&str], entries: &mut Vec<Entry>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                walk(value, &[path, &[key.as_str()]].concat(), entries);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| walk(value, path, entries)),
        Value::String(text) => entries.push(Entry::new(path, text.clone())),
        other => entries.push(Entry::new(path, other.to_string())),
    }
}

//! What `headcount schema --format weaver` writes beside what Weaver can say:
//! the kind as the grammar writes it. It is read as TOML and written anew, so
//! that nothing else can come of it.

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::limits;

/// Our annotation of a group or an attribute.
pub(super) fn of(value: &Value) -> Option<&Map<String, Value>> {
    value["annotations"]["headcount"].as_object()
}

/// The definition of a property: a string or a table of plain values, written
/// anew; `None` for anything else.
pub(super) fn kind(text: &str) -> Option<String> {
    if text.len() > limits::KIND_BYTES || text.contains('\n') {
        return None;
    }
    let text = format!("kind = {text}");
    let table = DeTable::parse(&text).ok()?;
    let (mut pairs, only) = (table.get_ref().iter(), table.get_ref().len() == 1);
    match pairs.next()?.1.get_ref() {
        value @ (DeValue::String(_) | DeValue::Table(_)) if only => written(value, 3),
        _ => None,
    }
}

fn written(value: &DeValue<'_>, levels: usize) -> Option<String> {
    let levels = levels.checked_sub(1)?;
    Some(match value {
        DeValue::String(text) => Value::from(text.as_ref()).to_string(),
        // Only as the grammar writes numbers.
        DeValue::Integer(number) => number.as_str().parse::<i64>().ok()?.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| written(item.get_ref(), levels)).collect();
            format!("[{}]", items?.join(", "))
        }
        DeValue::Table(table) => {
            let mut pairs = Vec::new();
            for (key, value) in table {
                let key = key.get_ref();
                let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
                if key.is_empty() || !key.bytes().all(is_plain) {
                    return None;
                }
                pairs.push(format!("{key} = {}", written(value.get_ref(), levels)?));
            }
            format!("{{ {} }}", pairs.join(", "))
        }
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_definition_is_read() {
        for (text, kind_text) in [
            ("\"flag\"", Some("\"flag\"")),
            ("{ count = 9, optional = \"omit\" }", Some("{ count = 9, optional = \"omit\" }")),
            ("{ choice = [\"a\", \"b\"] }", Some("{ choice = [\"a\", \"b\"] }")),
            ("\"flag\"\nother = 1", None),
            ("9", None),
            ("{ a = { b = { c = 1 } } }", None),
            ("{ \"a b\" = 1 }", None),
            ("\"flag\" # comment", Some("\"flag\"")),
            ("[1]", None),
            ("", None),
        ] {
            assert_eq!(kind(text).as_deref(), kind_text, "{text}");
        }
    }
}

//! A second opinion: every value of a text by its path, read without the code
//! that is tested.

use std::collections::BTreeMap;

use crate::Format;

/// Paths and values of a valid text; `None` for any other. Keys of one name get
/// a number.
pub(super) fn leaves(format: Format, text: &str) -> Option<BTreeMap<String, String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut leaves = BTreeMap::new();
    match format {
        Format::Json if text.trim().is_empty() => {}
        Format::Json => json("", &serde_json::from_str(text).ok()?, &mut leaves),
        #[cfg(feature = "toml")]
        Format::Toml => toml("", toml_edit::Document::parse(text).ok()?.as_item(), &mut leaves),
        #[cfg(feature = "yaml")]
        Format::Yaml => yaml(text, &mut leaves)?,
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        _ => return None,
    }
    Some(leaves)
}

fn json(path: &str, value: &serde_json::Value, leaves: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                json(&format!("{path}.{key}"), value, leaves);
            }
        }
        value => {
            leaves.insert(path.to_owned(), value.to_string());
        }
    }
}

#[cfg(feature = "toml")]
fn toml(path: &str, item: &toml_edit::Item, leaves: &mut BTreeMap<String, String>) {
    if let Some(table) = item.as_table_like() {
        for (key, item) in table.iter() {
            toml(&format!("{path}.{key}"), item, leaves);
        }
    } else if let Some(tables) = item.as_array_of_tables() {
        for (index, table) in tables.iter().enumerate() {
            toml(&format!("{path}.{index}"), &toml_edit::Item::Table(table.clone()), leaves);
        }
    } else {
        // Spans are part of the debug output of a value; its words are not.
        let value = item.as_value().map(|value| match value {
            toml_edit::Value::String(value) => format!("{:?}", value.value()),
            toml_edit::Value::Integer(value) => value.value().to_string(),
            toml_edit::Value::Float(value) => value.value().to_string(),
            toml_edit::Value::Boolean(value) => value.value().to_string(),
            toml_edit::Value::Datetime(value) => value.value().to_string(),
            toml_edit::Value::Array(list) => {
                let mut below = BTreeMap::new();
                for (index, value) in list.iter().enumerate() {
                    toml(&index.to_string(), &toml_edit::Item::Value(value.clone()), &mut below);
                }
                format!("{below:?}")
            }
            toml_edit::Value::InlineTable(_) => String::new(),
        });
        leaves.insert(path.to_owned(), value.unwrap_or_default());
    }
}

/// The events of the parser, each with the path it is at: lists and mappings as
/// keys included.
#[cfg(feature = "yaml")]
fn yaml(text: &str, leaves: &mut BTreeMap<String, String>) -> Option<()> {
    use granit_parser::{Event, Parser};
    struct Open {
        path: String,
        is_mapping: bool,
        children: usize,
        key: Option<String>,
    }
    let options = granit_parser::options! { strict_indentation: true, emit_comments: false };
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, _) = event.ok()?;
        if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            open.pop();
            continue;
        }
        let says = match &event {
            Event::Scalar(word, style, anchor, tag) => {
                format!("{word:?} {style:?} {anchor} {tag:?}")
            }
            Event::Alias(anchor) => format!("*{anchor}"),
            // How a table is laid out may change when it gets its first or
            // loses its last key.
            Event::SequenceStart(_, anchor, tag) => format!("list {anchor} {tag:?}"),
            Event::MappingStart(_, anchor, tag) => format!("mapping {anchor} {tag:?}"),
            _ => continue,
        };
        let scalar = match &event {
            Event::Scalar(word, ..) => word.to_string(),
            _ => says.clone(),
        };
        let mut path = String::new();
        if let Some(parent) = open.last_mut() {
            path = match parent.key.take() {
                Some(key) => format!("{}.{key}", parent.path),
                None if parent.is_mapping => {
                    let twin = format!("{}.{scalar}", parent.path);
                    let twins = leaves.keys().filter(|path| **path == twin).count();
                    parent.key = Some(format!("{scalar}{}", "+".repeat(twins)));
                    format!("{}.{scalar} as key", parent.path)
                }
                None => format!("{}.{}", parent.path, parent.children),
            };
            parent.children += 1;
        }
        let is_mapping = matches!(event, Event::MappingStart(..));
        if is_mapping || matches!(event, Event::SequenceStart(..)) {
            open.push(Open { path: path.clone(), is_mapping, children: 0, key: None });
        }
        leaves.insert(path, says);
    }
    Some(())
}

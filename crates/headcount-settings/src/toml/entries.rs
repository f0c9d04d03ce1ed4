//! Lists every value of a TOML text with its path.

use toml_edit::{Document, Item, TableLike, Value};

use crate::value::Entry;

pub(crate) fn entries_in(document: &Document<&str>) -> Vec<Entry> {
    let mut entries = Vec::new();
    walk(document.as_item(), &[], &mut entries);
    entries
}

fn walk(item: &Item, path: &[&str], entries: &mut Vec<Entry>) {
    match item {
        Item::None => {}
        Item::Value(value) => value_at(value, path, entries),
        Item::Table(table) => table_at(table, path, entries),
        Item::ArrayOfTables(list) => list.iter().for_each(|table| table_at(table, path, entries)),
    }
}

fn table_at(table: &dyn TableLike, path: &[&str], entries: &mut Vec<Entry>) {
    for (key, item) in table.iter() {
        walk(item, &[path, &[key]].concat(), entries);
    }
}

fn value_at(value: &Value, path: &[&str], entries: &mut Vec<Entry>) {
    match value {
        Value::InlineTable(table) => table_at(table, path, entries),
        Value::Array(list) => list.iter().for_each(|value| value_at(value, path, entries)),
        Value::Boolean(flag) => entries.push(Entry::new(path, flag.value().to_string())),
        Value::String(text) => entries.push(Entry::new(path, text.value().clone())),
        Value::Integer(number) => entries.push(Entry::new(path, number.value().to_string())),
        Value::Float(number) => entries.push(Entry::new(path, number.value().to_string())),
        Value::Datetime(time) => entries.push(Entry::new(path, time.value().to_string())),
    }
}

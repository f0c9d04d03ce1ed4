//! The tables that can be asked, and what their columns say.

use headcount_collector::offline::EventTable;
use serde_json::json;

use crate::args::Sql;

/// For whom the tables are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    People,
    Json,
}

impl Form {
    pub(super) fn of(sql: &Sql) -> Self {
        if sql.json { Self::Json } else { Self::People }
    }
}

pub(super) fn told(tables: &[EventTable], form: Form) -> String {
    match form {
        Form::People if tables.is_empty() => {
            "There are no events and no catalogs yet.\n".to_owned()
        }
        Form::People => tables.iter().map(for_people).collect::<Vec<_>>().join("\n"),
        Form::Json => tables.iter().map(as_json).collect(),
    }
}

/// A line of JSON.
fn as_json(table: &EventTable) -> String {
    let columns: Vec<_> = table
        .columns
        .iter()
        .map(|column| json!({"name": column.name, "type": column.sql_type, "about": column.about}))
        .collect();
    let events: Vec<_> =
        table.events.iter().map(|(name, why)| json!({"name": name, "why": why})).collect();
    format!("{}\n", json!({"table": table.name, "columns": columns, "events": events}))
}

fn for_people(table: &EventTable) -> String {
    let mut text = format!("table {}\n", quoted(&table.name));
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (name, column) in names.iter().zip(&table.columns) {
        let line = format!("  {name:width$}  {:7}  {}", column.sql_type, column.about);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let width = table.events.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, why) in &table.events {
        text.push_str(&format!("  event {name:width$}  {why}\n"));
    }
    text
}

/// Words of SQL that catalogs may use as names, too.
const KEYWORDS: [&str; 42] = [
    "add", "all", "and", "as", "asc", "by", "case", "check", "create", "default", "delete", "desc",
    "distinct", "drop", "else", "escape", "exists", "from", "group", "having", "in", "index",
    "insert", "into", "is", "join", "limit", "not", "nothing", "null", "on", "or", "order",
    "select", "set", "table", "then", "to", "union", "values", "when", "where",
];

/// A name as a query has to write it.
fn quoted(name: &str) -> String {
    let mut letters = name.chars();
    let is_keyword = KEYWORDS.contains(&name.to_ascii_lowercase().as_str());
    let is_plain = !is_keyword
        && letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

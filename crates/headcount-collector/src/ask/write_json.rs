//! The rows of a table in JSON, with keys in the order of the columns.

use serde_json::Value as Json;

use super::table::{AnswerCell, AnswerTable, month};

/// The rows, separated by commas.
pub(super) fn rows(table: &AnswerTable) -> String {
    let rows = table.rows.iter().map(|cells| row(table, cells));
    rows.collect::<Vec<_>>().join(",")
}

fn row(table: &AnswerTable, cells: &[AnswerCell]) -> String {
    let mut json = String::from("{");
    let mut open = None;
    let columns = table.columns.iter().filter(|column| table.has(column));
    for (column, cell) in columns.zip(cells_of(table, cells)) {
        let Some(value) = value(cell) else { continue };
        if open != column.group && open.is_some() {
            json.push('}');
        }
        if json.len() > 1 && !json.ends_with('{') {
            json.push(',');
        }
        if let Some(group) = column.group.filter(|_| open != column.group) {
            json.push_str(&format!("\"{group}\":{{"));
        }
        open = column.group;
        json.push_str(&format!("\"{}\":{value}", column.name));
    }
    if open.is_some() {
        json.push('}');
    }
    json.push('}');
    json
}

/// The cells of the columns that the table has.
pub(super) fn cells_of<'a>(
    table: &'a AnswerTable,
    cells: &'a [AnswerCell],
) -> impl Iterator<Item = &'a AnswerCell> {
    let columns = table.columns.iter().zip(cells);
    columns.filter(|(column, _)| table.has(column)).map(|(_, cell)| cell)
}

fn value(cell: &AnswerCell) -> Option<String> {
    Some(match cell {
        AnswerCell::Absent => return None,
        AnswerCell::Null => "null".to_owned(),
        AnswerCell::Text(text) => Json::from(text.as_str()).to_string(),
        AnswerCell::Word(word) => format!("\"{word}\""),
        AnswerCell::Count(count) => count.to_string(),
        AnswerCell::Number(number) => number.to_string(),
        AnswerCell::Share(share) => format!("{share:.4}"),
        AnswerCell::Day(day) => format!("\"{day}\""),
        AnswerCell::Month(start) => format!("\"{}\"", month(*start)),
        AnswerCell::Flag => "true".to_owned(),
    })
}

//! Raw events as CSV (RFC 4180): a line of names, then a line each, with all
//! columns of the product's table. No value is empty, an empty text is `""`,
//! and arrays are JSON.

use std::io::{self, Write};

use headcount_store::DayRows;

use super::event_tables::EventTable;
use super::table_cells::{each_cell, sources};

/// Writes the names of the columns.
///
/// # Errors
///
/// Returns the error of `out`.
pub(super) fn write_names(table: &EventTable, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = table.columns.iter().map(|column| field(&column.name)).collect();
    writeln!(out, "{}", names.join(","))
}

/// Writes a line for each row.
///
/// # Errors
///
/// Returns the error of `out`.
pub(super) fn write(table: &EventTable, rows: &DayRows, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![String::new(); rows.len()];
    for (place, source) in sources(table).enumerate() {
        let mut row = 0;
        each_cell(rows, source, |cell| {
            if place > 0 {
                lines[row].push(',');
            }
            lines[row].push_str(&cell.map_or_else(String::new, |cell| field(&cell.text())));
            row += 1;
        });
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn field(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

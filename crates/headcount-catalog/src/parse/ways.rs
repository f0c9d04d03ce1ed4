//! The ways from the top of a file to its tables.

use super::toml_tree::{Data, Node, Table};

/// The way to each table, by its place in the text.
pub(super) type Ways = Vec<(usize, Vec<String>)>;

/// Returns the way to every table: keys, and the places of items.
pub(super) fn to_tables(root: &Table) -> Ways {
    let mut ways = Vec::new();
    note_table(root, &mut Vec::new(), &mut ways);
    ways
}

fn note_table(table: &Table, way: &mut Vec<String>, ways: &mut Ways) {
    ways.push((table.at, way.clone()));
    for pair in &table.pairs {
        way.push(pair.key.clone());
        note_node(&pair.value, way, ways);
        way.pop();
    }
}

fn note_node(node: &Node, way: &mut Vec<String>, ways: &mut Ways) {
    match &node.data {
        Data::Table(table) => note_table(table, way, ways),
        Data::List(items) => {
            for (place, item) in items.iter().enumerate() {
                way.push(place.to_string());
                note_node(item, way, ways);
                way.pop();
            }
        }
        _ => {}
    }
}

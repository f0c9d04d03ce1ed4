//! Walks a path through a TOML document.

use std::ops::Range;

use toml_edit::{Item, Key, TableLike, Value};

/// Where a path leads.
pub(super) struct Trail<'d, 'p> {
    /// The tables on the way, the top level first.
    pub(super) tables: Vec<&'d Item>,
    /// What is at the end.
    pub(super) end: End<'d, 'p>,
}

/// The end of a trail.
pub(super) enum End<'d, 'p> {
    /// A value that is not a table.
    Value(&'d Key, &'d Value),
    /// A table, or a list of tables.
    Table(&'d Key),
    /// These keys of the path are not there; the first of them would be in the
    /// last table.
    Missing(&'p [&'p str]),
    /// The value of this key is not a table, but the path goes on.
    Through(&'d Key),
}

/// Walks `path` through a document.
pub(super) fn trail<'d, 'p>(root: &'d Item, path: &'p [&'p str]) -> Trail<'d, 'p> {
    let mut tables = vec![root];
    let mut table = root.as_table_like();
    for (depth, name) in path.iter().enumerate() {
        let entry = table.and_then(|table| Some((table.key(name)?, table.get(name)?)));
        let Some((key, item)) = entry else {
            return Trail { tables, end: End::Missing(&path[depth..]) };
        };
        let last = depth + 1 == path.len();
        table = item.as_table_like();
        match (last, item) {
            (false, _) if table.is_some() => tables.push(item),
            (false, _) => return Trail { tables, end: End::Through(key) },
            (true, Item::Value(value)) if !value.is_inline_table() => {
                return Trail { tables, end: End::Value(key, value) };
            }
            (true, _) => return Trail { tables, end: End::Table(key) },
        }
    }
    Trail { tables, end: End::Missing(&[]) }
}

/// Where the key and the value of an entry lie.
pub(super) struct Entry {
    /// The last name of its key.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) value: Range<usize>,
}

/// The entries that stand under the table's own header or between its own
/// braces, in the order of the text: not those of tables with a header of their
/// own.
pub(super) fn entries(table: &dyn TableLike) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (name, item) in table.iter() {
        match item {
            Item::Value(Value::InlineTable(below)) if below.is_dotted() => {
                entries.extend(self::entries(below));
            }
            Item::Table(below) if below.is_dotted() => entries.extend(self::entries(below)),
            Item::Value(value) => {
                let key = table.key(name).and_then(Key::span);
                entries.extend(key.zip(value.span()).map(|(key, value)| Entry { key, value }));
            }
            Item::Table(_) | Item::ArrayOfTables(_) | Item::None => {}
        }
    }
    entries.sort_by_key(|entry| entry.value.end);
    entries
}

/// Where the first header below a table is.
pub(super) fn first_header(table: &Item) -> Option<usize> {
    let below = table.as_table().into_iter().flat_map(|table| table.iter());
    let headers = below.filter_map(|(_, item)| {
        let own = match item {
            Item::Table(table) if !table.is_implicit() && !table.is_dotted() => table.span(),
            Item::ArrayOfTables(tables) => tables.span(),
            _ => None,
        };
        own.map(|span| span.start).into_iter().chain(first_header(item)).min()
    });
    headers.min()
}

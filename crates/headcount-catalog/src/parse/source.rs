//! TOML text into a tree that knows the place of everything and keeps the
//! order of the file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::notes::Notes;
use crate::limits;

/// A table: its place and its pairs in the order of the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) at: usize,
    pub(super) pairs: Vec<Pair>,
}

/// A key with what stands there.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) at: usize,
    pub(super) value: Node,
}

/// A value with its place, a byte offset.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) data: Data,
}

/// The values TOML has, as far as a catalog needs to tell them apart.
#[derive(Debug)]
pub(super) enum Data {
    Text(String),
    /// `None` beyond 64 bits.
    Whole(Option<i64>),
    List(Vec<Node>),
    Table(Table),
    /// A place where a value should stand in text that is no TOML; the syntax
    /// error is told already.
    Hole,
    /// What no key of the grammar takes, by its name.
    Foreign(&'static str),
}

impl Data {
    /// As a message names it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Hole => "nothing",
            Self::Foreign(name) => name,
        }
    }
}

/// Reads the text; every syntax error is noted, and what could be read is
/// returned beside them.
pub(super) fn read(text: &str, notes: &mut Notes<'_>) -> Option<Table> {
    if text.len() > limits::CATALOG_BYTES {
        let most = limits::CATALOG_BYTES / 1024;
        notes.broken(0, format!("A catalog has at most {most} KiB; this file is longer."));
        return None;
    }
    if let Some(at) = too_deep(text) {
        let most = limits::LINE_DOTS;
        notes.broken(at, format!("A line has at most {most} dots; break this one into several."));
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(text.len(), |span| span.start);
        notes.broken(at, format!("{}.", error.message()));
    }
    Some(table(root.get_ref(), 0))
}

/// The first line with more dots than [`limits::LINE_DOTS`]: every dot of a key
/// opens a table within a table, and tables are walked by recursion.
fn too_deep(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.bytes().filter(|byte| *byte == b'.').count() > limits::LINE_DOTS {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn table(read: &DeTable<'_>, at: usize) -> Table {
    let mut pairs: Vec<Pair> = read
        .iter()
        .map(|(key, value)| {
            let at = key.span().start;
            Pair { key: key.get_ref().to_string(), at, value: node(value, Some(at)) }
        })
        .collect();
    pairs.sort_by_key(|pair| pair.at);
    Table { at, pairs }
}

/// The place of a table is its key's: that is where its header stands.
fn node(read: &Spanned<DeValue<'_>>, key: Option<usize>) -> Node {
    let span = read.span();
    let data = match read.get_ref() {
        DeValue::Table(pairs) => {
            let at = key.unwrap_or(span.start);
            return Node { at, data: Data::Table(table(pairs, at)) };
        }
        DeValue::Array(items) => Data::List(items.iter().map(|item| node(item, None)).collect()),
        // Text of no length: every value has at least one character.
        _ if span.is_empty() => Data::Hole,
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Integer(number) => {
            Data::Whole(i64::from_str_radix(number.as_str(), number.radix()).ok())
        }
        DeValue::Float(_) => Data::Foreign("a number with a point"),
        DeValue::Boolean(_) => Data::Foreign("true or false"),
        DeValue::Datetime(_) => Data::Foreign("a date"),
    };
    Node { at: span.start, data }
}

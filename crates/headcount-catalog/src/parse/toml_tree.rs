//! Reads TOML into a tree with the place of every value, in the order of the
//! file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::notes::Notes;
use super::syntax;
use crate::limits;

/// A table, with its place and its pairs in the order of the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) at: usize,
    pub(super) pairs: Vec<Pair>,
}

/// A key with its value.
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

/// The types of TOML, as far as a catalog distinguishes them.
#[derive(Debug)]
pub(super) enum Data {
    Text(String),
    /// `None` if the integer does not fit into 64 bits.
    Whole(Option<i64>),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
    /// A missing value in text that is not valid TOML. The syntax error is
    /// noted already.
    Hole,
    /// A type that no key of the grammar accepts, with its name.
    Foreign(&'static str),
}

impl Data {
    /// Returns the name of the type for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Whole(_) => "an integer",
            Self::Flag(_) => "a boolean",
            Self::List(_) => "an array",
            Self::Table(_) => "a table",
            Self::Hole => "nothing",
            Self::Foreign(name) => name,
        }
    }
}

/// Reads the text. Notes every syntax error, and returns what could be read.
pub(super) fn read(text: &str, notes: &mut Notes<'_>) -> Option<Table> {
    if text.len() > limits::CATALOG_BYTES {
        let most = limits::CATALOG_BYTES / 1024;
        notes.broken(0, format!("The file is longer than {most} KiB, the limit for a catalog."));
        return None;
    }
    if let Some(at) = too_deep(text) {
        let most = limits::LINE_DOTS;
        notes.broken(
            at,
            format!("The line has more than {most} dots: split it into several lines."),
        );
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        syntax::note(text, notes);
    }
    Some(table(root.get_ref(), 0))
}

/// Returns the first line with more dots than [`limits::LINE_DOTS`]. Every dot
/// of a key is a table within a table, and the tree is walked recursively.
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

/// Converts a value. The place of a table is that of its key, in its header.
fn node(read: &Spanned<DeValue<'_>>, key: Option<usize>) -> Node {
    let span = read.span();
    let data = match read.get_ref() {
        DeValue::Table(pairs) => {
            let at = key.unwrap_or(span.start);
            return Node { at, data: Data::Table(table(pairs, at)) };
        }
        DeValue::Array(items) => Data::List(items.iter().map(|item| node(item, None)).collect()),
        // Every value has at least one character, so this one is missing.
        _ if span.is_empty() => Data::Hole,
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Integer(number) => {
            Data::Whole(i64::from_str_radix(number.as_str(), number.radix()).ok())
        }
        DeValue::Float(_) => Data::Foreign("a float"),
        DeValue::Boolean(flag) => Data::Flag(*flag),
        DeValue::Datetime(_) => Data::Foreign("a date or time"),
    };
    Node { at: span.start, data }
}

//! Where the parts of a catalog are in its text, for what is said of a catalog
//! without mistakes.

use super::notes::Notes;
use super::token;
use super::toml_tree::{self, Data, Node, Table};

/// The places of all keys of a text.
#[derive(Debug)]
pub struct KeyPlaces<'t> {
    text: &'t str,
    root: Option<Table>,
}

impl<'t> KeyPlaces<'t> {
    /// Reads the text of a `telemetry.toml`.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let mut notes = Notes::new(text);
        Self { text, root: toml_tree::read(text, &mut notes) }
    }

    /// Returns where the last key that is there begins and ends, in bytes: of
    /// `["event", "start", "properties", "name"]`, that of `[event.start]`
    /// where it has no such property. The start of the text if there is none.
    ///
    /// ```
    /// let text = "grammar = 1\n[product]\nname = \"wren\"\n";
    /// let places = headcount_catalog::KeyPlaces::of(text);
    /// let marked = |keys: &[&str]| {
    ///     let (from, to) = places.find(keys);
    ///     &text[from..to]
    /// };
    /// assert_eq!(marked(&["product", "name"]), "name");
    /// assert_eq!(marked(&["product", "colour"]), "product");
    /// assert_eq!(marked(&["grammar"]), "grammar");
    /// ```
    #[must_use]
    pub fn find(&self, keys: &[&str]) -> (usize, usize) {
        let mut found = 0;
        let mut table = self.root.as_ref();
        for key in keys {
            let pair = table.and_then(|table| table.pairs.iter().find(|pair| pair.key == *key));
            let Some(pair) = pair else { break };
            found = pair.at;
            table = inside(&pair.value);
        }
        token::span(self.text, found)
    }
}

/// The table that a value is, or the first one of a list of tables.
fn inside(node: &Node) -> Option<&Table> {
    match &node.data {
        Data::Table(table) => Some(table),
        Data::List(items) => items.first().and_then(inside),
        _ => None,
    }
}

//! The shape of a product's rows: its events, its columns and their words, as
//! all loaded versions of its catalog together say it.
//!
//! A schema turns names into places: rows hold the place of their event, of
//! their columns and of their words, so that nothing is looked up by name
//! between the judge and the disk. Places are of one schema only; another
//! schema of the same product may order them otherwise.

use crate::content::{Content, hash_of_name};

/// The events and columns of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSchema {
    product: String,
    events: Vec<EventShape>,
    columns: Vec<ColumnShape>,
    /// For each event and column, what the hash of a row's content starts from.
    event_hashes: Vec<u64>,
    column_hashes: Vec<ColumnHashes>,
}

/// An event of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventShape {
    /// The event's name.
    pub name: String,
    /// Pairs of columns, by their places, that are counted together. The order
    /// within a pair is that of the catalog.
    pub across: Vec<(usize, usize)>,
    /// The column that says whether it worked, and how.
    pub failure: Option<FailureShape>,
}

/// How an event says that it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureShape {
    /// The place of the column.
    pub column: usize,
    /// The values that stand for a failure: words, `true`, `false`. Empty for
    /// an exit code, which fails if it is not zero.
    pub values: Vec<String>,
}

/// A column of a schema. Two columns may have one name if versions of the
/// catalog disagree about its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnShape {
    /// The key in the product's catalog.
    pub name: String,
    /// What its cells are.
    pub kind: ColumnKind,
    /// The words of a [`ColumnKind::Word`] or [`ColumnKind::Words`], each once.
    /// A word's code is its place. At most [`crate::limits::WORDS`].
    pub words: Vec<String>,
    /// How rollups add it up.
    pub rollup: RollupKind,
    /// What it says of the host, if that matters to a rollup.
    pub role: ColumnRole,
}

/// The kind of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// A number with a fraction.
    Decimal,
    /// A word of a closed set.
    Word,
    /// Several words of a closed set, each once.
    Words,
    /// A text of a known shape.
    Text,
    /// Several such texts.
    Texts,
    /// The pseudonym of a session, a turn or an account.
    Pseudonym,
    /// A time, in seconds since 1970-01-01 UTC.
    Seconds,
}

impl ColumnKind {
    /// Every kind. A kind's place is its byte in the store's format.
    pub(crate) const ALL: [Self; 9] = [
        Self::Flag,
        Self::Number,
        Self::Decimal,
        Self::Word,
        Self::Words,
        Self::Text,
        Self::Texts,
        Self::Pseudonym,
        Self::Seconds,
    ];
}

/// How rollups add a column up. The kind of the catalog decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RollupKind {
    /// Not at all: the value is only in the raw event.
    None,
    /// By value: flags and words of closed sets.
    Values,
    /// By value, where a value of an open vocabulary needs several devices
    /// before it gets a row: versions, locales, tokens.
    OpenValues,
    /// By value: exit codes. Everything but zero is a failure.
    ExitCodes,
    /// As a histogram: durations, counts and amounts.
    Histogram,
}

/// What a column says of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnRole {
    /// Nothing that a rollup treats specially.
    Plain,
    /// The version of the host. Every question can be asked by it.
    Version,
    /// The account that is logged in, as a pseudonym.
    Account,
}

/// What the content hash of a column's cells starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnHashes {
    pub(crate) name: u64,
    /// One a word.
    pub(crate) words: Vec<u64>,
}

impl RowSchema {
    /// Makes a schema.
    ///
    /// # Panics
    ///
    /// If there are more than 65,535 events, columns or words of a column, or
    /// if a place is outside. Catalogs have far lower limits.
    #[must_use]
    pub fn new(product: String, events: Vec<EventShape>, columns: Vec<ColumnShape>) -> Self {
        let most = usize::from(u16::MAX);
        assert!(events.len() <= most && columns.len() <= most, "a catalog has fewer of them");
        assert!(columns.iter().all(|column| column.words.len() <= most), "fewer words");
        for place in events.iter().flat_map(EventShape::columns) {
            assert!(place < columns.len(), "the place of a column is outside");
        }
        let event_hashes = events.iter().map(|event| hash_of_name(&event.name)).collect();
        let column_hashes = columns.iter().map(ColumnHashes::of).collect();
        Self { product, events, columns, event_hashes, column_hashes }
    }

    /// The product's name.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.product
    }

    /// The events, by their places.
    #[must_use]
    pub fn events(&self) -> &[EventShape] {
        &self.events
    }

    /// The columns, by their places.
    #[must_use]
    pub fn columns(&self) -> &[ColumnShape] {
        &self.columns
    }

    /// The place of the event of this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<usize> {
        self.events.iter().position(|event| event.name == name)
    }

    /// The place of the first column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Starts the hash of a row's content.
    pub(crate) fn content(&self, event: u16) -> Content {
        Content::of_event(self.event_hashes[usize::from(event)])
    }

    pub(crate) fn hashes(&self, column: usize) -> &ColumnHashes {
        &self.column_hashes[column]
    }
}

impl EventShape {
    /// The places of all columns that it names.
    fn columns(&self) -> impl Iterator<Item = usize> {
        let across = self.across.iter().flat_map(|(one, other)| [*one, *other]);
        across.chain(self.failure.iter().map(|failure| failure.column))
    }
}

impl ColumnHashes {
    fn of(column: &ColumnShape) -> Self {
        let words = column.words.iter().map(|word| hash_of_name(word)).collect();
        Self { name: hash_of_name(&column.name), words }
    }
}

impl ColumnShape {
    /// A column that no rollup adds up.
    #[must_use]
    pub fn plain(name: &str, kind: ColumnKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            words: Vec::new(),
            rollup: RollupKind::None,
            role: ColumnRole::Plain,
        }
    }
}

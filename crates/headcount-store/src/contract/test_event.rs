//! Events of the suite, and the commits that are made of them.

use std::collections::HashMap;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, Commit, DayRows, EventShape, Pseudonym,
    RollupKind, RowDevice, RowHead, RowMarks, RowSchema, UnstoredCount,
};

/// An event of the suite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TestEvent {
    pub(super) product: &'static str,
    pub(super) day: Day,
    pub(super) id: EventId,
    pub(super) event: &'static str,
    pub(super) weight: u16,
    pub(super) device: RowDevice,
    pub(super) marks: RowMarks,
    /// Each name at most once.
    pub(super) cells: Vec<(&'static str, TestCell)>,
}

/// A value of such an event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TestCell {
    Flag(bool),
    Number(i64),
    Decimal(f64),
    Word(&'static str),
    Words(Vec<&'static str>),
    Text(String),
    Texts(Vec<String>),
    Pseudonym(Pseudonym),
    Seconds(i64),
}

/// The names of events.
pub(super) const EVENTS: [&str; 4] = ["run", "update", "panic", "b"];

/// The names of columns. Each name has a column of each kind, as if the
/// versions of a catalog disagreed.
const COLUMNS: [&str; 14] = [
    "command", "agent", "success", "model", "flag", "word", "words", "text", "texts", "number",
    "decimal", "seconds", "session", "quiet",
];

/// The column that no rollup counts.
const QUIET: &str = "quiet";

/// The words of all closed sets.
const WORDS: [&str; 11] =
    ["init", "update", "true", "other", "a", "b", "w", "x", "first", "second", "third"];

const KINDS: [ColumnKind; 9] = [
    ColumnKind::Flag,
    ColumnKind::Number,
    ColumnKind::Decimal,
    ColumnKind::Word,
    ColumnKind::Words,
    ColumnKind::Text,
    ColumnKind::Texts,
    ColumnKind::Pseudonym,
    ColumnKind::Seconds,
];

/// The schema of a product, of two that differ in the order of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum SchemaOrder {
    Forwards,
    Backwards,
}

impl SchemaOrder {
    fn put<T>(self, mut all: Vec<T>) -> Vec<T> {
        if self == Self::Backwards {
            all.reverse();
        }
        all
    }
}

/// Makes a commit. Events of one product and day that follow each other are in
/// one [`DayRows`], so that the statuses come in the order of the events.
pub(super) fn commit(events: impl Into<Vec<TestEvent>>) -> Commit {
    commit_of(&events.into(), Vec::new(), SchemaOrder::Forwards)
}

pub(super) fn commit_of(
    events: &[TestEvent],
    unstored: Vec<UnstoredCount>,
    order: SchemaOrder,
) -> Commit {
    let mut schemas = HashMap::new();
    let mut rows = Vec::new();
    let same =
        |one: &TestEvent, other: &TestEvent| (one.product, one.day) == (other.product, other.day);
    for run in events.chunk_by(same) {
        let product = run[0].product;
        let schema = schemas.entry(product).or_insert_with(|| Arc::new(schema(product, order)));
        let mut day = DayRows::new(Arc::clone(schema), run[0].day);
        run.iter().for_each(|event| event.push(&mut day));
        rows.push(day);
    }
    Commit { rows, unstored, rejected: Vec::new() }
}

fn schema(product: &str, order: SchemaOrder) -> RowSchema {
    let event = |name: &str| EventShape { name: name.to_owned(), across: vec![], failure: None };
    let words = order.put(WORDS.map(str::to_owned).to_vec());
    let column = |name: &str, kind| ColumnShape {
        name: name.to_owned(),
        kind,
        words: match kind {
            ColumnKind::Word | ColumnKind::Words => words.clone(),
            _ => Vec::new(),
        },
        rollup: match kind {
            _ if name == QUIET => RollupKind::None,
            ColumnKind::Flag | ColumnKind::Word | ColumnKind::Words => RollupKind::Values,
            ColumnKind::Text | ColumnKind::Texts => RollupKind::OpenValues,
            _ => RollupKind::None,
        },
        role: ColumnRole::Plain,
    };
    let columns = COLUMNS.iter().flat_map(|name| KINDS.map(|kind| column(name, kind)));
    let events = order.put(EVENTS.map(event).into());
    RowSchema::new(product.to_owned(), events, order.put(columns.collect()))
}

impl TestEvent {
    fn push(&self, rows: &mut DayRows) {
        let schema = Arc::clone(rows.schema());
        let event = schema.event(self.event).expect("an event of the suite");
        let head = RowHead {
            event: u16::try_from(event).expect("few events"),
            weight: self.weight,
            marks: self.marks,
            device: self.device,
        };
        let places: Vec<usize> =
            self.cells.iter().map(|(name, cell)| cell.place(&schema, name)).collect();
        let lists: Vec<CellList<'_>> = self
            .cells
            .iter()
            .zip(&places)
            .map(|((_, cell), place)| CellList::of(cell, &schema.columns()[*place]))
            .collect();
        let cells = self.cells.iter().zip(&places).zip(&lists);
        let cells = cells.map(|(((_, cell), place), list)| (*place, cell.as_ref(list)));
        rows.push(self.id, head, cells);
    }

    /// What tells a duplicate from another event with its id.
    pub(super) fn content(&self) -> (&'static str, Option<Pseudonym>, u8, Vec<String>) {
        let mut cells: Vec<String> = self
            .cells
            .iter()
            .flat_map(|(name, cell)| {
                cell.contents().into_iter().map(move |told| format!("{name} {told}"))
            })
            .collect();
        cells.sort();
        (self.event, self.device.pseudonym(), self.marks.byte(), cells)
    }
}

/// What a cell of several values borrows.
struct CellList<'a> {
    codes: Vec<u16>,
    texts: Vec<&'a str>,
}

impl<'a> CellList<'a> {
    fn of(cell: &'a TestCell, column: &ColumnShape) -> Self {
        let code = |word: &&str| {
            let place = column.words.iter().position(|known| known == word);
            u16::try_from(place.expect("a word of the suite")).expect("few words")
        };
        let codes = match cell {
            TestCell::Word(word) => vec![code(word)],
            TestCell::Words(words) => words.iter().map(code).collect(),
            _ => Vec::new(),
        };
        let texts = match cell {
            TestCell::Texts(texts) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        Self { codes, texts }
    }
}

impl TestCell {
    fn kind(&self) -> ColumnKind {
        match self {
            Self::Flag(_) => ColumnKind::Flag,
            Self::Number(_) => ColumnKind::Number,
            Self::Decimal(_) => ColumnKind::Decimal,
            Self::Word(_) => ColumnKind::Word,
            Self::Words(_) => ColumnKind::Words,
            Self::Text(_) => ColumnKind::Text,
            Self::Texts(_) => ColumnKind::Texts,
            Self::Pseudonym(_) => ColumnKind::Pseudonym,
            Self::Seconds(_) => ColumnKind::Seconds,
        }
    }

    fn place(&self, schema: &RowSchema, name: &str) -> usize {
        let fits = |column: &ColumnShape| column.name == name && column.kind == self.kind();
        schema.columns().iter().position(fits).expect("a column of the suite")
    }

    fn as_ref<'a>(&'a self, list: &'a CellList<'a>) -> CellRef<'a> {
        match self {
            Self::Flag(flag) => CellRef::Flag(*flag),
            Self::Number(number) => CellRef::Number(*number),
            Self::Decimal(decimal) => CellRef::Decimal(*decimal),
            Self::Word(_) => CellRef::Word(list.codes[0]),
            Self::Words(_) => CellRef::Words(&list.codes),
            Self::Text(text) => CellRef::Text(text),
            Self::Texts(_) => CellRef::Texts(&list.texts),
            Self::Pseudonym(pseudonym) => CellRef::Pseudonym(*pseudonym),
            Self::Seconds(seconds) => CellRef::Seconds(*seconds),
        }
    }

    /// The values, apart from their kinds: the same event is the same under
    /// another version of its catalog.
    fn contents(&self) -> Vec<String> {
        let items = |all: &mut dyn Iterator<Item = String>| {
            all.enumerate().map(|(place, item)| format!("{place} {item}")).collect()
        };
        match self {
            Self::Flag(flag) => vec![u64::from(*flag).to_string()],
            Self::Number(number) | Self::Seconds(number) => vec![number.to_string()],
            Self::Decimal(decimal) => vec![decimal.to_bits().to_string()],
            Self::Word(word) => vec![format!("{word:?}")],
            Self::Text(text) => vec![format!("{text:?}")],
            Self::Words(words) => items(&mut words.iter().map(|word| format!("{word:?}"))),
            Self::Texts(texts) => items(&mut texts.iter().map(|text| format!("{text:?}"))),
            Self::Pseudonym(pseudonym) => vec![format!("{:?}", pseudonym.bytes())],
        }
    }

    /// The values that a rollup counts, if the column of this name is counted.
    pub(super) fn counted(&self, name: &str) -> Vec<String> {
        match self {
            _ if name == QUIET => Vec::new(),
            Self::Flag(flag) => vec![flag.to_string()],
            Self::Word(word) => vec![(*word).to_owned()],
            Self::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            Self::Text(text) => vec![text.clone()],
            Self::Texts(texts) => texts.clone(),
            Self::Number(_) | Self::Decimal(_) | Self::Pseudonym(_) | Self::Seconds(_) => {
                Vec::new()
            }
        }
    }
}

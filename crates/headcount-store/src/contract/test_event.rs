//! Events of the suite, and the commits that are made of them.

use std::collections::HashMap;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use super::seeded_random::SeededRandom;
use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, Commit, DayRows, EventShape, FailureShape,
    Pseudonym, RollupKind, RowDevice, RowHead, RowMarks, RowSchema, UnstoredCount,
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

/// The columns. Several kinds of one name are there as if the versions of a
/// catalog disagreed.
const COLUMNS: [(&str, &[ColumnKind]); 19] = [
    ("command", &ColumnKind::ALL),
    ("agent", &ColumnKind::ALL),
    ("success", &ColumnKind::ALL),
    ("model", &ColumnKind::ALL),
    ("flag", &[ColumnKind::Flag]),
    ("word", &[ColumnKind::Word]),
    ("words", &[ColumnKind::Words]),
    ("text", &[ColumnKind::Text, ColumnKind::Word]),
    ("texts", &[ColumnKind::Texts]),
    ("number", &[ColumnKind::Number]),
    ("decimal", &[ColumnKind::Decimal]),
    (TIME, &[ColumnKind::Seconds]),
    (SESSION, &[ColumnKind::Pseudonym]),
    (QUIET, &[ColumnKind::Word, ColumnKind::Number]),
    (VERSION, &[ColumnKind::Text]),
    (ACCOUNT, &[ColumnKind::Pseudonym]),
    ("took", &[ColumnKind::Number]),
    ("cost", &[ColumnKind::Decimal]),
    (CODE, &[ColumnKind::Number]),
];

/// The version of the host, a text.
pub(super) const VERSION: &str = "version";
/// The account, a pseudonym.
pub(super) const ACCOUNT: &str = "account";
/// The exit code, a number.
pub(super) const CODE: &str = "code";
/// The time of the event, in seconds.
pub(super) const TIME: &str = "seconds";
/// The session, a pseudonym.
pub(super) const SESSION: &str = "session";
/// The columns whose numbers are histograms.
pub(super) const HISTOGRAMS: [&str; 2] = ["took", "cost"];

/// Pairs that are counted together, by event.
pub(super) const ACROSS: [(&str, ColumnName, ColumnName); 4] = [
    ("run", ("command", ColumnKind::Word), ("model", ColumnKind::Word)),
    ("run", ("command", ColumnKind::Word), (VERSION, ColumnKind::Text)),
    ("run", ("agent", ColumnKind::Flag), ("text", ColumnKind::Text)),
    ("update", ("text", ColumnKind::Text), (CODE, ColumnKind::Number)),
];

/// How events say that they failed.
pub(super) const FAILURES: [(&str, ColumnName, &[&str]); 3] = [
    ("run", ("success", ColumnKind::Flag), &["false"]),
    ("update", (CODE, ColumnKind::Number), &[]),
    ("panic", ("command", ColumnKind::Word), &["init", "b"]),
];

/// A column, by its name and kind.
pub(super) type ColumnName = (&'static str, ColumnKind);

/// The column that no rollup counts.
pub(super) const QUIET: &str = "quiet";

/// The words of all closed sets.
const WORDS: [&str; 11] =
    ["init", "update", "true", "other", "a", "b", "w", "x", "first", "second", "third"];

/// One of the schemas of a product, as if a catalog were loaded again: the
/// first has everything in order, the second everything backwards, and every
/// other one is shuffled, and has fewer columns and words if the events need no
/// others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SchemaOrder(pub(super) u64);

impl SchemaOrder {
    pub(super) const FORWARDS: Self = Self(0);
    pub(super) const BACKWARDS: Self = Self(1);

    fn put<T>(self, mut all: Vec<T>, is_needed: impl Fn(&T) -> bool) -> Vec<T> {
        match self {
            Self::FORWARDS => {}
            Self::BACKWARDS => all.reverse(),
            Self(seed) => {
                let mut random = SeededRandom::new(seed);
                for end in (1..all.len()).rev() {
                    all.swap(end, random.below(end + 1));
                }
                let keep: Vec<bool> = all.iter().map(|_| random.below(12) > 0).collect();
                if all.iter().zip(&keep).all(|(one, keep)| *keep || !is_needed(one)) {
                    let mut keep = keep.into_iter();
                    all.retain(|_| keep.next() == Some(true));
                }
            }
        }
        all
    }
}

/// Makes a commit. Events of one product and day that follow each other are in
/// one [`DayRows`], so that the statuses come in the order of the events.
pub(super) fn commit(events: impl Into<Vec<TestEvent>>) -> Commit {
    commit_of(&events.into(), Vec::new(), SchemaOrder::FORWARDS)
}

pub(super) fn commit_of(
    events: &[TestEvent],
    unstored: Vec<UnstoredCount>,
    order: SchemaOrder,
) -> Commit {
    let mut schemas: HashMap<&str, Arc<RowSchema>> = HashMap::new();
    let mut rows = Vec::new();
    for run in events.chunk_by(TestEvent::is_beside) {
        let product = run[0].product;
        let schema = schemas
            .entry(product)
            .or_insert_with(|| Arc::new(schema(product, order, &Needed::of(product, events))));
        let mut day = DayRows::new(Arc::clone(schema), run[0].day);
        run.iter().for_each(|event| event.push(&mut day));
        rows.push(day);
    }
    Commit { rows, unstored, rejected: Vec::new() }
}

/// What a schema must have.
struct Needed<'e> {
    columns: Vec<ColumnName>,
    words: Vec<&'e str>,
}

impl<'e> Needed<'e> {
    fn of(product: &str, events: &'e [TestEvent]) -> Self {
        let mut needed = Self { columns: Vec::new(), words: Vec::new() };
        for (name, cell) in
            events.iter().filter(|event| event.product == product).flat_map(|event| &event.cells)
        {
            needed.columns.push((name, cell.kind()));
            match cell {
                TestCell::Word(word) => needed.words.push(word),
                TestCell::Words(words) => needed.words.extend(words),
                _ => {}
            }
        }
        needed
    }
}

fn schema(product: &str, order: SchemaOrder, needed: &Needed<'_>) -> RowSchema {
    let words: Vec<String> = WORDS.map(str::to_owned).to_vec();
    let words = order.put(words, |word| needed.words.contains(&word.as_str()));
    let columns = COLUMNS
        .iter()
        .flat_map(|(name, kinds)| kinds.iter().map(|kind| column(name, *kind, &words)));
    let columns: Vec<ColumnShape> = order.put(columns.collect(), |column| {
        needed.columns.iter().any(|(name, kind)| column.name == *name && column.kind == *kind)
    });
    let place = |(name, kind): ColumnName| {
        columns.iter().position(|column| column.name == name && column.kind == kind)
    };
    let event = |name: &str| {
        let pairs = ACROSS.iter().filter(|(event, ..)| *event == name);
        let across = pairs.filter_map(|(_, one, other)| {
            let (one, other) = (place(*one)?, place(*other)?);
            Some(if order.0.is_multiple_of(2) { (one, other) } else { (other, one) })
        });
        let failure = FAILURES.iter().find(|(event, ..)| *event == name);
        let failure = failure.and_then(|(_, column, values)| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            Some(FailureShape { column: place(*column)?, values })
        });
        EventShape { name: name.to_owned(), across: across.collect(), failure }
    };
    let events = order.put(EVENTS.to_vec(), |_| true).into_iter().map(event).collect();
    RowSchema::new(product.to_owned(), events, columns)
}

fn column(name: &str, kind: ColumnKind, words: &[String]) -> ColumnShape {
    ColumnShape {
        name: name.to_owned(),
        kind,
        words: match kind {
            ColumnKind::Word | ColumnKind::Words => words.to_vec(),
            _ => Vec::new(),
        },
        rollup: match kind {
            _ if name == QUIET => RollupKind::None,
            ColumnKind::Flag | ColumnKind::Word | ColumnKind::Words => RollupKind::Values,
            ColumnKind::Text | ColumnKind::Texts => RollupKind::OpenValues,
            ColumnKind::Number if name == CODE => RollupKind::ExitCodes,
            ColumnKind::Number | ColumnKind::Decimal if HISTOGRAMS.contains(&name) => {
                RollupKind::Histogram
            }
            _ => RollupKind::None,
        },
        role: match kind {
            ColumnKind::Text if name == VERSION => ColumnRole::Version,
            ColumnKind::Pseudonym if name == ACCOUNT => ColumnRole::Account,
            _ => ColumnRole::Plain,
        },
    }
}

impl TestEvent {
    /// Whether both are in one [`DayRows`] if they follow each other.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        (self.product, self.day) == (other.product, other.day)
    }

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
    pub(super) fn kind(&self) -> ColumnKind {
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
}

//! A table of requirements, as its file has it.
//!
//! ```toml
//! document = "000 Atomic"
//! letter = "A"
//! rows = 132
//!
//! [[row]]
//! id = "A001"
//! quote = '§1 "explicit consent is required before any data collection"'
//! demands = "No event before a yes"
//! state = "works"
//! tests = ["examples/atomic/tests/atomic/telemetry.rs::before_anybody_agreed_nothing_is_created", "ci:off"]
//! ```

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::Finding;

/// The values of a table that are not read yet, by their keys.
type Unread<'t> = BTreeMap<String, DeValue<'t>>;

/// One document and its requirements.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// The file it was read from.
    pub(super) path: String,
    pub(super) title: String,
    /// What all its ids begin with.
    pub(super) letter: String,
    /// How many requirements the document has, whatever the table has.
    pub(super) rows: i64,
    pub(super) requirements: Vec<Requirement>,
}

/// One requirement.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) id: String,
    /// Its place in the document and a few of its words.
    pub(super) quote: String,
    /// What it comes to, in our words.
    pub(super) demands: String,
    pub(super) state: State,
    /// What shows it, as [`Evidence`](super::evidence::Evidence) reads it.
    pub(super) tests: Vec<String>,
    /// The file that shows it where no test can.
    pub(super) shown_by: Option<String>,
    pub(super) note: Option<String>,
    /// Where the row is in its file, from 1.
    pub(super) line: usize,
}

/// Where the product stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is so, and a test shows it.
    Works,
    /// It is so in part; the note says what is missing.
    Partly,
    /// It needs a platform or a service that tests do not have.
    Elsewhere,
    /// Our decisions want something else; the note says what, and a test shows
    /// that.
    Decided,
}

impl State {
    pub(super) const ALL: [Self; 4] = [Self::Works, Self::Partly, Self::Elsewhere, Self::Decided];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Partly => "partly",
            Self::Elsewhere => "elsewhere",
            Self::Decided => "decided",
        }
    }
}

impl Document {
    /// Reads the text of the file at `path`.
    pub(super) fn read(path: &str, text: &str) -> Result<Self, Finding> {
        let at_top = |sentence: String| Finding::new(path, 1, sentence);
        if text.is_empty() {
            return Err(at_top("The table is not there.".to_owned()));
        }
        let table = DeTable::parse(text)
            .map_err(|error| at_top(format!("This is no TOML: {}", error.message())))?;
        let mut head = unread(table.into_inner());
        let title = taken(&mut head, "document").map_err(at_top)?;
        let letter = taken(&mut head, "letter").map_err(at_top)?;
        let rows = match head.remove("rows") {
            Some(DeValue::Integer(number)) => number.as_str().parse().ok(),
            _ => None,
        };
        let rows =
            rows.ok_or_else(|| at_top("`rows` must say how many the document has.".to_owned()))?;
        let Some(DeValue::Array(tables)) = head.remove("row") else {
            return Err(at_top("There is no `[[row]]`.".to_owned()));
        };
        nothing_left(&head).map_err(at_top)?;
        let mut requirements = Vec::new();
        for table in tables {
            let line = text[..table.span().start].lines().count() + 1;
            let requirement = Requirement::read(table.into_inner(), line)
                .map_err(|sentence| Finding::new(path, line, sentence))?;
            requirements.push(requirement);
        }
        Ok(Self { path: path.to_owned(), title, letter, rows, requirements })
    }
}

impl Requirement {
    fn read(row: DeValue<'_>, line: usize) -> Result<Self, String> {
        let DeValue::Table(row) = row else { return Err("A row is a table.".to_owned()) };
        let mut row = unread(row);
        let id = taken(&mut row, "id")?;
        let quote = taken(&mut row, "quote")?;
        let demands = taken(&mut row, "demands")?;
        let word = taken(&mut row, "state")?;
        let state = State::ALL.into_iter().find(|state| state.word() == word).ok_or_else(|| {
            format!("{word:?} is no state: one is works, partly, elsewhere or decided.")
        })?;
        let no_list = || "`tests` is a list of texts.".to_owned();
        let mut tests = Vec::new();
        match row.remove("tests") {
            None => {}
            Some(DeValue::Array(list)) => {
                for test in list {
                    let DeValue::String(test) = test.into_inner() else { return Err(no_list()) };
                    tests.push(test.into_owned());
                }
            }
            Some(_) => return Err(no_list()),
        }
        let mut optional = |key| match row.contains_key(key) {
            true => taken(&mut row, key).map(Some),
            false => Ok(None),
        };
        let (shown_by, note) = (optional("shown-by")?, optional("note")?);
        nothing_left(&row)?;
        Ok(Self { id, quote, demands, state, tests, shown_by, note, line })
    }
}

fn unread(table: DeTable<'_>) -> Unread<'_> {
    let read = |(key, value): (toml::Spanned<std::borrow::Cow<'_, str>>, _)| {
        (key.into_inner().into_owned(), toml::Spanned::into_inner(value))
    };
    table.into_iter().map(read).collect()
}

fn taken(unread: &mut Unread<'_>, key: &str) -> Result<String, String> {
    match unread.remove(key) {
        Some(DeValue::String(text)) if !text.trim().is_empty() => Ok(text.into_owned()),
        Some(_) => Err(format!("`{key}` is no text, or an empty one.")),
        None => Err(format!("`{key}` is missing.")),
    }
}

fn nothing_left(unread: &Unread<'_>) -> Result<(), String> {
    match unread.keys().next() {
        Some(key) => Err(format!("`{key}` is not a key of this table.")),
        None => Ok(()),
    }
}

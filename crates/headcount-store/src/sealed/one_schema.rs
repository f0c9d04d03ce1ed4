//! Rows of several schemas of one product in one: by name and word.

use std::collections::HashMap;
use std::sync::Arc;

use super::columns::SealedColumn;
use crate::{Cells, ColumnShape, EventShape, RowSchema};

/// Where events, columns and words of one schema are in another one.
#[derive(Debug, Clone)]
pub(crate) struct SchemaPlaces {
    to: Arc<RowSchema>,
    events: Vec<u16>,
    columns: Vec<usize>,
    /// For each column, the codes of its words; nothing if they are the same.
    words: Vec<Option<Vec<u16>>>,
    /// Whether both are the same schema.
    is_same: bool,
}

/// Returns the newest of these schemas, with what only the others have added to
/// it. `schemas` has at least one, the newest last.
pub(crate) fn one_schema(schemas: &[Arc<RowSchema>]) -> Option<Arc<RowSchema>> {
    let (newest, others) = schemas.split_last()?;
    let (mut events, mut columns) = (newest.events().to_vec(), newest.columns().to_vec());
    let mut is_changed = false;
    for other in others {
        for event in other.events() {
            if events.iter().all(|known| known.name != event.name) {
                let plain = EventShape { across: Vec::new(), failure: None, ..event.clone() };
                events.push(plain);
                is_changed = true;
            }
        }
        for column in other.columns() {
            match columns.iter_mut().find(|known| is_same_column(known, column)) {
                None => {
                    columns.push(column.clone());
                    is_changed = true;
                }
                Some(known) => is_changed |= add_words(known, column),
            }
        }
    }
    if !is_changed {
        return Some(Arc::clone(newest));
    }
    Some(Arc::new(RowSchema::new(newest.product().to_owned(), events, columns)))
}

/// Whether two schemas mean the same column. One schema may have two of one
/// name and kind: a property may be a constant in one event, which no rollup
/// counts, and a choice in another.
fn is_same_column(one: &ColumnShape, other: &ColumnShape) -> bool {
    let key = |column: &ColumnShape| (column.kind, column.rollup, column.role);
    one.name == other.name && key(one) == key(other)
}

fn add_words(known: &mut ColumnShape, other: &ColumnShape) -> bool {
    let all: std::collections::HashSet<&str> = known.words.iter().map(String::as_str).collect();
    let new = other.words.iter().filter(|word| !all.contains(word.as_str()));
    let new: Vec<String> = new.cloned().collect();
    let is_changed = !new.is_empty();
    known.words.extend(new);
    is_changed
}

impl SchemaPlaces {
    /// The places of `from` in `to`, or nothing if something has no place
    /// there. [`one_schema`] makes one in which everything has.
    pub(crate) fn new(from: &RowSchema, to: &Arc<RowSchema>) -> Option<Self> {
        let event = |event: &EventShape| Some(to.event(&event.name)? as u16);
        let column = |column: &ColumnShape| {
            to.columns().iter().position(|known| is_same_column(known, column))
        };
        let columns: Vec<usize> = from.columns().iter().map(column).collect::<Option<_>>()?;
        let words = from.columns().iter().zip(&columns);
        let words = words.map(|(own, place)| word_codes(own, &to.columns()[*place]));
        Some(Self {
            events: from.events().iter().map(event).collect::<Option<_>>()?,
            words: words.collect::<Option<_>>()?,
            is_same: *from == **to,
            columns,
            to: Arc::clone(to),
        })
    }

    pub(super) fn schema(&self) -> &Arc<RowSchema> {
        &self.to
    }

    pub(super) fn event(&self, event: u16) -> u16 {
        self.events[usize::from(event)]
    }

    /// Puts columns in their new places.
    pub(super) fn columns(&self, columns: Vec<SealedColumn>, rows: usize) -> Vec<SealedColumn> {
        if self.is_same {
            return columns;
        }
        let empty = |column: &ColumnShape| SealedColumn::empty(column.kind, rows);
        let mut all: Vec<SealedColumn> = self.to.columns().iter().map(empty).collect();
        for ((mut column, place), words) in columns.into_iter().zip(&self.columns).zip(&self.words)
        {
            if let (Some(words), Cells::Words(codes) | Cells::WordLists(_, codes)) =
                (words, &mut column.cells)
            {
                codes.iter_mut().for_each(|code| *code = words[usize::from(*code)]);
            }
            all[*place] = column;
        }
        all
    }
}

/// The codes of words in another column; the inner `None` if all are the same.
fn word_codes(from: &ColumnShape, to: &ColumnShape) -> Option<Option<Vec<u16>>> {
    if to.words.starts_with(&from.words) {
        return Some(None);
    }
    let codes = to.words.iter().zip(0u16..).map(|(word, code)| (word.as_str(), code));
    let codes: HashMap<&str, u16> = codes.collect();
    let all: Option<Vec<u16>> =
        from.words.iter().map(|word| codes.get(word.as_str()).copied()).collect();
    Some(Some(all?))
}

//! Whether an event says that it failed, by the catalog's word for it.

use super::cells::EventOutcome;
use crate::{CellColumn, Cells, FailureShape, RowSchema};

/// How the values of one column are read, for the events that it speaks for.
#[derive(Debug)]
pub(crate) struct FailureRule {
    pub(crate) column: usize,
    /// For each event of the schema, the values that stand for a failure;
    /// `None` if the column does not speak for it.
    failures: Vec<Option<FailingValues>>,
}

#[derive(Debug, Clone)]
struct FailingValues {
    /// An exit code fails if it is not zero.
    is_exit_code: bool,
    /// For `false` and `true`.
    flags: [bool; 2],
    /// One a word of the closed set.
    words: Vec<bool>,
    texts: Vec<String>,
}

impl FailingValues {
    fn new(schema: &RowSchema, shape: &FailureShape) -> Self {
        let fails = |word: &str| shape.values.iter().any(|value| value == word);
        let words = schema.columns()[shape.column].words.iter().map(|word| fails(word)).collect();
        Self {
            is_exit_code: shape.values.is_empty(),
            flags: [fails("false"), fails("true")],
            words,
            texts: shape.values.clone(),
        }
    }
}

/// The rules of a schema, one for each column that speaks for an event.
pub(crate) fn rules(schema: &RowSchema) -> Vec<FailureRule> {
    let mut rules: Vec<FailureRule> = Vec::new();
    for (event, shape) in schema.events().iter().enumerate() {
        let Some(failure) = &shape.failure else { continue };
        let place = rules.iter().position(|rule| rule.column == failure.column);
        let place = place.unwrap_or_else(|| {
            let failures = vec![None; schema.events().len()];
            rules.push(FailureRule { column: failure.column, failures });
            rules.len() - 1
        });
        rules[place].failures[event] = Some(FailingValues::new(schema, failure));
    }
    rules
}

impl FailureRule {
    /// Whether the rule's column speaks for an event.
    pub(crate) fn is_of(&self, event: u16) -> bool {
        matches!(self.failures.get(usize::from(event)), Some(Some(_)))
    }

    /// Sets the outcome of each row that has one by this rule, from the cells
    /// of its column. `event_of` returns the event of a row.
    pub(crate) fn read(
        &self,
        column: &CellColumn,
        event_of: impl Fn(usize) -> u16,
        outcomes: &mut [EventOutcome],
    ) {
        let mut set = |place: usize, fails: &dyn Fn(&FailingValues) -> bool| {
            let row = column.rows()[place] as usize;
            if let Some(Some(values)) = self.failures.get(usize::from(event_of(row))) {
                let failed = fails(values);
                outcomes[row] = if failed { EventOutcome::Failed } else { EventOutcome::Worked };
            }
        };
        match column.cells() {
            Cells::Flags(flags) => flags.iter().enumerate().for_each(|(place, flag)| {
                set(place, &|values| values.flags[usize::from(*flag)]);
            }),
            Cells::Words(codes) => codes.iter().enumerate().for_each(|(place, code)| {
                set(place, &|values| values.words[usize::from(*code)]);
            }),
            Cells::Numbers(numbers) => numbers.iter().enumerate().for_each(|(place, number)| {
                set(place, &|values| {
                    let is_named = || values.texts.iter().any(|text| *text == number.to_string());
                    if values.is_exit_code { *number != 0 } else { is_named() }
                });
            }),
            Cells::Text(texts, codes) => codes.iter().enumerate().for_each(|(place, code)| {
                let text = texts.get(*code).unwrap_or_default();
                set(place, &|values| values.texts.iter().any(|failing| failing == text));
            }),
            Cells::Decimals(_)
            | Cells::WordLists(..)
            | Cells::TextLists(..)
            | Cells::Pseudonyms(_)
            | Cells::Seconds(_) => {}
        }
    }
}

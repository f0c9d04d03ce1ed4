//! Questions in short, and arrivals to ask about.

use headcount_catalog::{Day, EventId};

use crate::{
    ActiveRow, Answer, Arrival, Cell, Column, Commit, Counted, EventsRow, OutcomeRow, Pseudonym,
    Question, Store, ValueRow,
};

/// The day most promises play on.
pub(super) const TODAY: Day = Day::from_number(20_777);

/// Before and after every day of the suite.
pub(super) const EVER: (Day, Day) = (Day::from_number(0), Day::from_number(40_000));

/// An event of product `atomic`, without a device or columns.
pub(super) fn run(id: u128) -> Arrival<'static> {
    let id = EventId::from_bits(id);
    Arrival { product: "atomic", day: TODAY, id, event: "run", device: None, columns: Vec::new() }
}

pub(super) fn device(number: u8) -> Option<Pseudonym> {
    Some(Pseudonym::from_bytes([number; 16]))
}

/// A column that is counted.
pub(super) fn counted<'a>(name: &'a str, cell: Cell<'a>) -> Column<'a> {
    Column { name, cell, counted: Counted::ByValue }
}

pub(super) fn commit<'a>(arrivals: impl Into<Vec<Arrival<'a>>>) -> Commit<'a> {
    Commit { arrivals: arrivals.into(), tallies: Vec::new() }
}

pub(super) fn ask(store: &dyn Store, question: &Question) -> Answer {
    store.ask(question).expect("questions are answered whatever happens to commits")
}

pub(super) fn events(store: &dyn Store, product: &str, (from, to): (Day, Day)) -> Vec<EventsRow> {
    match ask(store, &Question::Events { product: product.to_owned(), from, to }) {
        Answer::Events(rows) => rows,
        other => panic!("asked for events, answered {other:?}"),
    }
}

/// All events of a product, whatever their name and day.
pub(super) fn total(store: &dyn Store, product: &str) -> u64 {
    events(store, product, EVER).iter().map(|row| row.count).sum()
}

pub(super) fn active(store: &dyn Store, product: &str, (from, to): (Day, Day)) -> Vec<(Day, u64)> {
    match ask(store, &Question::Active { product: product.to_owned(), from, to }) {
        Answer::Active(rows) => {
            rows.into_iter().map(|ActiveRow { day, devices }| (day, devices)).collect()
        }
        other => panic!("asked for active devices, answered {other:?}"),
    }
}

/// Counts of event `run` of `atomic` by the value of a property, over all days.
pub(super) fn by(store: &dyn Store, property: &str) -> Vec<ValueRow> {
    let question = Question::ByProperty {
        product: "atomic".to_owned(),
        event: "run".to_owned(),
        property: property.to_owned(),
        from: EVER.0,
        to: EVER.1,
    };
    match ask(store, &question) {
        Answer::ByProperty(rows) => rows,
        other => panic!("asked by property, answered {other:?}"),
    }
}

pub(super) fn outcomes(store: &dyn Store) -> Vec<OutcomeRow> {
    match ask(store, &Question::Outcomes) {
        Answer::Outcomes(rows) => rows,
        other => panic!("asked for outcomes, answered {other:?}"),
    }
}

//! Short forms of questions and events, for the promises.

use headcount_catalog::{Day, EventId, Period};

use crate::VersionScope::All;
use crate::{
    ActiveRow, AnswerRows, EventCountRow, MarkRow, OutcomeRow, Pseudonym, Question, RowDevice,
    RowMarks, Step, Store, ValueFilter, ValueRow,
};

pub(super) use super::test_event::{TestCell, TestEvent, commit};

/// The day of most events.
pub(super) const TODAY: Day = Day::from_number(20_777);

/// A first and a last day around all events.
pub(super) const EVER: (Day, Day) = (Day::from_number(0), Day::from_number(40_000));

/// An event of product `atomic`, without a device or cells.
pub(super) fn run(id: u128) -> TestEvent {
    TestEvent {
        product: "atomic",
        day: TODAY,
        id: EventId::from_bits(id),
        event: "run",
        weight: 1,
        device: RowDevice::None,
        marks: RowMarks::default(),
        cells: Vec::new(),
    }
}

pub(super) fn device(number: u8) -> RowDevice {
    RowDevice::Counted(Pseudonym::from_bytes([number; 16]))
}

pub(super) fn ask(store: &dyn Store, question: &Question) -> AnswerRows {
    store.ask(question).expect("questions are answered even while commits fail")
}

pub(super) fn events(
    store: &dyn Store,
    product: &str,
    (from, to): (Day, Day),
) -> Vec<EventCountRow> {
    match ask(store, &Question::Events { product: product.to_owned(), from, to, versions: All }) {
        AnswerRows::Events(rows) => rows,
        other => panic!("asked for events, answered {other:?}"),
    }
}

/// The number of all events of a product.
pub(super) fn total(store: &dyn Store, product: &str) -> u64 {
    events(store, product, EVER).iter().map(|row| row.count).sum()
}

/// Active devices by day.
pub(super) fn active(store: &dyn Store, product: &str, days: (Day, Day)) -> Vec<(Day, u64)> {
    active_by(store, Period::Day, product, days)
}

pub(super) fn active_by(
    store: &dyn Store,
    period: Period,
    product: &str,
    (from, to): (Day, Day),
) -> Vec<(Day, u64)> {
    match ask(
        store,
        &Question::Active { product: product.to_owned(), period, from, to, versions: All },
    ) {
        AnswerRows::Active(rows) => {
            rows.into_iter().map(|row: ActiveRow| (row.start, row.devices)).collect()
        }
        other => panic!("asked for active devices, answered {other:?}"),
    }
}

/// Marks of `atomic` by age, with an empty age for an unknown one.
pub(super) fn marks(
    store: &dyn Store,
    period: Period,
    (from, to): (Day, Day),
) -> Vec<(Day, &'static str, u64)> {
    let product = "atomic".to_owned();
    match ask(store, &Question::Marks { product, period, from, to }) {
        AnswerRows::Marks(rows) => {
            let row = |row: MarkRow| (row.start, row.age.map_or("", |age| age.name()), row.devices);
            rows.into_iter().map(row).collect()
        }
        other => panic!("asked for marks, answered {other:?}"),
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
        versions: All,
    };
    match ask(store, &question) {
        AnswerRows::ByProperty(rows) => rows,
        other => panic!("asked by property, answered {other:?}"),
    }
}

pub(super) fn outcomes(store: &dyn Store) -> Vec<OutcomeRow> {
    match ask(store, &Question::Outcomes) {
        AnswerRows::Outcomes(rows) => rows,
        other => panic!("asked for outcomes, answered {other:?}"),
    }
}

/// An event, or `EVENT:COMMAND`, as a step.
pub(super) fn named_step(name: &&str) -> Step {
    let (event, value) = name.split_once(':').map_or((*name, None), |(event, value)| {
        let (column, values) = ("command".to_owned(), vec![value.to_owned()]);
        (event, Some(ValueFilter { column, values }))
    });
    Step { event: event.to_owned(), value }
}

//! What questions about raw events promise.

use headcount_catalog::{Day, Period};

use super::fixture::{StoreFixture, append};
use super::shorthand::{EVER, TODAY, TestCell, TestEvent, ask, commit, device, run};
use crate::{
    ActiveRow, AnswerRows, EventCountRow, HousePolicy, ProductRetention, Question, RawAnswer,
    RawCount, RawQuestion, RowStatus, Store, ValueFilter, VersionScope,
};

fn question(count: RawCount, filters: &[(&str, &[&str])]) -> Question {
    let filter = |(column, values): &(&str, &[&str])| ValueFilter {
        column: (*column).to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    Question::Raw(RawQuestion {
        product: "atomic".to_owned(),
        count,
        from: EVER.0,
        to: EVER.1,
        versions: VersionScope::All,
        split: None,
        filters: filters.iter().map(filter).collect(),
    })
}

/// The first day that was counted, and the rows.
pub(super) fn counted(store: &dyn Store, question: &Question) -> (Day, AnswerRows) {
    match ask(store, question) {
        AnswerRows::Raw(RawAnswer::Counted { counted_from, rows }) => (counted_from, *rows),
        other => panic!("asked for raw events, answered {other:?}"),
    }
}

fn counted_events(store: &dyn Store, filters: &[(&str, &[&str])]) -> u64 {
    match counted(store, &question(RawCount::Events, filters)).1 {
        AnswerRows::Events(rows) => rows.iter().map(|row: &EventCountRow| row.count).sum(),
        other => panic!("asked for events, answered {other:?}"),
    }
}

fn devices(store: &dyn Store, filters: &[(&str, &[&str])]) -> u64 {
    match counted(store, &question(RawCount::Active { period: Period::Week }, filters)).1 {
        AnswerRows::Active(rows) => rows.iter().map(|row: &ActiveRow| row.devices).sum(),
        other => panic!("asked for devices, answered {other:?}"),
    }
}

/// Three events of two devices, with and without an agent.
fn events() -> Vec<TestEvent> {
    let event = |id, number, command, agent: Option<&'static str>| TestEvent {
        device: device(number),
        cells: [("command", Some(command)), ("agent", agent)]
            .into_iter()
            .filter_map(|(name, word)| Some((name, TestCell::Word(word?))))
            .collect(),
        ..run(id)
    };
    vec![
        event(1, 1, "init", Some("a")),
        event(2, 1, "update", Some("b")),
        event(3, 2, "update", None),
    ]
}

pub(super) fn filters(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    append(fixture, store.as_ref(), &commit(events()), &[RowStatus::Stored; 3]);
    for (filters, count, active) in [
        (&[][..], 3, 2),
        (&[("command", &["update"][..])], 2, 2),
        // Several values of a name are "or", and several names are "and".
        (&[("command", &["update", "init"])], 3, 2),
        (&[("command", &["update"]), ("agent", &["a", "b"])], 1, 1),
        (&[("agent", &[""])], 1, 1),
        (&[("agent", &["", "a"])], 2, 2),
        (&[("command", &["first"])], 0, 0),
        (&[("nothing", &["a"])], 0, 0),
        (&[("nothing", &[""])], 3, 2),
    ] {
        let told = (counted_events(store.as_ref(), filters), devices(store.as_ref(), filters));
        assert_eq!(told, (count, active), "{filters:?}");
    }
}

pub(super) fn an_erased_device(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    append(fixture, store.as_ref(), &commit(events()), &[RowStatus::Stored; 3]);
    let person = device(1).pseudonym().expect("a device that is counted");
    store.erase("atomic", crate::Erasure::Device(person)).expect("the store is writable");
    assert_eq!((counted_events(store.as_ref(), &[]), devices(store.as_ref(), &[])), (1, 1));
    assert_eq!(counted_events(store.as_ref(), &[("command", &["init"])]), 0);
}

pub(super) fn the_first_day(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let old = TestEvent { day: TODAY.plus(-9), ..run(9) };
    append(fixture, store.as_ref(), &commit(vec![old, run(1)]), &[RowStatus::Stored; 2]);
    let all = question(RawCount::Events, &[]);
    assert_eq!(counted(store.as_ref(), &all).0, EVER.0, "nothing has expired");
    let retention =
        vec![ProductRetention { product: "atomic".to_owned(), raw_days: 5, rollup_days: None }];
    let policy = HousePolicy { today: TODAY, retention };
    store.keep_house(&policy).expect("the store is writable");
    let (from, rows) = counted(store.as_ref(), &all);
    assert_eq!(from, TODAY.plus(-8));
    let event = "run".to_owned();
    let row = EventCountRow { day: TODAY, version: None, event, count: 1 };
    assert_eq!(rows, AnswerRows::Events(vec![row]));
}

//! What questions about what comes next promise.

use headcount_catalog::Day;

use super::fixture::StoreFixture;
use super::raw;
use super::shorthand::{EVER, TODAY, TestCell, TestEvent, device, named_step};
use super::steps::{at, stored};
use super::test_event::{SESSION, TIME};
use crate::{
    AnswerRows, Erasure, FollowedEvent, NextCount, Pseudonym, Question, RawCount, RawQuestion,
    RowDevice, StepFollower, Store, VersionScope,
};

const DAY_S: i64 = 86_400;

/// Half an hour.
const PAUSE_S: u32 = 1_800;

fn with(mut event: TestEvent, name: &'static str, cell: TestCell) -> TestEvent {
    event.cells.push((name, cell));
    event
}

/// Who is followed, and the first and the last day.
type Of = (StepFollower, (Day, Day));

/// `event:value times count`, a row each.
fn told(store: &dyn Store, after: &[&str], (followed, (from, to)): Of) -> Vec<String> {
    let of = |event: &str, value: Option<&str>| FollowedEvent {
        event: event.to_owned(),
        value: value.map(str::to_owned),
    };
    let question = RawQuestion {
        product: "atomic".to_owned(),
        count: RawCount::Next(NextCount {
            after: after.iter().map(named_step).collect(),
            events: vec![of("run", Some("command")), of("update", None)],
            times: vec![TIME.to_owned()],
            followed,
            pause_seconds: PAUSE_S,
        }),
        from,
        to,
        versions: VersionScope::All,
        split: None,
        filters: Vec::new(),
    };
    let AnswerRows::Next(rows) = raw::counted(store, &Question::Raw(question)).1 else {
        panic!("asked for what comes next")
    };
    let text =
        |row: crate::NextRow| format!("{}:{} {} {}", row.event, row.value, row.times, row.count);
    rows.into_iter().map(text).collect()
}

fn of_devices(store: &dyn Store, after: &[&str]) -> Vec<String> {
    told(store, after, (StepFollower::Devices, EVER))
}

pub(super) fn within_visits(fixture: &dyn StoreFixture) {
    let pause = i64::from(PAUSE_S);
    let noon = DAY_S / 2;
    let store = stored(
        fixture,
        vec![
            // Device 1: run, update, run, and in another visit run, run; they
            // arrive in another order.
            at(1, 1, "run", noon + 20),
            at(2, 1, "update", noon + 10),
            at(3, 1, "run", noon),
            at(4, 1, "run", noon + 20 + pause + 1),
            at(5, 1, "run", noon + 20 + 2 * pause + 1),
            // Device 2: what is not looked at does not come between.
            at(6, 2, "run", noon),
            at(7, 2, "panic", noon + 1),
            at(8, 2, "update", noon + 2),
            // Device 3 has no time.
            TestEvent { cells: Vec::new(), ..at(9, 3, "run", noon) },
            // Device 4, in one second: `run` is the first by the question.
            at(10, 4, "update", noon),
            at(11, 4, "run", noon),
            // All other visits are over by now.
            at(12, 5, "update", 3 * DAY_S),
        ],
    );
    let store = store.as_ref();
    assert_eq!(of_devices(store, &[]), ["run: 4 3", "update: 1 1"]);
    assert_eq!(of_devices(store, &["run"]), [": 2 1", "run: 1 1", "update: 3 3"]);
    assert_eq!(of_devices(store, &["update"]), [": 2 2", "run: 1 1"]);
    assert_eq!(of_devices(store, &["run", "update"]), [": 2 2", "run: 1 1"]);
    assert_eq!(of_devices(store, &["run", "update", "run"]), [": 1 1"]);
    assert_eq!(of_devices(store, &["update", "update"]), [] as [&str; 0]);
    // An event that is not looked at is no step either.
    assert_eq!(of_devices(store, &["panic"]), [] as [&str; 0]);
}

pub(super) fn at_the_edge(fixture: &dyn StoreFixture) {
    let pause = i64::from(PAUSE_S);
    let of_today = || (StepFollower::Devices, (TODAY, TODAY));
    let store = stored(
        fixture,
        vec![
            // It may go on with a visit of the day before.
            at(1, 1, "run", pause),
            at(2, 1, "update", DAY_S / 2),
            at(3, 2, "run", pause + 1),
            // Its visit may go on after the last event of all.
            at(4, 3, "update", DAY_S - pause - 1),
            at(5, 4, "update", DAY_S - pause - 2),
            at(6, 5, "run", DAY_S - 1),
        ],
    );
    let store = store.as_ref();
    assert_eq!(told(store, &[], of_today()), ["run: 2 2", "update: 3 3"]);
    assert_eq!(told(store, &["update"], of_today()), [": 2 2"]);
    assert_eq!(told(store, &["run"], of_today()), [": 2 2"]);
    assert_eq!(of_devices(store, &["update"]), [": 2 2"]);
    assert_eq!(of_devices(store, &[]), ["run: 3 3", "update: 3 3"]);
}

pub(super) fn by_value_and_of_whom(fixture: &dyn StoreFixture) {
    let noon = DAY_S / 2;
    let command = |event, word| with(event, "command", TestCell::Word(word));
    let session = |number: u8, event| {
        with(event, SESSION, TestCell::Pseudonym(Pseudonym::from_bytes([number; 16])))
    };
    let weighed = |event| TestEvent { weight: 10, ..event };
    let ephemeral = RowDevice::Ephemeral(Pseudonym::from_bytes([9; 16]));
    let thrown_away = |event| TestEvent { device: ephemeral, ..event };
    let store = stored(
        fixture,
        vec![
            session(1, command(at(1, 1, "run", noon), "init")),
            session(2, at(2, 1, "update", noon + 1)),
            session(2, command(at(3, 1, "run", noon + 2), "update")),
            weighed(session(3, command(at(4, 2, "run", noon), "init"))),
            weighed(session(3, command(at(5, 2, "run", noon + 1), "init"))),
            weighed(session(3, at(6, 2, "run", noon + 2))),
            thrown_away(session(4, command(at(7, 3, "run", noon), "init"))),
            thrown_away(session(4, at(8, 3, "update", noon + 1))),
            // All other visits are over by now.
            session(5, at(9, 4, "update", noon + 3 * DAY_S)),
        ],
    );
    let of_sessions =
        |store, after| told(store, after, (StepFollower::Sessions(vec![SESSION.to_owned()]), EVER));
    let own = store.as_ref();
    let after_init = ["run: 10 10", "run:init 10 10", "update: 1 1"];
    assert_eq!(of_devices(own, &["run:init"]), after_init);
    assert_eq!(of_devices(own, &[]), ["run:init 11 11", "update: 1 1"]);
    assert_eq!(of_devices(own, &["run:init", "update"]), ["run:update 1 1"]);
    let after_init = [": 1 1", "run: 10 10", "run:init 10 10", "update: 1 1"];
    assert_eq!(of_sessions(own, &["run:init"]), after_init);
    assert_eq!(of_sessions(own, &[]), ["run:init 12 12", "update: 2 2"]);
    let person = device(2).pseudonym().expect("a device that is counted");
    own.erase("atomic", Erasure::Device(person)).expect("the store is writable");
    assert_eq!(of_devices(own, &["run:init"]), ["update: 1 1"]);
    assert_eq!(of_sessions(own, &["run:init"]), [": 1 1", "update: 1 1"]);
}

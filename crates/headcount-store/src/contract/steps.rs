//! What questions about steps promise.

use super::fixture::{StoreFixture, append};
use super::raw;
use super::shorthand::{EVER, TODAY, TestCell, TestEvent, commit, device, named_step, run};
use super::test_event::{SESSION, TIME};
use crate::{
    AnswerRows, Pseudonym, Question, RawCount, RawQuestion, RowDevice, RowStatus, StepCount,
    StepFollower, Store, VersionScope,
};

/// Midnight of most events, in seconds.
const MIDNIGHT: i64 = TODAY.number() as i64 * 86_400;

/// An event of a device at a second of the day, or of a later one.
pub(super) fn at(id: u128, number: u8, name: &'static str, seconds: i64) -> TestEvent {
    TestEvent {
        event: name,
        day: TODAY.plus((seconds / 86_400) as i32),
        device: device(number),
        cells: vec![(TIME, TestCell::Seconds(MIDNIGHT + seconds))],
        ..run(id)
    }
}

/// For each step, how many reached it, and the median.
type Counts = Vec<(u64, Option<u64>)>;

fn counted(store: &dyn Store, names: &[&str], (within, followed): (u32, StepFollower)) -> Counts {
    let question = RawQuestion {
        product: "atomic".to_owned(),
        count: RawCount::Steps(StepCount {
            steps: names.iter().map(named_step).collect(),
            times: vec![TIME.to_owned()],
            followed,
            within_seconds: within,
        }),
        from: EVER.0,
        to: EVER.1,
        versions: VersionScope::All,
        split: None,
        filters: Vec::new(),
    };
    let AnswerRows::Steps(rows) = raw::counted(store, &Question::Raw(question)).1 else {
        panic!("asked for steps")
    };
    let places: Vec<u32> = rows.iter().map(|row| row.step).collect();
    assert_eq!(places, (1..=names.len() as u32).collect::<Vec<_>>());
    rows.into_iter().map(|row| (row.count, row.median_seconds)).collect()
}

fn of_devices(store: &dyn Store, names: &[&str], within: u32) -> Counts {
    counted(store, names, (within, StepFollower::Devices))
}

/// A store with these events.
pub(super) fn stored(fixture: &dyn StoreFixture, events: Vec<TestEvent>) -> Box<dyn Store> {
    let store = fixture.open();
    // Each in a commit of its own: they arrive in this order.
    for event in events {
        append(fixture, store.as_ref(), &commit(vec![event]), &[RowStatus::Stored]);
    }
    store
}

pub(super) fn in_their_order(fixture: &dyn StoreFixture) {
    let store = stored(
        fixture,
        vec![
            // Device 1 does both, and its second step arrives first.
            at(1, 1, "update", 90),
            at(2, 1, "run", 30),
            // Device 2 does them the other way round.
            at(3, 2, "update", 10),
            at(4, 2, "run", 20),
            // Device 3 does the second step before and after the first.
            at(5, 3, "update", 5),
            at(6, 3, "run", 6),
            at(7, 3, "update", 16),
            // Device 4 is never followed: it has no time.
            TestEvent { cells: Vec::new(), ..at(8, 4, "run", 0) },
        ],
    );
    let told = of_devices(store.as_ref(), &["run", "update"], 86_400);
    assert_eq!(told, [(3, None), (2, Some(10))]);
    let told = of_devices(store.as_ref(), &["update", "run", "update"], 86_400);
    assert_eq!(told, [(3, None), (2, Some(1)), (1, Some(10))]);
    let told = of_devices(store.as_ref(), &["run", "nothing", "update"], 86_400);
    assert_eq!(told, [(3, None), (0, None), (0, None)]);
}

pub(super) fn of_one_second(fixture: &dyn StoreFixture) {
    let command = |id, number, word| {
        let mut event = at(id, number, "run", 7);
        event.cells.push(("command", TestCell::Word(word)));
        event
    };
    let store = stored(
        fixture,
        vec![
            at(1, 1, "update", 7),
            command(2, 1, "init"),
            // One event is not two steps.
            command(3, 2, "init"),
        ],
    );
    let told = |names: &[&str]| of_devices(store.as_ref(), names, 0);
    assert_eq!(told(&["run", "update"]), [(2, None), (1, Some(0))]);
    assert_eq!(told(&["update", "run:init"]), [(1, None), (1, Some(0))]);
    assert_eq!(told(&["run", "run:init"]), [(2, None), (0, None)]);
    assert_eq!(told(&["run:update", "update"]), [(0, None), (0, None)]);
}

pub(super) fn within_the_window(fixture: &dyn StoreFixture) {
    let day = 86_400;
    let store = stored(
        fixture,
        vec![
            // The window is that of the first step.
            at(1, 1, "run", 0),
            at(2, 1, "update", 2 * day),
            at(3, 1, "panic", 4 * day),
            // Whoever begins again has another window.
            at(4, 2, "run", 0),
            at(5, 2, "run", 9 * day),
            at(6, 2, "update", 10 * day),
        ],
    );
    let told = |days: u32| {
        let steps = ["run", "update", "panic"];
        let counts = of_devices(store.as_ref(), &steps, days * 86_400).into_iter();
        counts.map(|(count, _)| count).collect::<Vec<_>>()
    };
    assert_eq!(told(0), [2, 0, 0]);
    assert_eq!(told(1), [2, 1, 0]);
    assert_eq!(told(3), [2, 2, 0]);
    assert_eq!(told(4), [2, 2, 1]);
    let second = of_devices(store.as_ref(), &["run", "update"], 4 * 86_400 - 1);
    assert_eq!(second, [(2, None), (2, Some(day as u64))]);
}

pub(super) fn of_whom(fixture: &dyn StoreFixture) {
    let in_session = |session: u8, event: TestEvent| {
        let session = TestCell::Pseudonym(Pseudonym::from_bytes([session; 16]));
        let cells = [event.cells.clone(), vec![(SESSION, session)]].concat();
        TestEvent { cells, ..event }
    };
    let ephemeral = Pseudonym::from_bytes([9; 16]);
    let thrown_away = |event| TestEvent { device: RowDevice::Ephemeral(ephemeral), ..event };
    let store = stored(
        fixture,
        vec![
            in_session(1, at(1, 1, "run", 1)),
            in_session(2, at(2, 1, "update", 2)),
            TestEvent { weight: 10, ..in_session(3, at(3, 2, "run", 3)) },
            TestEvent { weight: 10, ..in_session(3, at(4, 2, "update", 4)) },
            thrown_away(in_session(4, at(5, 3, "run", 5))),
            thrown_away(in_session(4, at(6, 3, "update", 6))),
        ],
    );
    let names = ["run", "update"];
    let sessions = || (86_400, StepFollower::Sessions(vec![SESSION.to_owned()]));
    assert_eq!(of_devices(store.as_ref(), &names, 86_400), [(11, None), (11, Some(1))]);
    assert_eq!(counted(store.as_ref(), &names, sessions()), [(12, None), (11, Some(1))]);
    let person = device(2).pseudonym().expect("a device that is counted");
    store.erase("atomic", crate::Erasure::Device(person)).expect("the store is writable");
    assert_eq!(of_devices(store.as_ref(), &names, 86_400), [(1, None), (1, Some(1))]);
    assert_eq!(counted(store.as_ref(), &names, sessions()), [(2, None), (1, Some(1))]);
}

//! The books against the events that they are kept of. These tests need a
//! server, as `clickhouse/tests.rs` says.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::tests::Fixture;
use super::super::{ClickHouseStore, Statement};
use super::Housekeeper;
use super::counted_days::CountedDays;
use super::generation::{self, Purpose};
use super::hold::{By, Numbers};
use super::lease::holds_lease;
use super::recount::{close_days, count_whole, recount};
use crate::{AnswerRows, Erasure, Pseudonym, Question, Store as _, VersionScope, contract, limits};

fn number(store: &ClickHouseStore, sql: &str) -> u64 {
    let (number,): (u64,) =
        store.open.server().client().row(&Statement::new(sql)).expect("a number");
    number
}

/// The weight of all events, as they are and as they are counted.
fn weights(store: &ClickHouseStore) -> (u64, u64) {
    let counted =
        "SELECT sum(count) FROM cells WHERE kind = 'event' AND (product, day, generation) IN (
        SELECT product, day, arrayJoin(parts) FROM counted FINAL)";
    (number(store, "SELECT sum(weight) FROM events FINAL"), number(store, counted))
}

fn ship(store: &ClickHouseStore, seed: u64) {
    store.append(&contract::sample_commit(seed)).expect("the spool has room");
    store.open.ship().expect("the server is there");
}

#[test]
#[ignore = "needs a server"]
fn a_day_is_counted_once_whatever_comes_twice() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let keeper = Housekeeper { client: store.open.server().client(), node: 7 };
    ship(&store, 7);
    let days = recount(keeper).expect("the server is there");
    assert!(days > 0);
    let (events, counted) = weights(&store);
    assert_eq!(events, counted);
    assert_eq!(recount(keeper).expect("the server is there"), 0, "nothing is new");
    ship(&store, 7);
    ship(&store, 8);
    // Another collector counts at the same moment.
    let other = Housekeeper { node: 8, ..keeper };
    let counted_days = [keeper, other].map(|one| recount(one).expect("the server is there"));
    assert!(counted_days[0] > 0);
    let (more, counted) = weights(&store);
    assert!(more > events);
    assert_eq!(more, counted);
    let twice = "SELECT count() - uniqExact(product, day) FROM counted FINAL";
    assert_eq!(number(&store, twice), 0);
}

#[test]
#[ignore = "needs a server"]
fn a_store_that_is_closed_is_not_waited_for_and_counts_nothing_more() {
    let fixture = Fixture::new();
    let store = fixture.store();
    ship(&store, 7);
    let server = Arc::clone(store.open.server());
    drop(store);
    let refused = server.keep(recount).expect_err("it is closed");
    assert!(refused.to_string().contains("being closed"), "{refused}");
    let store = fixture.store();
    assert_eq!(number(&store, "SELECT count() FROM counted"), 0);
    assert!(store.open.server().keep(recount).expect("the server is there") > 0);
}

#[test]
#[ignore = "needs a server"]
fn one_collector_keeps_house_in_a_term() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let keeper = Housekeeper { client: store.open.server().client(), node: 7 };
    let other = Housekeeper { node: 8, ..keeper };
    let holds = |keeper, term| holds_lease(keeper, term).expect("the server is there");
    assert!(holds(keeper, 1));
    assert!(!holds(other, 1));
    assert!(holds(keeper, 1), "and keeps it when it asks again");
    assert!(holds(other, 2));
    assert!(!holds(keeper, 2));
}

/// Who has looked before another one counted has counted for nothing, however
/// late; and nobody counts twice while several count and more comes.
#[test]
#[ignore = "needs a server"]
fn of_several_that_count_a_day_at_once_one_does() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let one = Housekeeper { client: store.open.server().client(), node: 7 };
    let other = Housekeeper { node: 8, ..one };
    ship(&store, 7);
    let days = "SELECT DISTINCT day FROM last_batches WHERE product = 'atomic' ORDER BY day";
    let days: Vec<(SqlDay,)> = one.client.rows(&Statement::new(days)).expect("days");
    let days: Vec<Day> = days.into_iter().map(|(SqlDay(day),)| day).collect();
    let looked = CountedDays::read(one, ("atomic", &days)).expect("the server is there");
    ship(&store, 8);
    recount(other).expect("the server is there");
    let generation = generation::next(one, Purpose::Counts).expect("the server is there");
    let numbers = Numbers { generation, erased: generation, by: By::Housekeeper };
    let held = count_whole(&looked, numbers).expect("the server is there");
    assert_eq!(held, []);
    for round in 0..8 {
        thread::scope(|scope| {
            for keeper in [one, other] {
                scope.spawn(move || recount(keeper).expect("the server is there"));
            }
            ship(&store, 100 + round);
        });
        recount(one).expect("the server is there");
        let (events, counted) = weights(&store);
        assert_eq!(events, counted, "round {round}");
    }
}

/// Sums of a product, by everything that a question may say.
fn sums(store: &ClickHouseStore) -> AnswerRows {
    let question = Question::Events {
        product: "atomic".into(),
        from: Day::from_number(0),
        to: Day::from_number(40_000),
        versions: VersionScope::Each,
    };
    store.ask(&question).expect("the server is there")
}

/// A person is erased while events wait to be counted, and whoever does it dies
/// after each number of statements.
#[test]
#[ignore = "needs a server"]
fn an_erasure_that_ends_anywhere_changes_no_sum() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let client = store.open.server().client();
    for after in (0..).step_by(2) {
        ship(&store, after);
        if after % 4 == 0 {
            store.open.server().keep(recount).expect("the server is there");
            ship(&store, 1_000 + after);
        }
        let busiest = "SELECT hex(device) FROM events WHERE product = 'atomic' AND device_kind = 1
            GROUP BY device ORDER BY count() DESC, device LIMIT 1";
        let rows: Vec<(String,)> = client.rows(&Statement::new(busiest)).expect("rows");
        let Some((device,)) = rows.into_iter().next() else { continue };
        let device = u128::from_str_radix(&device, 16).expect("a pseudonym");
        let person = Erasure::Device(Pseudonym::from_bytes(device.to_be_bytes()));
        let before = sums(&store);
        client.cut.store(i64::try_from(after).expect("few statements"), Ordering::Relaxed);
        let erased = store.erase("atomic", person);
        let is_cut = client.cut.swap(-1, Ordering::Relaxed) < 0;
        assert_eq!(sums(&store), before, "after {after} statements");
        store.open.server().keep(recount).expect("the server is there");
        assert_eq!(sums(&store), before, "after {after} statements, and a count");
        if !is_cut {
            assert!(erased.expect("it was not cut off") > 0);
            assert!(after > 20, "an erasure takes more than {after} statements");
            return;
        }
        store.erase("atomic", person).expect("the server is there");
        assert_eq!(sums(&store), before, "after {after} statements, and again");
    }
}

/// What has come since a day was counted is added, and after a while all is one
/// generation; of the ids of an event that come again, one counts.
#[test]
#[ignore = "needs a server"]
fn a_day_grows_by_what_is_new_and_is_one_generation_in_the_end() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let most = "SELECT max(length(parts)) FROM counted FINAL";
    let mut parts = Vec::new();
    for seed in 0..24 {
        ship(&store, seed);
        let before = sums(&store);
        store.open.server().keep(recount).expect("the server is there");
        assert_eq!(sums(&store), before);
        let (events, counted) = weights(&store);
        assert_eq!(events, counted);
        parts.push(number(&store, most));
    }
    assert!(parts.contains(&limits::clickhouse::DAY_PARTS), "{parts:?}");
    assert!(parts.iter().all(|parts| *parts <= limits::clickhouse::DAY_PARTS), "{parts:?}");
    let ever = Day::from_number(40_000);
    store.open.server().keep(|keeper| close_days(keeper, ever)).expect("the server is there");
    assert_eq!(number(&store, most), 1);
    let (events, counted) = weights(&store);
    assert_eq!(events, counted);
}

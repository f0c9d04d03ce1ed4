//! The books against the events that they are kept of. These tests need a
//! server, as `clickhouse/tests.rs` says.

use std::sync::Arc;

use super::super::tests::Fixture;
use super::super::{ClickHouseStore, Statement};
use super::Housekeeper;
use super::lease::holds_lease;
use super::recount::recount;
use crate::{Store as _, contract};

fn number(store: &ClickHouseStore, sql: &str) -> u64 {
    let (number,): (u64,) =
        store.open.server().client().row(&Statement::new(sql)).expect("a number");
    number
}

/// The weight of all events, as they are and as they are counted.
fn weights(store: &ClickHouseStore) -> (u64, u64) {
    let counted =
        "SELECT sum(count) FROM cells WHERE kind = 'event' AND (product, day, generation) IN (
        SELECT product, day, generation FROM counted FINAL)";
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

//! Sealed events through the port: nothing lost, nothing twice, gone when it is
//! said to be gone, whatever fails in between.

use std::ops::ControlFlow;

use headcount_testkit::Home;

use super::naive_store::{DAY, Model, account, device, policy, secret};
use crate::contract::SeededRandom;
use crate::{EmbeddedStore, Erasure, RowStatus, Store, StoreError};

#[test]
fn sealed_events_are_the_same_events() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(1));
    let mut store = EmbeddedStore::open(home.path()).unwrap();
    for round in 0..120 {
        store.seal_after(10);
        model.append(&store);
        if round % 4 == 3 {
            // What is open one day is closed later.
            store.keep_house(&policy(DAY.plus(round / 40))).unwrap();
        }
        if round % 11 == 5 {
            drop(store);
            store = EmbeddedStore::open(home.path()).unwrap();
        }
        if round % 5 == 0 {
            model.check(&store);
        }
    }
    let report = store.keep_house(&policy(DAY.plus(30))).unwrap();
    assert!(report.sealed > 0, "{report:?}");
    model.check(&store);
    model.append_all_again(&store);
    drop(store);
    let store = EmbeddedStore::open(home.path()).unwrap();
    model.append_all_again(&store);
    model.check(&store);
}

/// Every insert, update and delete of sealing and merging fails once. The store
/// is opened again after each, as after a crash.
#[test]
fn a_failure_at_any_step_of_sealing_changes_nothing() {
    let failures = fail_each_write(|store| store.keep_house(&policy(DAY.plus(30))).map(|_| ()));
    assert!(failures > 20, "{failures} writes failed");
}

#[test]
fn a_failure_at_any_step_of_an_erasure_leaves_before_or_after() {
    let home = Home::new();
    let mut failures = 0;
    let mut model = Model::new(SeededRandom::new(3));
    prepare(&home, &mut model);
    for fuse in 0.. {
        super::fuse::burn_after(home.path(), fuse);
        let store = EmbeddedStore::open(home.path()).unwrap();
        let erased = store.erase("atomic", Erasure::Device(device(3)));
        drop(store);
        super::fuse::mend(home.path());
        let store = EmbeddedStore::open(home.path()).unwrap();
        model.check_but_for(&store, device(3));
        if erased.is_ok() {
            break;
        }
        failures += 1;
    }
    assert!(failures > 3, "{failures} writes failed");
    model.erase(device(3));
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.keep_house(&policy(DAY)).unwrap();
    model.check(&store);
}

/// Every write of an expiry fails once, those of the rollups too: each product
/// and day has gone or is there, and the books are right.
#[test]
fn a_failure_at_any_step_of_an_expiry_leaves_before_or_after() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(8));
    prepare(&home, &mut model);
    let (before, today) = (DAY.plus(2), DAY.plus(92));
    let mut failures = 0;
    for fuse in 0.. {
        super::fuse::burn_after(home.path(), fuse);
        let store = EmbeddedStore::open(home.path()).unwrap();
        let expired = store.keep_house(&policy(today));
        model.check_but_for_days(&store, before);
        drop(store);
        super::fuse::mend(home.path());
        let store = EmbeddedStore::open(home.path()).unwrap();
        model.check_but_for_days(&store, before);
        let report = crate::examine(home.path()).unwrap();
        assert_eq!(report.findings, Vec::<String>::new(), "fuse {fuse}");
        if expired.is_ok() {
            break;
        }
        failures += 1;
    }
    assert!(failures > 10, "{failures} writes failed");
    model.expire(before);
    let store = EmbeddedStore::open(home.path()).unwrap();
    model.check(&store);
    model.append(&store);
    model.check(&store);
}

/// An erasure whose traces cannot be taken out of the log, because another
/// program reads it, tells the number of its events when it is tried again.
#[test]
fn an_erasure_that_is_tried_again_tells_what_the_first_try_erased() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(9));
    prepare(&home, &mut model);
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut reader = super::outside(home.path());
    let snapshot = reader.transaction().unwrap();
    snapshot.query_row("SELECT count(*) FROM block", (), |_| Ok(())).unwrap();
    let error = store.erase("atomic", Erasure::Device(device(2))).unwrap_err();
    assert!(error.to_string().contains("another program reads it"), "{error}");
    snapshot.finish().unwrap();
    drop(reader);
    let erased = model.erase(device(2));
    assert!(erased > 0);
    assert_eq!(store.erase("atomic", Erasure::Device(device(2))).unwrap(), erased);
    assert_eq!(store.erase("atomic", Erasure::Device(device(2))).unwrap(), 0);
    model.check(&store);
}

/// Reading ends when it is told to, in the middle of sealed and of fresh
/// events.
#[test]
fn reading_can_be_stopped() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(10));
    prepare(&home, &mut model);
    let store = EmbeddedStore::open(home.path()).unwrap();
    (0..9).for_each(|_| model.append(&store));
    let events = crate::StoredEvents::open(home.path()).unwrap();
    let mut all = 0;
    events.each_rows("atomic", DAY, DAY.plus(9), |_| all += 1).unwrap();
    for stop in 1..all {
        let mut seen = 0;
        let end = events.each_rows_until("atomic", DAY, DAY.plus(9), |_| {
            seen += 1;
            if seen == stop { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(end.unwrap(), ControlFlow::Break(stop));
        assert_eq!(seen, stop);
    }
}

/// Some sealed events of two segments, and some fresh ones.
fn prepare(home: &Home, model: &mut Model) {
    let store = EmbeddedStore::open(home.path()).unwrap();
    for day in [30, 30, 0] {
        (0..3).for_each(|_| model.append(&store));
        store.keep_house(&policy(DAY.plus(day))).unwrap();
    }
}

fn fail_each_write(act: impl Fn(&EmbeddedStore) -> Result<(), StoreError>) -> usize {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(2));
    let mut failures = 0;
    for fuse in 0.. {
        // Each round has something to seal and something to merge.
        let store = EmbeddedStore::open(home.path()).unwrap();
        model.append(&store);
        drop(store);
        super::fuse::burn_after(home.path(), fuse);
        let store = EmbeddedStore::open(home.path()).unwrap();
        let acted = act(&store);
        model.check(&store);
        drop(store);
        super::fuse::mend(home.path());
        let store = EmbeddedStore::open(home.path()).unwrap();
        model.check(&store);
        model.append_all_again(&store);
        if acted.is_ok() {
            break;
        }
        failures += 1;
    }
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.keep_house(&policy(DAY.plus(30))).unwrap();
    model.check(&store);
    failures
}

#[test]
fn a_day_that_expires_is_gone_at_once_and_from_the_file() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut model = Model::new(SeededRandom::new(4));
    for _ in 0..4 {
        model.append(&store);
    }
    model.append_secret(&store, DAY);
    store.keep_house(&policy(DAY.plus(3))).unwrap();
    model.append_secret(&store, DAY.plus(1));
    assert!(
        super::naive_store::is_in_files(home.path(), &secret()),
        "the search finds what is there"
    );
    // The policy keeps 90 days.
    let report = store.keep_house(&policy(DAY.plus(90))).unwrap();
    assert_eq!(report.expired, 0);
    let report = store.keep_house(&policy(DAY.plus(91))).unwrap();
    let gone = model.expire(DAY.plus(1));
    assert_eq!(report.expired, gone);
    model.check(&store);
    store.keep_house(&policy(DAY.plus(93))).unwrap();
    model.expire(DAY.plus(3));
    model.check(&store);
    assert!(!super::naive_store::is_in_files(home.path(), &secret()), "the secret is in a file");
    drop(store);
    let store = EmbeddedStore::open(home.path()).unwrap();
    model.check(&store);
    // An event of an expired day that comes again is new: the collector does
    // not take it.
    model.append(&store);
    model.check(&store);
}

#[test]
fn an_erased_device_is_gone_from_sealed_and_fresh_events_and_from_the_file() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut model = Model::new(SeededRandom::new(5));
    (0..4).for_each(|_| model.append(&store));
    model.append_secret(&store, DAY);
    store.keep_house(&policy(DAY.plus(30))).unwrap();
    (0..2).for_each(|_| model.append(&store));
    model.append_secret(&store, DAY.plus(1));
    assert!(super::naive_store::is_in_files(home.path(), &secret()));
    for who in [secret_device(), device(2)] {
        let erased = store.erase("atomic", Erasure::Device(who)).unwrap();
        assert_eq!(erased, model.erase(who));
        assert!(erased > 0);
    }
    model.check(&store);
    assert!(!super::naive_store::is_in_files(home.path(), &secret()), "the secret is in a file");
    assert_eq!(store.erase("atomic", Erasure::Device(device(2))).unwrap(), 0);
    assert_eq!(store.erase("nobody", Erasure::Device(device(1))).unwrap(), 0);
    drop(store);
    let store = EmbeddedStore::open(home.path()).unwrap();
    model.check(&store);
    model.append(&store);
    store.keep_house(&policy(DAY.plus(30))).unwrap();
    model.check(&store);
}

fn secret_device() -> crate::Pseudonym {
    crate::Pseudonym::from_bytes(secret())
}

#[test]
fn an_erased_account_is_gone_too() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut model = Model::new(SeededRandom::new(6));
    (0..4).for_each(|_| model.append(&store));
    store.keep_house(&policy(DAY.plus(30))).unwrap();
    (0..2).for_each(|_| model.append(&store));
    let (account, bytes) = (account(1), account(1).bytes());
    assert!(super::naive_store::is_in_files(home.path(), &bytes));
    let erased = store.erase("atomic", Erasure::Account(account)).unwrap();
    assert_eq!(erased, model.erase_account(account));
    assert!(erased > 0);
    model.check(&store);
    assert!(!super::naive_store::is_in_files(home.path(), &bytes), "the account is in a file");
}

/// Commits and questions go on while the house is kept.
#[test]
fn commits_go_on_while_events_are_sealed() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut model = Model::new(SeededRandom::new(7));
    (0..20).for_each(|_| model.append(&store));
    std::thread::scope(|scope| {
        let house = scope.spawn(|| {
            for day in [2, 5, 9] {
                store.keep_house(&policy(DAY.plus(day))).unwrap();
            }
        });
        while !house.is_finished() {
            model.append(&store);
        }
        house.join().unwrap();
    });
    model.check(&store);
    store.keep_house(&policy(DAY.plus(9))).unwrap();
    model.check(&store);
    model.append_all_again(&store);
}

#[test]
fn the_first_of_an_id_stays_also_when_it_is_sealed() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let status = |commands: &[u16]| {
        let commits = commands.iter().map(|command| {
            let commit = super::naive_store::commit_of(DAY, &[(7, *command)]);
            store.append(&commit).unwrap()[0][0]
        });
        commits.collect::<Vec<_>>()
    };
    use RowStatus::{Duplicate, OtherContent, Stored};
    assert_eq!(status(&[1, 1, 0]), [Stored, Duplicate, OtherContent]);
    // On an open day, on a closed one, and merged.
    for day in [0, 9, 9] {
        store.keep_house(&policy(DAY.plus(day))).unwrap();
        assert_eq!(status(&[1, 0, 1]), [Duplicate, OtherContent, Duplicate]);
    }
}

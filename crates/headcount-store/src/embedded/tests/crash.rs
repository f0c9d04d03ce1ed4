//! A process that is killed in the middle: what it acknowledged is there, once.

use std::fmt::Write as _;
use std::io::Write as _;

use headcount_testkit::{Home, TestProgram};

use super::{DAY, EmbeddedStore, event, total};
use crate::contract::Chance;
use crate::{Answer, Arrival, Commit, Kept, Pseudonym, Question, Store};

/// Events of one commit of the child.
const BATCH: u128 = 20;

/// Ten devices, whatever the number of events.
fn of_round(round: u128, nth: u128) -> Arrival<'static> {
    let id = round << 64 | nth;
    Arrival { device: Some(Pseudonym::from_bytes([(nth % 10) as u8; 16])), ..event(id) }
}

/// Runs in a process of its own when the variable names a data folder, else does nothing: appends
/// without end, and prints how many events are acknowledged.
#[test]
fn appends_until_it_is_killed() {
    let Some(folder) = std::env::var_os("HEADCOUNT_TEST_APPEND") else { return };
    let round: u128 = std::env::var("HEADCOUNT_TEST_ROUND").unwrap().parse().unwrap();
    let store = EmbeddedStore::open(folder.as_ref()).unwrap();
    let mut out = std::io::stdout();
    for first in (0..).step_by(BATCH as usize) {
        let arrivals = (first..first + BATCH).map(|nth| of_round(round, nth)).collect();
        let kept = store.append(&Commit { arrivals, tallies: Vec::new() }).unwrap();
        assert!(kept.iter().all(|kept| *kept == Kept::Stored));
        writeln!(out, "acknowledged {}.", first + BATCH).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let home = Home::new();
    let data = home.path().join("data");
    let mut chance = Chance::new(7);
    let mut stored = 0;
    for round in 0..6 {
        let mut child = TestProgram::new(std::env::current_exe().unwrap(), &home)
            .args(["appends_until_it_is_killed", "--nocapture"])
            .env("HEADCOUNT_TEST_APPEND", data.to_str().unwrap())
            .env("HEADCOUNT_TEST_ROUND", &round.to_string())
            .spawn();
        let mut line = String::from("acknowledged ");
        write!(line, "{}.", BATCH * (1 + chance.below(150) as u128)).unwrap();
        let _ = child.line(&line);
        child.kill();
        let output = child.wait().stdout_text();
        let acknowledged = output.lines().rev().find_map(last_acknowledged).expect("a line");
        let store = EmbeddedStore::open(&data).expect("a killed process leaves a whole store");
        let again = (0..acknowledged).map(|nth| of_round(round, nth)).collect();
        let kept = store.append(&Commit { arrivals: again, tallies: Vec::new() }).unwrap();
        assert!(kept.iter().all(|kept| *kept == Kept::Duplicate), "round {round}");
        // The kill may have come between a commit and its line; never within a commit.
        let unsaid = u128::from(total(&store)) - stored - acknowledged;
        assert!(unsaid == 0 || unsaid == BATCH, "round {round}: {unsaid}");
        stored += acknowledged + unsaid;
        books_balance(&store, stored as u64);
    }
}

/// The last whole line may be cut off by the kill: it ends in a full stop.
fn last_acknowledged(line: &str) -> Option<u128> {
    line.split("acknowledged ").nth(1)?.strip_suffix('.')?.parse().ok()
}

fn books_balance(store: &EmbeddedStore, stored: u64) {
    let mut raw = 0;
    store.each_event("atomic", DAY, DAY, |_| raw += 1).unwrap();
    assert_eq!(raw, stored, "blocks and rollups are of the same commits");
    let Answer::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
    let counted = rows.iter().find(|row| row.outcome == "stored").map(|row| row.count);
    assert_eq!(counted, Some(stored));
    let question = Question::Active { product: "atomic".to_owned(), from: DAY, to: DAY };
    let Answer::Active(rows) = store.ask(&question).unwrap() else { panic!() };
    assert_eq!(rows[0].devices, 10);
}

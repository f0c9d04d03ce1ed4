//! A process that is killed while it appends: everything it acknowledged is
//! stored once.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;

use headcount_catalog::{EventId, Period};
use headcount_testkit::{Home, TestProgram};

use super::{DAY, EmbeddedStore, append, head, of, schema, total};
use crate::contract::SeededRandom;
use crate::{
    AnswerRows, Commit, DayRows, Pseudonym, Question, RowDevice, RowStatus, Store, VersionScope,
};

/// Events in one commit of the child process.
const COMMIT_EVENTS: u128 = 20;

/// Events of ten devices.
fn of_round(round: u128, range: Range<u128>) -> Commit {
    let mut rows = DayRows::new(schema(), DAY);
    for nth in range {
        let device = RowDevice::Counted(Pseudonym::from_bytes([(nth % 10) as u8; 16]));
        rows.push(EventId::from_bits(round << 64 | nth), head(device), []);
    }
    of(vec![rows])
}

/// The child process: if the variable names a data folder, appends without end
/// and prints how many events are acknowledged.
#[test]
fn appends_until_it_is_killed() {
    let Some(folder) = std::env::var_os("HEADCOUNT_TEST_APPEND") else { return };
    let round: u128 = std::env::var("HEADCOUNT_TEST_ROUND").unwrap().parse().unwrap();
    let store = EmbeddedStore::open(folder.as_ref()).unwrap();
    let mut out = std::io::stdout();
    for first in (0..).step_by(COMMIT_EVENTS as usize) {
        let commit = of_round(round, first..first + COMMIT_EVENTS);
        let statuses = append(&store, &commit).unwrap();
        assert!(statuses.iter().all(|row| *row == RowStatus::Stored));
        writeln!(out, "acknowledged {}.", first + COMMIT_EVENTS).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let home = Home::new();
    let data = home.path().join("data");
    let mut random = SeededRandom::new(7);
    let mut stored = 0;
    for round in 0..6 {
        let mut child = TestProgram::new(std::env::current_exe().unwrap(), &home)
            .args(["appends_until_it_is_killed", "--nocapture"])
            .env("HEADCOUNT_TEST_APPEND", data.to_str().unwrap())
            .env("HEADCOUNT_TEST_ROUND", &round.to_string())
            .spawn();
        let mut line = String::from("acknowledged ");
        write!(line, "{}.", COMMIT_EVENTS * (1 + random.below(150) as u128)).unwrap();
        let _ = child.line(&line);
        child.kill();
        let output = child.wait().stdout_text();
        let acknowledged = output.lines().rev().find_map(last_acknowledged).expect("a line");
        let store = EmbeddedStore::open(&data).expect("a killed process leaves a whole store");
        let statuses = append(&store, &of_round(round, 0..acknowledged)).unwrap();
        assert!(statuses.iter().all(|row| *row == RowStatus::Duplicate), "round {round}");
        // A kill between a commit and its line leaves one more commit, and
        // never a part of one.
        let unreported = u128::from(total(&store)) - stored - acknowledged;
        assert!(unreported == 0 || unreported == COMMIT_EVENTS, "round {round}: {unreported}");
        stored += acknowledged + unreported;
        check_counts(&store, stored as u64);
    }
}

/// Reads a line that ends in a full stop: the kill may have cut the last one
/// off.
fn last_acknowledged(line: &str) -> Option<u128> {
    line.split("acknowledged ").nth(1)?.strip_suffix('.')?.parse().ok()
}

fn check_counts(store: &EmbeddedStore, stored: u64) {
    let mut raw = 0;
    store.each_rows("atomic", DAY, DAY, |rows| raw += rows.len() as u64).unwrap();
    assert_eq!(raw, stored, "blocks and rollups have the same events");
    let AnswerRows::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
    let counted = rows.iter().find(|row| row.outcome == "stored").map(|row| row.count);
    assert_eq!(counted, Some(stored));
    for (period, _) in Period::ALL {
        let (product, versions) = ("atomic".to_owned(), VersionScope::All);
        let question = Question::Active { product, period, from: DAY, to: DAY, versions };
        let AnswerRows::Active(rows) = store.ask(&question).unwrap() else { panic!() };
        assert_eq!(rows[0].devices, 10);
    }
}

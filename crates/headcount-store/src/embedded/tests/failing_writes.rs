//! Each write of a commit fails in turn: nothing acknowledged is lost, and a
//! retry is not a duplicate.

use headcount_testkit::{Home, TestProgram};

use super::{EmbeddedStore, append, commit, total};
use crate::RowStatus::{Duplicate, Stored};
use crate::{AnswerRows, Question, Store};

/// Commits of the child process, and the events of each.
const COMMITS: u128 = 10;
const COMMIT_EVENTS: u128 = 30;

/// A file of this many half kibibytes is as large as the system lets the child
/// make it. The largest is that of a child that fails at its end.
const LIMITS: std::ops::RangeInclusive<usize> = 8..=1_000;

fn of_commit(nth: u128) -> std::ops::Range<u128> {
    nth * COMMIT_EVENTS..(nth + 1) * COMMIT_EVENTS
}

/// The child process: if the variable names a data folder, appends, tries what
/// failed once more, and prints what was acknowledged.
#[test]
fn appends_while_writes_fail() {
    let Some(folder) = std::env::var_os("HEADCOUNT_TEST_FAILING") else { return };
    let Ok(store) = EmbeddedStore::open(folder.as_ref()) else { return };
    for nth in 0..COMMITS {
        for _ in 0..2 {
            match append(&store, &commit(of_commit(nth))) {
                Ok(statuses) => {
                    // After an error that was none, the first attempt counts.
                    assert!(statuses.iter().all(|status| *status == statuses[0]));
                    println!("acknowledged {nth}.");
                    break;
                }
                Err(error) => println!("refused {nth}: {error}"),
            }
        }
    }
}

/// The shell makes the limit, and ignores its signal, so that the write fails.
#[test]
fn what_was_acknowledged_while_writes_failed_is_there_once() {
    let (mut refused, mut whole) = (0, 0);
    // A frame of the log has 4,120 bytes: each limit ends in another one.
    for limit in LIMITS.step_by(16) {
        let home = Home::new();
        let data = home.path().join("data");
        drop(EmbeddedStore::open(&data).unwrap());
        let program = std::env::current_exe().unwrap();
        let script = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec \"$0\" appends_while_writes_fail --nocapture"
        );
        let output = TestProgram::new("/bin/sh", &home)
            .args(["-c", &script, program.to_str().unwrap()])
            .env("HEADCOUNT_TEST_FAILING", data.to_str().unwrap())
            .run()
            .stdout_text();
        assert!(!output.contains("panicked"), "{output}");
        refused += output.matches("refused").count();
        let store = EmbeddedStore::open(&data).expect("a failed write leaves a whole store");
        let mut acknowledged = 0;
        for nth in 0..COMMITS {
            let statuses = append(&store, &commit(of_commit(nth))).unwrap();
            let is_acknowledged = output.contains(&format!("acknowledged {nth}."));
            if is_acknowledged {
                assert!(statuses.iter().all(|status| *status == Duplicate), "{limit}: {output}");
            } else {
                assert!(statuses.iter().all(|status| *status == Stored), "{limit}: {output}");
            }
            acknowledged += u64::from(is_acknowledged);
        }
        whole += u64::from(acknowledged == COMMITS as u64);
        assert_eq!(u128::from(total(&store)), COMMITS * COMMIT_EVENTS, "limit {limit}");
        let AnswerRows::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
        let stored = rows.iter().find(|row| row.outcome == "stored").map(|row| row.count);
        assert_eq!(stored, Some(total(&store)), "limit {limit}");
    }
    assert!(refused > 100, "most limits must be too small, {refused} commits were refused");
    assert!(whole > 0, "the largest limit must be large enough");
}

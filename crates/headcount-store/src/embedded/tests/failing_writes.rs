//! Each write of a commit fails in turn, and each sync, read and opening of a
//! file: nothing acknowledged is lost, and a retry is not a duplicate.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};

use super::{EmbeddedStore, append, commit, total};
use crate::RowStatus::{Duplicate, Stored};
use crate::{AnswerRows, Question, Store, examine};

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
    if std::env::var_os("HEADCOUNT_TEST_SEALS").is_some() {
        store.seal_in_background_after(COMMIT_EVENTS as usize);
        store.backlog().retry_after(1);
    }
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
    store.backlog().await_end();
}

/// Where the events of a commit are that was refused.
#[derive(Clone, Copy)]
enum Refused {
    Nowhere,
    /// A sync that fails may leave them in the file.
    PerhapsThere,
}

/// What a child left is a whole store. Returns how many commits it had
/// acknowledged.
fn check(data: &Path, refused: Refused, child: &ProgramOutput) -> u128 {
    let output = &format!("{}\n{}", child.stdout_text(), child.stderr_text());
    assert!(child.code() == Some(0) && !output.contains("panicked"), "{output}");
    let store = EmbeddedStore::open(data).expect("a failed call leaves a whole store");
    let mut acknowledged = 0;
    for nth in 0..COMMITS {
        let statuses = append(&store, &commit(of_commit(nth))).unwrap();
        let is_acknowledged = output.contains(&format!("acknowledged {nth}."));
        acknowledged += u128::from(is_acknowledged);
        let all = match refused {
            _ if is_acknowledged => Duplicate,
            Refused::Nowhere => Stored,
            Refused::PerhapsThere => statuses[0],
        };
        assert!(statuses.iter().all(|status| *status == all), "{output}");
    }
    assert_eq!(u128::from(total(&store)), COMMITS * COMMIT_EVENTS, "{output}");
    let AnswerRows::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
    let stored = rows.iter().find(|row| row.outcome == "stored").map(|row| row.count);
    assert_eq!(stored, Some(total(&store)), "{output}");
    drop(store);
    assert_eq!(examine(data).unwrap().findings, Vec::<String>::new(), "{output}");
    acknowledged
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
            .run();
        refused += output.stdout_text().matches("refused").count();
        whole += u64::from(check(&data, Refused::Nowhere, &output) == COMMITS);
    }
    assert!(refused > 100, "most limits must be too small, {refused} commits were refused");
    assert!(whole > 0, "the largest limit must be large enough");
}

/// Calls that fail, and the numbers of their errors on Linux.
const CALLS: [(&str, &[&str]); 5] = [
    ("fsync", &["5", "28"]),
    ("write", &["5", "28", "short", "full"]),
    ("ftruncate", &["5"]),
    ("read", &["5"]),
    ("open", &["24", "13"]),
];

/// The library of `faults/preload` lets one call fail, whichever it is. The
/// environment names it; `.ci/faults` does that.
#[test]
#[ignore = "it needs a library: `.ci/faults store` builds it"]
fn what_was_acknowledged_while_calls_failed_is_there_once() {
    let library = std::env::var("HEADCOUNT_TEST_PRELOAD").expect("the path of the library");
    for (call, errors) in CALLS {
        for error in errors.iter().copied() {
            let mut refused = 0;
            let last = (1..).find(|at| {
                let (output, has_failed) = failing(&library, (call, error), *at);
                refused += output.matches("refused").count();
                !has_failed
            });
            println!("{call} {error}: {last:?} calls, {refused} commits refused");
            assert!(last > Some(1), "no {call} was met");
            // Half of a write is made whole by the next one.
            let meets_commits = matches!(call, "fsync" | "write") && error != "short";
            assert!(refused > 0 || !meets_commits, "no {call} of a commit was met");
        }
    }
}

/// Lets the call of this number fail, and checks what is left. Returns what the
/// child said, and whether there was such a call.
fn failing(library: &str, (call, error): (&str, &str), at: u32) -> (String, bool) {
    let home = Home::new();
    let (data, log) = (home.path().join("data"), home.path().join("log"));
    drop(EmbeddedStore::open(&data).unwrap());
    let output = TestProgram::new(std::env::current_exe().unwrap(), &home)
        .args(["appends_while_writes_fail", "--nocapture"])
        .env("HEADCOUNT_TEST_FAILING", data.to_str().unwrap())
        .env("LD_PRELOAD", library)
        .env("FAULTS_BELOW", data.to_str().unwrap())
        .env("FAULTS_CALL", call)
        .env("FAULTS_ERROR", error)
        .env("FAULTS_AT", &at.to_string())
        .env("FAULTS_LOG", log.to_str().unwrap())
        .env("HEADCOUNT_TEST_SEALS", "1")
        .run();
    println!("{call} {error} {at}");
    check(&data, Refused::PerhapsThere, &output);
    (output.stdout_text(), log.exists())
}

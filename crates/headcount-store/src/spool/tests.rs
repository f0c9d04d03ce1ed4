//! A spool that is opened again, cut off, damaged, full and killed.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use headcount_catalog::{Day, EventId, Reason};
use headcount_testkit::{Home, TestProgram};

use super::Spool;
use crate::contract::SeededRandom;
use crate::{
    CellRef, ColumnKind, ColumnShape, Commit, DayRows, EventShape, Refusal, RejectedCount,
    RowDevice, RowHead, RowMarks, RowSchema, UnstoredCount,
};

const DAY: Day = Day::from_number(20_777);
const MUCH: u64 = 1 << 30;

fn schema(columns: usize) -> Arc<RowSchema> {
    let event = EventShape { name: "run".into(), across: Vec::new(), failure: None };
    let names = ["number", "text"].into_iter().zip([ColumnKind::Number, ColumnKind::Text]);
    let columns = names.take(columns).map(|(name, kind)| ColumnShape::plain(name, kind));
    Arc::new(RowSchema::new("atomic".into(), vec![event], columns.collect()))
}

fn commit(schema: &Arc<RowSchema>, ids: std::ops::Range<u128>) -> Commit {
    let mut rows = DayRows::new(Arc::clone(schema), DAY);
    let head = RowHead { event: 0, weight: 1, marks: RowMarks::default(), device: RowDevice::None };
    for id in ids {
        rows.push(EventId::from_bits(id), head, [(0, CellRef::Number(id as i64))]);
    }
    Commit { rows: vec![rows], ..Commit::default() }
}

fn rejected(path: &str, count: u64) -> RejectedCount {
    RejectedCount {
        product: "atomic",
        day: DAY,
        path: path.to_owned(),
        kind: "duration",
        reason: Reason::TooLong,
        catalog: 3,
        program: Some("1.2.0".to_owned()),
        count,
    }
}

/// The ids of all rows of all batches, in order. Each is shipped.
fn drained(spool: &Spool) -> Vec<u128> {
    let mut ids = Vec::new();
    while let Some(number) = spool.seal() {
        let batch = spool.read(number).unwrap();
        let rows = batch.rows.iter().flat_map(|rows| rows.ids().iter().map(|id| id.bits()));
        ids.extend(rows);
        spool.shipped(&batch).unwrap();
    }
    ids
}

fn batches(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|it| it == "batch")).collect();
    files.sort();
    files
}

#[test]
fn what_is_appended_is_shipped_in_order_and_once() {
    let home = Home::new();
    let folder = home.path().join("spool");
    let spool = Spool::open(&folder, MUCH).unwrap();
    assert_eq!(spool.seal(), None);
    let (one, two) = (schema(1), schema(2));
    spool.append(&commit(&one, 0..3)).unwrap();
    spool.append(&commit(&two, 3..5)).unwrap();
    spool.append(&commit(&one, 5..6)).unwrap();
    assert_eq!(spool.seal(), Some(1));
    spool.append(&commit(&two, 6..8)).unwrap();
    let batch = spool.read(1).unwrap();
    let schemas: Vec<_> = batch.rows.iter().map(|rows| rows.schema().columns().len()).collect();
    assert_eq!(schemas, [1, 2, 1]);
    assert_eq!(batch.rows[0].contents(), commit(&one, 0..3).rows[0].contents());
    assert_eq!(spool.fill().batches, 2);
    assert!(Spool::open(&folder, MUCH).unwrap_err().is_busy());
    assert_eq!(drained(&spool), (0..8).collect::<Vec<_>>());
    assert_eq!(spool.fill(), Default::default());
    assert!(batches(&folder).is_empty());
}

#[test]
fn sums_rise_over_batches_and_restarts_and_count_no_batch_twice() {
    let home = Home::new();
    let folder = home.path().join("spool");
    let counts = |number| Commit {
        unstored: vec![
            UnstoredCount::rejected("atomic", Reason::TooOld, number),
            UnstoredCount::refused("atomic", Refusal::Busy, 1),
        ],
        rejected: vec![rejected("run.took", number)],
        ..commit(&schema(1), 0..2)
    };
    let spool = Spool::open(&folder, MUCH).unwrap();
    spool.append(&counts(3)).unwrap();
    spool.append(&counts(4)).unwrap();
    let first = spool.read(spool.seal().unwrap()).unwrap();
    let kept = fs::read(&batches(&folder)[0]).unwrap();
    spool.shipped(&first).unwrap();
    drop(spool);

    // As if the crash had come between the sums and the end of the batch.
    fs::write(folder.join("00000000000000000001.batch"), kept).unwrap();
    let spool = Spool::open(&folder, MUCH).unwrap();
    assert_eq!(spool.oldest(), None);
    spool.append(&counts(5)).unwrap();
    let second = spool.read(spool.seal().unwrap()).unwrap();
    assert_eq!(second.number, 2);
    let totals = spool.totals_with(&second);
    let told: Vec<_> =
        totals.outcomes.iter().map(|((_, outcome, _), count)| (&**outcome, *count)).collect();
    assert_eq!(told, [("refused", 3), ("rejected", 12), ("stored", 6)]);
    assert_eq!(totals.rejected.values().collect::<Vec<_>>(), [&12]);
    assert!(spool.shipped(&first).is_err(), "it has been shipped");
    spool.shipped(&second).unwrap();
}

/// A crash may leave any number of the last record's bytes, and zeros.
#[test]
fn a_record_that_was_cut_off_is_cut_away_and_the_others_stay() {
    let home = Home::new();
    let schema = schema(1);
    let whole = {
        let spool = Spool::open(&home.path().join("whole"), MUCH).unwrap();
        spool.append(&commit(&schema, 0..3)).unwrap();
        let first = spool.fill().bytes as usize;
        spool.append(&commit(&schema, 3..4)).unwrap();
        (fs::read(&batches(&home.path().join("whole"))[0]).unwrap(), first)
    };
    for left in 0..whole.0.len() {
        for zeros in [0, 40] {
            let folder = home.path().join(format!("cut-{left}-{zeros}"));
            fs::create_dir(&folder).unwrap();
            let bytes = [&whole.0[..left], &vec![0; zeros]].concat();
            fs::write(folder.join("00000000000000000001.batch"), &bytes).unwrap();
            let is_magic = left >= 4;
            let opened = Spool::open(&folder, MUCH);
            if zeros > 0 && !is_magic {
                assert!(opened.is_err() || left == 0, "{left}");
                continue;
            }
            match opened {
                Ok(spool) => {
                    // Zeros may be the very bytes that are missing.
                    let has = |length: usize| bytes.get(..length) == Some(&whole.0[..length]);
                    let expected = match (has(whole.0.len()), has(whole.1)) {
                        (true, _) => 0..4,
                        (false, true) => 0..3,
                        (false, false) => 0..0,
                    };
                    assert_eq!(drained(&spool), expected.collect::<Vec<_>>(), "{left} {zeros}");
                }
                // Zeros in the middle of a head are not what a crash leaves.
                Err(error) => assert!(zeros > 0 && error.is_damaged(), "{left} {zeros}: {error}"),
            }
        }
    }
}

#[test]
fn every_flipped_bit_is_an_error_or_of_the_last_record() {
    let home = Home::new();
    let folder = home.path().join("spool");
    let schema = schema(1);
    let spool = Spool::open(&folder, MUCH).unwrap();
    spool.append(&commit(&schema, 0..3)).unwrap();
    let first = spool.fill().bytes as usize;
    spool.append(&commit(&schema, 3..4)).unwrap();
    drop(spool);
    let file = batches(&folder).remove(0);
    let whole = fs::read(&file).unwrap();
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&file, &bytes).unwrap();
        match Spool::open(&folder, MUCH) {
            Ok(spool) => {
                assert!(place >= first, "byte {place} of the first record");
                let number = spool.seal().unwrap();
                let ids = spool.read(number).unwrap().rows.iter().map(DayRows::len).sum::<usize>();
                assert_eq!(ids, 3, "byte {place}");
            }
            Err(error) => assert!(error.is_damaged(), "{error}"),
        }
    }
}

#[test]
fn a_full_spool_refuses_and_takes_again_once_something_was_shipped() {
    let home = Home::new();
    let spool = Spool::open(&home.path().join("spool"), 2_000).unwrap();
    let schema = schema(1);
    let mut taken = 0;
    let error = loop {
        match spool.append(&commit(&schema, taken..taken + 10)) {
            Ok(()) => taken += 10,
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("may have no more"), "{error}");
    assert!(spool.fill().bytes < 3_000);
    assert_eq!(drained(&spool), (0..taken).collect::<Vec<_>>());
    spool.append(&commit(&schema, 0..1)).unwrap();
}

/// What is written to a file that was removed is gone with the process. On
/// Windows nobody can remove one that is open.
#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_once_the_open_batch_is_removed() {
    let home = Home::new();
    let folder = home.path().join("spool");
    let schema = schema(1);
    let spool = Spool::open(&folder, MUCH).unwrap();
    spool.append(&commit(&schema, 0..1)).unwrap();
    let batch = batches(&folder).remove(0);
    let away = home.path().join("away");
    fs::rename(&batch, &away).unwrap();
    for error in [spool.append(&commit(&schema, 1..2)), spool.health()].map(Result::unwrap_err) {
        assert!(error.to_string().contains("was removed or replaced"), "{error}");
    }
    // Put back, it is the same file.
    fs::rename(&away, &batch).unwrap();
    assert!(spool.health().is_ok());
    spool.append(&commit(&schema, 2..3)).unwrap();
    assert_eq!(drained(&spool), [0, 2]);
}

/// The child process: appends without end, ships now and then, and prints what
/// was acknowledged and what was shipped.
#[test]
fn spools_until_it_is_killed() {
    let Some(folder) = std::env::var_os("HEADCOUNT_TEST_SPOOL") else { return };
    let spool = Spool::open(folder.as_ref(), MUCH).unwrap();
    let first: u128 = std::env::var("HEADCOUNT_TEST_FIRST").unwrap().parse().unwrap();
    let mut out = std::io::stdout();
    for id in first.. {
        spool.append(&commit(&schema(1), id..id + 1)).unwrap();
        writeln!(out, "acknowledged {id}.").unwrap();
        out.flush().unwrap();
        if id % 7 == 6 {
            for id in drained(&spool) {
                writeln!(out, "shipped {id}.").unwrap();
            }
            out.flush().unwrap();
        }
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_shipped() {
    let home = Home::new();
    let folder = home.path().join("spool");
    let mut random = SeededRandom::new(11);
    let (mut first, mut stored) = (0, 0);
    for _ in 0..8 {
        let mut child = TestProgram::new(std::env::current_exe().unwrap(), &home)
            .args(["spools_until_it_is_killed", "--nocapture"])
            .env("HEADCOUNT_TEST_SPOOL", folder.to_str().unwrap())
            .env("HEADCOUNT_TEST_FIRST", &first.to_string())
            .spawn();
        let _ = child.line(&format!("acknowledged {}.", first + 1 + random.below(60) as u128));
        child.kill();
        let told = child.wait().stdout_text();
        let numbers = |word: &str| -> Vec<u128> {
            let lines = told.lines().filter_map(|line| line.split_once(word)?.1.strip_suffix('.'));
            lines.filter_map(|number| number.parse().ok()).collect()
        };
        let acknowledged = numbers("acknowledged ").last().copied().unwrap();
        let spool = Spool::open(&folder, MUCH).unwrap();
        let left = drained(&spool);
        // What was shipped and not yet told is neither in the spool nor told.
        let told = numbers("shipped ").last().map_or(first, |last| last + 1);
        let begins = left.first().copied().unwrap_or(acknowledged + 1);
        assert!((told..=told + 7).contains(&begins), "{told} {begins}");
        assert!(left.is_sorted() && left.windows(2).all(|two| two[0] + 1 == two[1]), "{left:?}");
        let last = left.last().copied().unwrap_or(begins.saturating_sub(1));
        assert!((acknowledged..=acknowledged + 1).contains(&last), "{acknowledged} {last}");
        stored += last + 1 - first;
        first = last + 1;
    }
    assert_eq!(stored, first);
}

#[test]
fn what_is_not_a_batch_is_left_alone_and_a_newer_file_is_an_error() {
    let home = Home::new();
    home.write("spool/notes.txt", "not a batch");
    home.write("spool/x.batch", "not a number");
    let folder = home.path().join("spool");
    let spool = Spool::open(&folder, MUCH).unwrap();
    spool.append(&commit(&schema(1), 0..1)).unwrap();
    drop(spool);
    let file = batches(&folder).remove(0);
    OpenOptions::new()
        .append(true)
        .open(&file)
        .unwrap()
        .write_all(b"and more than a head of it")
        .unwrap();
    assert!(Spool::open(&folder, MUCH).unwrap_err().is_damaged());
    home.write("spool/00000000000000000001.batch", b"HCS\x02");
    let error = Spool::open(&folder, MUCH).unwrap_err();
    assert!(error.to_string().contains("00000000000000000001.batch"), "{error}");
}

//! Measures how fast events become durable:
//! `cargo run --release -p headcount-store --example store_append [FOLDER]`.
//!
//! One thread commits to a new folder below FOLDER, or below the system's
//! folder for temporary files. All commits are made before the measurement
//! starts. Events are like those of Atomic's `atomic_command`, with 12 columns,
//! 8 of them counted, and come from 100,000 devices on two days. A commit of
//! `16 x 500` has the events of 16 requests, as a collector gathers them. On
//! Linux, the time of the processor is told beside that of the clock, in ns
//! an event: it says more on a machine that does other things too.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use headcount_catalog::{Day, EventId};
use headcount_store::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, Commit, DayRows, EmbeddedStore, EventShape,
    Pseudonym, RollupKind, RowDevice, RowHead, RowMarks, RowSchema, Store,
};

const COMMANDS: [&str; 8] =
    ["init", "update", "uninstall", "run", "test", "build", "check", "help"];
const AGENTS: [&str; 3] = ["claude", "opencode", "copilot"];
const PLATFORMS: [&str; 3] = ["darwin", "linux", "win32"];
const EVENTS: [&str; 3] = ["atomic_command", "atomic_session", "atomic_error"];
const VERSIONS: [&str; 3] = ["1.4.0", "1.4.1", "1.5.0-rc.1"];

/// Requests a commit, events a request, and commits.
const RUNS: [(usize, usize, usize); 7] = [
    (1, 1, 3_000),
    (1, 7, 2_000),
    (1, 20, 2_000),
    (16, 20, 500),
    (1, 500, 1_000),
    (16, 500, 250),
    (1, 8_000, 250),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let below = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = below.join(format!("headcount-append-{}", std::process::id()));
    println!("events a commit   events/s   µs a commit   ns an event   bytes an event");
    for (requests, events, commits) in RUNS {
        measure(&folder, requests, events, commits)?;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn measure(
    folder: &Path,
    requests: usize,
    events: usize,
    commits: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let store = EmbeddedStore::open(folder)?;
    let (mut random, schema) = (7, Arc::new(schema()));
    let all: Vec<_> =
        (0..commits).map(|_| commit(&mut random, &schema, requests, events)).collect();
    let (started, worked) = (Instant::now(), processor_ns());
    for commit in &all {
        store.append(commit)?;
    }
    let (seconds, worked) = (started.elapsed().as_secs_f64(), processor_ns() - worked);
    drop(store);
    let total = (requests * events * commits) as f64;
    let bytes = std::fs::metadata(folder.join("headcount.db"))?.len() as f64;
    println!(
        "{:>15} {:>10.0} {:>13.0} {:>13.0} {:>16.1}",
        format!("{requests} x {events}"),
        total / seconds,
        seconds * 1e6 / commits as f64,
        worked / total,
        bytes / total
    );
    Ok(())
}

/// The time that the processor has worked for this thread.
fn processor_ns() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    spent.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

/// Every request has events of one day.
fn commit(random: &mut u64, schema: &Arc<RowSchema>, requests: usize, events: usize) -> Commit {
    let rows = (0..requests).map(|request| {
        let mut rows = DayRows::new(Arc::clone(schema), day(request));
        (0..events).for_each(|_| push(&mut rows, random));
        rows
    });
    Commit { rows: rows.collect(), ..Commit::default() }
}

fn day(request: usize) -> Day {
    Day::from_number(20_777 + i32::from(request % 4 == 3))
}

fn schema() -> RowSchema {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let plain = ColumnShape::plain;
    let word = |name, words: &[&str]| ColumnShape {
        words: owned(words),
        rollup: RollupKind::Values,
        ..plain(name, ColumnKind::Word)
    };
    let flag = |name| ColumnShape { rollup: RollupKind::Values, ..plain(name, ColumnKind::Flag) };
    let mut version = plain("version", ColumnKind::Text);
    (version.rollup, version.role) = (RollupKind::OpenValues, ColumnRole::Version);
    let histogram =
        |name| ColumnShape { rollup: RollupKind::Histogram, ..plain(name, ColumnKind::Number) };
    let columns = vec![
        plain("timestamp", ColumnKind::Seconds),
        word("platform", &PLATFORMS),
        word("arch", &["x64", "arm64"]),
        version,
        word("locale", &["en-US", "de-DE", "fr-FR", "ja-JP"]),
        flag("ci"),
        word("command", &COMMANDS),
        word("agentType", &AGENTS),
        flag("success"),
        histogram("durationMs"),
        histogram("files"),
        plain("session", ColumnKind::Pseudonym),
    ];
    let event = |name: &str| EventShape { name: name.to_owned(), across: vec![], failure: None };
    RowSchema::new("atomic".to_owned(), EVENTS.map(event).into(), columns)
}

/// Xorshift64. Source: George Marsaglia, "Xorshift RNGs", 2003.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}

fn push(rows: &mut DayRows, random: &mut u64) {
    let day = rows.day();
    let bits = u128::from(next(random)) << 64 | u128::from(next(random));
    let mut pick = |end: usize| (next(random) >> 16) as usize % end;
    let device = pseudonym(pick(100_000));
    let mut word = |end: usize| CellRef::Word(pick(end) as u16);
    let words = [word(3), word(2), word(4), word(8), word(3)];
    let cells = [
        (0, CellRef::Seconds(day.start().seconds() + pick(86_400) as i64)),
        (1, words[0]),
        (2, words[1]),
        (3, CellRef::Text(VERSIONS[pick(3)])),
        (4, words[2]),
        (5, CellRef::Flag(pick(5) == 0)),
        (6, words[3]),
        (7, words[4]),
        (8, CellRef::Flag(pick(20) > 0)),
        (9, CellRef::Number(pick(60_000) as i64)),
        (10, CellRef::Number(pick(200) as i64)),
    ];
    let (marks, device) = (RowMarks::default(), RowDevice::Counted(device));
    let head = RowHead { event: pick(3) as u16, weight: 1, marks, device };
    rows.push(EventId::new(day, bits.to_be_bytes()), head, cells);
}

fn pseudonym(number: usize) -> Pseudonym {
    let bits = (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834);
    Pseudonym::from_bytes(bits.to_be_bytes())
}

//! Measures how a store behaves as it grows:
//! `cargo run --release -p headcount-store --example store_growth [FOLDER] [EVENTS]`.
//!
//! Events like those of Atomic's `atomic_command`, of 100,000 devices, 8,000 a
//! commit. Each ten million are of a day of their own, so that days are open,
//! then closed. Everything is sealed and merged as it is in a collector. For
//! each million: events a second, the longest append, the time of the processor
//! that the thread of the store needed, bytes an event, and the memory of the
//! process. At the end: the time of a start, and of each question.

mod events;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use headcount_catalog::{Day, Period};
use headcount_store::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, Commit, EmbeddedStore, HousePolicy, Question,
    RollupKind, RowSchema, Store, VersionScope, examine,
};

use events::{VERSIONS, word};

const FIRST: Day = Day::from_number(20_777);
const COMMIT: usize = 8_000;
const MILLION: usize = 1_000_000;
const OF_A_DAY: usize = 10 * MILLION;
const PRODUCT: &str = "atomic";
const EVENT: &str = "atomic_command";

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let below = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let events: usize = arguments.next().map_or(Ok(2 * MILLION), |events| events.parse())?;
    let folder = below.join(format!("headcount-growth-{}", std::process::id()));
    let measured = measure(&folder, events);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, events: usize) -> Result<(), Failure> {
    grow(folder, events)?;
    let started = Instant::now();
    let store = EmbeddedStore::open(folder)?;
    println!("start: {:.1?}", started.elapsed());
    let last = FIRST.plus(((events - 1) / OF_A_DAY) as i32);
    for question in questions(last) {
        let started = Instant::now();
        store.ask(&question)?;
        let name = format!("{question:?}");
        let name = name.split([' ', '{']).next().unwrap_or_default();
        println!("  {name:<12} {:.2?}", started.elapsed());
    }
    let started = Instant::now();
    store.keep_house(&HousePolicy { today: last.plus(2), retention: Vec::new() })?;
    println!("closing the last day: {:.1?}", started.elapsed());
    let started = Instant::now();
    let report = examine(folder)?;
    println!("doctor: {:.1?}, {:?}", started.elapsed(), report);
    println!("bytes an event: {:.2}", bytes(folder)? / events as f64);
    Ok(())
}

fn grow(folder: &Path, events: usize) -> Result<(), Failure> {
    let store = EmbeddedStore::open(folder)?;
    let (schema, mut random) = (schema(), 7);
    println!("  million  events/s  longest  writer ns  sealer ns  bytes  RSS MiB");
    let (mut part, mut longest) = (Duration::ZERO, Duration::ZERO);
    let mut before = (worked("store_growth"), worked("headcount-seale"));
    for start in (0..events).step_by(COMMIT) {
        let day = FIRST.plus((start / OF_A_DAY) as i32);
        let commit = commit(&schema, &mut random, day, COMMIT.min(events - start));
        let started = Instant::now();
        store.append(&commit)?;
        let took = started.elapsed();
        (part, longest) = (part + took, longest.max(took));
        let end = start + COMMIT;
        if end % MILLION < COMMIT {
            let now = (worked("store_growth"), worked("headcount-seale"));
            let each = |now: u64, before: u64| (now - before) as f64 / MILLION as f64;
            println!(
                "  {:>7} {:>9.0} {longest:>8.1?} {:>10.0} {:>10.0} {:>6.2} {:>8}",
                end / MILLION,
                MILLION as f64 / part.as_secs_f64(),
                each(now.0, before.0),
                each(now.1, before.1),
                bytes(folder)? / end as f64,
                memory_mib()
            );
            (part, longest, before) = (Duration::ZERO, Duration::ZERO, now);
        }
        if end % OF_A_DAY < COMMIT {
            store.keep_house(&HousePolicy { today: day.plus(1), retention: Vec::new() })?;
        }
    }
    Ok(())
}

/// Bytes of the file and its log.
fn bytes(folder: &Path) -> Result<f64, Failure> {
    let length = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    Ok((length("headcount.db") + length("headcount.db-wal")) as f64)
}

/// Nanoseconds that the processor has worked for the threads of this name, as
/// Linux tells them.
fn worked(name: &str) -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_thread = |thread: std::fs::DirEntry| {
        let read = |file: &str| std::fs::read_to_string(thread.path().join(file)).ok();
        (read("comm")?.trim() == name).then_some(())?;
        read("schedstat")?.split(' ').next()?.parse::<u64>().ok()
    };
    threads.filter_map(of_thread).sum()
}

fn memory_mib() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.map_or("?".to_owned(), |kib| (kib / 1024).to_string())
}

fn questions(to: Day) -> Vec<Question> {
    let (from, product, event) = (FIRST, || PRODUCT.to_owned(), || EVENT.to_owned());
    let property = |name: &str| Question::ByProperty {
        product: product(),
        event: event(),
        property: name.to_owned(),
        from,
        to,
        versions: VersionScope::All,
    };
    let active = |period| Question::Active {
        product: product(),
        period,
        from,
        to,
        versions: VersionScope::All,
    };
    vec![
        Question::Products,
        Question::Outcomes,
        Question::Events { product: product(), from, to, versions: VersionScope::All },
        active(Period::Day),
        active(Period::Month),
        property("command"),
        property("version"),
        Question::Failures {
            product: product(),
            event: event(),
            by: Some("command".to_owned()),
            from,
            to,
            versions: VersionScope::All,
        },
        Question::Quantiles {
            product: product(),
            event: event(),
            property: "durationMs".to_owned(),
            period: Period::Day,
            from,
            to,
            versions: VersionScope::All,
        },
    ]
}

fn schema() -> Arc<RowSchema> {
    let counted = |name, count| ColumnShape { rollup: RollupKind::Values, ..word(name, count) };
    let mut version = ColumnShape::plain("version", ColumnKind::Text);
    (version.rollup, version.role) = (RollupKind::OpenValues, ColumnRole::Version);
    let mut duration = ColumnShape::plain("durationMs", ColumnKind::Number);
    duration.rollup = RollupKind::Histogram;
    let mut success = ColumnShape::plain("success", ColumnKind::Flag);
    success.rollup = RollupKind::Values;
    events::schema(vec![
        counted("command", 8),
        counted("agentType", 3),
        success,
        counted("platform", 3),
        version,
        duration,
        ColumnShape::plain("timestamp", ColumnKind::Seconds),
    ])
}

fn commit(schema: &Arc<RowSchema>, random: &mut u64, day: Day, events: usize) -> Commit {
    events::commit(schema, random, day, events, |number| {
        let pick = |shift: u32, of: u64| (number >> shift) % of;
        [
            CellRef::Word(pick(20, 8) as u16),
            CellRef::Word(pick(23, 3) as u16),
            CellRef::Flag(pick(25, 10) > 0),
            CellRef::Word(pick(28, 3) as u16),
            CellRef::Text(VERSIONS[pick(30, 5) as usize]),
            CellRef::Number(pick(33, 60_000) as i64),
            CellRef::Seconds(day.start().seconds() + pick(40, 86_400) as i64),
        ]
    })
}

//! Measures sealing, merging and looking up:
//! `cargo run --release -p headcount-store --example store_seal [FOLDER] [EVENTS]`.
//!
//! The events are as Atomic's `atomic_command`: 7 columns, 100,000 devices, and
//! random version-7 ids, all of one day.

mod events;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use headcount_catalog::Day;
use headcount_store::{
    CellRef, ColumnKind, ColumnShape, Commit, EmbeddedStore, HousePolicy, RowSchema, RowStatus,
    Store,
};
use rusqlite::Connection;

use events::{VERSIONS, word};

const DAY: Day = Day::from_number(20_777);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let below = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let events: usize = arguments.next().map_or(Ok(1_000_000), |events| events.parse())?;
    let folder = below.join(format!("headcount-seal-{}", std::process::id()));
    let measured = measure(&folder, events);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, events: usize) -> Result<(), Box<dyn std::error::Error>> {
    let store = EmbeddedStore::open(folder)?;
    let schema = schema();
    let mut random = 7;
    let started = Instant::now();
    for _ in 0..events / 500 {
        store.append(&commit(&schema, &mut random, 500))?;
    }
    told("append", events, started);
    size(folder, events)?;
    for (name, today) in [("seal", DAY), ("merge, as the day is closed", DAY.plus(2))] {
        let started = Instant::now();
        let report = store.keep_house(&HousePolicy { today, retention: Vec::new() })?;
        told(&format!("{name} ({report:?})"), events, started);
        size(folder, events)?;
        let (mut random, mut again) = (7, 0);
        let mut looked = std::time::Duration::ZERO;
        for number in 0..events / 500 {
            let commit = commit(&schema, &mut random, 500);
            if number % 20 == 0 {
                let started = Instant::now();
                let statuses = store.append(&commit)?;
                looked += started.elapsed();
                let known = statuses[0].iter().filter(|one| **one == RowStatus::Duplicate).count();
                again += known;
            }
        }
        let each = looked.as_secs_f64() * 1e6 / again.max(1) as f64;
        println!("  {again} duplicates found, {each:.2} µs each");
    }
    drop(store);
    let started = Instant::now();
    let store = EmbeddedStore::open(folder)?;
    println!("start: {:?}", started.elapsed());
    let started = Instant::now();
    let mut read = 0;
    store.each_rows("atomic", DAY, DAY, |rows| read += rows.len())?;
    told("read all", read, started);
    Ok(())
}

fn told(what: &str, events: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{what}: {seconds:.2} s, {:.0} events/s", events as f64 / seconds);
}

fn size(folder: &Path, events: usize) -> Result<(), Box<dyn std::error::Error>> {
    let database = Connection::open(folder.join("headcount.db"))?;
    let number = |sql: &str| database.query_row(sql, (), |row| row.get::<_, i64>(0));
    let mut line = String::new();
    for table in ["block", "sealed_chunk", "sealed_ids", "sealed_filter"] {
        let sql = format!("SELECT coalesce(sum(length(body)), 0) FROM {table}");
        line += &format!("{table} {:.2}, ", number(&sql)? as f64 / events as f64);
    }
    let pages = number("PRAGMA page_count")? - number("PRAGMA freelist_count")?;
    let pages = (pages * number("PRAGMA page_size")?) as f64 / events as f64;
    println!("  bytes an event: {line}all pages in use {pages:.2}");
    Ok(())
}

fn schema() -> Arc<RowSchema> {
    events::schema(vec![
        word("command", 4),
        word("agentType", 3),
        ColumnShape::plain("success", ColumnKind::Flag),
        word("platform", 3),
        ColumnShape::plain("atomicVersion", ColumnKind::Text),
        ColumnShape::plain("nodeVersion", ColumnKind::Text),
        ColumnShape::plain("timestamp", ColumnKind::Seconds),
    ])
}

fn commit(schema: &Arc<RowSchema>, random: &mut u64, events: usize) -> Commit {
    const NODES: [&str; 4] = ["20.11.1", "22.3.0", "22.9.0", "24.1.0"];
    events::commit(schema, random, DAY, events, |number| {
        let pick = |shift: u32, of: u64| (number >> shift) % of;
        [
            CellRef::Word(pick(20, 4) as u16),
            CellRef::Word(pick(22, 3) as u16),
            CellRef::Flag(pick(24, 10) > 0),
            CellRef::Word(pick(28, 3) as u16),
            CellRef::Text(VERSIONS[pick(30, 5) as usize]),
            CellRef::Text(NODES[pick(33, 4) as usize]),
            CellRef::Seconds(DAY.start().seconds() + pick(40, 86_400) as i64),
        ]
    })
}

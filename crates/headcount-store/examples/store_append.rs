//! Measures how fast events become durable:
//! `cargo run --release -p headcount-store --example store_append [FOLDER]`.
//!
//! One thread commits to a new folder below FOLDER, or below the system's
//! folder for temporary files. All commits are made before the measurement
//! starts. Events have 16 columns, 10 of them counted, and come from 100,000
//! devices, two products and two days.

use std::path::{Path, PathBuf};
use std::time::Instant;

use headcount_catalog::{Day, EventId};
use headcount_store::{
    Cell, Column, Commit, Counted, DeviceMarks, EmbeddedStore, EventRow, Pseudonym, Store,
};

const COMMANDS: [&str; 8] =
    ["init", "update", "uninstall", "run", "test", "build", "check", "help"];
const AGENTS: [&str; 3] = ["claude", "opencode", "copilot"];
const PLATFORMS: [&str; 3] = ["darwin", "linux", "win32"];
const LOCALES: [&str; 4] = ["en-US", "de-DE", "fr-FR", "ja-JP"];
const EVENTS: [&str; 3] = ["atomic_command", "atomic_session", "atomic_error"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let below = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = below.join(format!("headcount-append-{}", std::process::id()));
    println!("events a commit   events/s   µs a commit   bytes an event");
    for (events, commits) in
        [(1, 3_000), (7, 2_000), (20, 2_000), (320, 500), (500, 400), (8_000, 40)]
    {
        measure(&folder, events, commits)?;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn measure(folder: &Path, events: usize, commits: usize) -> Result<(), Box<dyn std::error::Error>> {
    let store = EmbeddedStore::open(folder)?;
    let mut random = 7;
    let all: Vec<_> = (0..commits).map(|_| commit(&mut random, events)).collect();
    let started = Instant::now();
    for commit in &all {
        store.append(commit)?;
    }
    let seconds = started.elapsed().as_secs_f64();
    drop(store);
    let total = (events * commits) as f64;
    let bytes = std::fs::metadata(folder.join("headcount.db"))?.len() as f64;
    println!(
        "{events:>15} {:>10.0} {:>13.0} {:>16.1}",
        total / seconds,
        seconds * 1e6 / commits as f64,
        bytes / total
    );
    Ok(())
}

fn commit(random: &mut u64, events: usize) -> Commit<'static> {
    Commit { rows: (0..events).map(|_| event(random)).collect(), unstored: Vec::new() }
}

/// Xorshift64. Source: George Marsaglia, "Xorshift RNGs", 2003.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}

fn event(random: &mut u64) -> EventRow<'static> {
    let mut pick = |end: usize| (next(random) >> 16) as usize % end;
    let day = Day::from_number(20_777 + i32::from(pick(2) == 0));
    let start = day.start().seconds();
    let counted = |name, cell| Column { name, cell, counted: Counted::ByValue };
    let uncounted = |name, cell| Column { name, cell, counted: Counted::No };
    let columns = vec![
        uncounted("timestamp", Cell::Seconds(start + pick(86_400) as i64)),
        counted("platform", Cell::Word(PLATFORMS[pick(3)])),
        counted("arch", Cell::Word(["x64", "arm64"][pick(2)])),
        counted("version", Cell::Text(["1.4.0", "1.4.1", "1.5.0-rc.1"][pick(3)].into())),
        counted("locale", Cell::Word(LOCALES[pick(4)])),
        counted("ci", Cell::Flag(pick(5) == 0)),
        counted("command", Cell::Word(COMMANDS[pick(8)])),
        counted("agentType", Cell::Word(AGENTS[pick(3)])),
        counted("success", Cell::Flag(pick(20) > 0)),
        counted("features", Cell::Words(COMMANDS[pick(8)..].to_vec())),
        counted("model", Cell::Text(format!("model-{}", pick(30)).into())),
        uncounted("durationMs", Cell::Number(pick(60_000) as i64)),
        uncounted("files", Cell::Number(pick(200) as i64)),
        uncounted("exitCode", Cell::Number(0)),
        uncounted("cost", Cell::Decimal(pick(1_000) as f64 / 100.0)),
        uncounted("session", Cell::Pseudonym(pseudonym(pick(1_000_000)))),
    ];
    let device = Some(pseudonym(pick(100_000)));
    let (product, event) = (["atomic", "archon"][pick(2)], EVENTS[pick(3)]);
    let bits = u128::from(next(random)) << 64 | u128::from(next(random));
    let (id, marks) = (EventId::new(day, bits.to_be_bytes()), DeviceMarks::default());
    EventRow { product, day, id, event, device, marks, columns }
}

fn pseudonym(number: usize) -> Pseudonym {
    Pseudonym::from_bytes((number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C).to_be_bytes())
}

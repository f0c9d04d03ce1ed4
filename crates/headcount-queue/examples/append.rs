//! Measures what an append costs, compared with the bare system calls in the
//! same run.
//!
//! `cargo run --release -p headcount-queue --example append`
//!
//! Both sides append the same line of 250 bytes to files in the same folder, in
//! turns of a thousand. The median turn counts, so that a busy machine affects
//! both sides equally.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use headcount_queue::{Bounds, Queue};

const LINE_BYTES: usize = 250;
const APPENDS_A_TURN: u32 = 1_000;
const TURNS: usize = 301;

/// The budget: recording takes at most twice as long as a bare append with a
/// lock.
const BUDGET: f64 = 2.0;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = folder()?;
    let result = compare(&folder);
    std::fs::remove_dir_all(&folder)?;
    result
}

fn compare(folder: &Path) -> Result<(), Box<dyn Error>> {
    // Larger than what is written, so that no append is refused.
    let bounds = Bounds { bytes: u64::MAX, ..Bounds::USUAL };
    let queue = Queue::new(&folder.join("queue.jsonl"), bounds)?;
    let line = "x".repeat(LINE_BYTES);
    let framed = format!("{line}\n");
    let bare = folder.join("bare.jsonl");
    let (mut ours, mut floor, mut unlocked) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        floor.push(turn(|| Ok(locked(&bare)?.write_all(framed.as_bytes())?))?);
        ours.push(turn(|| Ok(queue.append(&line).map(drop)?))?);
        unlocked.push(turn(|| Ok(opened(&bare)?.write_all(framed.as_bytes())?))?);
    }
    let (ours, floor, unlocked) = (median(ours), median(floor), median(unlocked));
    let ratio = ours / floor;
    println!("open, write, close               {unlocked:7.0} ns");
    println!("open, flock, write, close        {floor:7.0} ns");
    println!("Queue::append                    {ours:7.0} ns");
    println!("ratio to the locked append       {ratio:7.2} (budget {BUDGET:.1})");
    if ratio > BUDGET { Err("over budget".into()) } else { Ok(()) }
}

fn opened(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

fn locked(path: &Path) -> std::io::Result<File> {
    let file = opened(path)?;
    file.lock_shared()?;
    Ok(file)
}

/// Nanoseconds of one append, averaged over a turn.
fn turn(mut append: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    for _ in 0..APPENDS_A_TURN {
        append()?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e9 / f64::from(APPENDS_A_TURN))
}

fn median(mut turns: Vec<f64>) -> f64 {
    turns.sort_by(f64::total_cmp);
    turns[turns.len() / 2]
}

fn folder() -> Result<PathBuf, Box<dyn Error>> {
    let name = format!("headcount-queue-append-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder)?;
    Ok(folder)
}

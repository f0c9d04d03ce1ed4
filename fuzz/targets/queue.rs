//! The queue's readers: whatever bytes lie in a segment, a progress file or a
//! claim's floor, nothing panics, and lines that are appended behind them are
//! read back, whole, in order and last.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use headcount_queue::{Bounds, DestinationName, LineOutcome, LineSet, Queue, Removal};
use libfuzzer_sys::fuzz_target;

/// A folder of this process alone, in the temporary folder.
static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("headcount-fuzz-{}", std::process::id())));

const APPENDED: [&str; 2] = [r#"{"event":"first"}"#, r#"{"event":"second"}"#];

const BETWEEN: [u8; 2] = [0, 0];

/// 2027-01-15, in seconds since 1970.
const NOW_S: u64 = 1_800_000_000;

fuzz_target!(|input: &[u8]| {
    let _ = fs::remove_dir_all(&*FOLDER);
    fs::create_dir_all(&*FOLDER).expect("the temporary folder can be written");
    let mut parts = parts(input);
    let segment = parts.next().unwrap_or_default();
    let (progress, floor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());

    let path = FOLDER.join("events.jsonl");
    fs::write(&path, segment).expect("the temporary folder can be written");
    let queue = Queue::new(&path, Bounds::USUAL).expect("the name is fine");
    let before = lines(&queue);
    for line in APPENDED {
        queue.append(line).expect("there is room for a line");
    }
    let after = lines(&queue);
    assert!(after.starts_with(&before), "a line that was readable is not any more");
    assert!(after.ends_with(&APPENDED.map(str::to_owned)), "an appended line is not the last one");

    ship(&queue, progress, floor);
    assert_eq!(queue.waiting().expect("the folder can be read").claims, 0);
});

/// Segment, progress and floor, with two zero bytes between them: a file that
/// has none of those is a segment.
fn parts(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(input);
    std::iter::from_fn(move || {
        let all = rest.take()?;
        let Some(end) = all.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN) else {
            return Some(all);
        };
        rest = Some(&all[end + BETWEEN.len()..]);
        Some(&all[..end])
    })
}

fn lines(queue: &Queue) -> Vec<String> {
    let lines = queue.lines().expect("the folder can be read");
    lines.map(|line| line.expect("the segment can be read").text).collect()
}

/// Claims, then ships what a progress file and a floor full of nonsense leave
/// to ship.
fn ship(queue: &Queue, progress: &[u8], floor: &[u8]) {
    let otlp = DestinationName::new("otlp").expect("a good name");
    let all = std::slice::from_ref(&otlp);
    let shipper = queue.shipper(&FOLDER.join("state"), Duration::ZERO).expect("nobody else ships");
    let claimed = shipper.claim(NOW_S, all).expect("the folder can be read");
    assert!(claimed.problems.is_empty(), "{:?}", claimed.problems);
    for claim in claimed.claims {
        let stem = claim_stem(&FOLDER);
        fs::write(FOLDER.join(format!("{stem}.otlp.progress")), progress)
            .expect("it can be written");
        fs::write(FOLDER.join(format!("{stem}.floor")), floor).expect("it can be written");

        let mut progress = shipper.progress(&claim, &otlp).expect("the claim can be read");
        let lines = claim.lines().expect("the claim can be read");
        let free: LineSet = lines.map(|line| line.expect("the claim can be read").index).collect();
        progress.seal(free, NOW_S).expect("there is room");
        for batch in progress.batches().to_vec() {
            progress.settle(batch.lines(), LineOutcome::Done).expect("there is room");
        }
        let removal = shipper.remove_when_settled(&claim, all).expect("it can be removed");
        assert!(matches!(removal, Removal::Removed(_)), "{removal:?}");
    }
}

/// `events.<claim>`: the names of a claim's small files begin with it.
fn claim_stem(folder: &Path) -> String {
    let names = fs::read_dir(folder).expect("the folder can be read");
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let claim = names.filter(|name| name.ends_with(".jsonl")).max().expect("there is a claim");
    claim.trim_end_matches(".jsonl").to_owned()
}

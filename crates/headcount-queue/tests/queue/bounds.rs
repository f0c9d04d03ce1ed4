//! The bounds when segments are claimed: the oldest go first, and each line is
//! counted once.

use std::fs;
#[cfg(unix)]
use std::{io::Write, path::Path, time::Duration};

use headcount_queue::{Bounds, DropReason, LineOutcome, LineSet, Removal};

use crate::scene::{DAY_S, NOW_S, Scene, destination, settle_all, texts};

const WIDE: Bounds = Bounds { bytes: 1 << 20, lines: 1_000, days: 30 };

#[test]
fn what_is_older_than_its_days_goes() {
    let scene = Scene::with(WIDE);
    let shipper = scene.shipper();
    scene.append_all(&["old", "old too"]);
    shipper.claim(NOW_S, &[]).unwrap();
    scene.append_all(&["young"]);
    shipper.claim(NOW_S + 1, &[]).unwrap();
    let kept = shipper.claim(NOW_S + 30 * DAY_S, &[]).unwrap();
    assert_eq!((kept.claims.len(), kept.drops.total()), (2, 0), "not a second too early");
    let kept = shipper.claim(NOW_S + 30 * DAY_S + 1, &[]).unwrap();
    assert_eq!((texts(&kept.claims[0])[0].as_str(), kept.claims.len()), ("young", 1));
    assert_eq!((kept.drops.of(DropReason::OverAge), kept.drops.total()), (2, 2));
}

#[test]
fn a_clock_that_was_set_back_makes_nothing_old() {
    let scene = Scene::with(WIDE);
    let shipper = scene.shipper();
    scene.append_all(&["from the future"]);
    shipper.claim(NOW_S + 365 * DAY_S, &[]).unwrap();
    scene.append_all(&["now"]);
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert_eq!((claimed.claims.len(), claimed.drops.total()), (2, 0));
}

#[test]
fn the_oldest_claims_go_when_they_have_more_bytes_than_their_share() {
    // 20 of 32 parts are the claims': 2,000 bytes of 3,200.
    let scene = Scene::with(Bounds { bytes: 3_200, ..WIDE });
    let shipper = scene.shipper();
    let line = "x".repeat(99);
    let mut dropped = 0;
    for round in 0..10 {
        scene.append_all(&[line.as_str(); 7]);
        let claimed = shipper.claim(NOW_S + round, &[]).unwrap();
        dropped += claimed.drops.of(DropReason::OverBytes);
        assert_eq!(claimed.drops.total(), claimed.drops.of(DropReason::OverBytes));
        assert_eq!(claimed.claims.len() as u64, (round + 1).min(2));
        assert_eq!(claimed.claims.last().unwrap().name().time_s(), NOW_S + round);
        assert_eq!(dropped + scene.waiting().len() as u64, 7 * (round + 1), "each is counted");
    }
    assert!(scene.queue.waiting().unwrap().bytes <= 3_200);
}

#[test]
fn a_segment_larger_than_the_queue_is_given_up() {
    let scene = Scene::with(Bounds { bytes: 3_200, ..WIDE });
    let mut garbage = vec![0xff_u8; 100_000];
    garbage.extend_from_slice(b"\na line\ntorn");
    scene.write_segment(&garbage);
    let claimed = scene.shipper().claim(NOW_S, &[]).unwrap();
    let counts = [DropReason::OverBytes, DropReason::TooLong, DropReason::Torn];
    assert_eq!(counts.map(|reason| claimed.drops.of(reason)), [1, 1, 1]);
    assert!(claimed.claims.is_empty() && scene.names().is_empty());
}

#[test]
fn of_a_segment_that_is_too_large_the_first_lines_are_counted_and_the_rest_is_one() {
    let scene = Scene::with(WIDE);
    // 12 MiB of lines of 4 bytes: those in the first 8 MiB are counted, and the
    // rest is one.
    scene.write_segment("one\n".repeat(3 << 20).as_bytes());
    assert_eq!(scene.queue.waiting().unwrap().lines, (2 << 20) + 1);
    let claimed = scene.shipper().claim(NOW_S, &[]).unwrap();
    assert_eq!(claimed.drops.of(DropReason::OverBytes), (2 << 20) + 1);
    assert_eq!(claimed.drops.total(), claimed.drops.of(DropReason::OverBytes));
    assert!(claimed.claims.is_empty() && scene.names().is_empty());
}

/// The bytes of garbage in the next test. With a gigabyte, 1073741824, writing
/// takes a second longer, and nothing else does.
#[cfg(unix)]
const GARBAGE_BYTES: &str = "HEADCOUNT_QUEUE_TEST_GARBAGE_BYTES";

/// The processor time of this thread: unlike the clock on the wall, it does not
/// depend on how busy the machine is.
#[cfg(unix)]
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid for writes of a `timespec` during the call.
    #[expect(unsafe_code, reason = "std has no function for it")]
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(result, 0);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[cfg(unix)]
#[test]
fn garbage_of_any_size_is_gone_within_a_fraction_of_a_shippers_life() {
    let bytes = std::env::var(GARBAGE_BYTES).map_or(96 << 20, |text| text.parse().unwrap());
    let scene = Scene::with(WIDE);
    let shipper = scene.shipper();
    // Empty lines take the most time per byte; a hole in the file takes the
    // least. NTFS finds room for a hole too.
    let hole_bytes = if cfg!(windows) { 1 << 30 } else { 1 << 40 };
    let fill = |path: &Path| {
        let mut file = fs::File::create(path).unwrap();
        let newlines = vec![b'\n'; 1 << 20];
        (0..bytes >> 20).for_each(|_| file.write_all(&newlines).unwrap());
    };
    let hole = |path: &Path| fs::File::create(path).unwrap().set_len(hole_bytes).unwrap();
    scene.append_all(&["a line"]);
    let fills: [&dyn Fn(&Path); 2] = [&fill, &hole];
    for make in fills {
        make(scene.segment());
        make(&scene.folder.join("events.side-0.jsonl"));
        let started = processor_time();
        assert_eq!(scene.queue.waiting().unwrap().claims, 0);
        let claimed = shipper.claim(NOW_S, &[]).unwrap();
        assert_eq!(claimed.drops.of(DropReason::OverBytes), 2, "one each");
        assert!(claimed.claims.is_empty() && scene.names().is_empty());
        let claiming = processor_time() - started;
        make(scene.segment());
        let started = processor_time();
        assert_eq!(shipper.clear().unwrap(), 1);
        let elapsed = claiming + (processor_time() - started);
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    }
}

#[test]
fn of_too_many_claims_the_oldest_are_given_up() {
    const MOST: usize = 1_024;
    let scene = Scene::with(Bounds { lines: 100_000, ..Bounds::USUAL });
    let (alive, dead) = (destination("alive"), destination("dead"));
    let both = [alive.clone(), dead];
    let shipper = scene.shipper();
    let claim = |n: u64| {
        scene.append_all(&[n.to_string().as_str()]);
        shipper.claim(NOW_S + n, &both).unwrap()
    };
    scene.append_all(&["first"]);
    let first = shipper.claim(NOW_S, &both).unwrap().claims.remove(0);
    settle_all(&shipper, &first, &alive);
    // As an unreachable destination leaves them.
    for n in 1..MOST as u64 {
        let name = format!("events.{:016x}-{n:016x}.jsonl", NOW_S + n);
        fs::write(scene.folder.join(name), format!("{n}\n")).unwrap();
    }
    assert_eq!(shipper.adopt(NOW_S, &both).unwrap().drops.total(), 0, "so many are kept");
    let claimed = claim(5_000);
    assert_eq!((claimed.drops.of(DropReason::OverCount), claimed.drops.total()), (1, 1));
    assert_eq!((claimed.claims.len(), texts(&claimed.claims[0])[0].as_str()), (MOST, "1"));
    let gone = first.name().to_string();
    assert!(scene.names().iter().all(|name| !name.contains(&gone)), "and its small files");
    assert_eq!(claim(5_001).drops.of(DropReason::OverCount), 1, "one comes, one goes");
}

#[test]
fn too_many_lines_are_given_up_exactly() {
    let scene = Scene::with(Bounds { lines: 10, ..WIDE });
    let shipper = scene.shipper();
    let append = |from: u64, to: u64| {
        (from..to).for_each(|n| scene.append_all(&[n.to_string().as_str()]));
    };
    let numbers = || scene.waiting().iter().map(|n| n.parse().unwrap()).collect::<Vec<u64>>();
    // A claim that exceeds the bound loses its first lines.
    append(0, 14);
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert_eq!((numbers(), claimed.drops.of(DropReason::OverCount)), ((4..14).collect(), 4));
    // The next claim displaces as many lines as it has, and no more.
    append(14, 17);
    let claimed = shipper.claim(NOW_S + 1, &[]).unwrap();
    assert_eq!((numbers(), claimed.drops.of(DropReason::OverCount)), ((7..17).collect(), 3));
    assert_eq!(shipper.claim(NOW_S + 2, &[]).unwrap().drops.total(), 0, "counted once");
    // A whole claim, and the first lines of the next.
    append(17, 26);
    let claimed = shipper.claim(NOW_S + 3, &[]).unwrap();
    assert_eq!((numbers(), claimed.drops.of(DropReason::OverCount)), ((16..26).collect(), 9));
    assert_eq!(claimed.claims.len(), 2);
}

#[test]
fn what_every_destination_has_is_not_counted_as_given_up() {
    let scene = Scene::with(WIDE);
    let both = [destination("a"), destination("b")];
    let shipper = scene.shipper();
    scene.append_all(&["0", "1", "2", "3", "4", "5"]);
    let claim = shipper.claim(NOW_S, &both).unwrap().claims.remove(0);
    let settle = |dest, lines: std::ops::Range<u64>| {
        let mut progress = shipper.progress(&claim, dest).unwrap();
        progress.settle(&lines.collect::<LineSet>(), LineOutcome::Done).unwrap();
    };
    settle(&both[0], 0..4);
    settle(&both[1], 2..6);
    let claimed = shipper.claim(NOW_S + 31 * DAY_S, &both).unwrap();
    assert_eq!(claimed.drops.of(DropReason::OverAge), 4, "2 and 3 were with both");
    assert!(scene.names().is_empty(), "the progress goes with its claim");
}

#[test]
fn what_was_given_up_leaves_its_batch_and_is_not_waited_for() {
    let scene = Scene::with(Bounds { lines: 4, ..WIDE });
    let dest = destination("a");
    let all = std::slice::from_ref(&dest);
    let shipper = scene.shipper();
    scene.append_all(&["0", "1", "2", "3"]);
    let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
    let mut progress = shipper.progress(&claim, &dest).unwrap();
    progress.seal((0..4).collect(), NOW_S).unwrap();
    scene.append_all(&["4", "5"]);
    let claimed = shipper.claim(NOW_S + 1, all).unwrap();
    assert_eq!(claimed.drops.of(DropReason::OverCount), 2);
    let mut progress = shipper.progress(&claimed.claims[0], &dest).unwrap();
    assert_eq!(progress.batches()[0].lines().to_string(), "2-3");
    progress.settle(&(2..4).collect(), LineOutcome::Done).unwrap();
    let removal = shipper.remove_when_settled(&claimed.claims[0], all).unwrap();
    assert!(matches!(removal, Removal::Removed(_)));
}

#[test]
fn a_corrupt_floor_gives_nothing_up() {
    let scene = Scene::with(Bounds { lines: 2, ..WIDE });
    scene.append_all(&["0", "1", "2"]);
    let claim = scene.shipper().claim(NOW_S, &[]).unwrap().claims.remove(0);
    assert_eq!(texts(&claim), ["1", "2"]);
    let floor = scene.folder.join(format!("events.{}.floor", claim.name()));
    assert_eq!(fs::read_to_string(&floor).unwrap(), "headcount-queue floor 1\n1\n");
    for corrupt in ["", "headcount-queue floor 1\n1", "headcount-queue floor 2\n1\n"] {
        fs::write(&floor, corrupt).unwrap();
        assert_eq!(texts(&claim), ["0", "1", "2"]);
    }
}

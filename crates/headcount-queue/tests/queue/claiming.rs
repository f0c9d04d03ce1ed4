//! Claiming and shipping in one process: the lock, the order, progress,
//! removal.

use std::fs;
use std::time::Duration;

use headcount_queue::{DropReason, LineOutcome, LineSet, Origin, Removal, ShipError};

use crate::scene::{NOW_S, Scene, destination, settle_all, texts};

fn set(lines: std::ops::Range<u64>) -> LineSet {
    lines.collect()
}

#[test]
fn there_is_one_shipper_at_a_time_and_its_process_id_is_reported() {
    let scene = Scene::new();
    let shipper = scene.shipper();
    let error = scene.queue.shipper(&scene.state, Duration::ZERO).unwrap_err();
    if cfg!(unix) {
        let own = std::process::id();
        assert!(matches!(error, ShipError::Held { process: Some(id) } if id == own), "{error}");
    }
    assert!(error.to_string().ends_with("is shipping this queue; wait until it ends"));
    drop(shipper);
    scene.queue.shipper(&scene.state, Duration::ZERO).unwrap();
}

#[test]
fn after_a_lock_file_is_removed_there_is_still_one_shipper() {
    let scene = Scene::new();
    drop(scene.shipper());
    fs::remove_dir_all(&scene.state).unwrap();
    let _shipper = scene.shipper();
    assert!(scene.queue.shipper(&scene.state, Duration::ZERO).is_err());
}

#[test]
fn the_holder_removes_the_lock_file_and_the_next_shipper_creates_one() {
    let scene = Scene::new();
    let if_used = || scene.queue.shipper_if_used(&scene.state, Duration::ZERO);
    assert!(if_used().unwrap().is_none());
    assert!(!scene.folder.exists(), "nothing is made");
    let shipper = scene.shipper();
    assert_eq!(shipper.lock_path(), scene.state.join("events.lock"));
    assert!(matches!(if_used(), Err(ShipError::Held { .. })));
    // Another shipper waits meanwhile. It gets the lock of a new file.
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| scene.shipper());
        shipper.clear().unwrap();
        shipper.remove_lock().unwrap();
        let next = waiting.join().unwrap();
        assert!(next.lock_path().exists());
        assert!(matches!(if_used(), Err(ShipError::Held { .. })));
    });
    if_used().unwrap().unwrap().remove_lock().unwrap();
    assert!(if_used().unwrap().is_none() && !scene.state.join("events.lock").exists());
}

#[test]
fn claims_come_oldest_first_and_what_is_empty_is_not_claimed() {
    let scene = Scene::new();
    let shipper = scene.shipper();
    assert!(shipper.claim(NOW_S, &[]).unwrap().claims.is_empty());
    scene.write_segment(b"");
    assert!(shipper.claim(NOW_S, &[]).unwrap().claims.is_empty());
    for (line, time) in [("one", NOW_S + 9), ("two", NOW_S + 10), ("three", NOW_S + 300)] {
        scene.append_all(&[line]);
        shipper.claim(time, &[]).unwrap();
    }
    fs::write(scene.folder.join("events.side-2.jsonl"), "aside\n").unwrap();
    let claims = shipper.claim(NOW_S + 301, &[]).unwrap().claims;
    let read: Vec<_> = claims.iter().flat_map(texts).collect();
    assert_eq!(read, ["one", "two", "three", "aside"]);
    assert_eq!(claims[1].name().time_s(), NOW_S + 10);
    assert_eq!(scene.waiting(), read, "looking shows the same");
}

#[test]
fn adopting_takes_nothing_from_the_writers() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    let shipper = scene.shipper();
    assert!(shipper.adopt(NOW_S, &[]).unwrap().claims.is_empty());
    shipper.claim(NOW_S, &[]).unwrap();
    scene.append_all(&["two"]);
    let adopted = shipper.adopt(NOW_S, &[]).unwrap().claims;
    assert_eq!(adopted.iter().flat_map(texts).collect::<Vec<_>>(), ["one"]);
    assert_eq!(fs::read_to_string(scene.segment()).unwrap(), "two\n");
}

#[test]
fn a_claim_is_gone_when_every_destination_has_every_line() {
    let scene = Scene::new();
    let (a, b) = (destination("a"), destination("b"));
    let both = [a.clone(), b.clone()];
    scene.write_segment(b"one\n\xff\ntwo\nthr");
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &both).unwrap().claims.remove(0);
    let remove = || shipper.remove_when_settled(&claim, &both).unwrap();
    assert_eq!(remove(), Removal::Waiting(2));
    settle_all(&shipper, &claim, &a);
    assert_eq!((remove(), claim.waiting(&both[..1]).unwrap()), (Removal::Waiting(2), 0));
    let mut progress = shipper.progress(&claim, &b).unwrap();
    progress.settle(&set(0..1), LineOutcome::Quarantined).unwrap();
    assert_eq!(remove(), Removal::Waiting(1));
    progress.settle(&set(2..3), LineOutcome::Dropped).unwrap();
    assert_eq!(shipper.remove_when_settled(&claim, &[]).unwrap(), Removal::Waiting(2));
    let Removal::Removed(skipped) = remove() else { panic!("it is settled") };
    let counts = [DropReason::NotUtf8, DropReason::Torn].map(|reason| skipped.of(reason));
    assert_eq!((counts, skipped.total()), ([1, 1], 2));
    assert!(scene.names().is_empty(), "{:?}", scene.names());
    assert_eq!(texts(&claim), [""; 0], "a claim that is gone has no lines");
}

#[test]
fn a_destination_neither_delays_nor_duplicates_another() {
    let scene = Scene::new();
    let (alive, dead) = (destination("alive"), destination("dead"));
    let both = [alive.clone(), dead.clone()];
    for round in 0..5 {
        scene.append_all(&[format!("line {round}").as_str()]);
        let shipper = scene.shipper();
        let claims = shipper.claim(NOW_S + round, &both).unwrap().claims;
        for claim in &claims {
            let mut progress = shipper.progress(claim, &alive).unwrap();
            let free = claim.lines().unwrap().map(|line| line.unwrap().index);
            let free = free.filter(|index| progress.is_free(*index)).collect();
            if let Some(batch) = progress.seal(free, NOW_S).unwrap() {
                progress.settle(batch.lines(), LineOutcome::Done).unwrap();
                let texts = texts(claim);
                assert_eq!(texts, [format!("line {round}")], "only what is new");
            }
            shipper.remove_when_settled(claim, &both).unwrap();
        }
        assert_eq!(claims.len() as u64, round + 1, "the dead one still lacks them all");
    }
    let shipper = scene.shipper();
    for claim in shipper.claim(NOW_S + 9, &both).unwrap().claims {
        assert_eq!(shipper.progress(&claim, &dead).unwrap().origin(), Origin::Fresh);
        settle_all(&shipper, &claim, &dead);
        assert!(matches!(shipper.remove_when_settled(&claim, &both).unwrap(), Removal::Removed(_)));
    }
    assert!(scene.names().is_empty());
}

#[test]
fn a_sealed_batch_is_the_same_for_the_next_shipper() {
    let scene = Scene::new();
    let dest = destination("otlp");
    scene.append_all(&["one", "two", "three", "four"]);
    let first = {
        let shipper = scene.shipper();
        let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
        let mut progress = shipper.progress(&claim, &dest).unwrap();
        let first = progress.seal(set(0..3), NOW_S + 1).unwrap().unwrap();
        assert_eq!(progress.seal(set(0..3), NOW_S + 2).unwrap(), None);
        first
    };
    scene.append_all(&["five"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S + 50, &[]).unwrap().claims.remove(0);
    let mut progress = shipper.progress(&claim, &dest).unwrap();
    assert_eq!((progress.origin(), progress.batches()), (Origin::Resumed, &[first.clone()][..]));
    assert_eq!(first.sealed_at_s(), NOW_S + 1);
    // Too large: in halves.
    let (head, tail) = first.lines().halves();
    progress.release(first.number()).unwrap();
    progress.seal(head, NOW_S + 51).unwrap();
    progress.seal(tail, NOW_S + 51).unwrap();
    let lines: Vec<_> = progress.batches().iter().map(|b| b.lines().to_string()).collect();
    assert_eq!(lines, ["0-1", "2"]);
    assert_eq!(claim.progress(&dest).unwrap().batches(), progress.batches(), "and on disk");
}

#[test]
fn a_corrupt_progress_starts_over_alone_and_a_failed_write_changes_nothing() {
    let scene = Scene::new();
    let (a, b) = (destination("a"), destination("b"));
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    settle_all(&shipper, &claim, &a);
    settle_all(&shipper, &claim, &b);
    let path = scene.folder.join(format!("events.{}.a.progress", claim.name()));
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 5]).unwrap();
    assert_eq!(shipper.progress(&claim, &a).unwrap().origin(), Origin::StartedOver);
    assert_eq!(claim.waiting(std::slice::from_ref(&a)).unwrap(), 2);
    assert_eq!(claim.waiting(std::slice::from_ref(&b)).unwrap(), 0);
    let mut progress = shipper.progress(&claim, &a).unwrap();
    fs::create_dir(scene.folder.join(format!("events.{}.a.progress.new", claim.name()))).unwrap();
    assert!(progress.seal(set(0..2), NOW_S).is_err());
    assert!(progress.batches().is_empty(), "what is not on disk is not sealed");
}

#[test]
fn clearing_drops_everything_and_creates_nothing_where_there_is_nothing() {
    let scene = Scene::new();
    assert_eq!(scene.queue.clear(&scene.state, Duration::ZERO).unwrap(), 0);
    assert!(!scene.folder.exists(), "nothing is created");
    scene.append_all(&["one", "two"]);
    {
        let shipper = scene.shipper();
        let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
        settle_all(&shipper, &claim, &destination("a"));
        let error = scene.queue.clear(&scene.state, Duration::ZERO).unwrap_err();
        assert!(matches!(error, ShipError::Held { .. }), "not while a shipper works");
    }
    scene.append_all(&["three"]);
    fs::write(scene.folder.join("events.side-1.jsonl"), "four\nhalf").unwrap();
    fs::write(scene.folder.join("events.side-3.jsonl"), "").unwrap();
    assert_eq!(scene.queue.clear(&scene.state, Duration::ZERO).unwrap(), 4);
    assert!(scene.names().is_empty(), "{:?}", scene.names());
    scene.append_all(&["five"]);
    assert_eq!(scene.waiting(), ["five"]);
}

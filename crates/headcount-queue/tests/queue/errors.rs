//! What a caller can tell apart: a busy lock, a damaged file and, in `full.rs`,
//! a full disk.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use headcount_queue::{AppendError, Origin, QueueError, ShipError};

use crate::scene::{NOW_S, Scene, destination, settle_all};

/// Whether the disk is full, a lock is busy, a file is damaged.
type Told = [bool; 3];

const BUSY: Told = [false, true, false];
const DAMAGED: Told = [false, false, true];

fn told_append(error: &AppendError) -> Told {
    [error.is_storage_full(), error.is_busy(), error.is_damaged()]
}

fn told_ship(error: &ShipError) -> Told {
    [error.is_storage_full(), error.is_busy(), error.is_damaged()]
}

fn told(error: &QueueError) -> Told {
    [error.is_storage_full(), error.is_busy(), error.is_damaged()]
}

fn lock(path: &Path) -> fs::File {
    let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.lock().unwrap();
    file
}

#[test]
fn a_busy_lock() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    let sides = (0..4).map(|number| scene.folder.join(format!("events.side-{number}.jsonl")));
    let segments: Vec<_> = sides.chain([scene.segment().to_path_buf()]).collect();
    let locks: Vec<_> = segments.iter().map(|path| lock(path)).collect();
    let error = scene.queue.append("two").unwrap_err();
    assert_eq!(told_append(&error), BUSY, "{error}");
    assert!(!error.is_full() && !error.is_invalid_line());

    let shipper = scene.shipper();
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert!(!claimed.problems.is_empty());
    for problem in &claimed.problems {
        assert_eq!(told(problem), BUSY, "{problem}");
    }
    drop(locks);

    let error = scene.queue.shipper(&scene.state, Duration::ZERO).unwrap_err();
    assert_eq!(told_ship(&error), BUSY, "{error}");
    assert!(error.source().is_none());
}

#[test]
fn a_folder_in_the_place_of_a_file() {
    let scene = Scene::new();
    fs::create_dir_all(scene.segment()).unwrap();
    let error = scene.queue.append("one").unwrap_err();
    assert_eq!(told_append(&error), DAMAGED, "{error}");
    let source = error.source().and_then(|source| source.downcast_ref::<QueueError>());
    assert_eq!(source.map(QueueError::path), Some(scene.segment()));

    fs::create_dir_all(scene.state.join("events.lock")).unwrap();
    let error = scene.queue.shipper(&scene.state, Duration::ZERO).unwrap_err();
    assert_eq!(told_ship(&error), DAMAGED, "{error}");
}

/// Damaged content is no error: what is left of it is shipped, and the loss is
/// counted.
#[test]
fn a_file_whose_content_is_damaged() {
    let scene = Scene::new();
    let dest = destination("a");
    scene.write_segment(b"one\n\xff\xfe\ntwo\n");
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    let mut lines = claim.lines().unwrap();
    assert_eq!(lines.by_ref().map(|line| line.unwrap().text).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(lines.skipped().total(), 1);

    settle_all(&shipper, &claim, &dest);
    let path = scene.folder.join(format!("events.{}.a.progress", claim.name()));
    fs::write(&path, "headcount-queue progress 1\nnext").unwrap();
    assert_eq!(claim.progress(&dest).unwrap().origin(), Origin::StartedOver);
}

#[test]
fn a_line_that_can_never_be_appended() {
    let scene = Scene::new();
    for line in ["", "a\nb", "a\u{18}"] {
        let error = scene.queue.append(line).unwrap_err();
        assert!(error.is_invalid_line() && !error.is_full(), "{error}");
        assert_eq!(told_append(&error), [false; 3]);
    }
}

//! A store whose file goes away under it.

use std::fs;
use std::path::{Path, PathBuf};

use headcount_testkit::Home;

use super::{EmbeddedStore, append, commit, outside, total};
use crate::RowStatus::{Duplicate, Stored};
use crate::contract::StoreFixture;
use crate::{Store, StoreError};

fn says_gone(error: &StoreError, file: &Path) {
    let message = error.to_string();
    assert!(message.contains("removed or replaced"), "{message}");
    assert!(message.contains("start it again"), "{message}");
    assert_eq!(error.path(), Some(file), "{message}");
}

/// Does something to a file of an open store: neither commits nor questions go
/// on, and what was acknowledged is there once the file is back.
#[cfg(unix)]
fn gone(name: &str, remove: impl Fn(&Path)) {
    let home = Home::new();
    let data = home.path().join("data");
    let store = EmbeddedStore::open(&data).unwrap();
    append(&store, &commit([1, 2])).unwrap();
    store.health().unwrap();
    let kept = home.path().join("kept");
    let keep = |from: PathBuf, to: PathBuf| fs::hard_link(from, to).unwrap();
    fs::create_dir(&kept).unwrap();
    for file in ["headcount.db", "headcount.db-wal"] {
        keep(data.join(file), kept.join(file));
    }
    remove(&data);
    says_gone(&store.health().unwrap_err(), &data.join(name));
    says_gone(&store.append(&commit([3])).unwrap_err(), &data.join(name));
    // The same files come back, as a mount that was lost.
    let _ = fs::remove_dir_all(&data);
    fs::rename(&kept, &data).unwrap();
    store.health().unwrap();
    assert_eq!(append(&store, &commit([2, 3])).unwrap(), [Duplicate, Stored]);
    assert_eq!(total(&store), 3);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_removed_is_noticed() {
    gone("headcount.db", |data| fs::remove_dir_all(data).unwrap());
}

#[cfg(unix)]
#[test]
fn a_file_that_is_removed_is_noticed() {
    gone("headcount.db", |data| fs::remove_file(data.join("headcount.db")).unwrap());
}

#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_is_noticed() {
    gone("headcount.db", |data| {
        let file = data.join("headcount.db");
        fs::copy(&file, data.join("copy")).unwrap();
        fs::rename(data.join("copy"), &file).unwrap();
    });
}

/// Without its log, everything since the last checkpoint is gone.
#[cfg(unix)]
#[test]
fn a_log_that_is_removed_is_noticed() {
    gone("headcount.db-wal", |data| fs::remove_file(data.join("headcount.db-wal")).unwrap());
}

#[cfg(unix)]
#[test]
fn a_file_that_is_moved_away_is_noticed() {
    gone("headcount.db", |data| {
        fs::rename(data.join("headcount.db"), data.join("headcount.db.bak")).unwrap();
    });
}

#[test]
fn a_lost_writer_is_healthy_if_it_can_be_opened_again() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    append(&store, &commit([1])).unwrap();
    *store.open.writer.lock().unwrap() = None;
    store.health().unwrap();
    assert!(store.open.writer.lock().unwrap().is_some());
    *store.open.writer.lock().unwrap() = None;
    outside(home.path()).execute_batch("UPDATE block SET rows = 7").unwrap();
    let error = store.health().unwrap_err();
    assert!(error.is_damaged(), "{error}");
    assert!(store.append(&commit([2])).is_err());
}

/// A commit that fails for a reason that passes leaves the store healthy.
#[test]
fn a_failed_commit_is_not_bad_health() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    StoreFixture::break_commits(&home);
    append(&store, &commit([1])).unwrap_err();
    store.health().unwrap();
    StoreFixture::mend_commits(&home);
    assert_eq!(append(&store, &commit([1])).unwrap(), [Stored]);
}

//! Files that another program has open on Windows, for a moment or for ever, as
//! virus scanners, indexers, backups and editors do.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use headcount::{Catalog, Paths, person};
use headcount_testkit::Home;

use crate::scene::{self, Said, Taken};

/// What the holder lets others do: nothing, read, or read and write but not
/// remove (FILE_SHARE_READ is 1, FILE_SHARE_WRITE is 2).
const SHARES: [u32; 3] = [0, 1, 3];

/// A command waits 1.5 seconds for one file and 4 for all, and Wine is slow.
const OF_A_COMMAND: Duration = Duration::from_secs(8);

fn product() -> &'static Catalog {
    scene::catalog(&scene::text_of("atomcode"))
}

fn event(catalog: &'static Catalog) -> Said {
    Said::new(catalog, "open_atomcode", &[])
}

fn say(catalog: &'static Catalog, home: &Home, word: &str) -> person::Reply {
    person::run(&scene::open(catalog, home), &[word.to_owned()])
}

/// A home in which somebody said yes and an event waits.
fn used(catalog: &'static Catalog) -> Home {
    let home = Home::new();
    let reply = say(catalog, &home, "on");
    assert_eq!(reply.code, 0, "{}", reply.err);
    scene::open(catalog, &home).try_record(&event(catalog)).unwrap();
    home
}

fn files(paths: &Paths) -> Vec<PathBuf> {
    let state_folder = paths.state.with_extension("");
    let mut files = vec![
        paths.settings.clone(),
        paths.state.clone(),
        paths.queue.clone(),
        state_folder.join("agreed.json"),
        state_folder.join("change.lock"),
    ];
    files.extend(paths.id.clone());
    files
}

/// Opens a file, made if it is missing, as the other program does.
fn hold(path: &Path, share: u32) -> File {
    let mut options = OpenOptions::new();
    options.read(true).write(!path.exists()).create(!path.exists()).truncate(false);
    options.share_mode(share).open(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// Every file, and what the holder of it shares.
fn each(check: impl Fn(&'static Catalog, &Home, &Path, u32)) {
    let catalog = product();
    let count = files(&scene::paths(catalog, &Home::new())).len();
    for number in 0..count {
        for share in SHARES {
            let home = used(catalog);
            let path = files(&scene::paths(catalog, &home)).remove(number);
            check(catalog, &home, &path, share);
        }
    }
}

fn what(path: &Path, share: u32) -> String {
    format!("{} held, share {share}", path.display())
}

#[test]
fn a_no_is_kept_whatever_is_held() {
    each(|catalog, home, path, share| {
        let held = hold(path, share);
        let started = Instant::now();
        let reply = say(catalog, home, "off");
        let what = format!("{}: {} {}", what(path, share), reply.out, reply.err);
        assert!(started.elapsed() < OF_A_COMMAND, "{what}: {:?}", started.elapsed());
        assert!(reply.err.lines().count() <= 1, "{what}");
        assert!(!scene::open(catalog, home).decision().is_on(), "{what}");
        drop(held);
        assert!(!scene::open(catalog, home).decision().is_on(), "{what}");
    });
}

#[test]
fn a_yes_is_whole_or_not_there() {
    each(|catalog, home, path, share| {
        assert_eq!(say(catalog, home, "off").code, 0);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let held = hold(path, share);
        let started = Instant::now();
        let reply = say(catalog, home, "on");
        let what = format!("{}: {} {}", what(path, share), reply.out, reply.err);
        assert!(started.elapsed() < OF_A_COMMAND, "{what}: {:?}", started.elapsed());
        drop(held);
        let is_on = scene::open(catalog, home).decision().is_on();
        // What we made to be held may itself be what is not usable.
        assert!(is_on == (reply.code == 0) || fs::metadata(path).unwrap().len() == 0, "{what}");
    });
}

/// It is told by the commands that came before, so it is off or on; it is never
/// slow.
#[test]
fn a_host_does_not_wait_and_records_again_afterwards() {
    each(|catalog, home, path, share| {
        let held = hold(path, share);
        let started = Instant::now();
        let session = scene::open(catalog, home);
        let recorded = session.try_record(&event(catalog));
        drop(session);
        let what = what(path, share);
        assert!(started.elapsed() < Duration::from_millis(500), "{what}: {:?}", started.elapsed());
        if share == 0 && path == scene::paths(catalog, home).settings {
            assert!(recorded.is_err_and(|error| error.is_off()), "{what}");
        }
        drop(held);
        scene::open(catalog, home).try_record(&event(catalog)).expect(&what);
    });
}

#[test]
fn what_cannot_be_removed_is_reported_and_what_can_is_gone() {
    for command in ["clear", "status", "inspect"] {
        each(|catalog, home, path, share| {
            let held = hold(path, share);
            let started = Instant::now();
            let reply = say(catalog, home, command);
            let what = format!("{command}, {}: {} {}", what(path, share), reply.out, reply.err);
            assert!(started.elapsed() < OF_A_COMMAND, "{what}: {:?}", started.elapsed());
            drop(held);
            if command == "clear" {
                let left = scene::queued(catalog, home);
                assert!(left.is_empty() || reply.code != 0, "{what}: {left:?}");
                // A second try, once nobody holds it.
                let reply = say(catalog, home, command);
                assert_eq!((reply.code, scene::queued(catalog, home).len()), (0, 0), "{what}");
            } else if command == "status" {
                assert_eq!(reply.code, 0, "{what}");
            }
        });
    }
}

#[test]
fn a_shipper_ends_and_loses_nothing() {
    each(|catalog, home, path, share| {
        let held = hold(path, share);
        let started = Instant::now();
        let first = Taken::default();
        scene::open(catalog, home).flush(&first);
        let what = what(path, share);
        assert!(started.elapsed() < OF_A_COMMAND, "{what}: {:?}", started.elapsed());
        drop(held);
        let second = Taken::default();
        scene::open(catalog, home).flush(&second);
        let sent = first.requests().len() + second.requests().len();
        assert!(sent > 0, "{what}");
        assert!(scene::queued(catalog, home).is_empty(), "{what}");
    });
}

/// For less than a command waits.
#[test]
fn who_holds_a_file_for_a_moment_is_waited_for() {
    for command in ["off", "on", "clear"] {
        each(|catalog, home, path, share| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let held = hold(path, share);
            let is_ours = fs::metadata(path).unwrap().len() == 0;
            thread::scope(|scope| {
                scope.spawn(|| {
                    thread::sleep(Duration::from_millis(300));
                    drop(held);
                });
                let session = scene::open(catalog, home);
                let reply = person::run(&session, &[command.to_owned()]);
                let what = format!("{command}, {}: {}", what(path, share), reply.err);
                assert!(reply.code == 0 || is_ours, "{what}");
            });
        });
    }
}

/// Opens each new file below a folder for a while, and lets nobody else in.
fn scan(folder: &Path, time: Duration, is_over: &AtomicBool) {
    let mut known = BTreeSet::new();
    thread::scope(|scope| {
        while !is_over.load(Ordering::SeqCst) {
            let mut folders = vec![folder.to_path_buf()];
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                    let path = entry.path();
                    if path.is_dir() {
                        folders.push(path);
                    } else if known.insert(path.clone()) {
                        let file = OpenOptions::new().read(true).share_mode(0).open(&path);
                        scope.spawn(move || {
                            thread::sleep(time);
                            drop(file);
                        });
                    }
                }
            }
            thread::yield_now();
        }
    });
}

#[test]
fn a_virus_scanner_that_looks_at_every_new_file_for_a_second_is_endured() {
    let catalog = product();
    for time in [Duration::from_millis(50), Duration::from_secs(1)] {
        let home = Home::new();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| scan(home.path(), time, &is_over));
            for word in ["on", "off", "on", "clear", "off"] {
                let reply = say(catalog, &home, word);
                let is_on = scene::open(catalog, &home).decision().is_on();
                if reply.code != 0 || (word == "off" && is_on) {
                    is_over.store(true, Ordering::SeqCst);
                    panic!("{time:?}, {word}: {} {}", reply.out, reply.err);
                }
                // It may lose its event, and never waits.
                let _ = scene::open(catalog, &home).try_record(&event(catalog));
            }
            is_over.store(true, Ordering::SeqCst);
        });
        assert!(!scene::open(catalog, &home).decision().is_on());
        let left: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
        assert!(!left.iter().any(|path| path.contains("before-")), "{left:?}");
    }
}

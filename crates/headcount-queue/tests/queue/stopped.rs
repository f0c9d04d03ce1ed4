//! Processes that are stopped while they hold a lock: no other process waits
//! for them.
//!
//! The test program starts itself again to take a lock, reports that on its
//! output, and is stopped.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use headcount_queue::{AppendError, Appended};

use crate::scene::{NOW_S, Scene, texts};

/// `shared` or `exclusive`, and the file.
const HOLD: &str = "HEADCOUNT_QUEUE_TEST_HOLD";

/// Not a test: what the child processes of the tests below do.
#[test]
fn child() {
    let Ok(hold) = std::env::var(HOLD) else { return };
    let (kind, path) = hold.split_once(' ').unwrap();
    let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    match kind {
        "shared" => file.lock_shared().unwrap(),
        _ => file.lock().unwrap(),
    }
    println!("held");
    loop {
        std::thread::park();
    }
}

/// A stopped process that holds a lock; killed at the end.
struct Stopped(Child);

impl Stopped {
    fn holding(kind: &str, path: &Path) -> Stopped {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "stopped::child", "--nocapture"])
            .env(HOLD, format!("{kind} {}", path.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        assert!(output.lines().any(|line| line.unwrap().ends_with("held")));
        let stop = Command::new("kill").args(["-STOP", &child.id().to_string()]).status();
        assert!(stop.unwrap().success());
        Stopped(child)
    }

    fn end(self) {}
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The fastest of some appends, so that a busy machine is not taken for a held
/// lock.
fn fastest(scene: &Scene, expected: Appended) -> Duration {
    let append = |_| {
        let started = Instant::now();
        assert_eq!(scene.queue.append("x").unwrap(), expected);
        started.elapsed()
    };
    (0..20).map(append).min().unwrap()
}

#[test]
fn while_a_stopped_program_holds_the_exclusive_lock_writers_use_a_side_segment() {
    let scene = Scene::new();
    scene.append_all(&["before"]);
    let stopped = Stopped::holding("exclusive", scene.segment());
    let fastest = fastest(&scene, Appended::Side);
    assert!(fastest < Duration::from_millis(5), "{fastest:?}");
    // The side segment is shipped meanwhile; what is locked is not lost.
    let shipper = scene.shipper();
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert_eq!(claimed.claims.iter().flat_map(texts).collect::<Vec<_>>(), ["x"; 20]);
    assert_eq!(claimed.problems.len(), 1);
    assert_eq!(claimed.problems[0].kind(), Some(ErrorKind::WouldBlock));
    stopped.end();
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert_eq!((claimed.claims.len(), claimed.problems.len()), (2, 0));
    assert!(claimed.claims.iter().any(|claim| texts(claim) == ["before"]));
}

#[test]
fn a_stopped_writer_delays_neither_writers_nor_what_they_write_after_the_next_claim() {
    let scene = Scene::new();
    scene.append_all(&["before"]);
    let stopped = Stopped::holding("shared", scene.segment());
    let first = fastest(&scene, Appended::Open);
    assert!(first < Duration::from_millis(1), "{first:?}");
    let shipper = scene.shipper();
    let claimed = shipper.claim(NOW_S, &[]).unwrap();
    assert_eq!((claimed.claims.len(), claimed.problems.len()), (0, 1), "its segment must wait");
    // The segment has its new name, so the stopped process does not disturb
    // anybody.
    assert!(fastest(&scene, Appended::Open) < Duration::from_millis(1));
    let claimed = shipper.claim(NOW_S + 1, &[]).unwrap();
    assert_eq!((claimed.claims.len(), claimed.problems.len()), (1, 1));
    assert_eq!(texts(&claimed.claims[0]), ["x"; 20]);
    stopped.end();
    let claimed = shipper.claim(NOW_S + 2, &[]).unwrap();
    assert_eq!((claimed.claims.len(), claimed.problems.len()), (2, 0));
    assert_eq!(texts(&claimed.claims[0]).len(), 21);
}

#[test]
fn if_every_segment_is_locked_a_writer_gives_up_at_once() {
    let scene = Scene::new();
    scene.append_all(&["before"]);
    let hold = |path: &Path| {
        let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.lock().unwrap();
        file
    };
    let side = |number| scene.folder.join(format!("events.side-{number}.jsonl"));
    let mut held: Vec<File> = (0..4).map(|number| hold(&side(number))).collect();
    held.push(hold(scene.segment()));
    let error = scene.queue.append("x").unwrap_err();
    assert!(matches!(error, AppendError::Busy), "{error}");
    held.remove(2);
    assert_eq!(scene.queue.append("x").unwrap(), Appended::Side);
}

#[test]
fn a_stopped_shipper_keeps_the_ship_lock_until_it_ends() {
    let scene = Scene::new();
    drop(scene.shipper());
    let stopped = Stopped::holding("exclusive", &scene.state.join("events.lock"));
    assert!(scene.queue.shipper(&scene.state, Duration::ZERO).is_err());
    scene.append_all(&["meanwhile"]);
    stopped.end();
    assert_eq!(scene.shipper().claim(NOW_S, &[]).unwrap().claims.len(), 1);
}

/// A no does not wait for a process that holds the lock and never ends.
#[test]
fn everything_can_be_dropped_although_a_stopped_process_holds_the_ship_lock() {
    let scene = Scene::new();
    scene.append_all(&["claimed", "too"]);
    let shipper = scene.shipper();
    let destination = crate::scene::destination("one");
    shipper.claim(NOW_S, std::slice::from_ref(&destination)).unwrap();
    drop(shipper);
    let _stopped = Stopped::holding("exclusive", &scene.state.join("events.lock"));
    scene.append_all(&["open"]);
    let held = scene.queue.clear(&scene.state, Duration::ZERO).unwrap_err();
    assert!(held.is_busy(), "{held}");
    assert_eq!(scene.queue.clear_without_lock().unwrap(), 3);
    assert_eq!(scene.names(), Vec::<String>::new());
    assert_eq!(scene.queue.clear_without_lock().unwrap(), 0);
}

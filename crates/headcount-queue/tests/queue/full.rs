//! A full disk, and a limit on the size of files. Neither kills a host, and
//! what waits can still be dropped.
//!
//! The test program starts itself again with such a limit. A variable says what
//! to do.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use headcount_queue::{AppendError, Bounds, DropReason, Queue};

use crate::scene::{DAY_S, NOW_S, Scene, destination, texts};

/// What to do, and the folder.
const ROLE: &str = "HEADCOUNT_QUEUE_TEST_FULL";

/// 40 blocks of 512 or, in some shells, 1,024 bytes.
const LIMIT: &str = "ulimit -f 40; exec \"$0\" \"$@\"";
const LIMIT_BYTES: u64 = 40 * 1024;

/// Not a test: what the child processes of the tests below do.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let (role, folder) = role.split_once(' ').unwrap();
    let folder = Path::new(folder);
    let queue = Queue::new(&folder.join("events.jsonl"), Bounds::USUAL).unwrap();
    let lines = (0..).map(line);
    let refused = || lines.clone().find_map(|line| queue.append(&line).err()).unwrap();
    match role {
        "limited" => {
            let error = refused();
            assert!(error.is_full() && !error.is_storage_full(), "{error}");
        }
        "forbidden" => forbidden(&queue, folder),
        "torn" => {
            queue.append("before the limit").unwrap();
            limit_files();
            let error = refused();
            assert!(
                matches!(error, AppendError::Short { .. }) && error.is_storage_full(),
                "{error}"
            );
        }
        "disk" => full_disk(&queue, folder),
        other => panic!("no such role: {other}"),
    }
}

fn line(n: usize) -> String {
    format!("{n} {}.", "x".repeat(n * 37 % 300))
}

/// Starts a child process from a shell.
fn start(shell: &mut Command, role: &str, folder: &Path) -> Option<i32> {
    shell.arg(std::env::current_exe().unwrap()).args(["--exact", "full::child", "--nocapture"]);
    shell.env(ROLE, format!("{role} {}", folder.display())).stdout(Stdio::null());
    shell.status().unwrap().code()
}

fn limited(limit: &str, role: &str, scene: &Scene) -> Option<i32> {
    start(Command::new("sh").args(["-c", limit]), role, &scene.folder)
}

#[test]
fn a_limit_on_the_size_of_files_makes_the_queue_full_and_does_not_kill_the_host() {
    let scene = Scene::new();
    assert_eq!(limited(LIMIT, "limited", &scene), Some(0));
    let bytes = fs::read(scene.segment()).unwrap();
    assert_eq!(bytes.last(), Some(&b'\n'), "no line is torn");
    let lines: Vec<_> = (0..scene.waiting().len()).map(line).collect();
    assert_eq!(scene.waiting(), lines);
    assert!((LIMIT_BYTES / 8..=LIMIT_BYTES / 2).contains(&(bytes.len() as u64)), "{}", bytes.len());
    // A host without that limit can still append.
    scene.append_all(&["one more"]);
}

#[test]
fn a_shipper_that_may_not_write_to_files_can_claim_and_clear() {
    let scene = Scene::new();
    scene.append_all(&["one", "two"]);
    assert_eq!(limited("ulimit -f 0; exec \"$0\" \"$@\"", "forbidden", &scene), Some(0));
    assert!(scene.names().is_empty(), "{:?}", scene.names());
}

fn forbidden(queue: &Queue, folder: &Path) {
    assert!(queue.append("three").unwrap_err().is_full());
    let shipper = queue.shipper(&folder.join("telemetry-state"), Duration::ZERO).unwrap();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    let mut progress = shipper.progress(&claim, &destination("a")).unwrap();
    let error = progress.seal((0..2).collect(), NOW_S).unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::FileTooLarge), "{error}");
    assert_eq!(shipper.clear().unwrap(), 2);
}

#[test]
fn a_line_that_is_taken_in_part_tears_no_neighbour() {
    let scene = Scene::new();
    // The line that crosses the limit is cut, and the signal is ignored.
    assert_eq!(limited("trap '' XFSZ; exec \"$0\" \"$@\"", "torn", &scene), Some(0));
    let bytes = fs::read(scene.segment()).unwrap();
    assert_ne!(bytes.last(), Some(&b'\n'), "a part of the last line was taken");
    let whole = bytes.iter().filter(|byte| **byte == b'\n').count();
    scene.append_all(&["behind it"]);
    let claim = scene.shipper().claim(NOW_S, &[]).unwrap().claims.remove(0);
    let mut expected = vec!["before the limit".to_owned()];
    expected.extend((0..whole - 1).map(line));
    expected.push("behind it".to_owned());
    assert_eq!(texts(&claim), expected);
    let mut lines = claim.lines().unwrap();
    lines.by_ref().for_each(drop);
    assert_eq!((lines.skipped().total(), lines.skipped().of(DropReason::Torn)), (1, 1));
}

/// Lowers the limit of this process, after the queue has read it.
fn limit_files() {
    let limit = libc::rlimit { rlim_cur: 40 * 1024, rlim_max: 40 * 1024 };
    // SAFETY: the pointer is valid for reads of an `rlimit` during the call.
    #[expect(unsafe_code, reason = "std has no function for it")]
    let done = unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) };
    assert_eq!(done, 0);
}

/// The exit code of a child that may not mount a disk.
const MAY_NOT: i32 = 77;

#[test]
fn on_a_full_disk_the_bounds_are_kept_and_everything_can_be_dropped() {
    if !cfg!(target_os = "linux") {
        println!("skipped: only Linux can mount a small disk for a test");
        return;
    }
    let scene = Scene::new();
    fs::create_dir_all(&scene.folder).unwrap();
    let mount = format!(
        "mount -t tmpfs -o size=64k headcount '{}' || exit {MAY_NOT}; exec \"$0\" \"$@\"",
        scene.folder.display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &mount]);
    if Command::new("unshare").arg("--version").output().is_err() {
        println!("skipped: there is no unshare(1) to mount a small disk with");
        return;
    }
    match start(&mut command, "disk", &scene.folder) {
        // unshare(1) exits with 1 if the system forbids it.
        Some(MAY_NOT | 1) => println!("skipped: this user may not mount a small disk"),
        code => assert_eq!(code, Some(0)),
    }
}

fn full_disk(queue: &Queue, folder: &Path) {
    let (state, now_s) = (folder.join("telemetry-state"), NOW_S + 31 * DAY_S);
    let fill = || {
        let mut file =
            OpenOptions::new().append(true).create(true).open(folder.join("full")).unwrap();
        while file.write(&[0]).is_ok_and(|taken| taken > 0) {}
        let refused = (0..).map(line).find_map(|line| queue.append(&line).err()).unwrap();
        assert!(refused.is_storage_full(), "{refused}");
        assert!(!refused.is_full() && !refused.is_busy() && !refused.is_damaged(), "{refused}");
    };
    let ship = || queue.shipper(&state, Duration::ZERO).unwrap();
    queue.append("one").unwrap();
    fill();
    let claims = ship().claim(NOW_S, &[]).unwrap().claims;
    assert_eq!(texts(&claims[0])[0], "one", "a claim needs no space");
    let mut lines = claims[0].count().unwrap();
    let error =
        ship().progress(&claims[0], &destination("a")).unwrap().seal([0].into_iter().collect(), 9);
    let error = error.unwrap_err();
    assert!(error.is_storage_full() && !error.is_busy(), "nothing is sealed: {error}");
    let kept = ship().claim(now_s, &[]).unwrap();
    assert_eq!((kept.drops.of(DropReason::OverAge), kept.claims.len()), (lines, 0));
    queue.append("two").unwrap();
    fill();
    lines = queue.waiting().unwrap().lines;
    assert!(lines > 0);
    assert_eq!(queue.clear(&state, Duration::ZERO).unwrap(), lines);
    assert_eq!(queue.waiting().unwrap().bytes, 0);
}

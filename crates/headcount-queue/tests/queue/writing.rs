//! Appending: what is accepted, what is refused, and what can prevent it.

use std::fs;

use headcount_queue::{AppendError, Appended, Bounds, DropReason, MAX_LINE_BYTES, Queue};

use crate::scene::{NOW_S, Scene};

#[test]
fn a_line_is_on_disk_with_its_newline_when_append_returns() {
    let scene = Scene::new();
    assert!(scene.names().is_empty(), "a queue that is not used creates nothing");
    assert_eq!(scene.queue.append("one").unwrap(), Appended::Open);
    assert_eq!(scene.queue.append("zwei: ü").unwrap(), Appended::Open);
    assert_eq!(fs::read_to_string(scene.segment()).unwrap(), "one\nzwei: ü\n");
    assert_eq!(scene.names(), ["events.jsonl"]);
}

#[test]
fn an_invalid_line_is_refused_and_creates_nothing() {
    let scene = Scene::new();
    let refused = |line: &str| scene.queue.append(line).unwrap_err();
    assert!(matches!(refused(""), AppendError::Empty));
    assert!(matches!(refused("a\nb"), AppendError::Control));
    assert!(matches!(refused("a\n"), AppendError::Control));
    assert!(matches!(refused("a\u{18}"), AppendError::Control));
    let long = "x".repeat(MAX_LINE_BYTES + 1);
    assert!(matches!(refused(&long), AppendError::TooLong { .. }));
    assert!(scene.names().is_empty());
    scene.queue.append(&long[1..]).unwrap();
    assert_eq!(scene.waiting(), [&long[1..]]);
}

#[test]
fn a_full_segment_refuses_until_it_is_claimed() {
    let scene = Scene::with(Bounds { bytes: 3_200, ..Bounds::USUAL });
    let line = "x".repeat(99);
    for _ in 0..8 {
        scene.queue.append(&line).unwrap();
    }
    // A quarter of 3,200 bytes is 8 lines of 100.
    let full = scene.queue.append(&line).unwrap_err();
    assert!(matches!(full, AppendError::Full { bytes: 800 }), "{full}");
    assert_eq!(scene.names(), ["events.jsonl"], "a side segment does not help");
    scene.shipper().claim(NOW_S, &[]).unwrap();
    scene.queue.append(&line).unwrap();
}

#[test]
fn a_torn_line_is_counted_and_damages_no_other() {
    let scene = Scene::new();
    scene.write_segment(b"one\n{\"tor");
    scene.append_all(&["two", "three"]);
    let claims = scene.shipper().claim(NOW_S, &[]).unwrap().claims;
    let mut lines = claims[0].lines().unwrap();
    let read: Vec<_> = lines.by_ref().map(|line| line.unwrap().text).collect();
    assert_eq!(read, ["one", "two", "three"]);
    assert_eq!(lines.skipped().of(DropReason::Torn), 1);
}

#[test]
fn an_existing_folder_keeps_its_other_files() {
    let scene = Scene::new();
    fs::create_dir_all(&scene.folder).unwrap();
    let others = ["telemetry.json", "events.jsonl.bak", "events.backup.jsonl"];
    for other in others {
        fs::write(scene.folder.join(other), "not ours").unwrap();
    }
    scene.append_all(&["one"]);
    let shipper = scene.shipper();
    shipper.claim(NOW_S, &[]).unwrap();
    shipper.clear().unwrap();
    let mut left = others;
    left.sort_unstable();
    assert_eq!(scene.names(), left);
}

#[test]
fn a_removed_folder_is_made_again() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    fs::remove_dir_all(&scene.folder).unwrap();
    scene.append_all(&["two"]);
    assert_eq!(scene.waiting(), ["two"]);
}

#[test]
fn a_path_without_a_file_name_is_an_error() {
    let error = Queue::new("/".as_ref(), Bounds::USUAL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot use /: the path has no file name; use the path of another file"
    );
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::scene::texts;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn what_is_created_is_for_its_owner_only() {
        let scene = Scene::new();
        scene.append_all(&["one"]);
        assert_eq!(mode(&scene.folder), 0o700);
        assert_eq!(mode(scene.folder.parent().unwrap()), 0o700);
        assert_eq!(mode(scene.segment()), 0o600);
        fs::set_permissions(&scene.folder, fs::Permissions::from_mode(0o755)).unwrap();
        scene.append_all(&["two"]);
        assert_eq!(mode(&scene.folder), 0o755, "an existing folder is not changed");
        let claims = scene.shipper().claim(NOW_S, &[]).unwrap().claims;
        assert_eq!(texts(&claims[0]), ["one", "two"]);
        let claim = scene.names().into_iter().next().unwrap();
        assert_eq!(mode(&scene.folder.join(claim)), 0o400);
        assert_eq!(mode(&scene.state), 0o700);
        assert_eq!(mode(&scene.state.join("events.lock")), 0o600);
    }

    #[test]
    fn what_is_not_a_regular_file_is_an_error_and_never_waited_for() {
        let scene = Scene::new();
        fs::create_dir_all(&scene.folder).unwrap();
        let target = scene.folder.join("target");
        type Make<'a> = &'a dyn Fn(&Path);
        let obstacles: [(&str, Make<'_>); 4] = [
            ("a folder", &|path| fs::create_dir(path).unwrap()),
            ("a pipe", &|path| {
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            }),
            ("a symbolic link", &|path| symlink(&target, path).unwrap()),
            ("a socket or a device", &|path| drop(UnixListener::bind(path).unwrap())),
        ];
        for (kind, make) in obstacles {
            make(scene.segment());
            let error = scene.queue.append("one").unwrap_err().to_string();
            assert!(error.contains(scene.segment().to_str().unwrap()), "{error}");
            assert!(error.contains(&format!("it is {kind}, not a regular file")), "{error}");
            // The shipper leaves it, reports it, and ships the rest.
            fs::write(scene.folder.join("events.side-0.jsonl"), "aside\n").unwrap();
            let claimed = scene.shipper().claim(NOW_S, &[]).unwrap();
            assert_eq!(claimed.claims.iter().flat_map(texts).collect::<Vec<_>>(), ["aside"]);
            assert_eq!(claimed.problems.len(), 1, "{kind}");
            assert!(claimed.problems[0].to_string().contains("it is a "), "{kind}");
            assert!(!target.exists(), "nothing is made through a link");
            scene.shipper().claim(NOW_S + 31 * 86_400, &[]).unwrap();
            if scene.segment().is_dir() {
                fs::remove_dir(scene.segment()).unwrap();
            } else {
                fs::remove_file(scene.segment()).unwrap();
            }
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_sentence() {
        // Even root cannot write to these: a file in place of the folder, and
        // (on Linux) a file system without new files.
        let scene = Scene::new();
        fs::create_dir_all(scene.folder.parent().unwrap()).unwrap();
        fs::write(&scene.folder, "a file").unwrap();
        let error = scene.queue.append("one").unwrap_err().to_string();
        assert!(error.ends_with("move away the file that is in place of a folder"), "{error}");
        if cfg!(target_os = "linux") {
            let queue = Queue::new("/proc/events.jsonl".as_ref(), Bounds::USUAL).unwrap();
            let error = queue.append("one").unwrap_err().to_string();
            assert!(error.starts_with("cannot "), "{error}");
        }
    }

    /// The folder, in a process to which its mode applies.
    const READ_ONLY: &str = "HEADCOUNT_QUEUE_TEST_READ_ONLY";

    /// Not a test: what the child process of the next test does.
    #[test]
    fn child() {
        let Ok(folder) = std::env::var(READ_ONLY) else { return };
        let path = Path::new(&folder).join("events.jsonl");
        let error = Queue::new(&path, Bounds::USUAL).unwrap().append("one").unwrap_err();
        let sentence = error.to_string();
        assert!(sentence.contains("check the owner and the permissions"), "{sentence}");
    }

    #[test]
    fn a_read_only_folder_is_a_sentence() {
        let scene = Scene::new();
        fs::create_dir_all(&scene.folder).unwrap();
        let home = scene.folder.ancestors().nth(2).unwrap();
        for (path, mode) in [(home, 0o755), (&scene.folder, 0o555)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "writing::unix::child", "--nocapture"]);
        command.env(READ_ONLY, &scene.folder).current_dir("/");
        if fs::metadata(home).unwrap().uid() == 0 {
            // Root can write anywhere, so the child runs as the user `nobody`.
            command.uid(65_534).gid(65_534);
        }
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                println!(
                    "skipped: this is root, and the user `nobody` may not start the test program"
                );
            }
            output => {
                let output = output.unwrap();
                let said = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success() && said.contains("1 passed"), "{said}");
            }
        }
    }
}

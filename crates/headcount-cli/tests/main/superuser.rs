//! Commands that the superuser runs on the folder of the collector's user:
//! whatever they write is that user's. Only the superuser can try it; elsewhere
//! this test ends at once.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;

use headcount_testkit::Home;

use super::stage::{headcount, serve};

/// A user that nobody is.
const COLLECTOR: u32 = 54_321;

/// Everything below a folder, and the folder.
fn all(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![folder.to_path_buf()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all(&path)) } else { found.push(path) }
    }
    found
}

/// A folder of a collector that has run as another user; none if this user
/// cannot give files away.
fn folder_of_another_user() -> Option<Home> {
    let home = Home::new();
    let mut served = serve(&home);
    served.running.kill();
    let _ = served.running.wait();
    let given = |path: &Path| chown(path, Some(COLLECTOR), Some(COLLECTOR)).is_ok();
    all(&home.path().join("data")).iter().all(|path| given(path)).then_some(home)
}

#[track_caller]
fn run(home: &Home, args: &[&str], input: &str) {
    let output = headcount(home, args).args(["--data", "data"]).stdin(input).run();
    assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
}

#[test]
fn commands_of_the_superuser_leave_nothing_that_the_collector_cannot_use() {
    let Some(home) = folder_of_another_user() else { return };
    let password = "correct horse battery\n";
    run(&home, &["keys", "new", "clacky"], "");
    run(&home, &["keys", "new", "atomic"], "");
    run(&home, &["readers", "new", "maria"], password);
    run(&home, &["readers", "token", "maria"], "");
    run(&home, &["keys", "list"], "");
    run(&home, &["doctor"], "");
    run(&home, &["backup", "copy"], "");
    for folder in ["data", "copy"] {
        for path in all(&home.path().join(folder)) {
            let metadata = fs::metadata(&path).unwrap();
            let owner = (metadata.uid(), metadata.gid());
            assert_eq!(owner, (COLLECTOR, COLLECTOR), "{}", path.display());
            assert_eq!(metadata.mode() & 0o077, 0, "{}", path.display());
        }
    }
    let output = headcount(&home, &["doctor", "--data", "copy"]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
}

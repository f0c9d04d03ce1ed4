//! `install.sh`, run in a home of its own: the program, the data folder (§10),
//! and nothing more.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};

use crate::places::FOLDER;
use crate::stage::BINARY;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/install.sh");

fn install(home: &Home, args: &[&str]) -> ProgramOutput {
    let path = std::env::var("PATH").unwrap_or_default();
    let run = TestProgram::new("/bin/sh", home).args([SCRIPT]).args(args);
    run.env("PATH", &path).run()
}

fn installed(home: &Home, folder: &str) -> String {
    let binary = home.path().join(folder).join("atomic");
    assert_eq!(fs::metadata(&binary).expect("the program").permissions().mode() & 0o777, 0o755);
    let output = TestProgram::new(&binary, home).args(["telemetry", "status"]).run();
    output.stdout_text()
}

#[test]
fn a_binary_is_installed_and_the_data_folder_is_there_and_empty() {
    let home = Home::new();
    let output = install(&home, &["--from", BINARY]);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let status = installed(&home, ".local/bin");
    assert!(status.starts_with("Telemetry: DISABLED (reason: default)"), "{status}");
    let data = home.path().join(FOLDER);
    assert_eq!(fs::read_dir(&data).expect("the data folder").count(), 0);
    assert_eq!(fs::metadata(&data).expect("it").permissions().mode() & 0o777, 0o700);
    let said = output.stdout_text();
    for part in ["atomic init", "ATOMIC_TELEMETRY=0", "atomic telemetry off", "atomic uninstall"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // Again, over a telemetry that is on: nothing of it changes.
    let binary = home.path().join(".local/bin/atomic");
    assert_eq!(TestProgram::new(&binary, &home).args(["telemetry", "on"]).run().code(), Some(0));
    let before = crate::stage::files(&data);
    assert_eq!(install(&home, &["--from", BINARY]).code(), Some(0));
    assert_eq!(crate::stage::files(&data), before);
}

#[test]
fn a_no_can_be_given_before_anybody_is_asked() {
    let home = Home::new();
    let output = install(&home, &["--from", BINARY, "--to", "apps/it's", "--no-telemetry"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let status = installed(&home, "apps/it's");
    assert!(status.starts_with("Telemetry: DISABLED (reason: config:enabled=false)"), "{status}");
}

#[test]
fn the_data_folder_is_where_atomic_looks() {
    let home = Home::new();
    let run = |data: &str| {
        let run = TestProgram::new("/bin/sh", &home).args([SCRIPT, "--from", BINARY]);
        let path = std::env::var("PATH").unwrap_or_default();
        run.env("PATH", &path).env("XDG_DATA_HOME", data).run().code()
    };
    let moved = home.path().join("moved");
    assert_eq!(run(&moved.to_string_lossy()), Some(0));
    assert!(moved.join("atomic").is_dir() && !home.path().join(FOLDER).exists());
    // A relative one is another folder in each project, so Atomic ignores it.
    assert_eq!(run("relative"), Some(0));
    assert!(home.path().join(FOLDER).is_dir() && !home.path().join("relative").exists());
}

#[test]
fn what_cannot_be_installed_is_one_sentence_and_leaves_nothing() {
    for args in [
        &["--from", "/nowhere/atomic"][..],
        &["--from", "http://atomic.example/atomic"],
        &["--from"],
        &["--to"],
        &["--nonsense"],
    ] {
        let home = Home::new();
        let output = install(&home, args);
        let said = output.stderr_text();
        assert!(output.code() != Some(0) && said.lines().count() == 1, "{args:?}: {said}");
        assert!(said.starts_with("install.sh: "), "{said}");
        assert_eq!(home.tree(), [], "{args:?}");
    }
}

/// `-n` reads a script and runs nothing; the linter is used where it is.
#[test]
fn it_is_a_script_for_any_shell() {
    let home = Home::new();
    for shell in ["dash", "bash", "busybox", "shellcheck"] {
        let path = std::env::var("PATH").unwrap_or_default();
        let Some(shell) =
            std::env::split_paths(&path).map(|it| it.join(shell)).find(|it| it.is_file())
        else {
            println!("skipped {shell}: it is not on this machine");
            continue;
        };
        let args: &[&str] = match shell.file_name().and_then(|name| name.to_str()) {
            Some("busybox") => &["sh", "-n", SCRIPT],
            Some("shellcheck") => &["--shell=sh", SCRIPT],
            _ => &["-n", SCRIPT],
        };
        let output = TestProgram::new(&shell, &home).args(args).run();
        assert_eq!(output.code(), Some(0), "{}{}", output.stdout_text(), output.stderr_text());
    }
}

#[test]
fn it_can_only_refuse() {
    let script = fs::read_to_string(Path::new(SCRIPT)).expect("the script");
    for word in ["telemetry on", "telemetry local", "ATOMIC_TELEMETRY=1", "eval", "telemetry true"]
    {
        assert!(!script.contains(word), "{word}");
    }
    assert!(script.is_ascii());
}

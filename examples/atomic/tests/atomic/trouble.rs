//! Settings that cannot be read or written: the file as it was, one sentence
//! where the person asked, silence and zero where they did not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};

use crate::places::{AGREED, FOLDER, SETTINGS};

fn atomic(home: &Home, words: &[&str]) -> ProgramOutput {
    TestProgram::new(env!("CARGO_BIN_EXE_atomic"), home).args(words).run()
}

/// The same on a full disk: no file may grow, and the signal that would say so
/// is ignored, which leaves the error that a full disk gives.
fn atomic_on_a_full_disk(home: &Home, words: &str) -> ProgramOutput {
    let script = format!("trap '' XFSZ; ulimit -f 0; exec \"$0\" {words}");
    TestProgram::new("/bin/sh", home).args(["-c", &script, env!("CARGO_BIN_EXE_atomic")]).run()
}

fn is_one_sentence(output: &ProgramOutput, about: &Path, what: &str) {
    let text = output.stderr_text();
    assert_eq!((output.code(), output.stdout_text().as_str()), (Some(1), ""), "{what}: {text}");
    assert_eq!(text.lines().count(), 1, "{what}: {text}");
    assert!(text.contains(&*about.to_string_lossy()), "{what}: {text}");
}

fn is_silent(output: &ProgramOutput, what: &str) {
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""), "{what}");
}

#[test]
fn a_corrupt_file_is_left_as_it_is_by_yes_and_no() {
    for text in
        ["{", "{\"enabled\": tru", "[]", "null", "{\"enabled\": {\"a\": 1}}", "\u{feff}\u{feff}{}"]
    {
        let home = Home::new();
        let file = home.write(SETTINGS, text);
        for answer in ["on", "enable", "off", "local", "disable", "on"] {
            let output = atomic(&home, &["telemetry", answer]);
            match answer {
                "on" | "enable" => is_one_sentence(&output, &file, answer),
                // A no is kept beside it, and says what is wrong with it.
                _ => {
                    assert_eq!(output.code(), Some(0), "{answer}");
                    let said = output.stderr_text();
                    let (begins, path) = ("Your answer is kept", &*file.to_string_lossy());
                    assert!(said.starts_with(begins) && said.contains(path), "{answer}: {said}");
                }
            }
            assert_eq!(home.read(SETTINGS), text, "{answer}");
        }
        is_silent(&atomic(&home, &["update"]), text);
        let files = home.tree().into_iter().filter(|entry| !entry.path.ends_with('/'));
        let files: Vec<String> = files.map(|entry| entry.path).collect();
        let note = SETTINGS.replace("telemetry.json", "telemetry-state.json");
        assert_eq!(files, [note.as_str(), SETTINGS], "{text}");
    }
}

#[test]
fn a_folder_where_the_file_should_be_is_named() {
    let home = Home::new();
    let file = home.path().join(SETTINGS);
    fs::create_dir_all(&file).unwrap();
    is_one_sentence(&atomic(&home, &["telemetry", "on"]), &file, "on");
    let output = atomic(&home, &["telemetry", "off"]);
    let (said, path) = (output.stderr_text(), file.to_string_lossy().into_owned());
    assert_eq!((output.code(), said.lines().count()), (Some(0), 1), "{said}");
    assert!(said.starts_with("Your answer is kept") && said.contains(&path), "{said}");
    is_silent(&atomic(&home, &["update"]), "a folder");
    assert!(file.is_dir());
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    let home = Home::new();
    assert_eq!(atomic(&home, &["telemetry", "on"]).code(), Some(0));
    let before = home.read(SETTINGS);
    let file = home.path().join(SETTINGS);
    let output = atomic_on_a_full_disk(&home, "telemetry off");
    is_one_sentence(&output, &file, "full");
    assert!(output.stderr_text().contains("free some space"), "{}", output.stderr_text());
    assert_eq!(home.read(SETTINGS), before);
    is_silent(&atomic_on_a_full_disk(&home, "update"), "full");
    let temporary = home.tree().into_iter().any(|entry| entry.path.contains("/.telemetry"));
    assert!(!temporary, "{:?}", home.tree());

    let fresh = Home::new();
    let file = fresh.path().join(SETTINGS);
    is_one_sentence(&atomic_on_a_full_disk(&fresh, "telemetry on"), &file, "full");
    assert!(!file.exists());
}

/// A yes whose list of what was agreed to cannot be kept is no yes.
#[test]
fn a_yes_is_whole_or_not_at_all() {
    let home = Home::new();
    assert_eq!(atomic(&home, &["telemetry", "off"]).code(), Some(0));
    let before = home.read(SETTINGS);
    let agreed = home.path().join(AGREED);
    fs::create_dir_all(&agreed).unwrap();
    let output = atomic(&home, &["telemetry", "on"]);
    assert_eq!(output.code(), Some(1));
    assert_eq!(output.stderr_text().lines().count(), 1, "{}", output.stderr_text());
    assert_eq!(home.read(SETTINGS), before);
}

#[test]
fn a_home_that_is_read_only_is_named() {
    let home = Home::new();
    let folder = home.path().join(FOLDER);
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let output = atomic(&home, &["telemetry", "on"]);
    // Root may write everywhere; nothing is to be seen then.
    if output.code() != Some(0) {
        is_one_sentence(&output, &folder, "read-only");
        is_silent(&atomic(&home, &["update"]), "read-only");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn without_a_home_the_person_is_told_and_the_program_works() {
    let home = Home::new();
    let run = |words: &[&str]| {
        let program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &home).args(words);
        program.env("HOME", "").env("XDG_DATA_HOME", "").run()
    };
    let output = run(&["telemetry", "on"]);
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("set HOME"), "{}", output.stderr_text());
    is_silent(&run(&["update"]), "no home");
    assert_eq!(run(&["telemetry", "status"]).code(), Some(0));
    assert_eq!(home.tree(), []);
}

/// Somebody else's home: nothing is said, asked or made there.
#[test]
fn in_somebody_elses_home_nothing_is_made() {
    let home = Home::new();
    const NOBODY: u32 = 65_534;
    if std::os::unix::fs::chown(home.path(), Some(NOBODY), None).is_err() {
        // Only root can give a home away.
        return;
    }
    is_silent(&atomic(&home, &["update"]), "sudo");
    let status = atomic(&home, &["telemetry", "status"]).stdout_text();
    assert!(status.contains("belongs to another user"), "{status}");
    assert_eq!(home.tree(), []);
}

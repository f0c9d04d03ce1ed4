//! Settings of somebody who agreed, as crashes, disks and editors leave them:
//! the program works, says nothing, records nothing and touches nothing.

use std::fs;

use headcount_testkit::{Home, ProgramOutput, TestProgram};

use crate::places::{FOLDER, SETTINGS};

/// What every home has before: agreed, with an event that waits to be sent.
struct Agreed {
    home: Home,
    settings: String,
    update: ProgramOutput,
}

fn atomic(home: &Home, words: &[&str]) -> ProgramOutput {
    let endpoint = ("ATOMIC_TELEMETRY_ENDPOINT", "http://127.0.0.1:9");
    TestProgram::new(env!("CARGO_BIN_EXE_atomic"), home)
        .args(words)
        .env(endpoint.0, endpoint.1)
        .run()
}

impl Agreed {
    fn new() -> Self {
        let home = Home::new();
        assert_eq!(atomic(&home, &["telemetry", "on"]).code(), Some(0));
        let program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &home).args(["update"]);
        let update = program.env("ATOMIC_TELEMETRY_UPLOAD", "1").run();
        let settings = home.read(SETTINGS);
        assert!(settings.contains("\"consentGiven\": true"), "{settings}");
        Self { home, settings, update }
    }

    /// Everything in the home but what was made for this case.
    fn picture(&self) -> Vec<(String, Vec<u8>)> {
        let read = |path: &str| {
            let path = self.home.path().join(path);
            let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
            if is_file { fs::read(path).unwrap() } else { Vec::new() }
        };
        self.home.tree().into_iter().map(|entry| (entry.path.clone(), read(&entry.path))).collect()
    }

    fn check(&self, what: &str) {
        let before = self.picture();
        let update = atomic(&self.home, &["update"]);
        assert_eq!(update.code(), Some(0), "{what}");
        assert_eq!(update.stdout_text(), self.update.stdout_text(), "{what}");
        assert_eq!(update.stderr_text(), "", "{what}");
        assert_eq!(atomic(&self.home, &["--upload-telemetry"]).stderr_text(), "", "{what}");
        let status = atomic(&self.home, &["telemetry", "status"]);
        assert_eq!(status.code(), Some(0), "{what}");
        let said = status.stdout_text();
        let file = self.home.path().join(SETTINGS.replace('/', std::path::MAIN_SEPARATOR_STR));
        assert!(said.contains(&format!("(file:{})", file.display())), "{what}: {said}");
        assert_eq!(self.picture(), before, "{what}");
    }
}

fn texts(whole: &str) -> Vec<(String, Vec<u8>)> {
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |what: &str, bytes: &[u8]| texts.push((what.to_owned(), bytes.to_vec()));
    for end in (0..whole.trim_end().len()).step_by(11) {
        add(&format!("the first {end} bytes"), &whole.as_bytes()[..end]);
    }
    let flag = "\"consentGiven\": true";
    for (from, to) in [
        ("\"enabled\": true", "\"enabled\": \"true\""),
        ("\"enabled\": true", "\"enabled\": 1"),
        ("\"enabled\": true", "\"enabled\": null"),
        ("\"enabled\": true", "\"enabled\": [true]"),
        ("\"enabled\": true", "\"enabled\": True"),
        ("\"enabled\": true", "\"enabled\": true, \"enabled\": true"),
        ("\"enabled\": true", "\"enabled\": true, \"\\u0065nabled\": false"),
        (flag, "\"consentGiven\": \"true\""),
        (flag, "\"consentGiven\": 1"),
        (flag, "\"consentGiven\": true, \"consentGiven\": true"),
        (flag, "\"consentGiven\": true // yes"),
        ("{", "{{"),
        ("{", "[{"),
        ("{", "\0{"),
    ] {
        assert!(whole.contains(from), "{from}");
        add(to, whole.replacen(from, to, 1).as_bytes());
    }
    add("a newline", b"\n");
    add("a list", b"[]");
    add("zeros", &[0; 512]);
    add("no UTF-8", &[whole.as_bytes(), b"\xff"].concat());
    add("two of it", &[whole, whole].concat().into_bytes());
    add("two megabytes", &[whole.as_bytes(), &[b' '; 2 << 20]].concat());
    texts
}

#[test]
fn whatever_the_settings_are_the_program_works_and_leaves_them() {
    let agreed = Agreed::new();
    let texts = texts(&agreed.settings);
    assert!(texts.len() > 30, "{}", texts.len());
    for (what, bytes) in texts {
        agreed.home.write(SETTINGS, bytes);
        agreed.check(&what);
    }
    // It is the file that keeps it off, and nothing else.
    agreed.home.write(SETTINGS, &agreed.settings);
    let status = atomic(&agreed.home, &["telemetry", "status", "--json"]).stdout_text();
    assert!(status.contains("\"on\":true"), "{status}");
}

#[cfg(unix)]
#[test]
fn whatever_is_in_their_place_the_program_works_and_leaves_it() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    type Make = fn(&std::path::Path);
    let kinds: [(&str, Make); 5] = [
        ("a folder", |file| fs::create_dir(file).unwrap()),
        ("a lost link", |file| symlink("nowhere", file).unwrap()),
        ("a link to a device", |file| symlink("/dev/zero", file).unwrap()),
        ("a pipe", |file| {
            assert!(std::process::Command::new("mkfifo").arg(file).status().unwrap().success());
        }),
        ("everybody's", |file| {
            fs::write(file, "{\"enabled\": true, \"consentGiven\": true}").unwrap();
            fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
        }),
    ];
    for (what, make) in kinds {
        let agreed = Agreed::new();
        let file = agreed.home.path().join(SETTINGS);
        fs::remove_file(&file).unwrap();
        make(&file);
        agreed.check(what);
    }
}

/// A home that went away, or that is no folder: nothing is made in its place.
#[test]
fn where_there_is_no_home_none_is_made() {
    let home = Home::new();
    home.write("file", "");
    for place in ["nobody", "file", "file/deeper"] {
        let place = home.path().join(place);
        for words in [&["update"][..], &["telemetry", "on"], &["telemetry", "off"]] {
            let mut program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &home).args(words);
            for name in ["HOME", "USERPROFILE"] {
                program = program.env(name, &place.to_string_lossy());
            }
            let data = place.join(FOLDER);
            let data = data.parent().unwrap().to_string_lossy().into_owned();
            let output = program.env("XDG_DATA_HOME", &data).env("LOCALAPPDATA", &data).run();
            let expected = if words[0] == "update" { (Some(0), 0) } else { (Some(1), 1) };
            let said = output.stderr_text();
            assert_eq!((output.code(), said.lines().count()), expected, "{words:?}: {said}");
        }
    }
    assert_eq!(home.tree().len(), 1);
}

//! Homes as people have them on Windows: with an umlaut and a space, at the
//! root of a drive, on a disk that is full, beside the one of Git Bash.
#![cfg(windows)]

use std::fs;
use std::path::{Path, PathBuf};

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput, TestProgram};

/// Names the root of a drive that has room for a few megabytes at most and is
/// empty, where somebody has made one: `.ci/platforms` and the workflow do.
const SMALL_DISK: &str = "HEADCOUNT_SMALL_DISK";

/// Somebody whose profile folder is `profile`.
struct Person {
    home: Home,
    profile: PathBuf,
    url: String,
}

impl Person {
    fn at(profile: impl FnOnce(&Home) -> PathBuf, server: &CaptureServer) -> Self {
        let home = Home::new();
        let profile = profile(&home);
        fs::create_dir_all(&profile).expect("a profile folder");
        Self { home, profile, url: server.url() }
    }

    fn program(&self, words: &str) -> TestProgram {
        let data = self.profile.join("AppData").join("Local");
        TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &self.home)
            .args(words.split(' '))
            .env("USERPROFILE", &self.profile.to_string_lossy())
            .env("LOCALAPPDATA", &data.to_string_lossy())
            .env("ATOMIC_TELEMETRY_ENDPOINT", &self.url)
    }

    fn run(&self, words: &str) -> ProgramOutput {
        self.program(words).run()
    }

    /// Records, and starts no shipper.
    fn update(&self) -> ProgramOutput {
        self.program("update").env("ATOMIC_TELEMETRY_UPLOAD", "1").run()
    }

    fn folder(&self) -> PathBuf {
        self.profile.join("AppData").join("Local").join("atomic")
    }

    /// First run, yes, record, look, ship, no.
    fn lives(&self, server: &CaptureServer) {
        is_silent(&self.update(), "before an answer");
        assert!(!self.folder().exists(), "nothing before an answer");
        assert_eq!(self.run("telemetry on").code(), Some(0));
        is_silent(&self.update(), "recording");
        assert_eq!(self.run("telemetry dump").stdout_text().lines().count(), 1);
        let status = self.run("telemetry status").stdout_text();
        assert!(status.starts_with("Telemetry: ENABLED"), "{status}");
        let before = server.requests().len();
        is_silent(&self.run("telemetry flush"), "shipping");
        assert_eq!(server.requests().len(), before + 1);
        assert_eq!(self.run("telemetry off").code(), Some(0));
        assert!(!self.folder().join("telemetry-events.jsonl").exists());
        is_silent(&self.update(), "after a no");
        assert!(!self.folder().join("telemetry-events.jsonl").exists());
    }
}

fn is_silent(output: &ProgramOutput, what: &str) {
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""), "{what}");
}

fn server() -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    server
}

fn small_disk() -> Option<PathBuf> {
    let disk = std::env::var_os(SMALL_DISK).map(PathBuf::from);
    if disk.is_none() {
        println!("skipped: {SMALL_DISK} names no small disk");
    }
    disk
}

#[test]
fn a_name_with_an_umlaut_and_a_space_is_a_home() {
    let server = server();
    for name in ["Jörg Müller", "名前 名", "a'b & (c) %d% ^e", "trailing."] {
        let person = Person::at(|home| home.path().join("Users").join(name), &server);
        person.lives(&server);
    }
}

/// Git Bash sets `HOME` in its own way of writing; `USERPROFILE` is the home.
#[test]
fn the_home_of_another_shell_is_not_one() {
    let server = server();
    let person = Person::at(|home| home.path().join("me"), &server);
    let other = person.home.path().join("other");
    for home in ["/c/Users/me", &other.to_string_lossy(), "", "relative"] {
        let on = person.program("telemetry on").env("HOME", home).run();
        assert_eq!(on.code(), Some(0), "{home}: {}", on.stderr_text());
        is_silent(&person.update(), home);
        let off = person.program("telemetry off").env("HOME", home).run();
        assert_eq!(off.code(), Some(0), "{home}");
        assert!(person.folder().join("telemetry.json").exists() && !other.exists(), "{home}");
    }
}

/// Both in one test: there is one such disk.
#[test]
fn the_root_of_a_drive_is_a_home_and_a_full_disk_takes_nothing_half() {
    let Some(disk) = small_disk() else { return };
    let server = server();
    let person = Person::at(|_| disk.clone(), &server);
    person.lives(&server);

    assert_eq!(person.run("telemetry on").code(), Some(0));
    is_silent(&person.update(), "with room");
    let settings = person.folder().join("telemetry.json");
    let before = fs::read_to_string(&settings).expect("settings");
    fill(&disk.join("full"));
    let recorded = events(&person);
    is_silent(&person.update(), "on a full disk");
    assert!(events(&person) >= recorded, "what was recorded is lost");
    assert_eq!(person.run("telemetry status").code(), Some(0));
    let off = person.run("telemetry off");
    let after = fs::read_to_string(&settings).expect("settings");
    // In place where it fits, or not at all, and then it says so.
    if off.code() == Some(0) {
        assert!(person.run("telemetry status").stdout_text().starts_with("Telemetry: DISABLED"));
    } else {
        assert_eq!(after, before, "half a file");
        assert!(off.stderr_text().contains("ATOMIC_TELEMETRY"), "{}", off.stderr_text());
    }
    is_silent(&person.update(), "afterwards");

    fs::remove_file(disk.join("full")).expect("what filled it");
    assert_eq!(person.run("telemetry off").code(), Some(0));
    assert!(!person.folder().join("telemetry-events.jsonl").exists());
    fs::remove_dir_all(disk.join("AppData")).expect("an empty disk for the next run");
}

/// Fills a disk with one file, to the last byte.
fn fill(file: &Path) {
    use std::io::Write as _;

    let mut file = fs::File::create(file).expect("a file");
    for bytes in [4096, 512, 1] {
        let piece = vec![b'x'; bytes];
        while file.write_all(&piece).and_then(|()| file.flush()).is_ok() {}
    }
}

fn events(person: &Person) -> usize {
    person.run("telemetry dump").stdout_text().lines().count()
}

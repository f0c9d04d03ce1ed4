//! The folder of the release before this one: read, recorded into, shipped and
//! cleared by this release; and what this release writes is what that one
//! wrote, so that a person can go back.
//!
//! `before/` was made by version 0.1.0 of November 2026 (revision cce02ed),
//! which played the same [`scenario`].

mod scenario;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use headcount::{Catalog, Host, Session, Telemetry, Time, person};
use headcount_testkit::Home;

use scenario::{Destinations, Tick, after};

fn catalog() -> &'static Catalog {
    let catalog = headcount::catalog::parse(scenario::CATALOG);
    Box::leak(Box::new(catalog.unwrap_or_else(|mistakes| panic!("{mistakes}"))))
}

fn open(catalog: &'static Catalog, home: &Home, now: Time) -> Session {
    Telemetry::new(catalog, Host::new("1.2.3"), scenario::surroundings(home, now)).open()
}

/// Every file below a folder by its path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn add(folder: &Path, above: &str, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let path = format!("{above}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                add(&entry.path(), &format!("{path}/"), files);
            } else {
                files.insert(path, fs::read_to_string(entry.path()).expect("text"));
            }
        }
    }
    let mut files_below = BTreeMap::new();
    add(folder, "", &mut files_below);
    files_below
}

fn before() -> BTreeMap<String, String> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/before"))
}

/// A home with the folder of the release before, as only its person may read
/// it.
fn left_by_the_release_before() -> Home {
    let home = Home::new();
    for (path, text) in before() {
        home.write(&format!(".tick/{path}"), text);
    }
    #[cfg(unix)]
    for entry in home.tree() {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = if entry.path.ends_with('/') { 0o700 } else { 0o600 };
        let path = home.path().join(entry.path);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    }
    home
}

/// What is random in a text, or the number of a process, made one letter: ids,
/// a secret, names of claims and hashes of them.
fn without_randomness(text: &str) -> String {
    let mut plain = String::new();
    let mut word = String::new();
    let close = |word: &mut String, plain: &mut String| {
        let hexadecimal = word.bytes().filter(u8::is_ascii_hexdigit).count();
        let is_random = hexadecimal >= 16 && hexadecimal + word.matches('-').count() == word.len();
        plain.push_str(if is_random && !is_fingerprint(word) { "R" } else { word });
        word.clear();
    };
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            word.push(letter);
        } else {
            close(&mut word, &mut plain);
            plain.push(letter);
        }
    }
    close(&mut word, &mut plain);
    plain
}

/// The catalog's fingerprint follows from its text alone.
fn is_fingerprint(word: &str) -> bool {
    word == format!("{:016x}", catalog().fingerprint())
}

fn comparable(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let plain = |(path, text): (String, String)| {
        let text = if path.ends_with("events.lock") { "a process\n".to_owned() } else { text };
        (without_randomness(&path), without_randomness(&text))
    };
    let mut files: Vec<(String, String)> = files.into_iter().map(plain).collect();
    files.sort();
    // Claims have the same name now.
    let numbered = |(place, (path, text))| (format!("{path} {place}"), text);
    files.into_iter().enumerate().map(numbered).collect()
}

#[test]
fn this_release_writes_what_the_one_before_wrote() {
    let (catalog, home) = (catalog(), Home::new());
    scenario::play(
        catalog,
        &home,
        |now| open(catalog, &home, now),
        |session, transport| {
            session.flush(transport);
        },
    );
    let mut now = files(&home.path().join(".tick"));
    // The one before does not know this file. `off` and `clear` of that one
    // delete what they do not know, and so does a new id of its.
    let sent = now.remove("telemetry-state/sent.jsonl").expect("what was sent");
    assert!(sent.lines().all(|line| line.starts_with("{\"at\":\"2026-11-2")), "{sent}");
    let (now, before) = (comparable(now), comparable(before()));
    assert_eq!(now.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(now.len(), 19, "{:?}", now.keys());
    for (path, text) in before {
        // The one before skips what it does not know.
        let now = now[&path].replace("  \"product\": \"tick\",\n", "");
        assert_eq!(now, text, "{path}");
    }
}

#[test]
fn what_the_release_before_left_is_read_and_recorded_into() {
    let (catalog, home) = (catalog(), left_by_the_release_before());
    let id = home.read(".tick/device-id");
    let session = open(catalog, &home, after(86_502));
    assert!(session.decision().is_on() && session.withheld().is_empty());
    session.try_record(&Tick::new(catalog, 7)).expect("a record");
    let open_segment = home.read(".tick/queue/events.jsonl");
    assert_eq!(open_segment.lines().count(), 3);
    let last = open_segment.lines().last().expect("a line");
    assert!(last.contains(id.trim()) && last.contains("\"number\":7"), "{last}");
    let changed = files(&home.path().join(".tick"))
        .into_iter()
        .filter(|(path, text)| before().get(path) != Some(text))
        .map(|(path, _)| path);
    assert_eq!(changed.collect::<Vec<_>>(), ["queue/events.jsonl"]);

    let status = person::run(&session, &["status".to_owned(), "--json".to_owned()]);
    let status: serde_json::Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!(status["waiting"]["events"], 8, "{status}");
    assert_eq!(status["created"], "2026-11-20");
    assert_eq!(status["lost"]["rejected"], 5);
    assert_eq!(status["destinations"][0]["asks"], "stop");
    assert!(status["quarantineBytes"].as_u64().is_some_and(|bytes| bytes > 600), "{status}");
}

#[test]
fn what_the_release_before_left_is_shipped_where_it_was_not() {
    let (catalog, home) = (catalog(), left_by_the_release_before());
    // The stop is over after seven days.
    let session = open(catalog, &home, after(8 * 86_400));
    let destinations = Destinations::default();
    session.flush(&destinations);
    let sent = |name: &str| -> Vec<i64> {
        let requests = destinations.0.borrow();
        let bodies = requests.iter().filter(|request| request.url.ends_with(name));
        let text: String = bodies.filter_map(|request| request.text()).collect();
        let numbers = text.split("\"number\":").skip(1);
        numbers.filter_map(|rest| rest.split(['}', ',']).next()?.parse().ok()).collect()
    };
    // What it had taken is not sent again, what it had sealed goes as it was
    // sealed.
    assert_eq!(sent("fine"), [3, 4]);
    assert_eq!(sent("later"), [0, 1, 2]);
    assert_eq!(sent("never"), [5, 6]);
}

#[test]
fn what_the_release_before_left_is_cleared_to_the_last_byte() {
    let (catalog, home) = (catalog(), left_by_the_release_before());
    let id = home.read(".tick/device-id").trim().to_owned();
    let secret = home.read(".tick/telemetry-state.json");
    let secret = secret.split("\"secret\": \"").nth(1).expect("a secret")[..32].to_owned();
    let session = open(catalog, &home, after(86_502));
    let reply = person::run(&session, &["clear".to_owned()]);
    assert_eq!(reply.code, 0, "{}", reply.err);
    for (path, text) in files(&home.path().join(".tick")) {
        assert!(!text.contains(&id) && !text.contains(&secret), "{path}: {text}");
    }
    let reply = person::run(&session, &["clear".to_owned(), "--all".to_owned()]);
    assert_eq!(reply.code, 0, "{}", reply.err);
    assert_eq!(home.tree(), []);
}

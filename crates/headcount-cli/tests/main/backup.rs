//! `headcount backup`: beside a collector under load, killed half-way, and
//! where it cannot be made.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use headcount_store::{EmbeddedStore, examine};
use headcount_testkit::{Home, ProgramOutput};
use serde_json::Value as Json;

use super::stage::{Served, call, counted, headcount, serve, serve_from};

/// Events of one request.
const REQUEST: u32 = 20;

/// Clients that send at once.
const CLIENTS: u32 = 4;

fn today() -> String {
    let now = headcount::Time::from_system(std::time::SystemTime::now());
    now.format(headcount::catalog::Grain::Second)[..10].to_owned()
}

/// One request of a client, each of its events with an id of its own.
fn body(client: u32, request: u32) -> String {
    let line = |nth: u32| {
        let number = request * REQUEST + nth;
        format!(
            "{{\"id\":\"00000000-0000-4000-{:04x}-{number:012}\",\"event\":\"startup\",\
             \"time\":\"{}T00:00:00Z\",\"device_id\":\"device-{}\",\"version\":\"1.0.0\",\
             \"os\":\"linux\",\"launch_source\":\"cli\"}}\n",
            0x8000 + client,
            today(),
            number % 11
        )
    };
    (0..REQUEST).map(line).collect()
}

/// Sends a request, and returns how many of its events were new and old.
fn send(url: &str, body: &str) -> (u64, u64) {
    let key = "authorization: Bearer clacky\r\n";
    let (status, answer) = call(url, "POST", "/api/v1/events", key, body);
    assert_eq!(status, 200, "{answer}");
    let answer: Json = serde_json::from_str(&answer).expect(&answer);
    (answer["accepted"].as_u64().unwrap(), answer["duplicate"].as_u64().unwrap())
}

fn back_up(home: &Home, to: &str) -> ProgramOutput {
    headcount(home, &["backup", "--data", "data", to, "--json"]).run()
}

fn doctor(home: &Home, data: &str) -> String {
    let output = headcount(home, &["doctor", "--data", data]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stdout_text());
    output.stdout_text()
}

fn stop(mut served: Served) {
    served.running.kill();
    let _ = served.running.wait();
}

/// Clients that send without a pause until they are told to stop. Each counts
/// the requests that were answered.
struct Load {
    answered: [AtomicU32; CLIENTS as usize],
    is_over: AtomicBool,
}

impl Load {
    fn new() -> Self {
        Self { answered: Default::default(), is_over: AtomicBool::new(false) }
    }

    fn run(&self, url: &str, client: u32) {
        for request in 0.. {
            if self.is_over.load(Ordering::Acquire) {
                return;
            }
            assert_eq!(send(url, &body(client, request)), (u64::from(REQUEST), 0));
            self.answered[client as usize].fetch_add(1, Ordering::AcqRel);
        }
    }

    fn answered(&self) -> [u32; CLIENTS as usize] {
        self.answered.each_ref().map(|requests| requests.load(Ordering::Acquire))
    }

    /// Waits until each client had so many more answers.
    fn wait(&self, more: u32) {
        let (before, end) = (self.answered(), Instant::now() + Duration::from_secs(60));
        while self.answered().iter().zip(before).any(|(now, before)| *now < before + more) {
            assert!(Instant::now() < end, "the clients are not answered");
            thread::yield_now();
        }
    }
}

#[test]
fn a_backup_under_load_has_what_was_acknowledged_before_it() {
    let home = Home::new();
    let served = serve(&home);
    let load = Load::new();
    let (before, after) = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (load, url) = (&load, &served.url);
            scope.spawn(move || load.run(url, client));
        }
        load.wait(10);
        killed_half_way(&home);
        load.wait(3);
        let before = load.answered();
        let output = back_up(&home, "copy");
        assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()));
        // The collector was not held up, and goes on.
        load.wait(3);
        load.is_over.store(true, Ordering::Release);
        (before, output)
    });
    let all = load.answered();
    stop(served);
    let report: Json = serde_json::from_str(&after.stdout_text()).expect("JSON");
    let events = report["events"].as_u64().unwrap();
    let sum = |requests: [u32; CLIENTS as usize]| u64::from(requests.iter().sum::<u32>() * REQUEST);
    assert!((sum(before)..=sum(all) + u64::from(CLIENTS * REQUEST)).contains(&events), "{report}");
    assert!(doctor(&home, "copy").contains(&format!("the books are right: {events} events")));

    let restored = serve_from(&home, "copy");
    assert_eq!(counted(&restored.url, "clacky", "stored"), events);
    let mut added = 0;
    for client in 0..CLIENTS {
        for request in 0..all[client as usize] {
            let (new, old) = send(&restored.url, &body(client, request));
            assert_eq!(new + old, u64::from(REQUEST));
            assert!(new == 0 || request >= before[client as usize], "{client}: {request} was lost");
            added += new;
        }
    }
    assert_eq!(counted(&restored.url, "clacky", "stored"), events + added, "each counts once");
    stop(restored);
    doctor(&home, "copy");
    doctor(&home, "data");
}

/// Kills backups as soon as something of them is there. What they leave is
/// refused, or it is whole.
fn killed_half_way(home: &Home) {
    let (to, unfinished) = (home.path().join("killed"), home.path().join("killed.unfinished"));
    for file in ["unfinished-backup", "headcount.db", "secret", "catalogs"] {
        let mut running = headcount(home, &["backup", "--data", "data", "killed"]).spawn();
        let end = Instant::now() + Duration::from_secs(60);
        while !unfinished.join(file).exists() && !to.exists() {
            assert!(Instant::now() < end, "no backup");
            thread::yield_now();
        }
        running.kill();
        let _ = running.wait();
        if to.exists() && !to.join("unfinished-backup").exists() {
            doctor(home, "killed");
            std::fs::remove_dir_all(&to).unwrap();
            continue;
        }
        assert!(unfinished.exists(), "{file}");
        for args in [
            &["serve", "--listen", "127.0.0.1:0", "--development", "--data"][..],
            &["doctor", "--data"],
            &["export", "clacky", "--data"],
            &["forget", "clacky", "--device", "a", "--data"],
        ] {
            home.write("catalogs/wren.toml", super::stage::counting());
            let output = headcount(home, &[args, &["killed.unfinished"]].concat()).run();
            let told = output.stderr_text();
            assert!(told.contains("is a backup that was not finished"), "{args:?}: {told}");
        }
    }
    let output = back_up(home, "killed");
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(!unfinished.exists());
    doctor(home, "killed");
    // One that was killed right before its end has its name already.
    home.write("killed/unfinished-backup", "");
    let output = back_up(home, "killed");
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(!to.join("unfinished-backup").exists() && !unfinished.exists());
    doctor(home, "killed");
}

/// A data folder with twenty events that no collector uses.
fn at_rest(home: &Home) {
    let served = serve(home);
    assert_eq!(send(&served.url, &body(0, 0)), (20, 0));
    stop(served);
    // The log is written into the file.
    drop(EmbeddedStore::open(&home.path().join("data")).unwrap());
}

#[test]
fn a_backup_has_all_that_a_collector_needs_for_its_owner_alone() {
    let home = Home::new();
    at_rest(&home);
    let key = headcount(&home, &["keys", "new", "clacky", "--data", "data"]).run();
    assert_eq!(key.code(), Some(0), "{}", key.stderr_text());
    home.write("data/of-somebody-else", "");
    home.write("copies/empty/file", "");
    std::fs::remove_file(home.path().join("copies/empty/file")).unwrap();
    for to in ["copies/new", "copies/empty"] {
        let output = headcount(&home, &["backup", "--data", "data", to]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let said = output.stdout_text();
        assert!(
            said.starts_with(&format!("{to} has everything: 20 events, 5 catalogs, ")),
            "{said}"
        );
        let to = home.path().join(to);
        let mut names: Vec<_> =
            std::fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["catalogs", "credentials.json", "headcount.db", "secret"]);
        for name in ["secret", "catalogs/clacky.1.toml", "credentials.json"] {
            let read = |folder: &Path| std::fs::read(folder.join(name)).unwrap();
            assert_eq!(read(&to), read(&home.path().join("data")), "{name}");
        }
        assert_eq!(examine(&to).unwrap().events, 20);
        #[cfg(unix)]
        for (name, wanted) in [("", 0o700), ("secret", 0o600), ("headcount.db", 0o600)]
            .into_iter()
            .chain([("credentials.json", 0o600), ("catalogs", 0o700)])
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = to.join(name).metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, wanted, "{name}");
        }
    }
    assert_eq!(std::fs::read_dir(home.path().join("copies")).unwrap().count(), 2);
}

#[test]
fn where_no_backup_can_be_made_a_sentence_says_so_and_nothing_is_left() {
    let home = Home::new();
    at_rest(&home);
    home.write("full/file", "");
    home.write("file", "");
    home.write("foreign.unfinished/file", "of somebody else");
    home.write("empty/file", "");
    std::fs::remove_file(home.path().join("empty/file")).unwrap();
    // SQLite leaves the two files of an empty log where somebody has read.
    let tree = || {
        let mut tree = home.tree();
        tree.retain(|entry| !entry.path.contains(".db-"));
        tree
    };
    let before = tree();
    for (data, to, told) in [
        ("data", "data/copy", "is within the data folder: name a folder elsewhere"),
        ("data", "data/catalogs/copy", "is within the data folder"),
        ("data", "data", "is within the data folder"),
        ("data", "full", "is not empty: name a new folder"),
        ("data", "file", "is not a folder: name a new one"),
        ("data", "file/copy", "cannot "),
        ("data", "nowhere/copy", "cannot find the folder"),
        ("data", "full/..", "has no name of its own"),
        ("data", "foreign", "foreign.unfinished is in the way"),
        ("nowhere", "copy", "there is no data folder at nowhere"),
        ("empty", "copy", "cannot open"),
    ] {
        let output = headcount(&home, &["backup", "--data", data, to]).run();
        let error = output.stderr_text();
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(1), ""), "{to}: {error}");
        assert!(error.contains(told) && error.lines().count() == 1, "{data} to {to}: {error}");
        assert_eq!(tree(), before, "{data} to {to}");
    }
    home.write("data/secret", "short");
    let output = back_up(&home, "copy");
    assert!(output.code() == Some(1) && output.stderr_text().contains("secret"));
    assert!(!home.path().join("copy").exists() && !home.path().join("copy.unfinished").exists());
}

#[test]
fn a_store_of_a_newer_version_or_a_damaged_one_is_not_backed_up() {
    let home = Home::new();
    at_rest(&home);
    let file = home.path().join("data/headcount.db");
    let whole = std::fs::read(&file).unwrap();
    let mut newer = whole.clone();
    // SQLite's user version, which is the format.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let mut damaged = whole.clone();
    // A page in the middle, and not the first one.
    let page = damaged.len() / 2 / 4096 * 4096;
    damaged[page..page + 4096].fill(0x5a);
    for (content, told) in [(newer, "has format 99"), (damaged, "")] {
        std::fs::write(&file, content).unwrap();
        let output = back_up(&home, "copy");
        let error = output.stderr_text();
        assert!(output.code() == Some(1) && error.contains(told), "{error}");
        assert!(!home.path().join("copy").exists(), "{error}");
        assert!(!home.path().join("copy.unfinished").exists(), "{error}");
    }
    std::fs::write(&file, whole).unwrap();
    assert_eq!(back_up(&home, "copy").code(), Some(0));
}

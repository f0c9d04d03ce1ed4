//! Many real processes at once: one id among them, and one a month.
//!
//! The test program starts itself again, told by one variable as whom and when;
//! each child waits at the same gate until all of them are there.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use headcount::{Catalog, person};
use headcount_testkit::Home;

use crate::scene::{self, Said, edited, open_at, queued};

/// The product, the time and the home, a line each.
const ROLE: &str = "HEADCOUNT_CONSENT_TEST_ROLE";

/// How many race.
const PROCESSES: usize = 200;

const NOVEMBER: &str = "2026-11-30T23:59:59Z";
const DECEMBER: &str = "2026-12-01T00:00:00Z";

/// AtomCode is on by default and keeps its id in a file of its own; `monthly`
/// is AtomCode with an id that rotates; Atomic keeps its id in its settings.
fn catalog(product: &str) -> &'static Catalog {
    match product {
        "monthly" => {
            let never = "scheme = \"random\"\nrotate = \"never\"";
            let monthly = "scheme = \"random\"\nrotate = \"monthly\"";
            scene::catalog(&edited(&scene::text_of("atomcode"), &[(never, monthly)]))
        }
        product => scene::catalog(&scene::text_of(product)),
    }
}

fn event(catalog: &'static Catalog) -> Said {
    use headcount::catalog::Raw;
    match catalog.product.name {
        "atomic" => {
            let update = ("command", Raw::Text("update"));
            Said::new(catalog, "atomic_command", &[update, ("success", Raw::Flag(true))])
        }
        _ => Said::new(catalog, "open_atomcode", &[]),
    }
}

/// Not a test: what a child of the tests below does.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let [product, now, home] = role.splitn(3, '\n').collect::<Vec<_>>().try_into().unwrap();
    let catalog = catalog(product);
    let surroundings = scene::surroundings(&PathBuf::from(home), now, &[]);
    let event = event(catalog);
    let session = scene::open_in(catalog, surroundings);
    println!("ready");
    std::io::stdout().flush().unwrap();
    // The gate: the other end is closed for everybody at once.
    let _ = std::io::stdin().read(&mut [0]);
    let mut recorded = session.try_record(&event);
    // Wine cannot replace a file that somebody reads at that moment, which
    // Windows can: there the host would have lost this event.
    let is_wine = cfg!(windows) && Path::new("C:\\windows\\system32\\winecfg.exe").exists();
    while is_wine && recorded.is_err() {
        std::thread::yield_now();
        recorded = session.try_record(&event);
    }
    recorded.unwrap();
}

fn start(product: &str, now: &str, home: &Home) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "races::child", "--nocapture"]);
    command.env(ROLE, format!("{product}\n{now}\n{}", home.path().display()));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command.spawn().unwrap()
}

/// Lets so many processes record an event at once.
fn race(processes: usize, product: &str, now: &str, home: &Home) {
    let mut children: Vec<Child> = Vec::new();
    for _ in 0..processes {
        children.push(start(product, now, home));
    }
    let mut outputs = Vec::new();
    for child in &mut children {
        let mut output = child.stdout.take().unwrap();
        let mut said = Vec::new();
        while !said.ends_with(b"ready\n") {
            let mut byte = [0];
            assert_eq!(output.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
            said.push(byte[0]);
        }
        outputs.push(output);
    }
    let gates: Vec<_> = children.iter_mut().map(|child| child.stdin.take()).collect();
    drop(gates);
    for (mut child, mut output) in children.into_iter().zip(outputs) {
        let mut said = String::new();
        output.read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{said}");
    }
}

/// The ids on the lines of the queue, and how many lines.
fn recorded(catalog: &'static Catalog, home: &Home) -> (BTreeSet<String>, usize) {
    let lines = queued(catalog, home);
    let id = |line: &String| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let key = if catalog.product.name == "atomic" { "anonymousId" } else { "device_id" };
        line[key].as_str().unwrap().to_owned()
    };
    (lines.iter().map(id).collect(), lines.len())
}

/// The one id, where the product keeps it.
fn kept(catalog: &'static Catalog, home: &Home) -> String {
    match catalog.product.name {
        "atomic" => {
            let paths = scene::paths(catalog, home);
            let text = std::fs::read_to_string(paths.settings).unwrap();
            let settings: serde_json::Value = serde_json::from_str(&text).unwrap();
            settings["anonymousId"].as_str().unwrap().to_owned()
        }
        _ => home.read(".atomcode/device_id").trim().to_owned(),
    }
}

/// The id that the secret in our own state stands for.
fn proven(catalog: &'static Catalog, home: &Home) -> String {
    let state = std::fs::read_to_string(scene::paths(catalog, home).state).unwrap();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    let secret = u128::from_str_radix(state["secret"].as_str().unwrap(), 16).unwrap();
    let hash = hmac_sha256::Hash::hash(&secret.to_be_bytes());
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let variant = ["8", "9", "a", "b"][usize::from(hash[8] >> 4 & 3)];
    let parts = [&hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]];
    format!("{}-{}-4{}-{variant}{}-{}", parts[0], parts[1], parts[2], parts[3], parts[4])
}

/// Nothing is left over of files that were being written.
fn is_tidy(home: &Home) {
    let left = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with(".tele"));
    let paths: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert!(!paths.iter().any(|path| left(path)), "{paths:?}");
}

fn one_id(product: &str, now: &str, home: &Home) -> String {
    let catalog = catalog(product);
    let (ids, _) = recorded(catalog, home);
    let id = kept(catalog, home);
    assert!(ids.contains(&id), "{now}: {id} is kept, {ids:?} are on the lines");
    assert_eq!(proven(catalog, home), id, "{now}: the secret kept is that of the id kept");
    is_tidy(home);
    id
}

/// Nobody said anything: the first processes keep what is agreed to, mint the
/// id and record, all at once.
#[test]
fn two_hundred_processes_agree_on_one_id() {
    let home = Home::new();
    race(PROCESSES, "atomcode", NOVEMBER, &home);
    // Where none of them got the lock within its millisecond, the next host
    // saves the id that they all used.
    let more = usize::from(!home.path().join(".atomcode/device_id").exists());
    race(more, "atomcode", NOVEMBER, &home);
    one_id("atomcode", NOVEMBER, &home);
    let (ids, lines) = recorded(catalog("atomcode"), &home);
    assert_eq!((ids.len(), lines), (1, PROCESSES + more));
    assert!(home.read(".atomcode/telemetry-state/agreed.json").contains("open_atomcode"));
}

/// The month ends: whoever comes first renews the id, for everybody.
#[test]
fn two_hundred_processes_agree_on_the_next_months_id() {
    let home = Home::new();
    race(1, "monthly", NOVEMBER, &home);
    let november = one_id("monthly", NOVEMBER, &home);
    race(PROCESSES, "monthly", DECEMBER, &home);
    let december = one_id("monthly", DECEMBER, &home);
    let (ids, lines) = recorded(catalog("monthly"), &home);
    assert_eq!((ids, lines), (BTreeSet::from([november.clone(), december]), PROCESSES + 1));
    no_link(&home, &november, "events.ndjson");
}

/// A process that died between the two files it renews leaves the new month
/// beside the old id: that id is not one of the new month.
#[test]
fn a_renewal_that_was_cut_short_is_done_again() {
    let home = Home::new();
    race(1, "monthly", NOVEMBER, &home);
    let november = one_id("monthly", NOVEMBER, &home);
    let state = scene::paths(catalog("monthly"), &home).state;
    let mut json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&state).unwrap()).unwrap();
    json["month"] = "2026-12-01".into();
    json["secret"] = "0123456789abcdef0123456789abcdef".into();
    std::fs::write(&state, json.to_string()).unwrap();
    race(1, "monthly", DECEMBER, &home);
    assert_ne!(one_id("monthly", DECEMBER, &home), november);
}

/// The same where the id lies in the settings file, beside what the person
/// said.
#[test]
fn an_id_in_the_settings_is_renewed_once_for_everybody() {
    let home = Home::new();
    let catalog = catalog("atomic");
    person::grant(&open_at(catalog, &home, NOVEMBER)).unwrap();
    race(1, "atomic", NOVEMBER, &home);
    let november = one_id("atomic", NOVEMBER, &home);
    race(PROCESSES / 4, "atomic", DECEMBER, &home);
    let december = one_id("atomic", DECEMBER, &home);
    let (ids, lines) = recorded(catalog, &home);
    assert_eq!((ids, lines), (BTreeSet::from([november.clone(), december]), PROCESSES / 4 + 1));
    no_link(&home, &november, "telemetry-events.jsonl");
    let settings = std::fs::read_to_string(scene::paths(catalog, &home).settings).unwrap();
    assert!(settings.contains("\"rotatedAt\": \"2026-12-01T00:00:00Z\""), "{settings}");
    assert!(settings.contains("\"enabled\": true"), "{settings}");
}

/// Nothing but what waits to be sent still has the old month's id.
fn no_link(home: &Home, old: &str, queue: &str) {
    for (path, bytes) in scene::tree(home) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(path.ends_with(queue) || !text.contains(old), "{path} has the old id");
    }
}

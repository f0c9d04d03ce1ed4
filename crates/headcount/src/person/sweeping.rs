//! Every file of ours, made by real use and by planting an id in it, against
//! the list in `disk/kept.rs`: what `off`, `clear`, a new month and age leave.

mod unreadable;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use headcount_catalog::{Catalog, Event, Raw, Time, Value, parse};
use headcount_testkit::{CatalogHead, Home};

use crate::disk::kept::{self, Fate, Holds, KeptPlace, LIST, Sweep};
use crate::disk::link;
use crate::disk::tally::{self, Loss};
use crate::disk::unanswered;
use crate::ship::{Request, Response, Transport, TransportError};
use crate::{Host, Paths, Session, Surroundings, Telemetry, TypedEvent};

const HEAD: CatalogHead = CatalogHead {
    name: "tick",
    default: "ask",
    settings: ("settings.json", "telemetry"),
    queue: "queue/events.jsonl",
};

pub(super) const NEVER: &str = "file = \"device\"";
pub(super) const MONTHLY: &str = "file = \"device\"\nrotate = \"monthly\"";
pub(super) const IN_SETTINGS: &str = "key = \"id\"\nrotated = \"since\"\nrotate = \"monthly\"";

const DAY: i64 = 86_400;

/// What is planted is found by this.
pub(super) const PLANTED: &str = "0f0e0d0c-0b0a-4908-8706-0504030201ff";

pub(super) fn catalog(identity: &str, off: &str) -> &'static Catalog {
    let rest = format!(
        r#"marker = "told"

[identity]
scheme = "random"
{identity}

[envelope]
id = "event-id"
event = "event"
time = {{ is = "time", grain = "second" }}
device = "device"
version = "version"
"*" = "properties"

[[destination]]
name = "no"
kind = "http"
endpoint = "http://127.0.0.1:9/no"

[[destination]]
name = "later"
kind = "headcount"
endpoint = "http://127.0.0.1:9"

[shipping]
mode = "detached"

[report]
owner = "tests"

[retention]
on-machine = "30d"
raw = "90d"

[event.tick]
why = "Does every one of them go?"
owner = "tests"

[event.tick.properties]
number = {{ count = 1_000 }}
"#
    );
    let text = HEAD.with(&rest).replace(
        "default = \"ask\"",
        &format!("default = \"ask\"\noff = \"{off}\"\nfarewell = \"bye\""),
    );
    let text = format!("{text}\n[event.bye]\nwhy = \"Who leaves?\"\nowner = \"tests\"\n");
    let catalog = parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    Box::leak(Box::new(catalog))
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// The days of November 2026.
pub(super) fn after(days: i64) -> Time {
    Time::from_seconds(time("2026-11-05T12:00:00Z").seconds() + days * DAY)
}

pub(super) fn surroundings(home: &Home, now: Time) -> Surroundings {
    Surroundings::given(home.path(), HashMap::new(), now)
}

pub(super) fn open(catalog: &'static Catalog, home: &Home, now: Time) -> Session {
    Telemetry::new(catalog, Host::new("1.2.3"), surroundings(home, now)).open()
}

pub(super) fn say(catalog: &'static Catalog, home: &Home, now: Time, words: &str) {
    let args: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let reply = super::run(&open(catalog, home, now), &args);
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{words}");
}

pub(super) struct Tick(pub(super) &'static Event);

impl TypedEvent for Tick {
    fn definition(&self) -> &'static Event {
        self.0
    }

    fn values(&self) -> Vec<Option<Value>> {
        vec![self.0.properties[0].kind.admit(&Raw::Integer(7)).ok()]
    }
}

pub(super) fn record(catalog: &'static Catalog, home: &Home, now: Time) {
    open(catalog, home, now)
        .try_record(&Tick(catalog.event("tick").expect("the event")))
        .expect("a record");
}

/// As a hook of a coding agent leaves one.
fn note(catalog: &'static Catalog, home: &Home, now: Time) {
    let notes = open(catalog, home, now).hold_agent_notes().expect("the lock");
    notes.expect("it is on").add(&[(now, "start".into())]).expect("a note");
}

/// One destination rejects everything, the other wants less of it later.
#[derive(Default)]
struct Two(RefCell<Vec<String>>);

impl Transport for Two {
    fn send(&self, request: &Request, _: Duration) -> Result<Response, TransportError> {
        self.0.borrow_mut().push(request.url.clone());
        if request.url.ends_with("/no") {
            return Ok(Response { status: 400, ..Response::default() });
        }
        Ok(Response { status: 503, send: Some("stop".to_owned()), ..Response::default() })
    }
}

/// Every file below the product's folder.
fn files(home: &Home) -> Vec<PathBuf> {
    let paths = home.tree().into_iter().map(|entry| entry.path);
    paths.filter(|path| !path.ends_with('/')).map(|path| home.path().join(path)).collect()
}

fn marker(catalog: &Catalog, paths: &Paths) -> Option<PathBuf> {
    Some(paths.folder.join(catalog.files.marker?))
}

/// A month of a person's use, until each feature has left its file.
pub(super) fn used(catalog: &'static Catalog) -> (Home, Paths) {
    let home = Home::new();
    let paths = Paths::of(catalog, &surroundings(&home, after(0))).expect("a home");
    let destinations = Two::default();
    say(catalog, &home, after(0), "on");
    record(catalog, &home, after(0));
    open(catalog, &home, after(0)).flush(&destinations);
    say(catalog, &home, after(0), "forget");
    for day in 1..5 {
        record(catalog, &home, after(day));
        // A writer that is stopped holds the open segment.
        let held = fs::File::open(&paths.queue).expect("the segment");
        held.lock().expect("a lock");
        record(catalog, &home, after(day));
        drop(held);
        open(catalog, &home, after(day)).flush(&destinations);
    }
    record(catalog, &home, after(4));
    note(catalog, &home, after(4));
    tally::leave(&paths, Loss::Full);
    unanswered::note(&paths);
    // Only a shipper that was started by a debug build leaves it.
    fs::write(paths.late(), "1").expect("a note");
    if let Some(marker) = marker(catalog, &paths) {
        fs::write(marker, "").expect("a marker");
    }
    (home, paths)
}

#[test]
fn every_file_that_use_leaves_is_on_the_list() {
    for identity in [MONTHLY, IN_SETTINGS] {
        let catalog = catalog(identity, "keep-id");
        let (home, paths) = used(catalog);
        let mut seen = Vec::new();
        let mut check = |when: &str| {
            for path in files(&home) {
                let kept = kept::line(&paths, marker(catalog, &paths).as_deref(), &path);
                let kept =
                    kept.unwrap_or_else(|| panic!("{when}: {} is not on the list", path.display()));
                seen.push(kept.place);
                // Behind a link it is told from what somebody has there.
                if matches!(
                    kept.place,
                    KeptPlace::Ours(_)
                        | KeptPlace::OursByDestination(_)
                        | KeptPlace::OursByCatalog
                        | KeptPlace::Lock
                ) && path != paths.quarantine()
                {
                    let text = fs::read_to_string(&path).expect("a text");
                    assert!(link::reads_as_ours(&path, &text), "{when}: {}", path.display());
                }
            }
        };
        check("on");
        say(catalog, &home, after(5), "local");
        record(catalog, &home, after(5));
        check("local");
        let missing = LIST.iter().map(|kept| kept.place).filter(|place| !seen.contains(place));
        let missing: Vec<KeptPlace> = missing.collect();
        // These are left by processes that were stopped or killed.
        // One is another release's, and one lies there until the next shipment.
        let mut expected = vec![
            KeptPlace::Ours("new-id.json"),
            KeptPlace::Ours("id-changed"),
            KeptPlace::OursByCatalog,
            KeptPlace::Before,
            KeptPlace::Unfinished,
        ];
        if paths.id.is_none() {
            expected.insert(0, KeptPlace::Id);
        }
        assert_eq!(missing, expected, "made by no use");
    }
}

/// A file for each line of the list, with an id in it.
fn planted(catalog: &Catalog, paths: &Paths) -> Vec<(PathBuf, KeptPlace)> {
    let mut planted = Vec::new();
    for kept in LIST {
        let folder = &paths.state_folder;
        let name = |path: &Path, more: &str| {
            path.with_file_name(format!("{more}{}", path.file_name().unwrap().to_string_lossy()))
        };
        let path = match kept.place {
            KeptPlace::Queue => paths.queue.with_file_name("events.side-0.jsonl"),
            KeptPlace::Local => folder.join("local.side-1.jsonl"),
            KeptPlace::Ours(own) => folder.join(own),
            KeptPlace::OursByDestination(ending) => folder.join(format!("later{ending}")),
            KeptPlace::OursByCatalog => folder.join("catalog-0123456789abcdef.json"),
            KeptPlace::Before => folder.join("before-1-0"),
            KeptPlace::Unfinished => name(&folder.join("tally.json"), ".")
                .with_extension(format!("json.{}", "0a".repeat(16))),
            // Locks and the marker are empty; the others are planted below.
            KeptPlace::Lock
            | KeptPlace::Marker
            | KeptPlace::Settings
            | KeptPlace::State
            | KeptPlace::Id => continue,
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = fs::read_to_string(&path).unwrap_or_default();
        let line = format!("{{\"device\":\"{PLANTED}\",\"timestamp\":\"2026-11-05T12:00:00Z\"}}\n");
        fs::write(&path, before + &line).unwrap();
        planted.push((path, kept.place));
    }
    for path in [Some(&paths.settings), Some(&paths.state), paths.id.as_ref()].into_iter().flatten()
    {
        // What a killed writer left beside the product's files.
        let random = "0b".repeat(16);
        let name = format!(".{}.{random}", path.file_name().unwrap().to_string_lossy());
        let path = path.with_file_name(name);
        fs::write(&path, PLANTED).unwrap();
        planted.push((path, KeptPlace::Unfinished));
    }
    assert!(planted.len() > 12, "{}", catalog.product.name);
    planted
}

pub(super) fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|content| content.contains(text))
}

pub(super) fn holders(home: &Home, text: &str) -> Vec<PathBuf> {
    files(home).into_iter().filter(|path| holds(path, text)).collect()
}

#[test]
fn what_is_planted_goes_as_the_list_says() {
    for (words, sweep) in [
        ("off", Sweep::Off),
        ("clear", Sweep::Clear),
        ("forget", Sweep::Clear),
        ("clear --all", Sweep::Everything),
    ] {
        for off in ["keep-id", "delete-id"] {
            let catalog = catalog(MONTHLY, off);
            let (home, paths) = used(catalog);
            let id = fs::read_to_string(paths.id.as_ref().unwrap()).unwrap().trim().to_owned();
            let planted = planted(catalog, &paths);
            if words == "forget" {
                // It does not write over a list that is damaged.
                fs::remove_file(paths.erasures()).unwrap();
            }
            say(catalog, &home, after(5), words);
            for (path, place) in planted {
                let kept = LIST.iter().find(|kept| kept.place == place).unwrap();
                let stays = match kept.fate(sweep) {
                    Fate::Stays => true,
                    Fate::Goes => false,
                    other => panic!("{place:?}: {other:?}"),
                };
                // `forget` writes this one anew.
                let is_anew = words == "forget" && path == paths.erasures();
                assert_eq!(holds(&path, PLANTED), stays && !is_anew, "{words}: {}", path.display());
            }
            // The real id too, but for a product that keeps it, and for who
            // asked.
            let left = holders(&home, &id);
            let expected: Vec<PathBuf> = match (sweep, words, off) {
                (Sweep::Off, _, "keep-id") => paths.id.iter().cloned().collect(),
                (_, "forget", _) => vec![paths.erasures()],
                _ => Vec::new(),
            };
            assert_eq!(left, expected, "{words} {off}");
        }
    }
}

#[test]
fn a_new_month_leaves_the_old_id_in_the_unsent_queue_alone() {
    for identity in [MONTHLY, IN_SETTINGS] {
        let catalog = catalog(identity, "keep-id");
        let (home, paths) = used(catalog);
        let shown =
            |now| crate::identity::shown(catalog, &paths, &surroundings(&home, now)).unwrap();
        let old = shown(after(4)).expect("an id");
        assert!([paths.quarantine(), paths.tally(), paths.sent()].iter().all(|it| holds(it, &old)));
        // A newer release keeps a file that this one does not know.
        fs::write(paths.state_folder.join("other.jsonl"), &old).unwrap();
        let planted = planted(catalog, &paths);
        record(catalog, &home, after(26));
        assert_ne!(shown(after(26)).as_ref(), Some(&old));
        for (path, place) in planted {
            let kept = LIST.iter().find(|kept| kept.place == place).unwrap();
            if kept.fate(Sweep::Rotation) == Fate::Goes {
                assert!(!holds(&path, PLANTED), "{}", path.display());
            }
        }
        let only_queued = |home: &Home| {
            for path in holders(home, &old) {
                let kept = kept::line(&paths, None, &path).unwrap();
                assert_eq!(kept.place, KeptPlace::Queue, "{}", path.display());
            }
        };
        only_queued(&home);
        // Nor does the next shipment put it anywhere else.
        let destinations = Two::default();
        for day in 27..30 {
            open(catalog, &home, after(day)).flush(&destinations);
            only_queued(&home);
            record(catalog, &home, after(day));
        }
        assert!(destinations.0.borrow().iter().any(|url| url.ends_with("/no")));
    }
}

/// The days whose records a file holds after a shipment on a day. `time` is how
/// the file has the time of a record before the day.
fn days_after_shipping(
    catalog: &'static Catalog,
    home: &Home,
    (path, time): (&Path, &str),
    day: i64,
) -> Vec<i64> {
    open(catalog, home, after(day)).flush(&Two::default());
    let days = (0..40).filter(|day| holds(path, &format!("{time}{}", after(*day).day())));
    days.collect()
}

#[test]
fn what_is_set_aside_is_no_older_than_the_catalog_allows() {
    let catalog = catalog("file = \"device\"", "keep-id");
    let (home, paths) = used(catalog);
    let quarantine = paths.quarantine();
    let flush = |day| days_after_shipping(catalog, &home, (&quarantine, "\"time\":\""), day);
    assert_eq!(flush(5), [1, 2, 3, 4]);
    assert_eq!(flush(31), [1, 2, 3, 4]);
    assert_eq!(flush(32), [2, 3, 4]);
    assert_eq!(flush(33), [3, 4]);
    // There is nothing left to send, and still nothing grows older.
    fs::remove_file(&paths.queue).ok();
    assert_eq!(flush(40), [0; 0]);
    assert!(!quarantine.exists());
}

#[test]
fn what_was_sent_is_no_older_than_the_catalog_allows() {
    let catalog = catalog("file = \"device\"", "keep-id");
    let (home, paths) = used(catalog);
    let sent = paths.sent();
    let flush = |day| days_after_shipping(catalog, &home, (&sent, "\\\"time\\\":\\\""), day);
    assert_eq!(flush(5), [1, 2, 3, 4]);
    assert_eq!(flush(31), [1, 2, 3, 4]);
    assert_eq!(flush(32), [2, 3, 4]);
    fs::remove_file(&paths.queue).ok();
    assert_eq!(flush(40), [0; 0]);
    assert!(!sent.exists());
}

#[test]
fn what_hooks_noted_is_no_older_than_the_catalog_allows() {
    let catalog = catalog("file = \"device\"", "keep-id");
    let (home, paths) = used(catalog);
    for day in [34, 35] {
        assert!(paths.agent_notes().exists(), "{day}");
        open(catalog, &home, after(day)).flush(&Two::default());
    }
    assert!(!paths.agent_notes().exists());
}

#[test]
fn the_list_sweeps_whatever_can_hold_a_record_an_id_or_a_secret() {
    for kept in LIST {
        let can = |what| kept.holds.contains(&what);
        if can(Holds::Records) {
            assert_eq!(kept.fate(Sweep::Off), Fate::Goes, "{:?}", kept.place);
            assert_eq!(kept.fate(Sweep::Clear), Fate::Goes, "{:?}", kept.place);
        }
        // But for what the person has asked to be kept.
        let asked = kept.place == KeptPlace::Ours("erasures.json");
        if (can(Holds::Id) || can(Holds::Secret)) && !asked {
            assert_ne!(kept.fate(Sweep::Clear), Fate::Stays, "{:?}", kept.place);
            let is_queue = kept.place == KeptPlace::Queue;
            assert_eq!(kept.fate(Sweep::Rotation) == Fate::Stays, is_queue, "{:?}", kept.place);
        }
        assert_ne!(kept.fate(Sweep::Everything), Fate::Stays, "{:?}", kept.place);
    }
}

//! Two releases share a queue, and either ships what the other recorded.
//! Nothing that only the newer one can send is lost to the older one.

use headcount::catalog::{Raw, Value};
use headcount::ship::Started;
use headcount::{Catalog, TypedEvent};
use headcount_testkit::{CaptureServer, CapturedRequest, Home};
use serde_json::{Value as Json, json};

use crate::scene;

const DAY_S: i64 = 86_400;

/// The older release: one destination, two words.
fn older(server: &CaptureServer) -> &'static Catalog {
    scene::catalog(&text(server, 1, &["one"], r#"["plain", "gone"]"#))
}

/// The newer one: a destination and a word more, and a word less.
fn newer(server: &CaptureServer, version: u32) -> &'static Catalog {
    scene::catalog(&text(server, version, &["one", "two"], r#"["plain", "new"]"#))
}

fn text(server: &CaptureServer, version: u32, names: &[&str], words: &str) -> String {
    let destinations: Vec<String> = names
        .iter()
        .map(|name| scene::destination(name, "http", &format!("{}/{name}", server.url())))
        .collect();
    let text = scene::text(&destinations);
    // Among the event's properties, which are the last of the sections before.
    let count = "number = { count = 1_000_000_000 }\n";
    text.replace("catalog = 1\n", &format!("catalog = {version}\n"))
        .replace(count, &format!("{count}mode = {{ choice = {words} }}\n"))
}

struct Said {
    event: &'static headcount::catalog::Event,
    values: Vec<Option<Value>>,
}

impl TypedEvent for Said {
    fn definition(&self) -> &'static headcount::catalog::Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

fn record(catalog: &'static Catalog, home: &Home, now_s: i64, number: i64, word: &str) {
    let event = catalog.event("tick").expect("the event");
    let [count, mode] = [Raw::Integer(number), Raw::Text(word)];
    let values = event.properties.iter().zip([count, mode]);
    let values = values.map(|(property, raw)| Some(property.kind.admit(&raw).expect("a value")));
    let event = Said { event, values: values.collect() };
    scene::open(catalog, home, scene::after(now_s)).try_record(&event).expect("a record");
}

fn agree(catalog: &'static Catalog, home: &Home) {
    scene::said(catalog, home, scene::after(0), "on");
}

fn got(server: &CaptureServer, name: &str) -> Vec<i64> {
    let requests = server.requests();
    let is_its = |request: &&CapturedRequest| request.path == format!("/{name}");
    requests.iter().filter(is_its).flat_map(scene::numbers).collect()
}

fn status(catalog: &'static Catalog, home: &Home, now_s: i64) -> Json {
    scene::say(catalog, home, scene::after(now_s), "status --json")
}

fn server() -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    server
}

#[test]
fn a_new_destination_gets_what_an_older_release_has_shipped() {
    let (server, home) = (server(), Home::new());
    let (old, new) = (older(&server), newer(&server, 2));
    agree(new, &home);
    record(new, &home, 0, 1, "plain");
    scene::ship(old, &home, scene::after(1));
    assert_eq!((got(&server, "one"), got(&server, "two")), (vec![1], vec![]));
    // Nothing is left for the older one: it starts no process for it.
    let started = scene::open(old, &home, scene::after(2)).start_shipper().expect("a look");
    assert_eq!(started, Started::NothingDue);
    scene::ship(new, &home, scene::after(3));
    assert_eq!((got(&server, "one"), got(&server, "two")), (vec![1], vec![1]));
    assert_eq!(status(new, &home, 3)["waiting"]["events"], 0);
}

/// It was begun by the newer release, which says no more: nobody has to know
/// it.
#[test]
fn a_destination_that_has_begun_with_a_claim_counts_whoever_knows_it() {
    let (server, home) = (server(), Home::new());
    let (old, new) = (older(&server), newer(&server, 2));
    agree(new, &home);
    record(new, &home, 0, 1, "plain");
    server.reply_next(scene::yes("http"));
    server.reply_next(headcount_testkit::CannedAnswer::status(503));
    scene::ship(new, &home, scene::after(0));
    let state = scene::paths(new, &home).state_folder;
    for entry in std::fs::read_dir(&state).expect("a folder").map_while(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with("catalog-") {
            std::fs::remove_file(entry.path()).expect("a file");
        }
    }
    scene::ship(old, &home, scene::after(10));
    scene::ship(new, &home, scene::after(20));
    assert_eq!((got(&server, "one").len(), got(&server, "two").len()), (1, 2));
    assert_eq!(status(new, &home, 20)["waiting"]["events"], 0);
}

#[test]
fn a_new_word_waits_for_the_release_that_knows_it() {
    let (server, home) = (server(), Home::new());
    let (old, new) = (older(&server), newer(&server, 2));
    agree(new, &home);
    record(new, &home, 0, 1, "new");
    record(old, &home, 1, 2, "plain");
    scene::ship(old, &home, scene::after(2));
    assert_eq!(got(&server, "one"), [2]);
    let shown = status(old, &home, 2);
    assert_eq!((&shown["lost"], &shown["waiting"]["events"]), (&json!({}), &json!(2)));
    let started = scene::open(old, &home, scene::after(3)).start_shipper().expect("a look");
    assert_eq!(started, Started::NothingDue);
    scene::ship(new, &home, scene::after(4));
    assert_eq!((got(&server, "one"), got(&server, "two")), (vec![2, 1], vec![1, 2]));
    assert_eq!(status(new, &home, 4)["waiting"]["events"], 0);
}

/// Only an older release can have written what is not allowed any more.
#[test]
fn a_word_that_is_gone_is_dropped_at_once() {
    let (server, home) = (server(), Home::new());
    let (old, new) = (older(&server), newer(&server, 2));
    agree(old, &home);
    record(old, &home, 0, 1, "gone");
    agree(new, &home);
    scene::ship(new, &home, scene::after(1));
    let shown = status(new, &home, 1);
    assert_eq!((&shown["waiting"]["events"], got(&server, "one")), (&json!(0), vec![]));
    assert!(shown["lost"]["not-allowed"].as_u64().is_some_and(|lost| lost > 0), "{shown}");
}

/// Whoever went back to the older release for good keeps nothing for ever.
#[test]
fn what_waits_for_a_release_that_never_comes_back_ends_with_the_retention() {
    let (server, home) = (server(), Home::new());
    let (old, new) = (older(&server), newer(&server, 2));
    agree(new, &home);
    record(new, &home, 0, 1, "new");
    for day in 0..=32 {
        record(old, &home, day * DAY_S, 100 + day, "plain");
        scene::ship(old, &home, scene::after(day * DAY_S));
    }
    assert_eq!(got(&server, "one"), (100..=132).collect::<Vec<_>>());
    let shown = status(old, &home, 32 * DAY_S);
    assert_eq!(shown["waiting"]["events"], 0, "{shown}");
}

/// An author who forgot to raise the number loses nothing by it.
#[test]
fn two_catalogs_of_one_version_are_each_newer_than_the_other() {
    let (server, home) = (server(), Home::new());
    let (one, other) = (older(&server), newer(&server, 1));
    agree(one, &home);
    record(one, &home, 0, 1, "plain");
    scene::ship(one, &home, scene::after(0));
    record(other, &home, 1, 2, "plain");
    agree(other, &home);
    record(other, &home, 1, 3, "new");
    scene::ship(one, &home, scene::after(2));
    scene::ship(other, &home, scene::after(3));
    assert_eq!((got(&server, "one"), got(&server, "two")), (vec![1, 2, 3], vec![2, 3]));
    assert_eq!(status(other, &home, 3)["lost"], json!({}));
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    OldRecords,
    NewRecords,
    OldShips,
    NewShips,
}

const TURNS: [Turn; 4] = [Turn::OldRecords, Turn::NewRecords, Turn::OldShips, Turn::NewShips];

/// Every order in which two releases can take four turns. Several at once,
/// since each waits for the disk most of the time.
#[test]
fn whoever_takes_turns_every_destination_gets_every_record_once() {
    let orders: Vec<usize> = (0..TURNS.len().pow(4)).collect();
    std::thread::scope(|scope| {
        for some in orders.chunks(16) {
            scope.spawn(move || {
                let server = server();
                // Nothing of the older one is withheld: making the catalog that
                // is left has a limit of time, and here are many at once.
                let old = scene::catalog(&text(&server, 1, &["one"], r#"["plain"]"#));
                let catalogs = (old, newer(&server, 2));
                for order in some {
                    let turn = |place| TURNS[order / TURNS.len().pow(place) % TURNS.len()];
                    take([0, 1, 2, 3].map(turn), &server, catalogs);
                }
            });
        }
    });
}

fn take(
    turns: [Turn; 4],
    server: &CaptureServer,
    (old, new): (&'static Catalog, &'static Catalog),
) {
    let home = Home::new();
    agree(new, &home);
    let before = server.requests().len();
    let (mut olds, mut news) = (Vec::new(), Vec::new());
    for (turn, number) in turns.into_iter().zip(0_i64..) {
        match turn {
            Turn::OldRecords => {
                record(old, &home, number, number, "plain");
                olds.push(number);
            }
            Turn::NewRecords => {
                record(new, &home, number, number, "new");
                news.push(number);
            }
            Turn::OldShips => drop(scene::ship(old, &home, scene::after(number))),
            Turn::NewShips => drop(scene::ship(new, &home, scene::after(number))),
        }
    }
    scene::ship(new, &home, scene::after(10));
    let requests = server.requests();
    let sorted = |name: &str| {
        let its = requests[before..].iter().filter(|it| it.path == format!("/{name}"));
        let mut numbers: Vec<i64> = its.flat_map(scene::numbers).collect();
        numbers.sort_unstable();
        numbers
    };
    let mut all = [olds, news.clone()].concat();
    all.sort_unstable();
    assert_eq!(sorted("one"), all, "{turns:?}");
    let second = sorted("two");
    assert!(news.iter().all(|number| second.contains(number)), "{turns:?}: {second:?}");
    assert!(second.windows(2).all(|pair| pair[0] != pair[1]), "{turns:?}: {second:?}");
    assert_eq!(status(new, &home, 10)["waiting"]["events"], 0, "{turns:?}");
}

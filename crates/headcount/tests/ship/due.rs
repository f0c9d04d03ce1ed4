//! A shipper is started only where it has something to do: telling that costs a
//! look and makes nothing.

use std::time::Duration;

use headcount::Catalog;
use headcount::ship::{FlushEnd, Started};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::scene;

const DAY_S: i64 = 86_400;

/// What a host would do at a time. There is no program to start here, so that
/// `NoProgram` stands for a start.
fn would_start(catalog: &'static Catalog, home: &Home, seconds: i64) -> Started {
    scene::open(catalog, home, scene::after(seconds)).start_shipper().expect("a look")
}

fn queue(catalog: &'static Catalog, home: &Home) -> Queue {
    Queue::new(&scene::paths(catalog, home).queue, Bounds::USUAL).expect("a queue")
}

#[test]
fn with_nothing_recorded_nothing_is_started_and_nothing_made() {
    let server = CaptureServer::start();
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::tell(catalog, &home);
    let before = home.tree();
    assert_eq!(would_start(catalog, &home, 0), Started::NothingDue);
    assert_eq!(scene::ship(catalog, &home, scene::after(0)).ended, FlushEnd::Done);
    assert_eq!(home.tree(), before);
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_was_recorded_is_due_until_it_has_arrived() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let before = home.tree();
    assert_eq!(would_start(catalog, &home, 0), Started::NoProgram);
    assert_eq!(home.tree(), before, "a look makes nothing");
    scene::ship(catalog, &home, scene::after(0));
    assert_eq!(would_start(catalog, &home, 1), Started::NothingDue);
    // What stands in the way of the queue is no event.
    std::fs::create_dir(scene::paths(catalog, &home).queue).unwrap();
    assert_eq!(would_start(catalog, &home, 1), Started::NothingDue);
}

#[test]
fn not_while_backing_off_nor_while_another_ships() {
    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(503).header("retry-after", "600"));
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ship(catalog, &home, scene::after(0));
    scene::ticks(catalog, &home, scene::after(1), [2]);
    assert_eq!(would_start(catalog, &home, 599), Started::NoDestination);
    assert_eq!(would_start(catalog, &home, 601), Started::NoProgram);

    let state = scene::paths(catalog, &home).state_folder;
    let shipper = queue(catalog, &home).shipper(&state, Duration::ZERO).expect("the lock");
    assert_eq!(would_start(catalog, &home, 601), Started::Running);
    drop(shipper);
    assert_eq!(would_start(catalog, &home, 601), Started::NoProgram);
}

#[test]
fn while_nobody_can_be_asked_nothing_is_claimed_but_the_bounds_hold() {
    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(503).header("retry-after", "600"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [0]);
    scene::ship(catalog, &home, scene::after(0));
    let claims = || queue(catalog, &home).claims().expect("a folder").len();
    assert_eq!(claims(), 1);
    scene::ticks(catalog, &home, scene::after(1), [1]);
    scene::ship(catalog, &home, scene::after(1));
    assert_eq!((claims(), server.requests().len()), (1, 1));

    // An eighth of the bound: beyond it the oldest must be able to go, and not
    // the newest.
    let session = scene::open(catalog, &home, scene::after(2));
    let mut number = 2;
    while queue(catalog, &home).open_bytes() < Bounds::USUAL.bytes / 8 {
        session.try_record(&scene::Tick::new(catalog, number)).unwrap();
        number += 1;
    }
    assert_eq!(would_start(catalog, &home, 3), Started::NoProgram);
    scene::ship(catalog, &home, scene::after(3));
    assert_eq!((claims(), server.requests().len()), (2, 1));
    assert_eq!(would_start(catalog, &home, 3), Started::NoDestination);
}

/// A host looks in its exit path, while everybody backs off: whatever lies in
/// the open segment, that look is short.
#[test]
#[cfg(target_os = "linux")]
fn a_look_does_not_read_what_is_full_already() {
    /// Bytes that this thread has read so far.
    fn read() -> u64 {
        let io = std::fs::read_to_string("/proc/thread-self/io").expect("what the kernel counts");
        let bytes = io.lines().find_map(|line| line.strip_prefix("rchar: "));
        bytes.and_then(|bytes| bytes.parse().ok()).expect("a count")
    }

    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(503).header("retry-after", "600"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ship(catalog, &home, scene::after(0));
    let mib = 1024 * 1024;
    let segment = std::fs::File::create(scene::paths(catalog, &home).queue).unwrap();
    segment.set_len(64 * mib).unwrap();
    let before = read();
    assert_eq!(would_start(catalog, &home, 1), Started::NoProgram);
    assert!(read() - before < mib, "{} bytes", read() - before);
}

/// The product's next version, with an event more.
fn next_version(text: &str) -> &'static Catalog {
    let tock = "[event.tock]\nwhy = \"A later version's.\"\nowner = \"tests\"\n";
    scene::catalog(&format!("{}\n{tock}", text.replace("catalog = 1", "catalog = 2")))
}

struct Tock(&'static headcount::catalog::Event);

impl headcount::TypedEvent for Tock {
    fn definition(&self) -> &'static headcount::catalog::Event {
        self.0
    }

    fn values(&self) -> Vec<Option<headcount::catalog::Value>> {
        Vec::new()
    }
}

#[test]
fn what_only_another_version_can_send_starts_no_shipper_at_every_command() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    let (old, new) = (scene::catalog(&text), next_version(&text));
    let home = Home::new();
    let session = scene::open(new, &home, scene::after(0));
    session.try_record(&Tock(new.event("tock").expect("the event"))).unwrap();
    assert!(queue(new, &home).open_bytes() > 0);

    assert_eq!(would_start(old, &home, 1), Started::NoProgram, "it cannot know yet");
    scene::ship(old, &home, scene::after(1));
    assert_eq!(server.requests().len(), 0);
    for day in [0, 10, 30] {
        assert_eq!(would_start(old, &home, day * DAY_S + 2), Started::NothingDue, "day {day}");
    }
    assert_eq!(would_start(new, &home, 2), Started::NoProgram, "its own version sends it");

    // Something new is due all the same, and does not take the old one with it.
    scene::ticks(old, &home, scene::after(3), [1]);
    assert_eq!(would_start(old, &home, 3), Started::NoProgram);
    scene::ship(old, &home, scene::after(3));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(would_start(old, &home, 4), Started::NothingDue);

    // Local retention ends it, whoever comes by.
    assert_eq!(would_start(old, &home, 31 * DAY_S), Started::NoProgram);
    scene::ship(old, &home, scene::after(31 * DAY_S));
    assert_eq!(queue(old, &home).waiting().expect("a folder").lines, 0);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(would_start(old, &home, 31 * DAY_S), Started::NothingDue);
}

#[test]
fn what_waits_for_a_dead_destination_is_due_when_that_one_is() {
    let (alive, dead) = (CaptureServer::start(), CaptureServer::start());
    alive.reply_otherwise(scene::yes("http"));
    dead.reply_next(CannedAnswer::status(503).header("retry-after", "600"));
    dead.reply_otherwise(scene::yes("http"));
    let home = Home::new();
    let catalog = scene::catalog(&scene::text(&[
        scene::destination("alive", "http", &format!("{}/e", alive.url())),
        scene::destination("dead", "http", &format!("{}/e", dead.url())),
    ]));
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ship(catalog, &home, scene::after(0));
    assert_eq!(would_start(catalog, &home, 1), Started::NothingDue);
    assert_eq!(would_start(catalog, &home, 601), Started::NoProgram);
    scene::ship(catalog, &home, scene::after(601));
    assert_eq!((alive.requests().len(), dead.requests().len()), (1, 2));
    assert_eq!(would_start(catalog, &home, 602), Started::NothingDue);
}

/// Whoever records while a shipper holds the lock starts none, and so that one
/// looks once more.
#[test]
fn what_is_recorded_while_a_shipper_runs_goes_with_it() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Held(scene::yes("http")));
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    std::thread::scope(|scope| {
        let shipper = scope.spawn(|| scene::ship(catalog, &home, scene::after(0)));
        let first = server.wait_for(1, Duration::from_secs(20));
        assert_eq!(scene::numbers(&first[0]), [1]);
        scene::ticks(catalog, &home, scene::after(0), [2, 3]);
        assert_eq!(would_start(catalog, &home, 0), Started::Running);
        server.release();
        assert_eq!(shipper.join().expect("no panic").arrived.taken, 3);
    });
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

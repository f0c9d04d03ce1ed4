//! `telemetry sent`: each record of each request as it lay in the queue, with
//! when it went, where to, and what came back.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use headcount::Catalog;
use headcount::ship::{Gate, Request, Response, Transport, TransportError, TransportErrorKind};
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};
use serde_json::{Value as Json, json};

use crate::rogue::{Manner, Rogue};
use crate::{process, scene};

/// What hangs never comes.
const PATIENCE: Duration = Duration::from_secs(30);
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;
const LOG: &str = ".tick/telemetry-state/sent.jsonl";

/// What `telemetry sent WORDS --json` prints, an object a line.
fn sent(catalog: &'static Catalog, home: &Home, at_s: i64, words: &str) -> Vec<Json> {
    let said = scene::said(catalog, home, scene::after(at_s), &format!("sent --json {words}"));
    said.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn queued(catalog: &'static Catalog, home: &Home, at_s: i64) -> Vec<String> {
    let dump = scene::said(catalog, home, scene::after(at_s), "dump");
    dump.lines().map(str::to_owned).collect()
}

/// A server that takes everything, and the product that sends there.
fn taking() -> (CaptureServer, &'static Catalog, Home) {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let catalog = scene::one("http", &server.url());
    (server, catalog, Home::new())
}

/// One event, and a shipment.
fn command(catalog: &'static Catalog, home: &Home, at_s: i64) {
    scene::ticks(catalog, home, scene::after(at_s), [at_s]);
    scene::ship(catalog, home, scene::after(at_s));
}

#[test]
fn every_record_of_every_request_is_there_whatever_came_back() {
    let server = CaptureServer::start();
    for reply in [
        ServerReply::Lost,
        CannedAnswer::status(200).body("<html>").into(),
        CannedAnswer::status(503).into(),
        CannedAnswer::status(413).into(),
        CannedAnswer::status(400).into(),
    ] {
        server.reply_next(reply);
    }
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::tell(catalog, &home);
    let before = home.tree();
    assert_eq!(sent(catalog, &home, 0, ""), Vec::<Json>::new());
    assert_eq!(home.tree(), before, "asking for it makes nothing");
    scene::ticks(catalog, &home, scene::after(0), [1, 2]);
    let lines = queued(catalog, &home, 0);
    for hour in 0..4 {
        scene::ship(catalog, &home, scene::after(hour * HOUR_S));
    }
    let entry = |hour: i64, status: Json, line: usize| {
        let at = scene::after(hour * HOUR_S).format(headcount::catalog::Grain::Second);
        json!({"at": at, "destination": "one", "status": status, "line": lines[line]})
    };
    // The batch of two is halved at last; one half is rejected for good.
    let expected = [
        entry(0, Json::Null, 0),
        entry(0, Json::Null, 1),
        entry(1, json!(200), 0),
        entry(1, json!(200), 1),
        entry(2, json!(503), 0),
        entry(2, json!(503), 1),
        entry(3, json!(413), 0),
        entry(3, json!(413), 1),
        entry(3, json!(400), 0),
        entry(3, json!(200), 1),
    ];
    assert_eq!(sent(catalog, &home, 9 * HOUR_S, ""), expected);
    assert_eq!(server.requests().len(), 6);
    let text = scene::said(catalog, &home, scene::after(9 * HOUR_S), "sent --json");
    assert!(
        text.starts_with(
            "{\"at\":\"2026-11-20T00:00:00Z\",\"destination\":\"one\",\"status\":null,\"line\":\"{"
        ),
        "{text}"
    );
}

#[test]
fn a_person_reads_the_lines_below_what_came_back() {
    let (server, catalog, home) = taking();
    server.reply_next(ServerReply::Lost);
    scene::ticks(catalog, &home, scene::after(0), [1, 2]);
    let lines = queued(catalog, &home, 0);
    scene::ship(catalog, &home, scene::after(0));
    scene::ship(catalog, &home, scene::after(HOUR_S));
    let said = scene::said(catalog, &home, scene::after(2 * HOUR_S), "sent");
    let both = format!("  {}\n  {}\n", lines[0], lines[1]);
    assert_eq!(
        said,
        format!("2026-11-20T00:00:00Z one: no answer\n{both}2026-11-20T01:00:00Z one: 200\n{both}")
    );
    let status = scene::said(catalog, &home, scene::after(2 * HOUR_S), "status");
    let bytes = home.read(LOG).len();
    let told = format!("Kept of what was sent: 2 events, {bytes} bytes (tick telemetry sent)\n");
    assert!(status.contains(&told), "{status}");
    let status = scene::say(catalog, &home, scene::after(2 * HOUR_S), "status --json");
    assert_eq!(status["sent"], json!({"events": 2, "bytes": bytes}));
}

#[test]
fn the_newest_and_those_since_a_day_can_be_asked_for() {
    let (_server, catalog, home) = taking();
    for day in 0..3 {
        command(catalog, &home, day * DAY_S);
        command(catalog, &home, day * DAY_S + HOUR_S);
    }
    let number = |entry: &Json| {
        let line: Json = serde_json::from_str(entry["line"].as_str().expect("a line")).unwrap();
        line["number"].as_i64().expect("a number")
    };
    let numbers = |words: &str| -> Vec<i64> {
        sent(catalog, &home, 3 * DAY_S, words).iter().map(number).collect()
    };
    let all: Vec<i64> = (0..3).flat_map(|day| [day * DAY_S, day * DAY_S + HOUR_S]).collect();
    assert_eq!(numbers(""), all);
    assert_eq!(numbers("--last 2"), all[4..]);
    assert_eq!(numbers("--last 0"), [0; 0]);
    assert_eq!(numbers("--last=100"), all);
    assert_eq!(numbers("--since 2026-11-21"), all[2..]);
    assert_eq!(numbers("--since 2026-11-21 --last 3"), all[3..]);
    assert_eq!(numbers("--since 2020-01-01"), all);
    assert_eq!(numbers("--since 2026-11-23"), [0; 0]);
    let said = scene::said(catalog, &home, scene::after(3 * DAY_S), "sent --since 2026-11-23");
    assert_eq!(said, "No record sent since 2026-11-23 is kept.\n");
    for (words, kept) in [("sent --last 0", 6), ("sent --last 0 --since 2026-11-22", 2)] {
        let said = scene::said(catalog, &home, scene::after(3 * DAY_S), words);
        assert_eq!(said, format!("Records kept: {kept}. You asked for none of them.\n"), "{words}");
    }
}

#[test]
fn off_local_and_clear_delete_it() {
    let (_server, catalog, home) = taking();
    for words in ["off", "local", "clear", "forget", "clear --all"] {
        scene::said(catalog, &home, scene::after(0), "on");
        command(catalog, &home, 0);
        assert_eq!(sent(catalog, &home, 0, "").len(), 1, "{words}");
        scene::said(catalog, &home, scene::after(1), words);
        assert!(!home.path().join(LOG).exists(), "{words}");
        let said = scene::said(catalog, &home, scene::after(1), "sent");
        assert!(said.starts_with("Nothing is kept of what was sent"), "{said}");
        let status = scene::say(catalog, &home, scene::after(1), "status --json");
        assert_eq!(status["sent"], json!({"events": 0, "bytes": 0}), "{words}");
    }
}

#[test]
fn nothing_is_kept_longer_than_a_record_may_wait() {
    let (_server, catalog, home) = taking();
    command(catalog, &home, 0);
    scene::ticks(catalog, &home, scene::after(5 * DAY_S), [5]);
    // The second is sent when it is ten days old.
    scene::ship(catalog, &home, scene::after(15 * DAY_S));
    let left = |day: i64| sent(catalog, &home, day * DAY_S, "").len();
    assert_eq!(left(15), 2);
    assert_eq!(left(30), 2);
    assert_eq!(left(31), 1, "before it is read");
    assert_eq!(home.read(LOG).lines().count(), 1);
    assert_eq!(left(35), 1);
    // A shipment drops it too, although nothing waits.
    scene::ship(catalog, &home, scene::after(36 * DAY_S));
    assert!(!home.path().join(LOG).exists());
}

/// Shipping goes on whatever lies in its place.
#[test]
fn a_log_that_cannot_be_kept_holds_up_nothing() {
    let (server, catalog, home) = taking();
    command(catalog, &home, 0);
    fs::remove_file(home.path().join(LOG)).unwrap();
    fs::create_dir_all(home.path().join(LOG).join("in-the-way")).unwrap();
    command(catalog, &home, HOUR_S);
    assert_eq!(server.requests().len(), 2);
    let words = ["sent".to_owned()];
    let reply = headcount::person::run(&scene::open(catalog, &home, scene::after(HOUR_S)), &words);
    assert_eq!((reply.code, reply.out.as_str()), (1, ""));
    assert!(reply.err.starts_with("What was sent cannot be read: "), "{}", reply.err);
    let status = scene::said(catalog, &home, scene::after(HOUR_S), "status");
    assert!(status.contains("Kept of what was sent: "), "{status}");
    fs::remove_dir_all(home.path().join(LOG)).unwrap();
    // Cut, or written over by something else: what is whole stays.
    command(catalog, &home, 2 * HOUR_S);
    let whole = home.read(LOG);
    for spoiled in [&whole[..whole.len() / 2], "", "\n\n", "7\nnull\n[]\n{\"at\":1}\n"] {
        home.write(LOG, spoiled);
        assert_eq!(sent(catalog, &home, 2 * HOUR_S, ""), Vec::<Json>::new(), "{spoiled:?}");
        command(catalog, &home, 3 * HOUR_S);
        assert_eq!(sent(catalog, &home, 3 * HOUR_S, "").len(), 1, "{spoiled:?}");
    }
    home.write(LOG, [0xff, 0xfe, 0x00]);
    command(catalog, &home, 4 * HOUR_S);
    assert_eq!(sent(catalog, &home, 4 * HOUR_S, "").len(), 1, "it is begun anew");
}

/// Whatever a link leads to is somebody's.
#[test]
#[cfg(unix)]
fn a_planted_link_goes_and_what_it_leads_to_stays() {
    let (_server, catalog, home) = taking();
    for content in ["mine\n".to_owned(), "mine\n".repeat(100_000)] {
        command(catalog, &home, 0);
        let other = home.write("other", &content);
        fs::remove_file(home.path().join(LOG)).unwrap();
        std::os::unix::fs::symlink(&other, home.path().join(LOG)).unwrap();
        assert_eq!(sent(catalog, &home, 0, ""), Vec::<Json>::new());
        command(catalog, &home, HOUR_S);
        assert_eq!(sent(catalog, &home, HOUR_S, "").len(), 1);
        assert_eq!(home.read("other"), content);
        std::fs::remove_file(home.path().join(LOG)).unwrap();
        std::os::unix::fs::symlink(&other, home.path().join(LOG)).unwrap();
        scene::said(catalog, &home, scene::after(HOUR_S), "clear");
        assert_eq!(home.read("other"), content);
        assert!(!home.path().join(LOG).is_symlink());
    }
}

/// A batch that was sent, and not settled, is sent again; both are there.
#[test]
fn what_is_sent_again_is_there_again() {
    let (server, catalog, home) = taking();
    server.reply_next(ServerReply::Lost);
    command(catalog, &home, 0);
    scene::ship(catalog, &home, scene::after(HOUR_S));
    let both = sent(catalog, &home, HOUR_S, "");
    assert_eq!(both[0]["line"], both[1]["line"]);
    assert_eq!((&both[0]["status"], &both[1]["status"]), (&Json::Null, &json!(200)));
    // One event, however often it went.
    let view = scene::say(catalog, &home, scene::after(HOUR_S), "view --json");
    assert_eq!((&view["waiting"], &view["sent"]), (&json!(0), &json!(1)));
}

/// The end of a shipper in the moment of the answer.
struct Dies;

impl Transport for Dies {
    fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
        panic!("killed")
    }
}

#[test]
fn what_went_when_the_shipper_was_killed_goes_again_and_is_there() {
    let (server, catalog, home) = taking();
    scene::ticks(catalog, &home, scene::after(0), [1, 2]);
    let session = scene::open(catalog, &home, scene::after(0));
    let killed = catch_unwind(AssertUnwindSafe(|| session.flush(&Dies)));
    assert!(killed.is_err());
    assert_eq!(sent(catalog, &home, 0, ""), Vec::<Json>::new());
    scene::ship(catalog, &home, scene::after(HOUR_S));
    assert_eq!((server.requests().len(), sent(catalog, &home, HOUR_S, "").len()), (1, 2));
}

/// A no that comes while a request is under way leaves no record of it.
#[test]
fn after_a_no_nothing_is_kept_of_what_was_under_way() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Held(scene::yes("http")));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    std::thread::scope(|scope| {
        let shipment = scope.spawn(|| scene::ship(catalog, &home, scene::after(0)));
        assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
        let off = scope.spawn(|| scene::said(catalog, &home, scene::after(0), "off"));
        let settings = scene::paths(catalog, &home).settings;
        process::until(|| settings.exists());
        server.release();
        shipment.join().expect("no panic");
        off.join().expect("no panic");
    });
    assert!(!home.path().join(LOG).exists());
}

/// An event that waits for one destination and was sent to another is one.
#[test]
fn view_counts_an_event_once_wherever_it_is() {
    let (one, other) = (CaptureServer::start(), CaptureServer::start());
    one.reply_otherwise(scene::yes("http"));
    other.reply_otherwise(CannedAnswer::status(503));
    let destinations = [("one", &one), ("other", &other)]
        .map(|(name, server)| scene::destination(name, "http", &format!("{}/e", server.url())));
    let (catalog, home) = (scene::catalog(&scene::text(&destinations)), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1, 2, 3]);
    let view = |at_s: i64| {
        let view = scene::say(catalog, &home, scene::after(at_s), "view --json");
        let events = view["events"][0]["events"].as_u64().expect("a number");
        let numbers = ["waiting", "sent"].map(|key| view[key].as_u64().expect("a number"));
        (events, numbers)
    };
    assert_eq!(view(0), (3, [3, 0]));
    scene::ship(catalog, &home, scene::after(0));
    assert_eq!(sent(catalog, &home, 0, "").len(), 6, "three to each");
    assert_eq!(view(0), (3, [3, 0]), "they wait for the other");
    let status = scene::say(catalog, &home, scene::after(0), "status --json");
    assert_eq!((&status["sent"]["events"], &status["waiting"]["events"]), (&json!(3), &json!(3)));
    other.reply_otherwise(scene::yes("http"));
    scene::ship(catalog, &home, scene::after(HOUR_S));
    assert_eq!(view(HOUR_S), (3, [0, 3]));
    scene::ticks(catalog, &home, scene::after(2 * HOUR_S), [4]);
    assert_eq!(view(2 * HOUR_S), (4, [1, 3]));
    let said = scene::said(catalog, &home, scene::after(2 * HOUR_S), "view");
    assert!(said.contains("1 waiting to be sent, 3 sent)"), "{said}");
}

/// A machine without a network sends nothing, however often it tries. It has
/// receipts of that.
#[test]
fn what_never_left_is_not_among_it() {
    let nobody = Rogue::start(Manner::Nobody);
    let (catalog, home) = (scene::one("http", &nobody.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    for hour in 0..3 {
        scene::ship(catalog, &home, scene::after(hour * HOUR_S));
    }
    let receipts = scene::say(catalog, &home, scene::after(0), "receipts --json");
    assert_eq!(receipts.as_array().map(Vec::len), Some(3), "{receipts}");
    assert_eq!(sent(catalog, &home, 3 * HOUR_S, ""), Vec::<Json>::new());
    assert!(!home.path().join(LOG).exists());
    for manner in [Manner::Cut, Manner::Silence, Manner::Nonsense] {
        let rogue = Rogue::start(manner);
        let (catalog, home) = (scene::one("http", &rogue.url()), Home::new());
        command(catalog, &home, 0);
        let entries = sent(catalog, &home, 0, "");
        assert_eq!(entries.len(), 1, "{manner:?}");
        assert_eq!(entries[0]["status"], Json::Null, "{manner:?}");
    }
}

/// A transport that fails before its gate, behind it, or behind it with the
/// word that nothing has left.
struct Fails(TransportErrorKind, Where);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    BeforeTheGate,
    Behind,
    BeforeTheBody,
}

impl Transport for Fails {
    fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
        panic!("a shipment has a gate")
    }

    fn send_through(
        &self,
        _: &Request,
        _: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        if self.1 != Where::BeforeTheGate {
            gate.pass()?;
        }
        let error = TransportError::new(self.0, "the test's own");
        Err(if self.1 == Where::BeforeTheBody { error.before_the_body() } else { error })
    }
}

/// A kind of error does not tell how far a body came: any may come while the
/// answer is read.
#[test]
fn what_left_is_there_whatever_the_error_is_called() {
    for (kind, _) in TransportErrorKind::ALL {
        for place in [Where::BeforeTheGate, Where::Behind, Where::BeforeTheBody] {
            let (catalog, home) = (scene::one("http", "http://127.0.0.1:9"), Home::new());
            scene::ticks(catalog, &home, scene::after(0), [1]);
            scene::open(catalog, &home, scene::after(0)).flush(&Fails(kind, place));
            let entries = sent(catalog, &home, 0, "").len();
            assert_eq!(entries, usize::from(place == Where::Behind), "{kind:?} {place:?}");
        }
    }
}

/// Products that keep no event on disk keep none of what was sent either.
#[test]
fn a_product_that_keeps_no_event_keeps_none_of_what_was_sent() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    let detached = scene::catalog(&text);
    let home = Home::new();
    // An earlier release of it kept them.
    scene::ticks(detached, &home, scene::after(0), [1]);
    let catalog = scene::catalog(&text.replace("mode = \"detached\"", "mode = \"thread\""));
    scene::ship(catalog, &home, scene::after(0));
    assert_eq!(server.requests().len(), 1);
    let session = scene::open(catalog, &home, scene::after(0));
    session.record(&scene::Tick::new(catalog, 2));
    assert_eq!(server.wait_for(2, PATIENCE).len(), 2);
    drop(session);
    assert!(!home.path().join(LOG).exists());
    let said = scene::said(catalog, &home, scene::after(0), "sent");
    assert!(said.starts_with("Tick keeps no event on this machine"), "{said}");
}

/// Two months apart there are two ids, and never both in one place.
#[test]
fn a_new_id_takes_the_lines_of_the_old_one_with_it() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    let text = text.replace("file = \"device\"", "file = \"device\"\nrotate = \"monthly\"");
    let (catalog, home) = (scene::catalog(&text), Home::new());
    command(catalog, &home, 0);
    // Recorded under the old id, and sent under the new one.
    scene::ticks(catalog, &home, scene::after(9 * DAY_S), [9]);
    assert_eq!(sent(catalog, &home, 10 * DAY_S, "").len(), 1);
    let old = home.read(".tick/device").trim().to_owned();
    scene::ticks(catalog, &home, scene::after(12 * DAY_S), [12]);
    assert_ne!(home.read(".tick/device").trim(), old);
    assert!(!home.path().join(LOG).exists());
    scene::ship(catalog, &home, scene::after(12 * DAY_S));
    assert_eq!(server.requests().len(), 3, "one of each month");
    let lines = sent(catalog, &home, 12 * DAY_S, "");
    assert_eq!(lines.len(), 1);
    assert!(!home.read(LOG).contains(&old));
}

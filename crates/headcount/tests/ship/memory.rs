//! Products that keep no event on disk: a thread sends each at once, and what
//! has not gone when the host ends goes with one detached attempt. Once each,
//! and nothing is tried again.

use std::time::{Duration, Instant};

use headcount::Catalog;
use headcount::ship::Started;
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::rogue::{Manner, Rogue};
use crate::{process, roles, scene};

/// What hangs never comes; a busy machine may be slow.
const PATIENCE: Duration = Duration::from_secs(30);

fn text(servers: &[&CaptureServer]) -> String {
    let destinations: Vec<String> = servers
        .iter()
        .enumerate()
        .map(|(place, server)| {
            scene::destination(&format!("d{place}"), "http", &format!("{}/e", server.url()))
        })
        .collect();
    scene::text(&destinations).replace("mode = \"detached\"", "mode = \"thread\"")
}

fn catalog(server: &CaptureServer) -> &'static Catalog {
    scene::catalog(&text(&[server]))
}

/// The files of the home, but for the tests' own and our own state.
fn files(home: &Home) -> Vec<String> {
    let paths = home.tree().into_iter().map(|entry| entry.path);
    paths
        .filter(|path| !path.ends_with('/') && path != "catalog.toml" && path != ".tick/device")
        .filter(|path| !path.starts_with(".tick/telemetry-state"))
        .collect()
}

#[test]
fn a_thread_sends_at_once_and_no_event_is_on_disk() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (catalog(&server), Home::new());
    let session = scene::open(catalog, &home, scene::after(0));
    for number in 0..3 {
        session.record(&scene::Tick::new(catalog, number));
        let requests = server.wait_for(number as usize + 1, PATIENCE);
        assert_eq!(scene::numbers(&requests[number as usize]), [number]);
        assert_eq!(files(&home), Vec::<String>::new());
    }
    // Sent, so nothing is left to start anybody for; the answer is nobody's
    // business.
    assert_eq!(session.start_shipper().expect("a look"), Started::NothingDue);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn off_makes_nothing_and_sends_nothing() {
    let server = CaptureServer::start();
    let (catalog, home) = (catalog(&server), Home::new());
    scene::said(catalog, &home, scene::after(0), "off");
    let before = home.tree();
    let session = scene::open(catalog, &home, scene::after(0));
    session.record(&scene::Tick::new(catalog, 1));
    assert_eq!(session.start_shipper().expect("a look"), Started::NotPermitted);
    drop(session);
    assert_eq!((home.tree(), server.connections()), (before, 0));
}

/// The host ends in the same moment in which it recorded: thread or attempt,
/// whoever has it sends it, and never both.
#[test]
fn a_host_that_ends_right_after_recording_loses_and_doubles_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let home = Home::new();
    roles::settle(&home, &text(&[&server]));
    let hosts = 20;
    for number in 0..hosts {
        let output = roles::child(&home, &format!("record {number}")).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    }
    let requests = server.wait_for(hosts, PATIENCE);
    let mut numbers: Vec<i64> = requests.iter().flat_map(scene::numbers).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..hosts as i64).collect::<Vec<_>>());
    process::until(|| process::receipts(&home, 1).lines().count() >= hosts / 2);
    assert_eq!(server.requests().len(), hosts, "nothing goes twice");
    assert_eq!(files(&home), Vec::<String>::new());
}

/// A destination that answers nobody keeps nobody waiting.
#[test]
fn a_host_waits_for_nobody() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Never);
    let home = Home::new();
    roles::settle(&home, &text(&[&server]));
    let output = roles::child(&home, "record 1").run();
    assert_eq!(output.code(), Some(0));
    assert!(output.elapsed < process::SOON, "it waited {:?}", output.elapsed);
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
}

#[test]
fn what_fails_is_lost_and_never_tried_again() {
    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(500));
    server.reply_next(ServerReply::Lost);
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (catalog(&server), Home::new());
    let session = scene::open(catalog, &home, scene::after(0));
    for number in 0..3 {
        session.record(&scene::Tick::new(catalog, number));
        // One after the other, so that each meets the answer meant for it.
        process::until(|| receipts(catalog, &home) > number as usize);
    }
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(session.start_shipper().expect("a look"), Started::NothingDue);
}

fn receipts(catalog: &'static Catalog, home: &Home) -> usize {
    let said = scene::say(catalog, home, scene::after(0), "receipts --json");
    said.as_array().map_or(0, Vec::len)
}

/// A destination may ask for a pause or a stop, and is not asked meanwhile.
#[test]
fn a_destinations_own_wish_is_heeded() {
    for answer in [
        CannedAnswer::status(503).header("retry-after", "600"),
        scene::yes("http").header("headcount-send", "stop"),
    ] {
        let server = CaptureServer::start();
        server.reply_next(answer);
        let (catalog, home) = (catalog(&server), Home::new());
        let session = scene::open(catalog, &home, scene::after(0));
        session.record(&scene::Tick::new(catalog, 1));
        process::until(|| receipts(catalog, &home) == 1);
        let paths = scene::paths(catalog, &home);
        let state = |name: &str| paths.state_folder.join(name).exists();
        process::until(|| state("d0.backoff.json") || state("d0.pace.json"));
        session.record(&scene::Tick::new(catalog, 2));
        drop(session);
        let later = scene::open(catalog, &home, scene::after(8 * 86_400));
        server.reply_otherwise(scene::yes("http"));
        later.record(&scene::Tick::new(catalog, 3));
        let numbers: Vec<i64> =
            server.wait_for(2, PATIENCE).iter().flat_map(scene::numbers).collect();
        assert_eq!(numbers, [1, 3]);
    }
}

/// A pause is heeded although nobody can be told of the request.
#[test]
fn a_wish_is_kept_where_a_receipt_cannot_be() {
    let server = CaptureServer::start();
    let refused = CannedAnswer::status(503).header("retry-after", "600");
    server.reply_next(refused.header("headcount-send", "0.5"));
    let (catalog, home) = (catalog(&server), Home::new());
    let state = scene::paths(catalog, &home).state_folder;
    std::fs::create_dir_all(state.join("receipts.jsonl/in the way")).unwrap();
    let session = scene::open(catalog, &home, scene::after(0));
    session.record(&scene::Tick::new(catalog, 1));
    process::until(|| {
        state.join("d0.backoff.json").exists() && state.join("d0.pace.json").exists()
    });
}

/// That nobody could be reached is told like every other request.
#[test]
fn what_reached_nobody_leaves_a_receipt() {
    let nobody = Rogue::start(Manner::Nobody);
    let text = scene::text(&[scene::destination("d0", "http", &format!("{}/e", nobody.url()))]);
    let text = text.replace("mode = \"detached\"", "mode = \"thread\"");
    let (catalog, home) = (scene::catalog(&text), Home::new());
    let session = scene::open(catalog, &home, scene::after(0));
    session.record(&scene::Tick::new(catalog, 1));
    process::until(|| receipts(catalog, &home) == 1);
    let said = scene::say(catalog, &home, scene::after(0), "receipts --json");
    assert_eq!((&said[0]["status"], &said[0]["error"]), (&().into(), &"unreachable".into()));
}

/// Nothing leaves after `off` has returned: it waits for what is under way.
#[test]
fn off_waits_for_a_request_that_is_under_way() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Held(scene::yes("http")));
    let (catalog, home) = (catalog(&server), Home::new());
    let session = scene::open(catalog, &home, scene::after(0));
    session.record(&scene::Tick::new(catalog, 1));
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    std::thread::scope(|scope| {
        let off = scope.spawn(|| {
            scene::said(catalog, &home, scene::after(0), "off");
            Instant::now()
        });
        let settings = scene::paths(catalog, &home).settings;
        process::until(|| settings.exists());
        session.record(&scene::Tick::new(catalog, 2));
        let released = Instant::now();
        assert!(!off.is_finished(), "it did not wait");
        server.release();
        assert!(off.join().expect("no panic") >= released, "it did not wait");
    });
    drop(session);
    assert_eq!(server.requests().len(), 1, "what was recorded after the no does not leave");
}

/// A person who types the command is asked for nothing.
#[test]
fn only_a_process_that_was_started_for_it_reads_its_input() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let home = Home::new();
    let catalog = roles::settle(&home, &text(&[&server]));
    let session = scene::open(catalog, &home, scene::after(0));
    let line = session.line(&scene::Tick::new(catalog, 5)).expect("a line");
    let input = format!("d0 {line}\nd0 not a record\nnobody {line}\nd0\n");
    let flush = roles::child(&home, "flush").stdin(input.clone()).run();
    assert_eq!((flush.code(), server.connections()), (Some(0), 0));
    let flush = roles::child(&home, "flush").env("TICK_TELEMETRY_FLUSH", "1").stdin(input).run();
    assert_eq!(flush.code(), Some(0));
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    assert_eq!(numbers, [5]);
}

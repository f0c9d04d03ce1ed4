//! Machines in trouble: folders that go, segments that are none, garbage,
//! clocks that jump, a program that is replaced. The host never notices, the
//! shipper ends, `status` says what is true, and nothing valid is lost that the
//! queue could hold.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use headcount::{Catalog, Host, Program, Surroundings};
use headcount_queue::{Bounds, DestinationName, Queue};
use headcount_testkit::{CaptureServer, Home, ProgramOutput, ServerReply};
use serde_json::Value as Json;

use crate::{process, roles, scene};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A shipper's lifetime, and a second for a busy machine.
pub(crate) const LIFETIME: Duration = Duration::from_secs(11);

/// The product's one destination.
pub(crate) fn settle(home: &Home, server: &CaptureServer) -> &'static Catalog {
    server.reply_otherwise(scene::yes("http"));
    let destination = scene::destination("one", "http", &format!("{}/e", server.url()));
    roles::settle(home, &scene::text(&[destination]))
}

/// What a host shows to whoever runs it, but for the harness's own time.
fn shown(output: &ProgramOutput) -> (Option<i32>, String, String) {
    let out = output.stdout_text();
    let out: Vec<&str> = out.split("finished in").next().into_iter().collect();
    // A child of these tests is the harness, which writes before it opens
    // telemetry, and a debug build complains of that.
    let err = output.stderr_text();
    let err: Vec<&str> =
        err.lines().filter(|line| !line.contains("Open telemetry first")).collect();
    (output.code(), out.concat(), err.concat())
}

/// A host in trouble does what it does without telemetry, and as soon.
pub(crate) fn unaffected(in_trouble: &ProgramOutput, home: &Home, role: &str) {
    let off = roles::child(home, role).env("TICK_TELEMETRY", "0").run();
    assert_eq!(shown(in_trouble), shown(&off));
    assert_eq!(off.code(), Some(0), "{}", off.stderr_text());
    assert!(in_trouble.elapsed < process::SOON, "it waited {:?}", in_trouble.elapsed);
}

/// Fills the queue until so many events are recorded or refused, and says how
/// many are.
pub(crate) fn fill(events: i64) {
    let (session, catalog) = (roles::open(), roles::own_catalog());
    let recorded = (0..events)
        .filter(|number| session.try_record(&scene::Tick::new(catalog, *number)).is_ok())
        .count();
    roles::tell(&format!("recorded {recorded}"));
}

/// `telemetry status --json`, a line of it.
pub(crate) fn status() {
    let words = ["status", "--json"].map(str::to_owned);
    let reply = headcount::person::run(&roles::open(), &words);
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "status exits with 0 in every state");
    roles::tell(&format!("status {}", reply.out.trim_end()));
}

/// The host's shipper in the foreground, and what it took of memory at most.
pub(crate) fn ship_and_tell() {
    headcount::person::flush(&roles::open());
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = most.and_then(|it| it.trim().strip_suffix(" kB")).unwrap_or("0");
    roles::tell(&format!("peak {most}"));
}

fn said(output: &ProgramOutput, word: &str) -> String {
    let text = output.stdout_text();
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    line.unwrap_or_else(|| panic!("no {word:?} in {text} {}", output.stderr_text())).to_owned()
}

pub(crate) fn number(output: &ProgramOutput, word: &str) -> i64 {
    said(output, word).parse().expect("a number")
}

pub(crate) fn told(output: &ProgramOutput) -> Json {
    serde_json::from_str(&said(output, "status ")).expect("JSON")
}

/// The numbers of whole records below a folder.
pub(crate) fn on_disk(folder: &Path) -> Vec<i64> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        if !entry.file_name().to_string_lossy().starts_with("events") {
            continue;
        }
        let text =
            String::from_utf8_lossy(&fs::read(entry.path()).unwrap_or_default()).into_owned();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        found.extend(lines.filter_map(|json| json["number"].as_i64()));
    }
    found.sort_unstable();
    found
}

pub(crate) fn arrived(server: &CaptureServer) -> Vec<i64> {
    let mut numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[test]
fn a_folder_that_goes_is_made_anew_and_a_home_that_is_none_left_alone() {
    let (server, home) = (CaptureServer::start(), Home::new());
    settle(&home, &server);
    assert_eq!(number(&roles::child(&home, "fill 3").run(), "recorded "), 3);
    fs::remove_dir_all(home.path().join(".tick")).expect("a folder");
    assert_eq!(roles::child(&home, "flush").run().code(), Some(0));
    assert_eq!(told(&roles::child(&home, "status").run())["waiting"]["events"], 0);
    assert_eq!(number(&roles::child(&home, "fill 2").run(), "recorded "), 2);
    assert_eq!(told(&roles::child(&home, "status").run())["waiting"]["events"], 2);

    let catalog = scene::one("http", &server.url());
    let nowhere = home.path().join("no").join("home");
    let surroundings = Surroundings::given(&nowhere, [].into(), scene::after(0));
    let session = headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings).open();
    session.record(&scene::Tick::new(catalog, 1));
    let reply = headcount::person::run(&session, &["status".to_owned(), "--json".to_owned()]);
    assert_eq!(reply.code, 0, "{}", reply.err);
    session.finish();
}

fn is_shipped(catalog: &'static Catalog, home: &Home) -> bool {
    let paths = scene::paths(catalog, home);
    Queue::new(&paths.queue, Bounds::USUAL).expect("a queue").is_shipped(&paths.state_folder)
}

/// What is queued becomes the claim of a shipper that died.
fn claimed(catalog: &'static Catalog, home: &Home) {
    let paths = scene::paths(catalog, home);
    let queue = Queue::new(&paths.queue, Bounds::USUAL).expect("a queue");
    let shipper = queue.shipper(&paths.state_folder, Duration::ZERO).expect("the lock");
    let one = DestinationName::new("one").expect("a name");
    let now_s = Surroundings::of_this_process().now().seconds().cast_unsigned();
    assert_eq!(shipper.claim(now_s, &[one]).expect("a claim").claims.len(), 1);
}

/// In the place of the open segment: a folder, a link to a file of somebody
/// else's, a pipe that nobody reads.
#[test]
fn a_segment_that_is_no_file_is_left_alone() {
    for kind in ["folder", "link", "pipe"] {
        let (server, home) = (CaptureServer::start(), Home::new());
        let catalog = settle(&home, &server);
        assert_eq!(number(&roles::child(&home, "fill 3").run(), "recorded "), 3);
        let segment = home.path().join(".tick/events.jsonl");
        claimed(catalog, &home);
        let foreign = home.write("foreign", "{\"number\":9}\n");
        match kind {
            "folder" => fs::create_dir(&segment).expect("a folder"),
            "link" => symlink(&foreign, &segment).expect("a link"),
            _ => {
                let made = Command::new("mkfifo").arg(&segment).status();
                assert!(made.is_ok_and(|it| it.success()), "a pipe");
            }
        }
        let start = Instant::now();
        assert_eq!(roles::child(&home, "flush").run().code(), Some(0), "{kind}");
        assert!(start.elapsed() < LIFETIME, "{kind}: {:?}", start.elapsed());
        assert_eq!(arrived(&server), [0, 1, 2], "{kind}: what is valid goes");
        unaffected(&roles::child(&home, "record 7").run(), &home, "record 7");
        process::until(|| !is_shipped(catalog, &home));
        let status = told(&roles::child(&home, "status").run());
        let problem = status["waiting"]["problem"].as_str().expect("a sentence");
        assert!(problem.contains("not a regular file"), "{kind}: {problem}");
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "{\"number\":9}\n", "{kind}");
        // Until somebody moves it away; what could not be recorded is counted.
        match kind {
            "folder" => fs::remove_dir(&segment).expect("a folder"),
            _ => fs::remove_file(&segment).expect("no file"),
        }
        assert_eq!(number(&roles::child(&home, "fill 1").run(), "recorded "), 1);
        assert_eq!(roles::child(&home, "flush").run().code(), Some(0));
        assert_eq!(server.requests().len(), 2, "{kind}: nobody else's file is shipped");
        let status = told(&roles::child(&home, "status").run());
        assert_eq!(status["lost"], serde_json::json!({"not-written": 1}), "{kind}");
    }
}

/// Bytes that are no record, and now and then a newline.
fn garbage(bytes: usize) -> Vec<u8> {
    let mut garbage = Vec::with_capacity(bytes + 8);
    let mut mixed = 7_u64;
    while garbage.len() < bytes {
        mixed = mixed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        garbage.extend_from_slice(&(mixed >> 8).to_le_bytes());
    }
    garbage
}

/// Three records with so much garbage before, between and behind them.
fn buried(home: &Home, megabytes: usize) {
    assert_eq!(number(&roles::child(home, "fill 3").run(), "recorded "), 3);
    let segment = home.path().join(".tick/events.jsonl");
    let records = fs::read_to_string(&segment).expect("a segment");
    let garbage = garbage(megabytes * 1024 * 1024 / 4);
    let mut content = garbage.clone();
    for record in records.lines() {
        content.extend_from_slice(format!("\n{record}\n").as_bytes());
        content.extend_from_slice(&garbage);
    }
    fs::write(&segment, &content).expect("a segment");
}

/// Within the queue's bound it hides nothing; beyond it, it goes, is counted,
/// and costs the shipper neither time nor memory.
#[test]
fn a_segment_of_garbage_ends_nobody() {
    for megabytes in [4, 100] {
        let (server, home) = (CaptureServer::start(), Home::new());
        let catalog = settle(&home, &server);
        buried(&home, megabytes);
        let start = Instant::now();
        let output = roles::child(&home, "ship-and-tell").run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let (took, peak) = (start.elapsed(), number(&output, "peak "));
        let status = told(&roles::child(&home, "status").run());
        println!(
            "{megabytes} MB of garbage: {took:?}, {peak} KiB at most, lost {}",
            status["lost"]
        );
        assert!(took < LIFETIME, "{took:?}");
        // The budget of a shipper, although the harness is part of this one.
        assert!(peak < 16 * 1024, "{peak} KiB");
        assert_eq!(status["waiting"]["events"], 0);
        let expected: &[i64] = if megabytes == 4 { &[0, 1, 2] } else { &[] };
        assert_eq!(arrived(&server), expected, "{megabytes}");
        assert_eq!(status["lost"]["over-bytes"].is_null(), megabytes == 4);
        assert!(status["lost"]["spoiled"].as_u64() > Some(0), "{}", status["lost"]);

        buried(&home, megabytes);
        unaffected(&roles::child(&home, "record 7").run(), &home, "record 7");
        process::until(|| !is_shipped(catalog, &home));
    }
}

const YEAR_S: i64 = 365 * 86_400;

/// Forward: what seems a year old goes, and is counted. Back: what comes from
/// the future is sent, and so is what is recorded after.
#[test]
fn a_clock_that_jumps_a_year_is_survived() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let forward = scene::after(YEAR_S);
    scene::ticks(catalog, &home, forward, [2]);
    assert_eq!(scene::ship(catalog, &home, forward).arrived.taken, 1);
    let status = scene::say(catalog, &home, forward, "status --json");
    assert_eq!(status["lost"], serde_json::json!({"over-age": 1}));

    scene::ticks(catalog, &home, forward, [3]);
    scene::ticks(catalog, &home, scene::after(60), [4]);
    assert_eq!(scene::ship(catalog, &home, scene::after(60)).arrived.taken, 2);
    assert_eq!(arrived(&server), [2, 3, 4]);
    let status = scene::say(catalog, &home, scene::after(60), "status --json");
    assert_eq!(status["waiting"]["events"], 0);
}

/// A pause that was written by a clock of next year is none today.
#[test]
fn a_pause_of_another_year_does_not_last_till_then() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Lost);
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let forward = scene::after(YEAR_S);
    scene::ticks(catalog, &home, forward, [1]);
    assert_eq!(scene::ship(catalog, &home, forward).arrived.taken, 0);
    scene::ticks(catalog, &home, scene::after(0), [2]);
    let mut taken = 0;
    for minutes in 0..2 {
        taken += scene::ship(catalog, &home, scene::after(minutes * 3_700)).arrived.taken;
    }
    assert_eq!(taken, 2, "within an hour, the longest pause there is");
}

/// A release replaces programs while they run, and before they are started.
#[test]
fn a_program_that_is_replaced_meanwhile_breaks_nothing() {
    let (server, home) = (CaptureServer::start(), Home::new());
    let catalog = settle(&home, &server);
    server.reply_next(ServerReply::Held(scene::yes("http")));
    let program = home.path().join("tick");
    fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
    assert_eq!(roles::child_of(&program, &home, "record 1").run().code(), Some(0));
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    let replace = |content: &str, mode: u32| {
        let new = home.write("tick.new", content);
        fs::set_permissions(&new, fs::Permissions::from_mode(mode)).expect("a mode");
        fs::rename(&new, &program).expect("a new release");
    };
    replace("#!/bin/sh\nexit 7\n", 0o755);
    server.release();
    assert!(process::receipts(&home, 1).contains("\"status\":200"), "the old one goes on");
    // It looks once more for what was recorded while it had the lock.
    process::until(|| !is_shipped(catalog, &home));

    // A host of the old release that ends now starts the new one, whatever that
    // does.
    for (content, mode) in [("#!/bin/sh\nexit 7\n", 0o755), ("not a program", 0o755), ("", 0o644)] {
        replace(content, mode);
        let mut surroundings = scene::surroundings(&home, scene::after(0));
        surroundings.program = Program::At(program.clone());
        let session = headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings).open();
        session.record(&scene::Tick::new(catalog, 2));
        let start = Instant::now();
        session.finish();
        assert!(start.elapsed() < process::SOON, "{:?}", start.elapsed());
    }
    assert_eq!(server.requests().len(), 1);
    let paths = scene::paths(catalog, &home);
    assert_eq!(on_disk(paths.queue.parent().expect("a folder")), [2, 2, 2], "they wait");
}

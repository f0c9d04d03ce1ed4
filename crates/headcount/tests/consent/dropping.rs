//! What `off PURPOSE` deletes: every text of it in every file, and nothing of
//! anything else, whatever is in the way.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use headcount::Catalog;
use headcount::ship::{Request, Response, Transport, TransportError, TransportErrorKind};
use headcount_testkit::Home;
use serde_json::json;

use crate::purposes::{agreed, catalog, command, done, is_withheld, json, panic, say};
use crate::scene::{self, Taken, open, open_at};

const LATER: &str = "2026-12-28T12:00:00Z";

struct Dead;

impl Transport for Dead {
    fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
        Err(TransportError::new(TransportErrorKind::Unreachable, "nobody is there"))
    }
}

/// The files of the queue whose names end so.
fn files(catalog: &'static Catalog, home: &Home, end: &str) -> Vec<PathBuf> {
    let queue = scene::paths(catalog, home).queue;
    let stem = format!("{}.", queue.file_stem().unwrap().to_string_lossy());
    let entries = fs::read_dir(queue.parent().unwrap()).unwrap().flatten();
    let is_its = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        *path != queue && name.starts_with(&stem) && name.ends_with(end)
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_its).collect();
    files.sort();
    files
}

fn queue_has(catalog: &'static Catalog, home: &Home, text: &str) -> Vec<PathBuf> {
    let queue = scene::paths(catalog, home).queue;
    let mut all = files(catalog, home, "");
    all.push(queue);
    all.retain(|path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).contains(text));
    all
}

/// Two claims with an event of each purpose, neither of which arrived.
fn two_claims(catalog: &'static Catalog, home: &Home) -> Vec<PathBuf> {
    for time in [scene::NOW, "2026-11-15T18:00:00Z"] {
        let session = open_at(catalog, home, time);
        session.try_record(&command(catalog)).unwrap();
        session.try_record(&panic(catalog)).unwrap();
        session.flush(&Dead);
    }
    let claims = files(catalog, home, ".jsonl");
    assert_eq!(claims.len(), 2);
    claims
}

fn floor(claim: &std::path::Path, end: &str) -> PathBuf {
    let name = claim.file_name().unwrap().to_string_lossy().into_owned();
    claim.with_file_name(name.replace(".jsonl", end))
}

/// One claim cannot be rewritten, or cannot be read.
#[test]
fn one_claim_in_the_way_does_not_keep_the_others() {
    let catalog = catalog(&[]);
    for in_the_way in [".floor.new", ".floor"] {
        let home = agreed(catalog);
        let claims = two_claims(catalog, &home);
        let obstacle = floor(&claims[0], in_the_way);
        fs::create_dir_all(obstacle.join("x")).unwrap();
        let reply = say(&open(catalog, &home), "off crash");
        assert_eq!(reply.code, 1, "{in_the_way}: {}", reply.out);
        assert_eq!(queue_has(catalog, &home, "panic"), [claims[0].clone()], "{in_the_way}");
        assert!(is_withheld(catalog, &home));
        // Nor does it keep a shipper from what it does with the others.
        let taken = Taken::default();
        open_at(catalog, &home, "2026-11-16T12:00:00Z").flush(&taken);
        assert_eq!(files(catalog, &home, ".jsonl"), [claims[0].clone()], "{in_the_way}");
        let bodies: String =
            taken.requests().iter().filter_map(|it| it.text().map(str::to_owned)).collect();
        assert!(bodies.contains("command") && !bodies.contains("panic"), "{in_the_way}");
        fs::remove_dir_all(&obstacle).unwrap();
        done(catalog, &home, "off crash");
        assert_eq!(queue_has(catalog, &home, "panic"), [] as [PathBuf; 0], "{in_the_way}");
    }
}

/// They are not sent, and no shipper gives them up.
#[test]
fn what_a_person_keeps_for_themselves_is_kept_however_old() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    done(catalog, &home, "local");
    assert!(!is_withheld(catalog, &home));
    let said = done(catalog, &home, "off crash");
    assert!(
        said.starts_with(
            "Crash reports: off. No event of this purpose was waiting. The one that you kept for yourself is deleted.\n"
        ),
        "{said}"
    );
    done(catalog, &home, "on crash");
    let later = open_at(catalog, &home, LATER);
    later.try_record(&panic(catalog)).unwrap();
    later.try_record(&panic(catalog)).unwrap();
    let reply = say(&later, "off crash --json");
    let reply: serde_json::Value = serde_json::from_str(&reply.out).unwrap();
    assert_eq!((&reply["dropped"], &reply["droppedLocal"]), (&json!(0), &json!(2)));
    let dump = say(&later, "dump").out;
    assert!(dump.contains("\"command\"") && !dump.contains("panic"), "{dump}");
}

#[test]
fn it_counts_the_events_of_the_purpose() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    for _ in 0..5 {
        open(catalog, &home).try_record(&command(catalog)).unwrap();
    }
    let said = done(catalog, &home, "off crash");
    assert!(
        said.starts_with("Crash reports: off. No event of this purpose was waiting.\n"),
        "{said}"
    );
    assert_eq!(json(catalog, &home, "status")["waiting"]["events"], json!(5));
    let said = done(catalog, &home, "off usage");
    assert!(said.starts_with("Usage: off. 5 events that were waiting to be sent are deleted.\n"));
}

/// Torn by a writer that died, or not a text at all: no reader shows it.
#[test]
fn what_is_no_record_any_more_goes_too() {
    let catalog = catalog(&[]);
    for garbage in
        [&b"{\"event\":\"panic\",\"thr"[..], b"{\"event\":\"panic\",\"\xff\"}\n", b"panic\x18\n"]
    {
        let home = agreed(catalog);
        open(catalog, &home).try_record(&command(catalog)).unwrap();
        let queue = scene::paths(catalog, &home).queue;
        let mut text = fs::read(&queue).unwrap();
        text.extend_from_slice(garbage);
        fs::write(&queue, text).unwrap();
        done(catalog, &home, "off crash");
        assert_eq!(queue_has(catalog, &home, "panic"), [] as [PathBuf; 0], "{garbage:?}");
        let status = json(catalog, &home, "status");
        assert_eq!(status["waiting"]["events"], json!(1), "{garbage:?}");
        assert_ne!(status["lost"], json!({}), "{garbage:?}: it may have been of another purpose");
    }
}

/// A command that was killed had written a claim anew and not renamed it yet.
#[test]
fn what_a_killed_command_was_writing_goes_even_where_nothing_waits() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    let claims = two_claims(catalog, &home);
    let copy = floor(&claims[0], ".floor.new");
    fs::write(&copy, fs::read(&claims[0]).unwrap()).unwrap();
    done(catalog, &home, "off crash");
    assert_eq!(queue_has(catalog, &home, "panic"), [] as [PathBuf; 0]);
    fs::write(&copy, "{\"event\":\"command\"}\n").unwrap();
    done(catalog, &home, "off usage");
    assert_eq!(files(catalog, &home, ""), [] as [PathBuf; 0]);
    fs::write(&copy, "{\"event\":\"command\"}\n").unwrap();
    done(catalog, &home, "off usage");
    assert!(!copy.exists());
}

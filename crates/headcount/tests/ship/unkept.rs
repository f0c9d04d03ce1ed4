//! What a destination answered cannot be kept: nothing goes out at every
//! command, and nobody else is held up.

use std::fs;

use headcount::ship::FlushEnd;
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::scene;

/// The folder that stands where a file of the telemetry's belongs.
fn obstacle(home: &Home, name: &str) -> std::path::PathBuf {
    let state = state_folder(home);
    let path = state.join(name);
    let _ = fs::remove_file(&path);
    fs::create_dir_all(path.join("in-the-way")).unwrap();
    path
}

fn state_folder(home: &Home) -> std::path::PathBuf {
    let entry = home.tree().into_iter().find(|entry| entry.path.ends_with("events.lock"));
    let lock = entry.expect("something was shipped from here").path;
    home.path().join(lock).parent().expect("a folder").to_path_buf()
}

#[test]
fn a_batch_that_was_sealed_before_is_not_sent_where_no_pause_can_be_kept() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Lost);
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ship(catalog, &home, scene::after(0));
    assert_eq!(server.requests().len(), 1);

    let path = obstacle(&home, "one.backoff.json");
    for hour in 1..4 {
        let flushed = scene::ship(catalog, &home, scene::after(hour * 3_600));
        assert_eq!(flushed.ended, FlushEnd::Failed);
    }
    assert_eq!(server.requests().len(), 1, "it went out all the same");

    fs::remove_dir_all(path).unwrap();
    server.reply_otherwise(scene::yes("http"));
    assert_eq!(scene::ship(catalog, &home, scene::after(5 * 3_600)).arrived.taken, 1);
}

#[test]
fn a_pause_doubles_also_where_a_batch_was_sealed_before() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Lost);
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    for hour in 0..5 {
        scene::ship(catalog, &home, scene::after(hour * 3_600));
        let text = fs::read_to_string(state_folder(&home).join("one.backoff.json"));
        let json: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        assert_eq!(json["failures"], hour + 1);
    }
}

#[test]
fn records_that_cannot_be_set_aside_hold_up_no_other() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Lost);
    server.reply_next(CannedAnswer::status(400));
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ship(catalog, &home, scene::after(0));
    obstacle(&home, "quarantine.jsonl");
    obstacle(&home, "receipts.jsonl");
    obstacle(&home, "sent.jsonl");
    scene::ticks(catalog, &home, scene::after(3_600), [2]);
    let flushed = scene::ship(catalog, &home, scene::after(3_600));
    assert_eq!((flushed.arrived.rejected, flushed.arrived.taken), (1, 1), "{flushed:?}");
    scene::ship(catalog, &home, scene::after(7_200));
    assert_eq!(server.requests().len(), 3, "nothing is sent again");
}

//! Reading the queue shows everything in order and changes nothing.

use std::fs;

use headcount_queue::{Glance, Waiting};

use crate::scene::{NOW_S, Scene};

#[test]
fn looking_creates_nothing() {
    let scene = Scene::new();
    assert_eq!(scene.queue.waiting().unwrap(), Waiting::default());
    assert!(scene.waiting().is_empty() && scene.queue.claims().unwrap().is_empty());
    assert!(!scene.folder.exists());
}

#[test]
fn everything_is_shown_in_order_and_a_line_that_is_being_written_is_not() {
    let scene = Scene::new();
    scene.append_all(&["one", "two"]);
    scene.shipper().claim(NOW_S, &[]).unwrap();
    fs::write(scene.folder.join("events.side-0.jsonl"), "three\n").unwrap();
    scene.write_segment(b"four\nfi");
    assert_eq!(scene.waiting(), ["one", "two", "three", "four"]);
    let unclaimed: Vec<_> = scene.queue.unclaimed().unwrap().map(|l| l.unwrap().text).collect();
    assert_eq!(unclaimed, ["three", "four"]);
    let waiting = scene.queue.waiting().unwrap();
    let expected = Waiting { lines: 4, bytes: 21, claims: 1, oldest_claim_s: Some(NOW_S) };
    assert_eq!(waiting, expected);
}

#[test]
fn a_glance_tells_names_and_sizes_and_whether_somebody_ships() {
    let scene = Scene::new();
    assert_eq!(scene.queue.glance().unwrap(), Glance::default());
    assert!(!scene.queue.is_shipped(&scene.state));
    assert!(!scene.folder.exists(), "a look makes nothing");

    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    assert!(scene.queue.is_shipped(&scene.state));
    let claimed = shipper.claim(NOW_S, &[]).unwrap().claims;
    fs::write(scene.folder.join("events.side-0.jsonl"), "three\n").unwrap();
    scene.append_all(&["four"]);
    let claims: Vec<_> = claimed.iter().map(headcount_queue::Claim::name).collect();
    assert_eq!(scene.queue.glance().unwrap(), Glance { unclaimed_bytes: 11, claims });
    assert_eq!(scene.queue.open_bytes(), 5);

    drop(shipper);
    assert!(!scene.queue.is_shipped(&scene.state));
    drop(scene.shipper());

    fs::remove_file(scene.queue.path()).unwrap();
    fs::create_dir(scene.queue.path()).unwrap();
    assert_eq!(scene.queue.open_bytes(), 0, "a folder holds no lines, whatever its size");
}

//! Lines are taken out of a claim for good, and with them every text that no
//! reader is shown.

use std::fs;

use headcount_queue::{Bounds, DropReason, LineSet, MAX_LINE_BYTES};

use crate::scene::{NOW_S, Scene};

/// Whether the text is anywhere in the folder.
fn is_kept(scene: &Scene, text: &str) -> bool {
    scene.names().iter().any(|name| {
        let bytes = fs::read(scene.folder.join(name)).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

fn texts(scene: &Scene) -> Vec<String> {
    scene.queue.lines().unwrap().map(|line| line.unwrap().text).collect()
}

#[test]
fn what_no_reader_is_shown_goes_too_and_is_counted() {
    let scene = Scene::new();
    let long = "secret".repeat(MAX_LINE_BYTES);
    let mut content = b"a\ntorn secret\x18\n\xff secret\n".to_vec();
    content.extend_from_slice(long.as_bytes());
    content.extend_from_slice(b"\nb\n\x18\nc\nand secret without an end");
    scene.write_segment(&content);
    assert!(scene.queue.has_remains());
    let shipper = scene.shipper();
    let claim = shipper.claim_all(NOW_S).unwrap().claims.remove(0);
    let skipped = shipper.remove_lines(&claim, &[4].into_iter().collect()).unwrap();
    let count = |reason| skipped.iter().find(|it| it.reason == reason).map_or(0, |it| it.lines);
    let counts = [DropReason::Torn, DropReason::TooLong, DropReason::NotUtf8].map(count);
    assert_eq!((counts, skipped.total()), ([2, 1, 1], 4));
    assert_eq!(texts(&scene), ["a", "c"]);
    assert!(!is_kept(&scene, "secret"));
    assert!(!scene.queue.has_remains());
    // Nothing is counted twice.
    assert_eq!(shipper.remove_lines(&claim, &LineSet::default()).unwrap().total(), 0);
}

#[test]
fn what_was_given_up_by_count_goes_too() {
    let scene = Scene::with(Bounds { lines: 2, ..Bounds::USUAL });
    scene.append_all(&["secret 1", "secret 2", "c", "d"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    assert_eq!(texts(&scene), ["c", "d"]);
    assert!(is_kept(&scene, "secret") && scene.queue.has_remains());
    assert_eq!(shipper.remove_lines(&claim, &LineSet::default()).unwrap().total(), 0);
    assert_eq!(texts(&scene), ["c", "d"]);
    assert!(!is_kept(&scene, "secret") && !scene.queue.has_remains());
}

/// A shipper was killed between writing a claim anew and renaming it.
#[test]
fn what_was_being_written_goes_with_the_claim_and_without_it() {
    let scene = Scene::new();
    scene.append_all(&["secret"]);
    let shipper = scene.shipper();
    let claim = shipper.claim_all(NOW_S).unwrap().claims.remove(0);
    let unfinished = scene.folder.join(format!("events.{}.floor.new", claim.name()));
    fs::write(&unfinished, "secret\n").unwrap();
    assert!(scene.queue.has_remains());
    shipper.remove_lines(&claim, &[0].into_iter().collect()).unwrap();
    assert_eq!(scene.names(), [""; 0]);
    // The claim is gone, or another one.
    fs::write(&unfinished, "secret\n").unwrap();
    assert!(scene.queue.has_remains());
    assert_eq!(shipper.claim_all(NOW_S).unwrap().claims.len(), 0);
    scene.append_all(&["b"]);
    let claim = shipper.claim_all(NOW_S).unwrap().claims.remove(0);
    let of_progress = format!("events.{}.home.progress.new", claim.name());
    fs::write(scene.folder.join(of_progress), "secret\n").unwrap();
    assert_eq!(shipper.claim_all(NOW_S).unwrap().claims.len(), 1);
    assert!(!is_kept(&scene, "secret") && !scene.queue.has_remains());
}

/// Whatever is in the way of the renaming, no copy stays.
#[cfg(unix)]
#[test]
fn a_claim_that_cannot_be_replaced_leaves_no_copy() {
    let scene = Scene::new();
    scene.append_all(&["a", "secret"]);
    let shipper = scene.shipper();
    let claim = shipper.claim_all(NOW_S).unwrap().claims.remove(0);
    let unfinished = scene.folder.join(format!("events.{}.floor.new", claim.name()));
    // Not a regular file, so it is not written.
    std::os::unix::fs::symlink(scene.folder.join("elsewhere"), &unfinished).unwrap();
    assert!(shipper.remove_lines(&claim, &[1].into_iter().collect()).is_err());
    assert_eq!(texts(&scene), ["a", "secret"], "it is as it was");
    assert!(unfinished.symlink_metadata().is_err(), "and the next time it can be");
    shipper.remove_lines(&claim, &[1].into_iter().collect()).unwrap();
    assert_eq!(texts(&scene), ["a"]);
}

#[test]
fn looking_for_lines_gives_none_up() {
    let scene = Scene::with(Bounds { lines: 1, days: 1, ..Bounds::USUAL });
    scene.append_all(&["a"]);
    let shipper = scene.shipper();
    shipper.claim_all(0).unwrap();
    scene.append_all(&["b", "c"]);
    let claimed = shipper.claim_all(NOW_S).unwrap();
    assert_eq!((claimed.claims.len(), claimed.drops.total()), (2, 0));
    assert_eq!(texts(&scene), ["a", "b", "c"]);
}

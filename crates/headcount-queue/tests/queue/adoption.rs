//! What a shipper that died leaves behind: the next shipper finishes every
//! step.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use headcount_queue::{Claim, DropReason, LineOutcome, LineSet, Origin, Removal};

use crate::scene::{DAY_S, NOW_S, Scene, destination, settle_all, texts};

const CLAIM: &str = "000000006b49d1ff-0123456789abcdef";

fn adopted(scene: &Scene) -> Claim {
    let claimed = scene.shipper().claim(NOW_S, &[]).unwrap();
    assert!(claimed.problems.is_empty(), "{:?}", claimed.problems);
    assert_eq!(claimed.claims.len(), 1);
    claimed.claims.into_iter().next().unwrap()
}

fn mode(path: &PathBuf) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn died_after_the_rename() {
    let scene = Scene::new();
    scene.append_all(&["one", "two"]);
    let path = scene.folder.join(format!("events.{CLAIM}.jsonl"));
    fs::rename(scene.segment(), &path).unwrap();
    assert_eq!(mode(&path), 0o600);
    let claim = adopted(&scene);
    assert_eq!((claim.name().to_string().as_str(), mode(&path)), (CLAIM, 0o400));
    assert_eq!(texts(&claim), ["one", "two"]);
}

#[test]
fn died_after_the_seal() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    drop(scene.shipper().claim(NOW_S - 5, &[]).unwrap());
    assert_eq!(texts(&adopted(&scene)), ["one"]);
}

#[test]
fn died_while_writing_progress() {
    let scene = Scene::new();
    let dest = destination("a");
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    let path = scene.folder.join(format!("events.{}.a.progress.new", claim.name()));
    fs::write(&path, "headcount-queue progress 1\nnext 1\ndone 0-").unwrap();
    let mut progress = shipper.progress(&claim, &dest).unwrap();
    assert_eq!(progress.origin(), Origin::Fresh);
    progress.seal((0..2).collect::<LineSet>(), NOW_S).unwrap();
    assert!(!path.exists());
}

#[test]
fn died_before_and_after_the_settlement() {
    let scene = Scene::new();
    let dest = destination("a");
    let all = std::slice::from_ref(&dest);
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
    shipper.progress(&claim, &dest).unwrap().seal((0..2).collect(), NOW_S).unwrap();
    drop(shipper);
    // The next shipper cannot know whether it was sent, and sends the same
    // again.
    let claim = adopted(&scene);
    let shipper = scene.shipper();
    let mut progress = shipper.progress(&claim, &dest).unwrap();
    let batch = progress.batches()[0].clone();
    assert_eq!((batch.sealed_at_s(), batch.lines().len()), (NOW_S, 2));
    progress.settle(batch.lines(), LineOutcome::Done).unwrap();
    drop(shipper);
    let claim = adopted(&scene);
    let shipper = scene.shipper();
    assert!(shipper.progress(&claim, &dest).unwrap().batches().is_empty());
    let removal = shipper.remove_when_settled(&claim, all).unwrap();
    assert!(matches!(removal, Removal::Removed(_)));
}

#[test]
fn died_between_the_claim_and_its_small_files() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    for name in ["a", "b"] {
        settle_all(&shipper, &claim, &destination(name));
    }
    fs::write(scene.folder.join(format!("events.{}.b.progress.new", claim.name())), "x").unwrap();
    fs::write(scene.folder.join(format!("events.{}.floor", claim.name())), "x").unwrap();
    fs::remove_file(scene.folder.join(format!("events.{}.jsonl", claim.name()))).unwrap();
    assert_eq!(scene.names().len(), 4);
    assert!(shipper.claim(NOW_S, &[]).unwrap().claims.is_empty());
    assert!(scene.names().is_empty(), "{:?}", scene.names());
}

#[test]
fn what_only_looks_like_a_claim_is_left_alone() {
    let scene = Scene::new();
    scene.append_all(&["one"]);
    fs::create_dir(scene.folder.join(format!("events.{CLAIM}.jsonl"))).unwrap();
    let claim = adopted(&scene);
    assert_eq!(texts(&claim), ["one"]);
    assert!(scene.folder.join(format!("events.{CLAIM}.jsonl")).is_dir());
}

/// The shipper that died belonged to another version, with a destination that
/// this one does not know.
#[test]
fn a_destination_that_has_begun_counts_whoever_knows_it() {
    let scene = Scene::new();
    let (known, others) = (destination("a"), destination("b"));
    let all = std::slice::from_ref(&known);
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    shipper.progress(&claim, &others).unwrap().seal((0..2).collect(), NOW_S).unwrap();
    drop(shipper);

    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
    assert_eq!(claim.begun(), std::slice::from_ref(&others));
    settle_all(&shipper, &claim, &known);
    assert_eq!(shipper.remove_when_settled(&claim, all).unwrap(), Removal::Waiting(2));
    assert_eq!(claim.waiting(all).unwrap(), 2);
    settle_all(&shipper, &claim, &others);
    let removal = shipper.remove_when_settled(&claim, all).unwrap();
    assert!(matches!(removal, Removal::Removed(_)));
    assert!(scene.names().is_empty(), "{:?}", scene.names());
}

/// What is given up is given up for all of them, and counts where one lacked
/// it.
#[test]
fn what_only_anothers_destination_lacks_is_given_up_by_age() {
    let scene = Scene::new();
    let (known, others) = (destination("a"), destination("b"));
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    settle_all(&shipper, &claim, &known);
    shipper.progress(&claim, &others).unwrap().seal((0..1).collect(), NOW_S).unwrap();
    let later = NOW_S + 31 * DAY_S;
    let claimed = shipper.claim(later, std::slice::from_ref(&known)).unwrap();
    assert_eq!(claimed.drops.of(DropReason::OverAge), 2);
    assert!(claimed.claims.is_empty() && scene.names().is_empty(), "{:?}", scene.names());
}

/// A claim is not in the list while it cannot be looked at, or while another
/// program has put a link in its place. What was sent of it is still known
/// then.
#[test]
fn a_claim_that_is_not_a_file_for_a_while_is_not_sent_again() {
    let scene = Scene::new();
    let dest = destination("a");
    scene.append_all(&["one", "two"]);
    let shipper = scene.shipper();
    let claim = shipper.claim(NOW_S, &[]).unwrap().claims.remove(0);
    let mut progress = shipper.progress(&claim, &dest).unwrap();
    progress.seal((0..1).collect(), NOW_S).unwrap();
    let batch = progress.batches()[0].clone();
    progress.settle(batch.lines(), LineOutcome::Done).unwrap();
    drop(progress);
    drop(shipper);
    let path = scene.folder.join(format!("events.{}.jsonl", claim.name()));
    let elsewhere = scene.folder.join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(scene.shipper().claim(NOW_S, &[]).unwrap().claims.is_empty());
    fs::rename(&elsewhere, &path).unwrap();
    let claim = adopted(&scene);
    let shipper = scene.shipper();
    let progress = shipper.progress(&claim, &dest).unwrap();
    assert!(progress.is_settled(0) && progress.is_free(1));
}

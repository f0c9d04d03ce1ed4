//! Disks in trouble: a home that cannot be written, and a disk that is full.
//! The host never notices, the shipper ends, `status` says what is true, and
//! nothing valid is lost that the disk could hold.
//!
//! Such a disk is made in a private mount namespace; where the machine permits
//! none, a test says so and is over.

use std::fs;
use std::process::Command;
use std::time::Instant;

use headcount_testkit::{CaptureServer, Home, ProgramOutput, TestProgram};

use crate::hardship::{LIFETIME, PATIENCE, arrived, number, on_disk, settle, told, unaffected};
use crate::roles;

/// A shell in a mount namespace of its own, in which `$PLAY` plays a part.
/// `None`, with a sentence, where the machine permits none.
pub(crate) fn confined(home: &Home, script: &str) -> Option<ProgramOutput> {
    const UNSHARE: &str = "/usr/bin/unshare";
    let ways: [&[&str]; 2] = [&["--mount"], &["--map-root-user", "--mount"]];
    let permitted = |way: &&[&str]| {
        let mount = ["/bin/sh", "-c", "mount -t tmpfs none /mnt"];
        Command::new(UNSHARE).args(*way).args(mount).output().is_ok_and(|it| it.status.success())
    };
    let Some(way) = ways.into_iter().find(permitted) else {
        println!("skipped: this machine permits no private mount namespace");
        return None;
    };
    let this = std::env::current_exe().expect("this program");
    let play = "set -e; play() { TICK_ROLE=\"$1\" \"$0\" --exact roles::play --nocapture; };";
    let program = TestProgram::new(UNSHARE, home).args(way).args(["/bin/sh", "-c"]);
    let program = program.args([format!("{play} {script}"), this.display().to_string()]);
    Some(program.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").limit(PATIENCE * 2).run())
}

const READ_ONLY: &str =
    "mount --bind \"$HOME\" \"$HOME\"; mount -o remount,bind,ro \"$HOME\"; cd \"$HOME\";";

#[test]
fn a_home_that_cannot_be_written_is_noticed_by_nobody() {
    let (server, home) = (CaptureServer::start(), Home::new());
    settle(&home, &server);
    // The first run on this machine, and one with an id and a queue.
    for queued in [0, 3] {
        if queued > 0 {
            assert_eq!(number(&roles::child(&home, "fill 3").run(), "recorded "), queued);
        }
        let before = home.tree();
        let Some(output) = confined(&home, &format!("{READ_ONLY} play 'record 7'")) else { return };
        unaffected(&output, &home, "record 7");
        let start = Instant::now();
        let script = format!("{READ_ONLY} play flush; play status");
        let output = confined(&home, &script).expect("as before");
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        assert!(start.elapsed() < LIFETIME, "{:?}", start.elapsed());
        let status = told(&output);
        assert_eq!(
            (&status["state"], &status["waiting"]["events"]),
            (&"on".into(), &queued.into())
        );
        assert_eq!(home.tree(), before);
    }
    // A shipper that can write nothing down sends nothing: it would send it
    // again and again.
    assert_eq!(server.requests().len(), 0);
    assert_eq!(roles::child(&home, "flush").run().code(), Some(0));
    assert_eq!(arrived(&server), [0, 1, 2], "once it can be written again");
}

/// A disk of 64 KiB below the product's folder.
pub(crate) const SMALL_DISK: &str =
    "mkdir -p \"$HOME/.tick\"; mount -t tmpfs -o size=64k none \"$HOME/.tick\"; cd \"$HOME\";";

/// Takes the room that is left on it.
pub(crate) const FILL_UP: &str =
    "dd if=/dev/zero of=\"$HOME/.tick/full\" bs=512 2>/dev/null || true;";

/// Everything that is on it, for the time after it.
const KEEP: &str = "cp -r \"$HOME/.tick/.\" \"$HOME/kept\"; rm -rf \"$HOME/.tick/\"*;";

#[test]
fn a_disk_that_is_full_takes_whole_records_or_none() {
    let (server, home) = (CaptureServer::start(), Home::new());
    settle(&home, &server);
    let script =
        format!("{SMALL_DISK} play 'fill 2000'; play status; mkdir \"$HOME/kept\"; {KEEP}");
    let Some(output) = confined(&home, &script) else { return };
    let recorded = number(&output, "recorded ");
    assert!((10..2_000).contains(&recorded), "{recorded}");
    let kept = on_disk(&home.path().join("kept"));
    assert_eq!(kept.len() as i64, recorded, "what was acknowledged, and whole");
    assert_eq!(told(&output)["waiting"]["events"], recorded);

    let script = format!("{SMALL_DISK} play 'fill 2000' >/dev/null; play 'record 2001'");
    unaffected(&confined(&home, &script).expect("as before"), &home, "record 2001");
}

#[test]
fn a_disk_that_is_full_while_shipping_loses_nothing() {
    let (server, home) = (CaptureServer::start(), Home::new());
    settle(&home, &server);
    let script = format!(
        "{SMALL_DISK} play notice; play 'fill 100'; {FILL_UP} play flush; play status; mkdir \"$HOME/kept\"; {KEEP}"
    );
    let start = Instant::now();
    let Some(output) = confined(&home, &script) else { return };
    assert!(start.elapsed() < LIFETIME, "{:?}", start.elapsed());
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(number(&output, "recorded "), 100);
    let mut known = on_disk(&home.path().join("kept"));
    let waiting = told(&output)["waiting"]["events"].as_u64().expect("a number");
    println!("{} arrived from a full disk, {waiting} wait", arrived(&server).len());
    known.extend(arrived(&server));
    known.sort_unstable();
    known.dedup();
    assert_eq!(known, (0..100).collect::<Vec<_>>());

    // The same queue where there is room again.
    fs::remove_file(home.path().join("kept/full")).expect("what filled it");
    let folder = home.path().join(".tick");
    let _ = fs::remove_dir_all(&folder);
    fs::rename(home.path().join("kept"), &folder).expect("its place");
    fs::remove_file(folder.join("telemetry-state/one.backoff.json")).ok();
    assert_eq!(roles::child(&home, "flush").run().code(), Some(0));
    assert_eq!(arrived(&server), (0..100).collect::<Vec<_>>());
    assert_eq!(told(&roles::child(&home, "status").run())["waiting"]["events"], 0);
}

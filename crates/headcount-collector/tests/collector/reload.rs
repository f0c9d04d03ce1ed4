//! Catalogs that change while the collector runs.

use std::time::{Duration, Instant};

use headcount_collector::{Collector, Registry, Reloader};

use crate::fixture::{Fixture, catalog_text, line};
use crate::kept_catalogs::{first_part, make_old, stricter};

/// A collector on the catalogs in the folder, and what loads them again.
fn start(interval: Option<Duration>) -> (Fixture, Reloader) {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture.home.write("catalogs/atomic.toml", catalog_text("atomic"));
    let mut config = fixture.config();
    let registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    config.registry = match interval {
        Some(interval) => registry.watched_every(interval),
        None => registry,
    };
    let running = Collector::start(config).unwrap();
    let reloader = running.reloader().unwrap();
    fixture.run(running);
    (fixture, reloader)
}

/// A line of the stricter version.
fn newer(number: u64) -> String {
    line(number).replace("\"command\":\"update\"", "\"shell\":\"zsh\",\"command\":\"update\"")
}

fn dropped(fixture: &Fixture) -> u64 {
    fixture.dropped_fields("atomic", "unknown-property")
}

#[test]
fn new_versions_and_products_are_added() {
    let (fixture, reloader) = start(None);
    fixture.send(&[newer(1)]);
    assert_eq!(dropped(&fixture), 1, "the older version does not know the property");
    assert_eq!(reloader.reload(), Default::default());
    fixture.home.write("catalogs/atomic.toml", stricter());
    fixture.home.write("catalogs/clacky.toml", catalog_text("clacky"));
    let reload = reloader.reload();
    assert_eq!(reload.mistakes, [""; 0]);
    let [atomic, clacky] = &reload.added[..] else { panic!("{:?}", reload.added) };
    assert!(atomic.contains("loaded version 2 of the catalog of `atomic` from"), "{atomic}");
    assert!(clacky.contains("loaded version 1 of the catalog of `clacky` from"), "{clacky}");
    // Each version judges its own.
    assert_eq!(fixture.send(&[newer(2), line(3)]).json()["accepted"], 2);
    assert_eq!(dropped(&fixture), 1);
    assert_eq!(fixture.get("/product/clacky").status, 200);
    assert!(fixture.home.path().join("data/catalogs/atomic.2.toml").exists());
    // What is gone from the folder stays.
    std::fs::remove_file(fixture.home.path().join("catalogs/atomic.toml")).unwrap();
    assert_eq!(reloader.reload(), Default::default());
    assert_eq!(fixture.send(&[newer(4)]).json()["accepted"], 1);
}

#[test]
fn a_bad_file_is_told_and_takes_nothing_away() {
    let (fixture, reloader) = start(None);
    let changed = catalog_text("atomic").replace("\"uninstall\"", "\"remove\"");
    let twin = catalog_text("assembly").replace("name = \"assembly\"", "name = \"twin\"");
    for (name, text, told) in [
        ("atomic.toml", "grammar = ", "atomic.toml:1:"),
        ("atomic.toml", changed.as_str(), "another catalog with `catalog = 1` of `atomic`"),
        ("atomic.toml", "", "atomic.toml:"),
        ("b.toml", "\u{0}", "b.toml:"),
    ] {
        fixture.home.write(&format!("catalogs/{name}"), text);
        let reload = reloader.reload();
        assert!(reload.mistakes.iter().any(|line| line.contains(told)), "{told}: {reload:?}");
        assert!(reload.added.is_empty(), "{reload:?}");
        assert!(fixture.told.lock().unwrap().iter().any(|line| line.contains(told)), "{told}");
        assert_eq!(fixture.send(&[line(1)]).status, 200);
    }
    // Beside bad ones, a good one is loaded.
    fixture.home.write("catalogs/c.toml", catalog_text("assembly"));
    assert_eq!(reloader.reload().added.len(), 1);
    fixture.home.write("catalogs/d.toml", twin);
    let reload = reloader.reload();
    assert!(reload.mistakes.iter().any(|line| line.contains("same public key as")), "{reload:?}");
    std::fs::remove_dir_all(fixture.home.path().join("catalogs")).unwrap();
    let reload = reloader.reload();
    assert!(reload.mistakes[0].starts_with("cannot list the catalogs in"), "{reload:?}");
    assert_eq!(fixture.send(&[line(2)]).json()["accepted"], 1);
}

/// A version that has judged must be there after a restart.
#[cfg(unix)]
#[test]
fn what_cannot_be_kept_is_not_used() {
    use std::os::unix::fs::symlink;
    let (fixture, reloader) = start(None);
    let kept = fixture.home.path().join("data/catalogs");
    std::fs::rename(&kept, fixture.home.path().join("moved")).unwrap();
    symlink("/nowhere", &kept).unwrap();
    fixture.home.write("catalogs/b.toml", stricter());
    let reload = reloader.reload();
    assert!(reload.added.is_empty(), "{reload:?}");
    assert!(reload.mistakes[0].starts_with("cannot keep a catalog in"), "{reload:?}");
    fixture.send(&[newer(1)]);
    assert_eq!(dropped(&fixture), 1);
    std::fs::remove_file(&kept).unwrap();
    assert_eq!(reloader.reload().added.len(), 1);
}

#[test]
fn built_in_catalogs_are_not_loaded_again() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let running = Collector::start(fixture.config()).unwrap();
    let reload = running.reloader().unwrap().reload();
    fixture.run(running);
    assert!(reload.mistakes[0].contains("the catalogs are built in"), "{reload:?}");
    assert!(!fixture.home.path().join("data/catalogs").exists());
}

/// Waits until the operator has been told something that contains `text`.
#[track_caller]
fn wait_until_told(fixture: &Fixture, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !fixture.told.lock().unwrap().iter().any(|line| line.contains(text)) {
        assert!(Instant::now() < deadline, "never told: {text}");
        std::thread::yield_now();
    }
}

#[test]
fn a_folder_that_is_watched_is_read_when_it_has_changed() {
    let (fixture, _) = start(Some(Duration::from_millis(5)));
    fixture.home.write("catalogs/bad.toml", "half a");
    wait_until_told(&fixture, "bad.toml:1:");
    fixture.home.write("catalogs/atomic.toml", stricter());
    wait_until_told(&fixture, "loaded version 2 of the catalog of `atomic`");
    assert_eq!(fixture.send(&[newer(1)]).json()["accepted"], 1);
    assert_eq!(dropped(&fixture), 0);
    std::fs::remove_dir_all(fixture.home.path().join("catalogs")).unwrap();
    wait_until_told(&fixture, "cannot list the catalogs in");
    fixture.home.write("catalogs/b.toml", catalog_text("clacky"));
    wait_until_told(&fixture, "loaded version 1 of the catalog of `clacky`");
}

/// What somebody put back while the collector runs is not written over unread.
#[cfg(unix)]
#[test]
fn a_kept_file_is_written_over_only_if_it_is_damaged() {
    let (fixture, reloader) = start(None);
    fixture.home.write("catalogs/b.toml", stricter());
    let kept = fixture.home.path().join("data/catalogs/atomic.2.toml");
    std::os::unix::fs::symlink("atomic.2.toml", &kept).unwrap();
    let reload = reloader.reload();
    assert!(reload.added.is_empty(), "{reload:?}");
    assert!(reload.mistakes[0].contains("atomic.2.toml: cannot read the catalog"), "{reload:?}");
    std::fs::remove_file(&kept).unwrap();
    let other = stricter().replace("\"zsh\"", "\"fish\"");
    fixture.home.write("data/catalogs/atomic.2.toml", &other);
    let reload = reloader.reload();
    assert!(reload.mistakes[0].contains("atomic.2.toml): raise the number"), "{reload:?}");
    assert_eq!(fixture.home.read("data/catalogs/atomic.2.toml"), other);
    fixture.home.write("data/catalogs/atomic.2.toml", "half a");
    assert_eq!(reloader.reload().added.len(), 1);
    assert_eq!(fixture.home.read("data/catalogs/atomic.2.toml"), stricter());
}

/// A file that is read while somebody copies it.
#[test]
fn the_whole_of_a_file_that_was_read_half_replaces_it() {
    let (fixture, reloader) = start(None);
    let version = |text: String| text.replace("catalog = 1", "catalog = 2");
    let (part, whole) = (version(first_part()), version(catalog_text("atomic")));
    fixture.home.write("catalogs/b.toml", &part);
    assert_eq!(reloader.reload().added.len(), 1);
    fixture.home.write("catalogs/b.toml", &whole);
    let reload = reloader.reload();
    assert_eq!(reload.mistakes, [""; 0]);
    assert!(reload.added[0].starts_with("loaded the whole of version 2"), "{reload:?}");
    assert_eq!(fixture.home.read("data/catalogs/atomic.2.toml"), whole);
    assert_eq!(reloader.reload(), Default::default());
    // Whatever else is in it later is another catalog, and the kept one is its
    // rival.
    let longer = format!("{whole}\n[event.more]\nwhy = \"Why?\"\nowner = \"cli team\"\n");
    make_old(&fixture, "data/catalogs/atomic.2.toml");
    fixture.home.write("catalogs/b.toml", longer);
    let reload = reloader.reload();
    let rival = format!("data{0}catalogs{0}atomic.2.toml): raise", std::path::MAIN_SEPARATOR);
    assert!(reload.mistakes[0].contains(&rival), "{reload:?}");
    assert_eq!(fixture.home.read("data/catalogs/atomic.2.toml"), whole);
}

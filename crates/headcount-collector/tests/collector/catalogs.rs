//! Catalogs from a folder, and several versions of one.

use headcount_collector::{Collector, Registry};
use headcount_testkit::Home;

use crate::fixture::{Fixture, catalog, catalog_text, line_of};

#[test]
fn every_toml_directly_in_the_folder_is_one() {
    let home = Home::new();
    home.write("catalogs/any name.toml", catalog_text("atomic"));
    home.write("catalogs/b.toml", catalog_text("clacky"));
    home.write("catalogs/notes.txt", "not a catalog");
    home.write("catalogs/deeper/c.toml", "not a catalog either");
    let registry = Registry::load(&home.path().join("catalogs")).unwrap();
    assert_eq!(registry.names().collect::<Vec<_>>(), ["atomic", "clacky"]);
}

/// What editors and archives leave beside a file, and what a mounted folder of
/// Kubernetes keeps its generations in.
#[test]
fn hidden_names_are_skipped() {
    let home = Home::new();
    home.write("catalogs/atomic.toml", catalog_text("atomic"));
    home.write("catalogs/._atomic.toml", [0, 5, 22, 7]);
    home.write("catalogs/.atomic.toml", "half a");
    home.write("catalogs/#atomic.toml", "half a");
    home.write("catalogs/atomic.toml~", "half a");
    home.write("catalogs/..data/atomic.toml", "half a");
    home.write("catalogs/.folder.toml/a.toml", "half a");
    #[cfg(unix)]
    std::os::unix::fs::symlink("user@host.42:1", home.path().join("catalogs/.#atomic.toml"))
        .unwrap();
    let registry = Registry::load(&home.path().join("catalogs")).unwrap();
    assert_eq!(registry.names().collect::<Vec<_>>(), ["atomic"]);
}

#[cfg(unix)]
#[test]
fn what_is_not_a_regular_file_is_a_sentence_and_not_waited_for() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    home.write("catalogs/good.toml", catalog_text("atomic"));
    let folder = home.path().join("catalogs");
    let status = std::process::Command::new("mkfifo").arg(folder.join("a.toml")).status().unwrap();
    assert!(status.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.join("b.toml")).unwrap();
    std::fs::create_dir(folder.join("c.toml")).unwrap();
    symlink("nowhere", folder.join("d.toml")).unwrap();
    symlink("a.toml", folder.join("e.toml")).unwrap();
    symlink("/dev/zero", folder.join("f.toml")).unwrap();
    symlink("g.toml", folder.join("g.toml")).unwrap();
    let error = Registry::load(&folder).unwrap_err();
    let told: Vec<&str> = error.all().collect();
    assert_eq!(told.len(), 7, "{error}");
    for (line, name) in told.iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
        let wanted = match name {
            "d" => "a link that leads nowhere: remove it",
            "g" => "cannot read the catalog",
            _ => "not a regular file: remove it",
        };
        assert!(line.contains(&format!("{name}.toml: {wanted}")), "{line}");
    }
    // A link to a catalog is as good as the catalog.
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let path = folder.join(format!("{name}.toml"));
        if path.is_dir() { std::fs::remove_dir(path) } else { std::fs::remove_file(path) }.unwrap();
    }
    symlink("good.toml", folder.join("link.toml")).unwrap();
    assert_eq!(Registry::load(&folder).unwrap().names().collect::<Vec<_>>(), ["atomic"]);
}

#[test]
fn a_file_of_any_length_is_read_to_the_limit_only() {
    let home = Home::new();
    let file = home.write("catalogs/long.toml", "# \n");
    let long = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    // Sparse: a terabyte that takes no room.
    long.set_len(1 << 40).unwrap();
    let error = Registry::load(&home.path().join("catalogs")).unwrap_err();
    assert!(error.to_string().contains("long.toml"), "{error}");
}

#[test]
fn every_mistake_of_every_file_is_told_at_once() {
    let home = Home::new();
    home.write("catalogs/a.toml", catalog_text("atomic").replace("\"cli team\"", "5"));
    home.write("catalogs/b.toml", "grammar = \n");
    home.write("catalogs/c.toml", [0xff, 0xfe]);
    home.write("catalogs/d.toml", catalog_text("clacky"));
    let folder = home.path().join("catalogs");
    let error = Registry::load(&folder).unwrap_err();
    let told = error.to_string();
    for file in ["a.toml:", "b.toml:1:", "c.toml: cannot read the catalog"] {
        assert!(told.contains(&folder.join(file).display().to_string()), "{told}");
    }
    assert!(!told.contains("d.toml"), "{told}");
    assert!(error.all().len() >= 5, "three events of a.toml have a wrong owner: {told}");
    assert!(error.is_unreadable() && !error.is_permission_denied(), "c.toml is not UTF-8");
    assert!(std::error::Error::source(&error).is_some(), "why c.toml cannot be read");

    let none = Registry::load(home.path()).unwrap_err();
    assert!(none.to_string().contains("there is no catalog in"), "{none}");
    assert!(!none.is_unreadable(), "{none}");
    let missing = Registry::load(&home.path().join("nowhere")).unwrap_err();
    assert!(missing.to_string().starts_with("cannot list the catalogs in"), "{missing}");
    assert!(missing.is_unreadable(), "{missing}");
}

#[test]
fn one_file_is_the_only_catalog() {
    let home = Home::new();
    home.write("product/telemetry.toml.draft", catalog_text("atomic"));
    home.write("product/other.toml", "not a catalog");
    let file = home.path().join("product/telemetry.toml.draft");
    let registry = Registry::load(&file).unwrap();
    assert_eq!(registry.names().collect::<Vec<_>>(), ["atomic"]);
    home.write("product/telemetry.toml.draft", "not a catalog");
    let told = Registry::load(&file).unwrap_err().to_string();
    assert!(told.starts_with(&format!("{}:1:", file.display())), "{told}");
}

#[cfg(unix)]
#[test]
fn a_catalog_that_may_not_be_read_is_told_apart() {
    use std::fs::{File, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.write("catalogs/a.toml", catalog_text("atomic"));
    set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything.
    if File::open(&file).is_err() {
        let error = Registry::load(&home.path().join("catalogs")).unwrap_err();
        assert!(error.is_permission_denied() && error.is_unreadable(), "{error}");
    }
}

#[test]
fn one_version_says_one_thing() {
    let atomic = catalog("atomic");
    assert!(Registry::of(vec![atomic, atomic]).is_ok());
    let changed = catalog_text("atomic").replace("\"uninstall\"", "\"remove\"");
    let changed = headcount_catalog::parse(&changed).unwrap();
    let error = Registry::of(vec![atomic, changed]).unwrap_err().to_string();
    assert!(error.contains("another catalog with `catalog = 1` of `atomic`"), "{error}");
    assert!(Registry::of(Vec::new()).is_err());
    let twin = catalog_text("assembly").replace("name = \"assembly\"", "name = \"twin\"");
    let twin = headcount_catalog::parse(&twin).unwrap();
    let error = Registry::of(vec![catalog("assembly"), twin]).unwrap_err().to_string();
    assert!(error.contains("`twin` has the same public key as `assembly`"), "{error}");
}

#[test]
fn the_newest_version_that_allows_an_event_judges_it() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let newer = catalog_text("atomic")
        .replace("catalog = 1", "catalog = 2")
        .replace("\"uninstall\"", "\"remove\"")
        .replace("raw = \"90d\"", "raw = \"10d\"");
    let newer = headcount_catalog::parse(&newer).unwrap();
    let mut config = fixture.config();
    config.registry = Registry::of(vec![catalog("atomic"), newer]).unwrap();
    fixture.run(Collector::start(config).unwrap());
    let answer = fixture.send(&[
        line_of(1, "2026-11-20", "remove"),
        line_of(2, "2026-11-20", "uninstall"),
        line_of(3, "2026-11-20", "neither"),
        // The newer catalog allows it and keeps raw events for ten days. The
        // older is not used.
        line_of(4, "2026-10-20", "remove"),
        line_of(5, "2026-10-20", "uninstall"),
    ]);
    let json = answer.json();
    assert_eq!((&json["accepted"], &json["rejected"]), (&3.into(), &2.into()), "{answer:?}");
    assert_eq!(json["events"][0]["reason"], "outside-set");
    assert_eq!(json["events"][1]["reason"], "too-old");
    let again = line_of(1, "2026-11-20", "remove");
    fixture.send(&[again]).assert_taken(0, 1);
    fixture.assert_taken("atomic", 3, 1);
}

/// An older version does not bring back what expired in a newer one. What was
/// recorded in time is taken, however late it comes.
#[test]
fn what_expired_in_the_newest_version_is_rejected() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let newer = catalog_text("atomic")
        .replace("catalog = 1", "catalog = 2")
        .replace("[event.atomic_command]\n", "[event.atomic_command]\nexpires = \"2026-11-18\"\n");
    let newer = headcount_catalog::parse(&newer).unwrap();
    let mut config = fixture.config();
    config.registry = Registry::of(vec![catalog("atomic"), newer]).unwrap();
    fixture.run(Collector::start(config).unwrap());
    let answer =
        fixture.send(&[line_of(1, "2026-11-18", "init"), line_of(2, "2026-11-19", "init")]);
    let json = answer.json();
    assert_eq!((&json["accepted"], &json["rejected"]), (&1.into(), &1.into()), "{answer:?}");
    assert_eq!(json["events"][0]["reason"], "expired");
    assert_eq!(fixture.counter("atomic", "rejected", "expired"), 1);
}

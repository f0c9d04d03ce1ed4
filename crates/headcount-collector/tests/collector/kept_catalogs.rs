//! Every version that was ever loaded is kept with the data, and judges what
//! its programs send.

use headcount_collector::{Collector, Registry};

use crate::fixture::{Fixture, catalog_text, line};

/// A newer version of Atomic's catalog, which no older program satisfies.
pub(crate) fn stricter() -> String {
    catalog_text("atomic").replace("catalog = 1", "catalog = 2").replace(
        "[event.atomic_command.properties]\n",
        "[event.atomic_command.properties]\nshell = { choice = [\"bash\", \"zsh\"] }\n",
    )
}

/// A collector on the catalogs in the folder.
fn start(fixture: &mut Fixture) {
    fixture.stop();
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    fixture.run(Collector::start(config).unwrap());
}

fn stopped() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture.home.write("catalogs/atomic.toml", catalog_text("atomic"));
    fixture
}

#[track_caller]
fn refused(fixture: &Fixture) -> String {
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    Collector::start(config).expect_err("a clash").to_string()
}

fn kept(fixture: &Fixture) -> Vec<String> {
    let files = std::fs::read_dir(fixture.home.path().join("data/catalogs")).unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_older_version_that_is_gone_from_the_folder_judges_its_own() {
    let mut fixture = stopped();
    start(&mut fixture);
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
    fixture.home.write("catalogs/atomic.toml", stricter());
    start(&mut fixture);
    let new = line(3).replace("\"command\"", "\"shell\":\"zsh\",\"command\"");
    assert_eq!(fixture.send(&[line(2), new.clone()]).json()["accepted"], 2);
    // A third version, of another product even: nothing is forgotten.
    fixture.home.write("catalogs/atomic.toml", catalog_text("clacky"));
    start(&mut fixture);
    fixture.send(&[line(2), new, line(4)]).assert_taken(1, 2);
    fixture.assert_taken("atomic", 4, 2);
    assert_eq!(kept(&fixture), ["atomic.1.toml", "atomic.2.toml", "clacky.1.toml"]);
    let read = |name: &str| fixture.home.read(&format!("data/catalogs/{name}"));
    assert_eq!(
        (read("atomic.1.toml"), read("atomic.2.toml")),
        (catalog_text("atomic"), stricter())
    );
}

#[cfg(unix)]
#[test]
fn they_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut fixture = stopped();
    start(&mut fixture);
    let mode = |path: &str| {
        let file = fixture.home.path().join(path);
        file.metadata().unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode("data/catalogs"), mode("data/catalogs/atomic.1.toml")), (0o700, 0o600));
}

#[test]
fn the_same_version_with_other_contents_does_not_start() {
    let mut fixture = stopped();
    start(&mut fixture);
    fixture.stop();
    // A comment says nothing else.
    fixture.home.write("catalogs/atomic.toml", format!("# A comment.\n{}", catalog_text("atomic")));
    start(&mut fixture);
    fixture.stop();
    let changed = catalog_text("atomic").replace("\"uninstall\"", "\"remove\"");
    fixture.home.write("catalogs/atomic.toml", changed);
    let told = refused(&fixture);
    assert!(told.contains("another catalog with `catalog = 1` of `atomic` has other"), "{told}");
    assert!(told.contains("catalogs/atomic.toml:") && told.contains("atomic.1.toml)"), "{told}");
    assert!(told.contains("raise the number in the newer one"), "{told}");
}

/// Whatever is wrong with a kept file is told, and hides no other catalog.
#[test]
fn a_damaged_kept_catalog_is_a_sentence() {
    let text = catalog_text("atomic");
    for damaged in [
        Vec::new(),
        text.as_bytes()[..text.len() / 2].to_vec(),
        vec![0; 4096],
        vec![0xff; 9],
        catalog_text("clacky").into_bytes(),
        b"x".repeat(600_000),
    ] {
        let mut fixture = stopped();
        start(&mut fixture);
        fixture.home.write("catalogs/atomic.toml", stricter());
        start(&mut fixture);
        fixture.stop();
        fixture.home.write("data/catalogs/atomic.2.toml", &damaged);
        fixture.home.write("data/catalogs/notes.toml", "not a catalog");
        fixture.told.lock().unwrap().clear();
        start(&mut fixture);
        let told = fixture.told.lock().unwrap().join("\n");
        assert!(told.contains("a kept catalog is not used: "), "{told}");
        assert!(told.contains("atomic.2.toml:") && told.contains("notes.toml:"), "{told}");
        // The older one is there, and the damaged one is written again.
        assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
        assert_eq!(fixture.home.read("data/catalogs/atomic.2.toml"), stricter());
    }
}

#[test]
fn a_kept_folder_that_is_none_is_a_sentence() {
    let mut fixture = stopped();
    std::fs::create_dir_all(fixture.home.path().join("data")).unwrap();
    fixture.home.write("data/catalogs", "a file");
    let told = refused(&fixture);
    assert!(told.contains("cannot list the kept catalogs in"), "{told}");
    std::fs::remove_file(fixture.home.path().join("data/catalogs")).unwrap();
    start(&mut fixture);
}

/// What is kept must not take a key away from what is served.
#[test]
fn a_product_that_was_renamed_keeps_its_key() {
    let mut fixture = stopped();
    fixture.home.write("catalogs/atomic.toml", catalog_text("assembly"));
    start(&mut fixture);
    let renamed = catalog_text("assembly").replace("name = \"assembly\"", "name = \"renamed\"");
    fixture.home.write("catalogs/atomic.toml", renamed);
    start(&mut fixture);
    let told = fixture.told.lock().unwrap().join("\n");
    assert!(told.contains("has the same public key as `renamed`"), "{told}");
}

/// Two kept products with one key, as after a renaming, do not keep a version
/// from being compared with the kept one.
#[test]
fn one_version_says_one_thing_also_beside_a_product_that_was_renamed() {
    let mut fixture = stopped();
    fixture.home.write("catalogs/atomic.toml", catalog_text("assembly"));
    start(&mut fixture);
    let renamed = catalog_text("assembly").replace("name = \"assembly\"", "name = \"renamed\"");
    fixture.home.write("catalogs/atomic.toml", renamed.clone());
    start(&mut fixture);
    fixture.stop();
    let other = renamed.replace("raw = \"90d\"", "raw = \"80d\"");
    assert_ne!(other, renamed);
    fixture.home.write("catalogs/atomic.toml", other);
    let message = refused(&fixture);
    assert!(message.contains("another catalog with `catalog = 1` of `renamed`"), "{message}");
    assert_eq!(fixture.home.read("data/catalogs/renamed.1.toml"), renamed);
}

/// Puts something in the place of a kept catalog that hides its contents, as an
/// error of the disk does, and takes it away again.
#[cfg(unix)]
fn hide(fixture: &Fixture, name: &str, how: &str) -> impl FnOnce() {
    let kept = fixture.home.path().join("data/catalogs").join(name);
    let aside = fixture.home.path().join("aside");
    std::fs::rename(&kept, &aside).unwrap();
    match how {
        "folder" => std::fs::create_dir(&kept).unwrap(),
        // A link to itself cannot be read by anybody.
        link => std::os::unix::fs::symlink(link.replace("NAME", name), &kept).unwrap(),
    }
    move || {
        let _ = std::fs::remove_file(&kept).or_else(|_| std::fs::remove_dir(&kept));
        std::fs::rename(aside, kept).unwrap();
    }
}

/// Without the newest version an older one decides how long events are kept.
#[cfg(unix)]
#[test]
fn a_kept_catalog_that_cannot_be_read_ends_the_start() {
    let mut fixture = stopped();
    fixture.home.write("catalogs/atomic.toml", stricter());
    start(&mut fixture);
    fixture.home.write("catalogs/atomic.toml", catalog_text("atomic"));
    start(&mut fixture);
    fixture.stop();
    for (how, why) in [
        ("NAME", "atomic.2.toml: cannot read the catalog: "),
        ("nowhere", "atomic.2.toml: a link that leads nowhere"),
        ("folder", "atomic.2.toml: not a regular file"),
    ] {
        let show = hide(&fixture, "atomic.2.toml", how);
        let told = refused(&fixture);
        assert!(told.contains(why), "{told}");
        show();
    }
    start(&mut fixture);
    let new = line(3).replace("\"command\"", "\"shell\":\"zsh\",\"command\"");
    assert_eq!(fixture.send(&[new]).json()["accepted"], 1);
    assert_eq!(fixture.dropped_fields("atomic", "unknown-property"), 0);
}

#[cfg(unix)]
#[test]
fn a_kept_catalog_that_cannot_be_read_is_not_written_over() {
    let mut fixture = stopped();
    start(&mut fixture);
    fixture.stop();
    let changed = catalog_text("atomic").replace("\"uninstall\"", "\"remove\"");
    fixture.home.write("catalogs/atomic.toml", changed);
    for how in ["NAME", "nowhere", "folder"] {
        let show = hide(&fixture, "atomic.1.toml", how);
        assert!(refused(&fixture).contains("atomic.1.toml: "));
        show();
        assert_eq!(fixture.home.read("data/catalogs/atomic.1.toml"), catalog_text("atomic"));
    }
    assert!(refused(&fixture).contains("another catalog with `catalog = 1` of `atomic`"));
}

/// What a file has when somebody has copied half of it: without its last event.
pub(crate) fn first_part() -> String {
    let text = catalog_text("atomic");
    let at = text.rfind("\n[event.").expect("an event");
    let at = text[..at].rfind("\n\n").expect("a paragraph");
    let part = text[..at].to_owned();
    assert!(headcount_catalog::parse(&part).is_ok());
    part
}

/// Whoever starts while a catalog is being copied has the first part.
#[test]
fn the_whole_of_a_file_that_was_read_half_starts() {
    let mut fixture = stopped();
    fixture.home.write("catalogs/atomic.toml", first_part());
    start(&mut fixture);
    assert_eq!(fixture.home.read("data/catalogs/atomic.1.toml"), first_part());
    fixture.home.write("catalogs/atomic.toml", catalog_text("atomic"));
    start(&mut fixture);
    assert_eq!(fixture.home.read("data/catalogs/atomic.1.toml"), catalog_text("atomic"));
    let told = fixture.told.lock().unwrap().join("\n");
    assert!(told.contains("loaded the whole of version 1 of the catalog of `atomic`"), "{told}");
    // The other way round takes something back.
    fixture.stop();
    fixture.home.write("catalogs/atomic.toml", first_part());
    assert!(refused(&fixture).contains("another catalog with `catalog = 1` of `atomic`"));
}

/// A version that has been there for a while says one thing for ever.
#[test]
fn a_version_does_not_grow_later() {
    let mut fixture = stopped();
    fixture.home.write("catalogs/atomic.toml", first_part());
    start(&mut fixture);
    fixture.stop();
    make_old(&fixture, "data/catalogs/atomic.1.toml");
    fixture.home.write("catalogs/atomic.toml", catalog_text("atomic"));
    let told = refused(&fixture);
    assert!(told.contains("another catalog with `catalog = 1` of `atomic`"), "{told}");
    assert_eq!(fixture.home.read("data/catalogs/atomic.1.toml"), first_part());
}

/// As if a file had been written some time ago.
pub(crate) fn make_old(fixture: &Fixture, name: &str) {
    let file = std::fs::File::options().write(true).open(fixture.home.path().join(name)).unwrap();
    let time = std::time::SystemTime::now() - std::time::Duration::from_secs(660);
    file.set_modified(time).unwrap();
}

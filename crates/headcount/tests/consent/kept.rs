//! A no is kept by every means there is, and said so only where it is.

use std::fs;

use headcount::catalog::Raw;
use headcount::consent::ConsentState;
use headcount::{Catalog, RecordError, person};
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::scene::{self, NOW, Said, stay};

fn say(catalog: &'static Catalog, home: &Home, word: &str) -> person::Reply {
    person::run(&scene::open(catalog, home), &[word.to_owned()])
}

fn reason(catalog: &'static Catalog, home: &Home) -> String {
    scene::open(catalog, home).decision().winner().why.to_string()
}

fn note(catalog: &'static Catalog, home: &Home) -> Json {
    let text = fs::read_to_string(scene::paths(catalog, home).state).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A lost sync brings an old settings file back, and a disk may lose its end.
#[test]
fn a_no_survives_the_loss_of_its_settings() {
    for product in ["atomic", "atomcode", "archon", "assembly"] {
        let (catalog, home) = (scene::catalog(&scene::text_of(product)), Home::new());
        let settings = scene::paths(catalog, &home).settings;
        assert_eq!(say(catalog, &home, "on").code, 0);
        let on = fs::read_to_string(&settings).unwrap();
        assert_eq!(say(catalog, &home, "off").code, 0);
        let off = fs::read_to_string(&settings).unwrap();
        let ends = (0..=off.len()).filter(|end| off.is_char_boundary(*end)).map(|end| &off[..end]);
        for text in ends.map(Some).chain([Some(on.as_str()), None]) {
            match text {
                Some(text) => fs::write(&settings, text).unwrap(),
                None => fs::remove_file(&settings).unwrap(),
            }
            let state = scene::open(catalog, &home).decision().state();
            assert_eq!(state, ConsentState::Off, "{product}: {text:?}");
        }
        assert_eq!(reason(catalog, &home), "config:answer=off", "{product}");
        let status = say(catalog, &home, "status").out;
        assert!(status.contains("telemetry-state.json (answer = off)"), "{status}");
        assert_eq!(say(catalog, &home, "on").code, 0);
        assert!(scene::open(catalog, &home).decision().is_on(), "{product}");
        assert_eq!(note(catalog, &home).get("answer"), None, "{product}");
    }
}

/// The other way round: our state is lost, and the settings still say no.
#[test]
fn a_no_survives_the_loss_of_our_note() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomcode")), Home::new());
    assert_eq!(say(catalog, &home, "off").code, 0);
    fs::remove_file(scene::paths(catalog, &home).state).unwrap();
    assert_eq!(reason(catalog, &home), "config:telemetry.enabled=false");
    assert_eq!(say(catalog, &home, "local").code, 0);
    fs::remove_file(scene::paths(catalog, &home).state).unwrap();
    assert_eq!(scene::open(catalog, &home).decision().state(), ConsentState::Off);
}

/// What cannot be edited does not keep a person's no out.
#[test]
fn a_no_is_kept_where_the_settings_cannot_be_changed() {
    for broken in
        ["telemetry = 1\n", "not toml", "", "[[telemetry]]\n", "[telemetry]\nenabled = []\n"]
    {
        let (catalog, home) = (scene::catalog(&scene::text_of("atomcode")), Home::new());
        home.write(".atomcode/config.toml", broken);
        let reply = say(catalog, &home, "off");
        assert_eq!(reply.code, 0, "{broken:?}: {}", reply.err);
        assert_eq!(note(catalog, &home)["answer"], "off", "{broken:?}");
        if !home.read(".atomcode/config.toml").contains("false") {
            assert!(
                reply.err.starts_with("Your answer is kept, but not everywhere: "),
                "{}",
                reply.err
            );
            assert_eq!(home.read(".atomcode/config.toml"), broken);
        }
        fs::remove_file(home.path().join(".atomcode/config.toml")).unwrap();
        assert_eq!(reason(catalog, &home), "config:answer=off", "{broken:?}");
    }
}

/// Neither place can be written: it fails, says what helps, and what waited is
/// gone all the same.
#[test]
fn a_no_that_cannot_be_kept_says_which_variable_does_it() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomcode")), Home::new());
    let paths = scene::paths(catalog, &home);
    let properties = [];
    let event = Said::new(catalog, "open_atomcode", &properties);
    scene::open(catalog, &home).try_record(&event).unwrap();
    // A folder in the place of each file that could hold it.
    fs::create_dir_all(paths.settings.join("in the way")).unwrap();
    let _ = fs::remove_file(&paths.state);
    fs::create_dir_all(paths.state.join("in the way")).unwrap();
    let reply = say(catalog, &home, "off");
    // Both are read as files that may have held a no, so it is off.
    assert!(!scene::open(catalog, &home).decision().is_on());
    assert_eq!(scene::queued(catalog, &home), Vec::<String>::new(), "{}", reply.err);
}

fn update(catalog: &'static Catalog) -> Said {
    let properties = [("command", Raw::Text("update")), ("success", Raw::Flag(true))];
    Said::new(catalog, "atomic_command", &properties)
}

/// A session's yes counts for a second. Whoever creates anything within it asks
/// once more.
#[test]
fn nothing_is_created_in_the_second_after_a_no() {
    for has_recorded in [true, false] {
        for word in ["off", "local"] {
            let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
            assert_eq!(say(catalog, &home, "on").code, 0);
            let (session, _) = stay(catalog, &home);
            if has_recorded {
                session.try_record(&update(catalog)).unwrap();
            }
            assert_eq!(say(catalog, &home, word).code, 0);
            let before = scene::tree(&home);
            let refused = session.try_record(&update(catalog));
            assert!(refused.as_ref().is_err_and(RecordError::is_off), "{word}: {refused:?}");
            assert_eq!(scene::tree(&home), before, "{word}, recorded before: {has_recorded}");
        }
    }
}

/// The same for an id that a `clear` deletes: it does not come back.
#[test]
fn an_id_that_was_deleted_is_not_recorded_in_the_second_after() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    assert_eq!(say(catalog, &home, "on").code, 0);
    let (session, _) = stay(catalog, &home);
    session.try_record(&update(catalog)).unwrap();
    let id = |line: &str| {
        let json: Json = serde_json::from_str(line).unwrap();
        json["anonymousId"].as_str().unwrap().to_owned()
    };
    let before = id(&scene::queued(catalog, &home)[0]);
    assert_eq!(say(catalog, &home, "clear").code, 0);
    session.try_record(&update(catalog)).unwrap();
    let lines = scene::queued(catalog, &home);
    assert_eq!(lines.len(), 1);
    assert_ne!(id(&lines[0]), before);
}

/// What slipped into the queue while the answer was no goes with the next yes;
/// what waits while only a variable refuses stays.
#[test]
fn a_yes_drops_what_was_recorded_while_it_was_not_on() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    assert_eq!(say(catalog, &home, "on").code, 0);
    scene::open(catalog, &home).try_record(&update(catalog)).unwrap();
    let (line, queue) = (scene::queued(catalog, &home), scene::paths(catalog, &home).queue);
    assert_eq!(say(catalog, &home, "off").code, 0);
    fs::write(&queue, format!("{}\n", line[0])).unwrap();
    assert_eq!(say(catalog, &home, "on").code, 0);
    assert_eq!(scene::queued(catalog, &home), Vec::<String>::new());

    scene::open(catalog, &home).try_record(&update(catalog)).unwrap();
    let refusing = scene::surroundings(home.path(), NOW, &[("DO_NOT_TRACK", "1")]);
    let session = scene::open_in(catalog, refusing);
    assert_eq!(person::run(&session, &["on".to_owned()]).code, 0);
    assert_eq!(scene::queued(catalog, &home).len(), 1, "a variable that refuses drops nothing");
}

/// Another process holds our lock for ever: one record waits a millisecond, the
/// others not at all, none is lost, and all have one id.
#[test]
#[cfg(unix)]
fn a_lock_that_is_held_for_ever_hardly_delays_a_host() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    assert_eq!(say(catalog, &home, "on").code, 0);
    let path = scene::paths(catalog, &home).state_folder.join("change.lock");
    let held = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).unwrap();
    held.lock().unwrap();
    let start = std::time::Instant::now();
    let next_month = |word: Option<&str>| {
        let (session, clock) = stay(catalog, &home);
        clock.fetch_add(86_400_000 * 20, std::sync::atomic::Ordering::Relaxed);
        match word {
            // The month is over: each wants to create the next month's id.
            None => session.try_record(&update(catalog)).unwrap(),
            Some(word) => assert_eq!(person::run(&session, &[word.to_owned()]).code, 0),
        }
    };
    for _ in 0..20 {
        next_month(None);
    }
    // 20 times 2 s before; 1 ms now, and the rest is for a busy machine.
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    let ids = || -> Vec<String> {
        let id = |line: &String| {
            let json: Json = serde_json::from_str(line).unwrap();
            json["anonymousId"].as_str().unwrap().to_owned()
        };
        scene::queued(catalog, &home).iter().map(id).collect()
    };
    let before = ids();
    assert!(before.len() == 20 && before.iter().all(|id| *id == before[0]), "{before:?}");
    let new_id = scene::paths(catalog, &home).state_folder.join("new-id.json");
    assert!(new_id.exists());
    let (session, clock) = stay(catalog, &home);
    clock.fetch_add(86_400_000 * 20, std::sync::atomic::Ordering::Relaxed);
    let status = person::run(&session, &["status".to_owned()]).out;
    let shown = format!("Anonymous ID: {}", &before[0][..9]);
    assert!(status.contains(&shown), "{shown}: {status}");
    drop(held);
    next_month(None);
    assert!(!new_id.exists(), "it is saved now");
    assert_eq!(ids()[20], before[0]);
    let settings = fs::read_to_string(scene::paths(catalog, &home).settings).unwrap();
    assert!(settings.contains(&before[0]), "{settings}");
}

//! A program that stays, and what its person decides meanwhile in another
//! terminal.

use std::sync::atomic::{AtomicI64, Ordering};

use headcount::{Catalog, Clock, RecordError, Session, person};
use headcount_catalog::Raw;
use headcount_testkit::Home;

use crate::scene::{self, NOW, Said};

/// A run of the host whose clock goes on when it is told to.
fn stay(catalog: &'static Catalog, home: &Home) -> (Session, &'static AtomicI64) {
    let clock: &AtomicI64 = Box::leak(Box::new(AtomicI64::new(scene::time(NOW).milliseconds())));
    let variable = catalog.variable("ENDPOINT");
    let variables = [(variable.as_str(), "http://127.0.0.1:9")];
    let mut surroundings = scene::surroundings(home.path(), NOW, &variables);
    surroundings.clock = Clock::Set(clock);
    (scene::open_in(catalog, surroundings), clock)
}

fn event(catalog: &'static Catalog) -> Said {
    let properties = [("command", Raw::Text("init")), ("success", Raw::Flag(true))];
    Said::new(catalog, "atomic_command", &properties)
}

fn say(catalog: &'static Catalog, home: &Home, word: &str) {
    assert_eq!(person::run(&scene::open(catalog, home), &[word.to_owned()]).code, 0, "{word}");
}

#[test]
fn an_off_said_meanwhile_holds_in_a_program_that_stays() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    say(catalog, &home, "on");
    let (session, clock) = stay(catalog, &home);
    session.try_record(&event(catalog)).unwrap();
    say(catalog, &home, "off");
    let before = scene::tree(&home);
    for passed_ms in [1_001, 2_002, -1] {
        clock.store(scene::time(NOW).milliseconds() + passed_ms, Ordering::Relaxed);
        let refused = session.try_record(&event(catalog));
        assert!(refused.as_ref().is_err_and(RecordError::is_off), "{passed_ms}: {refused:?}");
        assert!(session.line(&event(catalog)).is_err());
        let started = session.start_shipper().unwrap();
        assert_eq!(started, headcount::ship::Started::NotPermitted, "{passed_ms}");
        assert_eq!(scene::tree(&home), before, "{passed_ms}: something was made");
    }
}

#[test]
fn an_id_that_was_deleted_meanwhile_is_not_used_again() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    say(catalog, &home, "on");
    let (session, clock) = stay(catalog, &home);
    session.try_record(&event(catalog)).unwrap();
    let id = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        json["anonymousId"].as_str().unwrap().to_owned()
    };
    let before = id(&scene::queued(catalog, &home)[0]);
    say(catalog, &home, "clear");
    say(catalog, &home, "on");
    clock.fetch_add(1_001, Ordering::Relaxed);
    for _ in 0..2 {
        session.try_record(&event(catalog)).unwrap();
    }
    let lines = scene::queued(catalog, &home);
    assert_eq!(lines.len(), 2);
    assert_ne!(id(&lines[0]), before);
    assert_eq!(id(&lines[0]), id(&lines[1]));
}

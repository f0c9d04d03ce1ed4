//! A program that stays, and what its person decides meanwhile in another
//! terminal.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use headcount::catalog::{Event, Value};
use headcount::{Catalog, RecordError, TypedEvent, person};
use headcount_catalog::Raw;
use headcount_testkit::Home;

use crate::scene::{self, NOW, Said, stay};

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

/// An event that is told what it holds only when somebody lets it.
struct Held {
    event: Said,
    begun: mpsc::Sender<()>,
    released: Mutex<mpsc::Receiver<()>>,
}

impl TypedEvent for Held {
    fn definition(&self) -> &'static Event {
        self.event.definition()
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.begun.send(()).expect("somebody waits for it");
        let released = self.released.lock().expect("nobody panicked");
        // Where the other thread waits for this one, both would wait for ever.
        released.recv_timeout(Duration::from_secs(20)).expect("no other thread waits for this one");
        self.event.values()
    }
}

/// After the first second each record may read the decision again, and one that
/// takes its time must not hold up the others.
#[test]
fn a_thread_that_is_slow_to_record_holds_up_no_other() {
    let (catalog, home) = (scene::catalog(&scene::text_of("atomic")), Home::new());
    say(catalog, &home, "on");
    let (session, clock) = stay(catalog, &home);
    clock.fetch_add(1_001, Ordering::Relaxed);
    let (begun, has_begun) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let held = Held { event: event(catalog), begun, released: Mutex::new(released) };
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| session.try_record(&held));
        has_begun.recv().expect("it begins");
        session.try_record(&event(catalog)).expect("a record");
        release.send(()).expect("it is still held");
        slow.join().expect("no panic").expect("a record");
    });
    assert_eq!(scene::queued(catalog, &home).len(), 2);
}

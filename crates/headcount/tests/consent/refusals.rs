//! Refused purposes where something is in the way: a broken state, a shipper at
//! work, a destination that is dead.

use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use headcount::ship::{FlushEnd, Request, Response, Transport, TransportError, TransportErrorKind};
use headcount_testkit::Home;
use serde_json::json;

use crate::purposes::{STATE, agreed, catalog, command, done, is_withheld, json, panic, say};
use crate::scene::{self, Taken, open};

/// A state that is cut, corrupt or of another form never sets anything free.
#[test]
fn a_broken_state_sets_nothing_free() {
    let catalog = catalog(&[]);
    let whole = {
        let home = agreed(catalog);
        done(catalog, &home, "off crash");
        home.read(STATE)
    };
    let cuts = (0..whole.trim_end().len()).step_by(7).map(|cut| whole[..cut].to_owned());
    let others = [
        "{\"format\": 1, \"refusedPurposes\": 7}",
        "{\"format\": 1, \"refusedPurposes\": [\"crash\"]}",
        "{\"format\": 1, \"refusedPurposes\": null}",
        "{\"format\": 2, \"refusedPurposes\": {\"crash\": []}}",
        "{\"format\": 1, \"refusedPurposes\": {\"crash\": 7}}",
    ];
    for text in cuts.chain(others.map(str::to_owned)) {
        let home = agreed(catalog);
        fs::write(home.path().join(STATE), &text).unwrap();
        assert!(open(catalog, &home).try_record(&panic(catalog)).is_err(), "{text:?}");
        // A refusal more does not turn on what a broken file keeps off.
        let was_on = open(catalog, &home).decision().is_on();
        let reply = say(&open(catalog, &home), "off crash");
        assert_eq!(reply.code, 0, "{text:?}: {}", reply.err);
        assert_eq!(open(catalog, &home).decision().is_on(), was_on, "{text:?}");
        assert!(open(catalog, &home).try_record(&panic(catalog)).is_err(), "{text:?}");
    }
}

/// What older releases do not know, they keep.
#[test]
fn a_state_without_the_key_is_read_as_before() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    assert!(!home.read(STATE).contains("refusedPurposes"));
    done(catalog, &home, "off crash");
    assert!(home.read(STATE).contains("refusedPurposes"));
    done(catalog, &home, "on crash");
    assert!(!home.read(STATE).contains("refusedPurposes"));
    done(catalog, &home, "off crash");
    done(catalog, &home, "clear");
    assert!(home.read(STATE).contains("refusedPurposes"), "the decision is kept");
    done(catalog, &home, "clear --all");
    assert_eq!(home.tree(), [], "and this deletes it");
}

/// A host that runs on obeys within the second, and a shipper drops what a host
/// recorded a moment before.
#[test]
fn what_is_recorded_at_that_moment_is_dropped_by_the_shipper() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    let (host, clock) = scene::stay(catalog, &home);
    host.try_record(&command(catalog)).unwrap();
    done(catalog, &home, "off crash");
    // Its decision is not a second old.
    host.try_record(&panic(catalog)).unwrap();
    let taken = Taken::default();
    let session = open(catalog, &home);
    session.flush(&taken);
    let bodies: String =
        taken.requests().iter().filter_map(|it| it.text().map(str::to_owned)).collect();
    assert!(bodies.contains("\"command\"") && !bodies.contains("panic"), "{bodies}");
    let status = json(catalog, &home, "status");
    assert_eq!((&status["lost"], &status["waiting"]["events"]), (&json!({}), &json!(0)));
    clock.fetch_add(1_001, Ordering::SeqCst);
    assert!(host.try_record(&panic(catalog)).is_err());
}

/// Several destinations, one of them dead: what it had not got is dropped for
/// it too, and the rest waits on.
#[test]
fn a_claim_that_waits_for_a_dead_destination_loses_it_too() {
    let other = "[[destination]]\nname = \"other\"\nkind = \"http\"\nendpoint = \"https://other.example/x\"\n[retention]";
    let catalog = catalog(&[("[retention]", other)]);
    let home = agreed(catalog);
    assert!(!is_withheld(catalog, &home));
    struct HalfDead(Taken);
    impl Transport for HalfDead {
        fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
            if request.url.ends_with("/x") {
                let kind = TransportErrorKind::Unreachable;
                return Err(TransportError::new(kind, "nobody is there"));
            }
            self.0.send(request, limit)
        }
    }
    let half = HalfDead(Taken::default());
    assert_eq!(open(catalog, &home).flush(&half).arrived.taken, 2);
    let said = done(catalog, &home, "off crash");
    assert!(said.contains("One event that was waiting to be sent is deleted."), "{said}");
    assert_eq!(json(catalog, &home, "status")["waiting"]["events"], json!(1));
    let taken = Taken::default();
    scene::open_at(catalog, &home, "2026-11-15T18:00:00Z").flush(&taken);
    let requests = taken.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].url.ends_with("/x"));
    let body = requests[0].text().unwrap();
    assert!(body.contains("\"command\"") && !body.contains("panic"), "{body}");
}

/// It cannot be written: it fails, says what helps, and what waited is gone all
/// the same.
#[test]
fn a_no_that_cannot_be_kept_says_which_variable_does_it() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    assert!(!is_withheld(catalog, &home));
    // A folder in the place of the file.
    fs::remove_file(home.path().join(STATE)).unwrap();
    fs::create_dir_all(home.path().join(STATE).join("in the way")).unwrap();
    let reply = say(&open(catalog, &home), "off crash");
    assert_eq!((reply.code, reply.out.as_str()), (1, ""));
    assert!(reply.err.starts_with("Your answer could not be saved: "), "{}", reply.err);
    assert!(reply.err.contains("TOOL_TELEMETRY"), "{}", reply.err);
    assert!(!open(catalog, &home).decision().is_on(), "it may have held a no");
    let paths = scene::paths(catalog, &home);
    for entry in fs::read_dir(&paths.folder).unwrap().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        assert!(!text.contains("\"panic\""), "{:?}", entry.path());
    }
    let reply = say(&open(catalog, &home), "on crash");
    assert_eq!(reply.code, 1);
    assert!(reply.err.starts_with("The purpose `crash` could not be turned on: "), "{}", reply.err);
}

/// A state that has more names than one, or is a link, as dotfile managers make
/// them, is changed and stays what it is.
#[cfg(unix)]
#[test]
fn a_linked_state_stays_a_link() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    let (state, kept) = (home.path().join(STATE), home.path().join("kept.json"));
    fs::rename(&state, &kept).unwrap();
    std::os::unix::fs::symlink(&kept, &state).unwrap();
    done(catalog, &home, "off crash");
    assert!(fs::read_to_string(&kept).unwrap().contains("refusedPurposes"));
    assert!(fs::symlink_metadata(&state).unwrap().is_symlink());
    assert!(is_withheld(catalog, &home));
    done(catalog, &home, "on crash");
    assert!(!is_withheld(catalog, &home));
}

/// A shipper that was stopped for long, or does not hold the lock that it took
/// any more, asks again before each request.
#[test]
fn a_shipper_asks_before_each_request_what_is_refused() {
    let other = "[[destination]]\nname = \"other\"\nkind = \"http\"\nendpoint = \"https://other.example/x\"\n[retention]";
    let catalog = catalog(&[("[retention]", other)]);
    let home = agreed(catalog);
    assert!(!is_withheld(catalog, &home));
    struct Refusing<'a>(&'a Home, Taken);
    impl Transport for Refusing<'_> {
        fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
            // Somebody says it while the first request is under way.
            let state = self.0.read(STATE);
            let refused = "{\n  \"refusedPurposes\": {\"crash\": [\"panic\"]},";
            self.0.write(STATE, state.replacen('{', refused, 1));
            self.1.send(request, limit)
        }
    }
    let refusing = Refusing(&home, Taken::default());
    let session = open(catalog, &home);
    let flushed = session.flush(&refusing);
    assert_eq!(flushed.ended, FlushEnd::NotPermitted);
    assert_eq!(refusing.1.requests().len(), 1, "the second destination got nothing");
    let taken = Taken::default();
    open(catalog, &home).flush(&taken);
    let requests = taken.requests();
    assert_eq!(requests.len(), 1);
    let body = requests[0].text().unwrap();
    assert!(body.contains("\"command\"") && !body.contains("panic"), "{body}");
}

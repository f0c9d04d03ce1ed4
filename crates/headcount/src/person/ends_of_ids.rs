//! How an id ends, and what its end leaves in the queue: a deletion while a
//! host records, and clocks that are wrong.

use std::cell::RefCell;
use std::fs;
use std::time::Duration;

use headcount_testkit::Home;

use super::sweeping::{
    IN_SETTINGS, MONTHLY, NEVER, PLANTED, Tick, after, catalog, holders, holds, open, record, say,
    surroundings, used,
};
use crate::Paths;
use crate::ship::{Request, Response, Transport, TransportError};

/// Destinations that are down, and what they were sent.
#[derive(Default)]
struct Down(RefCell<String>);

impl Transport for Down {
    fn send(&self, request: &Request, _: Duration) -> Result<Response, TransportError> {
        self.0.borrow_mut().push_str(&String::from_utf8_lossy(&request.body));
        Ok(Response { status: 503, ..Response::default() })
    }
}

/// A host has made a line, or knows the id for a second more, while the id is
/// deleted. It appends to the segment that the next host creates.
#[test]
fn a_deleted_id_that_comes_back_into_the_queue_is_not_sent() {
    for (identity, words) in
        [NEVER, MONTHLY, IN_SETTINGS].into_iter().zip(["forget", "clear", "clear"])
    {
        let catalog = catalog(identity, "keep-id");
        let home = Home::new();
        let paths = Paths::of(catalog, &surroundings(&home, after(0))).expect("a home");
        let shown =
            || crate::identity::shown(catalog, &paths, &surroundings(&home, after(0))).unwrap();
        let tick = Tick(catalog.event("tick").expect("the event"));
        say(catalog, &home, after(0), "on");
        let late = open(catalog, &home, after(0));
        late.try_record(&tick).expect("a record");
        let old = shown().expect("an id");
        say(catalog, &home, after(0), words);
        record(catalog, &home, after(0));
        let new = shown().expect("an id");
        assert_ne!(new, old);
        late.try_record(&tick).expect("a record");
        assert!(holds(&paths.queue, &old) && holds(&paths.queue, &new));
        let destinations = Down::default();
        open(catalog, &home, after(0)).flush(&destinations);
        let sent = destinations.0.take();
        assert!(sent.contains(&new) && !sent.contains(&old), "{identity}: {sent}");
        let left = holders(&home, &old);
        assert!(left.iter().all(|path| *path == paths.erasures()), "{left:?}");
    }
}

/// Only what is younger than an id must have it: a product, or a person, may
/// have replaced the one before, and the machine had another one last month.
#[test]
fn older_records_and_those_beside_an_id_that_was_not_made_here_go() {
    for identity in [NEVER, MONTHLY] {
        let catalog = catalog(identity, "keep-id");
        let home = Home::new();
        let paths = Paths::of(catalog, &surroundings(&home, after(0))).expect("a home");
        say(catalog, &home, after(0), "on");
        record(catalog, &home, after(0));
        let old = fs::read_to_string(paths.id.as_ref().unwrap()).expect("an id");
        fs::remove_file(paths.id.as_ref().unwrap()).expect("the file goes");
        record(catalog, &home, after(1));
        let destinations = Down::default();
        open(catalog, &home, after(1)).flush(&destinations);
        assert!(destinations.0.take().contains(old.trim()), "{identity}");
    }
    let catalog = catalog(NEVER, "keep-id");
    let home = Home::new();
    let paths = Paths::of(catalog, &surroundings(&home, after(0))).expect("a home");
    say(catalog, &home, after(0), "on");
    record(catalog, &home, after(0));
    let old = fs::read_to_string(paths.id.as_ref().unwrap()).expect("an id");
    fs::write(paths.id.as_ref().unwrap(), PLANTED).expect("the product's id");
    record(catalog, &home, after(0));
    let destinations = Down::default();
    open(catalog, &home, after(0)).flush(&destinations);
    assert!(destinations.0.take().contains(old.trim()));
}

/// A board without a battery for its clock, or two machines with one home.
#[test]
fn a_clock_that_goes_back_and_forth_makes_no_new_id_and_deletes_nothing() {
    for identity in [MONTHLY, IN_SETTINGS] {
        let catalog = catalog(identity, "keep-id");
        let (home, paths) = used(catalog);
        let shown =
            |now| crate::identity::shown(catalog, &paths, &surroundings(&home, now)).unwrap();
        let november = shown(after(4)).expect("an id");
        for days in [-28, 4, -28, -20_000, 4] {
            record(catalog, &home, after(days));
            assert_eq!(shown(after(days)).as_ref(), Some(&november), "{days}");
        }
        assert!([paths.quarantine(), paths.sent()].iter().all(|it| holds(it, &november)));
        record(catalog, &home, after(26));
        let december = shown(after(26)).expect("an id");
        assert_ne!(december, november);
        for days in [4, 26, -6, 26] {
            record(catalog, &home, after(days));
            assert_eq!(shown(after(days)).as_ref(), Some(&december), "{days}");
        }
        // It was the clock that was years ahead.
        record(catalog, &home, after(4_000));
        let ahead = shown(after(4_000)).expect("an id");
        record(catalog, &home, after(26));
        assert_ne!(shown(after(26)), Some(ahead));
    }
}

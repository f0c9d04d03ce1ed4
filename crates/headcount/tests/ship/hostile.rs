//! Destinations that misbehave: the shipper ends inside its lifetime, nothing
//! is settled, and the receipts say what happened.

use std::time::{Duration, Instant};

use headcount::ship::{Curl, FlushEnd, Transport, Ureq};
use headcount_testkit::Home;

use crate::rogue::{Manner, Rogue};
use crate::scene;

/// A shipper's lifetime, and a second for a busy machine.
const LIFETIME: Duration = Duration::from_secs(11);

fn errors(manner: Manner) -> &'static [&'static str] {
    match manner {
        Manner::Trickle | Manner::TrickleBody | Manner::Silence => &["timed-out"],
        Manner::Endless => &["too-long"],
        // curl has one word for both.
        Manner::EndlessHead => &["too-long", "broken-off"],
        Manner::Loop | Manner::Page => &["not-its-answer"],
        Manner::Half | Manner::Nonsense | Manner::Cut => &["broken-off"],
        // A slow machine has not read too much when the time is over.
        Manner::Interim => &["too-long", "broken-off", "timed-out"],
        Manner::Nobody => &["unreachable"],
        Manner::RefusedHalf | Manner::RefusedTrickle | Manner::RefusedEndless => &["not-now"],
    }
}

/// One shipment to a destination of a manner; what the receipts call it.
fn shipped(manner: Manner, transport: &dyn Transport) -> String {
    let rogue = Rogue::start(manner);
    let (catalog, home) = (scene::one("http", &rogue.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), 0..3);
    let start = Instant::now();
    let flushed = scene::open(catalog, &home, scene::after(0)).flush(transport);
    assert!(start.elapsed() < LIFETIME, "{manner:?} took {:?}", start.elapsed());
    assert_eq!(flushed.ended, FlushEnd::Done, "{manner:?}");
    let status = scene::say(catalog, &home, scene::after(0), "status --json");
    assert_eq!(status["waiting"]["events"], 3, "{manner:?}");
    assert_eq!(status["destinations"][0]["againInSeconds"], 1, "{manner:?}");
    let error = status["destinations"][0]["lastRequest"]["error"].as_str().map(str::to_owned);
    error.unwrap_or_default()
}

fn all<T: Transport + Send>(transport: impl Fn() -> T + Sync) {
    std::thread::scope(|scope| {
        for manner in Manner::ALL {
            let transport = &transport;
            scope.spawn(move || {
                let error = shipped(manner, &transport());
                assert!(errors(manner).contains(&error.as_str()), "{manner:?} is called {error}");
            });
        }
    });
}

#[test]
fn over_ureq() {
    all(Ureq::new);
}

#[test]
fn over_curl() {
    if is_there() {
        all(|| Curl::of_the_system().expect("it was there"));
    }
}

/// Whether the system has a curl. Without it a machine ships through the other
/// transport.
fn is_there() -> bool {
    let is_there = Curl::of_the_system().is_some();
    if !is_there {
        eprintln!("not tested: this system has no curl in its usual places");
    }
    is_there
}

/// What a no says stands in its head: a status, a pause, a wish. Whatever
/// becomes of its body, it is heeded, and not waited for.
#[test]
fn a_no_is_heard_whatever_becomes_of_its_body() {
    let curl = is_there().then(|| Box::new(Curl::of_the_system().expect("it was there")) as _);
    let transports: Vec<Box<dyn Transport>> =
        curl.into_iter().chain([Box::new(Ureq::new()) as _]).collect();
    for (transport, manner) in
        transports.iter().flat_map(|it| Manner::REFUSING.map(|manner| (it, manner)))
    {
        let rogue = Rogue::start(manner);
        let (catalog, home) = (scene::one("http", &rogue.url()), Home::new());
        scene::ticks(catalog, &home, scene::after(0), 0..3);
        scene::open(catalog, &home, scene::after(0)).flush(transport.as_ref());
        let status = scene::say(catalog, &home, scene::after(0), "status --json");
        let destination = &status["destinations"][0];
        assert_eq!(destination["lastRequest"]["status"], 429, "{manner:?}");
        let error = destination["lastRequest"]["error"].as_str().unwrap_or_default();
        assert!(errors(manner).contains(&error), "{manner:?} is called {error}");
        assert_eq!(destination["againInSeconds"], 600, "{manner:?}");
        let state = scene::paths(catalog, &home).state_folder;
        let pace = std::fs::read_to_string(state.join("one.pace.json")).expect("a wish");
        assert!(pace.contains("\"wish\":\"0.5\""), "{manner:?}: {pace}");
    }
}

/// Four that never answer would take twelve seconds.
#[test]
fn no_request_is_begun_that_could_outlast_the_lifetime() {
    let rogues: Vec<Rogue> = (0..4).map(|_| Rogue::start(Manner::Silence)).collect();
    let destinations: Vec<String> = rogues
        .iter()
        .enumerate()
        .map(|(place, rogue)| {
            scene::destination(&format!("d{place}"), "http", &format!("{}/e", rogue.url()))
        })
        .collect();
    let (catalog, home) = (scene::catalog(&scene::text(&destinations)), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let start = Instant::now();
    let flushed = scene::ship(catalog, &home, scene::after(0));
    assert_eq!(flushed.ended, FlushEnd::OutOfTime);
    assert!(start.elapsed() < LIFETIME, "{:?}", start.elapsed());
    let receipts = scene::say(catalog, &home, scene::after(0), "receipts --json");
    assert_eq!(receipts.as_array().map(Vec::len), Some(3));
}

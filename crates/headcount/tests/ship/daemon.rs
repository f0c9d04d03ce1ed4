//! Programs that stay: recording never waits, an `off` counts at once, and an
//! end loses nothing, whatever the endpoint does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use headcount::daemon::{Daemon, Ended};
use headcount::ship::{Request, Response, Transport, TransportError, Ureq};
use headcount::{Catalog, Context, Host};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{Answer, CaptureServer, Home, Reply};

use crate::{process, scene};

/// What an end may cost, as AtomCode has it.
const BUDGET: Duration = Duration::from_millis(500);

/// What a busy machine may add to it.
const SLACK: Duration = Duration::from_millis(500);

/// What hangs never comes.
const PATIENCE: Duration = Duration::from_secs(30);

struct NoContext;

impl Context for NoContext {
    fn entries(&self) -> Vec<(usize, headcount::catalog::Value)> {
        Vec::new()
    }
}

fn start(
    catalog: &'static Catalog,
    home: &Home,
    transport: impl Transport + Send + 'static,
) -> Daemon {
    let surroundings = scene::surroundings(home, scene::after(0));
    Daemon::start(catalog, Host::new("1.2.3"), surroundings, transport).expect("a thread")
}

fn queue(catalog: &'static Catalog, home: &Home) -> Queue {
    Queue::new(&scene::paths(catalog, home).queue, Bounds::USUAL).expect("a queue")
}

fn numbers(server: &CaptureServer) -> Vec<i64> {
    server.requests().iter().flat_map(scene::numbers).collect()
}

#[test]
fn twenty_events_are_shipped_and_the_rest_at_the_end() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let daemon = start(catalog, &home, Ureq::new());
    assert_eq!(daemon.status_line(), "Telemetry: enabled");
    for number in 0..20 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    process::until(|| numbers(&server).len() >= 20);
    daemon.record(&NoContext, &scene::Tick::new(catalog, 20));
    assert_eq!(daemon.shutdown(PATIENCE), Ended::InTime);
    let mut numbers = numbers(&server);
    numbers.sort_unstable();
    assert_eq!(numbers, (0..=20).collect::<Vec<_>>());
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 0);
}

/// Four threads at work until it ends, as a signal would end it; how long the
/// end took, and what is to be found somewhere.
fn ended_under_load(reply: impl Into<Reply>) -> (CaptureServer, &'static Catalog, Home, i64) {
    let server = CaptureServer::start();
    server.reply_otherwise(reply);
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let daemon = start(catalog, &home, Ureq::new());
    let (next, over) = (AtomicI64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let work = || {
            while !over.load(Ordering::SeqCst) {
                let number = next.fetch_add(1, Ordering::SeqCst);
                daemon.record(&NoContext, &scene::Tick::new(catalog, number));
            }
        };
        for _ in 0..4 {
            scope.spawn(work);
        }
        process::until(|| next.load(Ordering::SeqCst) >= 400 && server.connections() > 0);
        over.store(true, Ordering::SeqCst);
    });
    let start = Instant::now();
    let ended = daemon.shutdown(BUDGET);
    let took = start.elapsed();
    assert!(took < BUDGET + SLACK, "{took:?}, {ended:?}");
    (server, catalog, home, next.load(Ordering::SeqCst))
}

#[test]
fn an_end_under_load_keeps_within_its_budget_and_loses_nothing() {
    let (server, catalog, home, recorded) = ended_under_load(scene::yes("http"));
    let queue = queue(catalog, &home);
    let state = scene::paths(catalog, &home).state_folder;
    process::until(|| !queue.is_shipped(&state));
    scene::ship(catalog, &home, scene::after(0));
    let arrived = numbers(&server);
    let once: BTreeSet<i64> = arrived.iter().copied().collect();
    assert_eq!(arrived.len(), once.len(), "none twice");
    assert_eq!(once, (0..recorded).collect());
}

#[test]
fn an_end_with_a_dead_endpoint_keeps_everything_on_disk() {
    for reply in [Reply::Never, Reply::Lost, Reply::Now(Answer::status(503))] {
        let (server, catalog, home, recorded) = ended_under_load(reply);
        let queue = queue(catalog, &home);
        // A look while the background is still at its last try may miss a line.
        process::until(|| queue.waiting().is_ok_and(|it| it.lines == recorded as u64));
        // The next process, an hour later, sends it all.
        let dead = server.requests().len();
        server.reply_otherwise(scene::yes("http"));
        let state = scene::paths(catalog, &home).state_folder;
        process::until(|| !queue.is_shipped(&state));
        while queue.waiting().expect("a folder").lines > 0 {
            scene::ship(catalog, &home, scene::after(3_601));
        }
        let arrived: BTreeSet<i64> =
            server.requests()[dead..].iter().flat_map(scene::numbers).collect();
        assert_eq!(arrived, (0..recorded).collect());
    }
}

/// A black hole holds the background for three seconds, and nobody else.
#[test]
fn recording_never_waits_for_the_endpoint() {
    let server = CaptureServer::start();
    server.reply_otherwise(Reply::Never);
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let daemon = start(catalog, &home, Ureq::new());
    for number in 0..20 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1, "the background is held");
    let longest = (20..520).map(|number| {
        let start = Instant::now();
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
        start.elapsed()
    });
    let longest = longest.max().expect("a time");
    assert!(longest < Duration::from_millis(250), "an event took {longest:?}");
    assert_eq!(daemon.shutdown(Duration::from_millis(1)), Ended::OutOfBudget);
}

#[test]
fn an_off_on_the_command_line_reaches_a_daemon_at_once() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let daemon = start(catalog, &home, Ureq::new());
    for number in 0..20 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    process::until(|| numbers(&server).len() >= 20);
    daemon.record(&NoContext, &scene::Tick::new(catalog, 20));
    scene::said(catalog, &home, scene::after(0), "off");
    let before = numbers(&server).len();
    for number in 21..100 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    assert!(daemon.status_line().starts_with("Telemetry: disabled (reason: config:"));
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 0);
    assert_eq!(daemon.shutdown(PATIENCE), Ended::InTime);
    assert_eq!(numbers(&server).len(), before, "nothing leaves after it has returned");

    scene::said(catalog, &home, scene::after(0), "on");
    let daemon = start(catalog, &home, Ureq::new());
    daemon.record(&NoContext, &scene::Tick::new(catalog, 100));
    assert_eq!(daemon.shutdown(PATIENCE), Ended::InTime);
    assert_eq!(numbers(&server).last(), Some(&100));
}

/// A transport of a host's own may be broken; its end is not ours.
#[test]
fn a_transport_that_panics_ends_the_background_and_nothing_else() {
    struct Broken;

    impl Transport for Broken {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            panic!("a transport of the test's own is broken")
        }
    }

    let (catalog, home) = (scene::one("http", "http://127.0.0.1:9"), Home::new());
    let daemon = start(catalog, &home, Broken);
    for number in 0..40 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    assert_eq!(daemon.shutdown(PATIENCE), Ended::InTime);
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 40);
}

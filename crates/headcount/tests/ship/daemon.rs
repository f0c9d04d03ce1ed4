//! Programs that stay: recording never waits, an `off` counts at once, and an
//! end loses nothing, whatever the endpoint does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use headcount::daemon::{Daemon, ShutdownEnd};
use headcount::ship::{Request, Response, Transport, TransportError, TransportErrorKind, Ureq};
use headcount::{Catalog, Context, Host, Telemetry};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::{process, scene};

/// What an end may cost, as AtomCode has it.
const BUDGET: Duration = Duration::from_millis(500);

/// What a busy machine may add to it.
const SLACK: Duration = Duration::from_millis(500);

/// What hangs never comes.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct NoContext;

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
    scene::tell(catalog, home);
    let surroundings = scene::surroundings(home, scene::after(0));
    Telemetry::new(catalog, Host::new("1.2.3"), surroundings).daemon(transport).expect("a thread")
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
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
    let mut numbers = numbers(&server);
    numbers.sort_unstable();
    assert_eq!(numbers, (0..=20).collect::<Vec<_>>());
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 0);
}

/// Four threads at work until it ends, as a signal would end it; how long the
/// end took, and what is to be found somewhere.
fn ended_under_load(reply: impl Into<ServerReply>) -> (CaptureServer, &'static Catalog, Home, i64) {
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
    for reply in
        [ServerReply::Never, ServerReply::Lost, ServerReply::Now(CannedAnswer::status(503))]
    {
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

/// An endpoint that answers when the test says so, or gives up on it.
struct Held {
    begun: Sender<()>,
    release: Mutex<Receiver<()>>,
    was_released: Sender<bool>,
}

impl Transport for Held {
    fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
        self.begun.send(()).expect("the test waits");
        let released = self.release.lock().expect("no panic").recv_timeout(PATIENCE).is_ok();
        let _ = self.was_released.send(released);
        Err(TransportError::new(TransportErrorKind::TimedOut, "held"))
    }
}

/// A daemon whose background is held in its first request, with twenty events.
struct Scene {
    catalog: &'static Catalog,
    home: Home,
    daemon: Daemon,
    release: Sender<()>,
    was_released: Receiver<bool>,
}

fn held() -> Scene {
    let ((begun, begins), (release, released)) = (channel(), channel());
    let (how, was_released) = channel();
    let (catalog, home) = (scene::one("http", "http://127.0.0.1:9"), Home::new());
    let transport = Held { begun, release: Mutex::new(released), was_released: how };
    let daemon = start(catalog, &home, transport);
    for number in 0..20 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    begins.recv_timeout(PATIENCE).expect("the background is held");
    Scene { catalog, home, daemon, release, was_released }
}

/// No time is measured here: whoever waited for the endpoint would wait for
/// what comes only after everything is recorded.
#[test]
fn recording_never_waits_for_the_endpoint() {
    let Scene { catalog, home, daemon, release, was_released } = held();
    for number in 20..520 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 520);
    release.send(()).expect("the endpoint waits");
    let was_released = was_released.recv_timeout(PATIENCE).expect("it ends");
    assert!(was_released, "recording waited for the endpoint");
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
}

#[test]
fn a_budget_that_is_over_is_said_and_nobody_is_waited_for() {
    let Scene { catalog, home, daemon, release, was_released } = held();
    assert_eq!(daemon.shutdown(Duration::from_millis(1)), ShutdownEnd::OutOfBudget);
    release.send(()).expect("the endpoint waits");
    let was_released = was_released.recv_timeout(PATIENCE).expect("it ends");
    assert!(was_released, "the end waited for the endpoint");
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 20);
}

/// Nobody is waited for, and no thread is left behind.
#[test]
fn a_daemon_that_is_dropped_ends_its_background() {
    struct Seen(Arc<AtomicBool>);

    impl Transport for Seen {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            self.0.store(true, Ordering::SeqCst);
            Err(TransportError::new(TransportErrorKind::Unreachable, "nobody"))
        }
    }

    let (catalog, home) = (scene::one("http", "http://127.0.0.1:9"), Home::new());
    let seen = Arc::new(AtomicBool::new(false));
    let daemon = start(catalog, &home, Seen(Arc::clone(&seen)));
    daemon.record(&NoContext, &scene::Tick::new(catalog, 1));
    drop(daemon);
    process::until(|| Arc::strong_count(&seen) == 1);
    assert!(seen.load(Ordering::SeqCst), "it ships once more");
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 1);
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
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
    assert_eq!(numbers(&server).len(), before, "nothing leaves after it has returned");

    scene::said(catalog, &home, scene::after(0), "on");
    let daemon = start(catalog, &home, Ureq::new());
    daemon.record(&NoContext, &scene::Tick::new(catalog, 100));
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
    assert_eq!(numbers(&server).last(), Some(&100));
}

/// A transport of a host's own may be broken: it panics for one destination,
/// and the other one gets everything, as long as the daemon lives.
#[test]
fn a_transport_that_panics_has_failed_once_and_shipping_goes_on() {
    struct Broken(Ureq);

    impl Transport for Broken {
        fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
            assert!(!request.url.ends_with("/broken"), "a transport of the test's own is broken");
            self.0.send(request, limit)
        }
    }

    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let destinations = ["broken", "whole"]
        .map(|name| scene::destination(name, "http", &format!("{}/{name}", server.url())));
    let (catalog, home) = (scene::catalog(&scene::text(&destinations)), Home::new());
    let daemon = start(catalog, &home, Broken(Ureq::new()));
    for shipment in 1..=2 {
        for number in 0..20 {
            daemon.record(&NoContext, &scene::Tick::new(catalog, number));
        }
        process::until(|| numbers(&server).len() >= 20 * shipment);
    }
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
    let receipts = scene::say(catalog, &home, scene::after(0), "receipts --json");
    let receipts = receipts.as_array().expect("receipts");
    let errors: Vec<&str> = receipts.iter().filter_map(|it| it["error"].as_str()).collect();
    assert_eq!(errors, ["broken-off"], "then it is given a pause");
    assert_eq!(queue(catalog, &home).waiting().expect("a folder").lines, 40);
}

/// What a thread has used of the processor, and how often it was run, as the
/// kernel counts.
#[cfg(target_os = "linux")]
fn used(thread: &str) -> (u64, u64) {
    let path = format!("/proc/{thread}/schedstat");
    let text = std::fs::read_to_string(path).expect("a thread that runs");
    let numbers: Vec<u64> = text.split_whitespace().map(|it| it.parse().expect("it")).collect();
    (numbers[0], numbers[2])
}

/// Whether a thread waits for something to happen.
#[cfg(target_os = "linux")]
fn rests(thread: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{thread}/stat")).expect("a thread");
    // `id (name) state …`; a name may hold anything.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S'))
}

#[cfg(target_os = "linux")]
fn this_thread() -> String {
    std::fs::read_link("/proc/thread-self").expect("a thread").display().to_string()
}

/// While no destination may be asked, what waits is not read again for each
/// twenty events: that would keep a processor busy for nothing.
#[test]
#[cfg(target_os = "linux")]
fn a_dead_endpoint_costs_no_processor() {
    /// Says which thread it is called in; nobody listens.
    struct Dead(Sender<String>);

    impl Transport for Dead {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            let _ = self.0.send(this_thread());
            Err(TransportError::new(TransportErrorKind::Unreachable, "nobody"))
        }
    }

    const QUEUED: i64 = 20_000;
    const BATCHES: i64 = 50;
    let (catalog, home) = (scene::one("http", "http://127.0.0.1:9"), Home::new());
    // The open segment holds a quarter of what a queue may.
    for part in 0..4 {
        let first = part * QUEUED / 4;
        scene::ticks(catalog, &home, scene::after(0), first..first + QUEUED / 4);
        let (queue, state) = (queue(catalog, &home), scene::paths(catalog, &home).state_folder);
        let shipper = queue.shipper(&state, Duration::ZERO).expect("the lock");
        let one = headcount_queue::DestinationName::new("one").expect("a name");
        let now_s = scene::after(part).seconds().cast_unsigned();
        shipper.claim(now_s, &[one]).expect("a claim");
    }
    let (called, calls) = channel();
    let daemon = start(catalog, &home, Dead(called.clone()));
    let twenty = || {
        for number in 0..20 {
            daemon.record(&NoContext, &scene::Tick::new(catalog, QUEUED + number));
        }
    };
    twenty();
    let background = calls.recv_timeout(PATIENCE).expect("one attempt");
    let state = scene::paths(catalog, &home).state_folder;
    process::until(|| state.join("one.backoff.json").exists());
    process::until(|| !queue(catalog, &home).is_shipped(&state));

    // What a round costs that reads all of it, on this machine and in this
    // build.
    let before = used(&this_thread()).0;
    scene::open(catalog, &home, scene::after(0)).flush(&Dead(called));
    std::thread::yield_now();
    let round = used(&this_thread()).0 - before;

    let before = used(&background);
    for _ in 0..BATCHES {
        let runs = used(&background).1;
        twenty();
        process::until(|| used(&background).1 > runs && rests(&background));
    }
    let spent = used(&background).0 - before.0;
    println!(
        "{QUEUED} waiting, nobody to be asked: a round takes {} us, {BATCHES} times twenty events took {} us",
        round / 1_000,
        spent / 1_000
    );
    assert!(calls.try_recv().is_err(), "nobody may be asked");
    // Fifty rounds, were it one each. A tenth of that is five.
    assert!(spent < round * BATCHES as u64 / 10, "{spent} ns; a round takes {round} ns");
    assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::InTime);
}

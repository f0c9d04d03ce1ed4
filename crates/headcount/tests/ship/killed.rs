//! Daemons in real processes, told to end under load, and killed: what was
//! recorded has arrived or is on disk, and nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use headcount::daemon::Daemon;
use headcount::ship::Ureq;
use headcount::{Clock, Host, Surroundings, Telemetry, signals};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{
    CaptureServer, CapturedRequest, Home, RunningProgram, ServerReply, TestProgram,
};
use serde_json::Value as Json;

#[cfg(windows)]
use crate::console as told;
use crate::daemon::NoContext;
use crate::{process, roles, scene};

/// How a program is told to end by its system.
#[cfg(unix)]
mod told {
    use std::process::Command;

    use headcount_testkit::RunningProgram;

    pub(super) use crate::roles::child;

    pub(super) fn signals() -> &'static [&'static str] {
        &["-TERM", "-INT"]
    }

    #[track_caller]
    pub(super) fn tell(program: &RunningProgram, signal: &str) {
        let told = Command::new("kill").args([signal, &program.id().to_string()]).status();
        assert!(told.is_ok_and(|it| it.success()), "{signal}");
    }
}

/// What an end may cost on account of telemetry, as AtomCode has it.
pub(crate) const BUDGET: Duration = Duration::from_millis(500);

/// What a busy machine may add: beside the 68 processes of the chaos test two
/// cores come round every 100 ms, at 3 ms each, and an end waits its turn
/// twice.
const SLACK: Duration = Duration::from_millis(250);

/// What hangs never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Threads that serve, and events of one request.
pub(crate) const SERVING: i64 = 4;
const REQUEST: i64 = 5;

/// Numbers of one thread: four times so many stay below the 20,000 lines of a
/// queue, and are not reached before the signal comes.
pub(crate) const EACH: i64 = 4_000;

/// Events that are recorded before the end comes.
const LOAD: u64 = 1_000;

/// How a daemon's endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Healthy,
    /// It takes everything and never answers.
    Silent,
    /// Nobody listens.
    Refusing,
}

const ENDPOINTS: [Endpoint; 3] = [Endpoint::Healthy, Endpoint::Silent, Endpoint::Refusing];

pub(crate) fn daemon() -> Daemon {
    let surroundings = Surroundings::of_this_process();
    Telemetry::new(roles::own_catalog(), Host::new("1.2.3"), surroundings)
        .daemon(Ureq::new())
        .expect("a thread")
}

/// What a daemon does until it is told to end: a thread notes each event after
/// it was recorded, a byte in a file of its own, which survives its death.
pub(crate) fn serve() {
    let stop = signals::listen().expect("signals");
    let (daemon, catalog) = (daemon(), roles::own_catalog());
    let over = AtomicBool::new(false);
    let serve = |thread: i64| {
        let mut notes = notes(&home(), thread);
        let mut next = thread * EACH;
        while next < (thread + 1) * EACH && !over.load(Ordering::SeqCst) {
            for number in next..next + REQUEST {
                daemon.record(&NoContext, &scene::Tick::new(catalog, number));
                notes.write_all(b".").expect("a note");
            }
            next += REQUEST;
            std::thread::park_timeout(Duration::from_millis(1));
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..SERVING {
            scope.spawn(move || serve(thread));
        }
        stop.wait();
        over.store(true, Ordering::SeqCst);
    });
    let start = Instant::now();
    let ended = daemon.shutdown(BUDGET);
    roles::tell(&format!("shutdown {} {ended:?}", start.elapsed().as_micros()));
}

pub(crate) fn home() -> std::path::PathBuf {
    std::env::var_os("HOME").expect("a home").into()
}

fn notes(home: &Path, thread: i64) -> fs::File {
    let path = home.join(format!("notes.{thread}"));
    OpenOptions::new().append(true).create(true).open(path).expect("a file for notes")
}

fn noted(home: &Home, thread: i64) -> u64 {
    fs::metadata(home.path().join(format!("notes.{thread}"))).map_or(0, |it| it.len())
}

/// A daemon under load, its endpoint asked at least once.
fn started(
    program: &TestProgram,
    home: &Home,
    server: &CaptureServer,
    endpoint: Endpoint,
) -> RunningProgram {
    match endpoint {
        Endpoint::Healthy => server.reply_otherwise(scene::yes("http")),
        Endpoint::Silent => server.reply_otherwise(ServerReply::Never),
        Endpoint::Refusing => server.refuse_after(0),
    }
    let running = program.clone().limit(PATIENCE * 2).spawn();
    let refused = home.path().join(".tick/telemetry-state/one.backoff.json");
    process::until(|| {
        let asked = !server.requests().is_empty() || refused.exists();
        asked && (0..SERVING).map(|thread| noted(home, thread)).sum::<u64>() >= LOAD
    });
    running
}

pub(crate) fn settled(home: &Home, url: &str) -> &'static headcount::Catalog {
    let catalog = roles::settle(
        home,
        &scene::text(&[scene::destination("one", "http", &format!("{url}/e"))]),
    );
    scene::said(catalog, home, scene::after(0), "on");
    catalog
}

/// The ids that each number is known under.
#[derive(Default)]
pub(crate) struct Books(pub(crate) BTreeMap<i64, BTreeSet<String>>);

impl Books {
    fn enter(&mut self, event: &Json) {
        let number = event["number"].as_i64().expect("a number");
        let id = event["id"].as_str().expect("an id").to_owned();
        self.0.entry(number).or_default().insert(id);
    }

    fn requests(&mut self, requests: &[CapturedRequest]) {
        for request in requests {
            let body: Json = serde_json::from_str(&request.text()).expect("JSON");
            body["events"].as_array().expect("events").iter().for_each(|event| self.enter(event));
        }
    }

    /// Whatever lies in the product's folder and has a number.
    pub(crate) fn disk(&mut self, home: &Home) {
        for entry in home.tree().iter().filter(|it| it.path.starts_with(".tick/events")) {
            for line in home.read(&entry.path).lines() {
                let event = serde_json::from_str::<Json>(line).ok();
                event.filter(|event| event["number"].is_i64()).iter().for_each(|it| self.enter(it));
            }
        }
    }

    /// Everything that was noted is there, under one id; of what was not, what
    /// each thread had in hand when it was killed.
    fn balance(&self, home: &Home, in_hand: i64, what: &str) {
        let twice: Vec<&i64> = self.0.iter().filter(|it| it.1.len() > 1).map(|it| it.0).collect();
        assert!(twice.is_empty(), "{what}: recorded twice: {twice:?}");
        let mut known = 0;
        for thread in 0..SERVING {
            let first = thread * EACH;
            let end = first + noted(home, thread) as i64;
            let lost: Vec<i64> = (first..end).filter(|it| !self.0.contains_key(it)).collect();
            assert!(lost.is_empty(), "{what}: thread {thread} lost {lost:?}");
            let beyond = self.0.range(end..first + EACH).count() as i64;
            assert!(beyond <= in_hand, "{what}: {beyond} of thread {thread} were never noted");
            known += end - first + beyond;
        }
        assert_eq!(self.0.len() as i64, known, "{what}: nobody's events");
    }
}

/// Sends what is left, as the next processes would do it, to a server that
/// takes everything.
fn sent_on(catalog: &'static headcount::Catalog, home: &Home) -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let url = server.url();
    let paths = scene::paths(catalog, home);
    let queue = Queue::new(&paths.queue, Bounds::USUAL).expect("a queue");
    let mut rounds = 0;
    while queue.waiting().expect("a folder").lines > 0 {
        // A pause after a failure lasts seconds, and a test has none.
        let _ = fs::remove_file(paths.state_folder.join("one.backoff.json"));
        let mut surroundings = Surroundings::given(
            home.path(),
            [("TICK_TELEMETRY_ENDPOINT".to_owned(), url.clone())].into(),
            scene::after(0),
        );
        surroundings.clock = Clock::System;
        headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings)
            .open()
            .flush(&Ureq::new());
        rounds += 1;
        assert!(rounds < 1_000, "it is never empty");
    }
    server
}

/// The books at the end, and once more when everything was sent.
fn audited(
    catalog: &'static headcount::Catalog,
    home: &Home,
    server: &CaptureServer,
    in_hand: i64,
    what: &str,
) {
    let mut books = Books::default();
    books.requests(&server.requests());
    books.disk(home);
    books.balance(home, in_hand, what);
    let mut books = Books::default();
    books.requests(&server.requests());
    books.requests(&sent_on(catalog, home).requests());
    books.balance(home, in_hand, what);
}

#[test]
fn a_daemon_under_load_that_is_told_to_end_keeps_everything_within_its_budget() {
    for endpoint in ENDPOINTS {
        for signal in told::signals() {
            let what = format!("{endpoint:?}, {signal}");
            let (server, home) = (CaptureServer::start(), Home::new());
            let catalog = settled(&home, &server.url());
            let running = started(&told::child(&home, "serve"), &home, &server, endpoint);
            told::tell(&running, signal);
            let line = running.line("shutdown ");
            assert_eq!(running.wait().code(), Some(0), "{what}");
            let mut words = line.split(' ').skip(1);
            let took = words.next().and_then(|it| it.parse().ok()).map(Duration::from_micros);
            let (took, ended) = (took.expect("a time"), words.next().expect("how it ended"));
            let recorded: u64 = (0..SERVING).map(|thread| noted(&home, thread)).sum();
            println!("{what}: {recorded} recorded, shut down in {took:?}: {ended}");
            assert!(took < BUDGET + SLACK, "{what}: {took:?}");
            assert!(recorded < (SERVING * EACH) as u64, "{what}: no load when the signal came");
            audited(catalog, &home, &server, 0, &what);
        }
    }
}

#[test]
fn a_daemon_under_load_that_is_killed_loses_nothing_that_was_recorded() {
    for endpoint in ENDPOINTS {
        let what = format!("{endpoint:?}, killed");
        let (server, home) = (CaptureServer::start(), Home::new());
        let catalog = settled(&home, &server.url());
        let mut running = started(&roles::child(&home, "serve"), &home, &server, endpoint);
        running.kill();
        assert!(!running.wait().status.success(), "{what}");
        audited(catalog, &home, &server, 1, &what);
    }
}

/// A host that is told to end while it still starts.
pub(crate) fn stop() {
    let stop = signals::listen().expect("signals");
    roles::tell("listening");
    process::until(|| home().join("go").exists());
    stop.wait();
    roles::tell("stopped");
}

#[test]
fn a_signal_that_comes_before_the_wait_is_heard() {
    for signal in told::signals() {
        let home = Home::new();
        let host = told::child(&home, "stop").spawn();
        assert_eq!(host.line("listening"), "listening");
        told::tell(&host, signal);
        home.write("go", "");
        assert_eq!(host.line("stopped"), "stopped", "{signal}");
        assert_eq!(host.wait().code(), Some(0), "{signal}");
    }
}

//! The panic hook in real processes: the event is on disk before the process
//! dies, by unwinding or at once, beside the host's own hook, and never where
//! the answer is off.

use std::time::Duration;

use headcount::catalog::{Event, Raw, Value};
use headcount::panics::{Panic, Watch};
use headcount::ship::{Request, Response, Transport, TransportError};
use headcount::{Catalog, Host, Surroundings, Telemetry};
use headcount_testkit::{Canary, CaptureServer, Home, ProgramOutput};
use serde_json::Value as Json;

use crate::{daemon, roles, scene};

const CRASH: &str = r#"
[event.crash]
why = "Where does it crash?"
owner = "tests"

[event.crash.properties]
location = "location"
head = { scrubbed = 120, because = "A place alone does not tell a cause.", optional = "omit" }
"#;

/// The event, made of what a panic tells.
struct Crash(&'static Event, Vec<Option<Value>>);

impl Crash {
    fn of(catalog: &'static Catalog, panic: &Panic) -> Option<Self> {
        let event = catalog.event("crash")?;
        let admit = |place: usize, text: &str| event.properties[place].kind.admit(&Raw::Text(text));
        let location = admit(0, panic.location.as_deref()?).ok();
        Some(Self(event, vec![location, admit(1, &panic.message_head).ok()]))
    }
}

impl headcount::TypedEvent for Crash {
    fn definition(&self) -> &'static Event {
        self.0
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.1.clone()
    }
}

/// How a process dies of a panic.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// The stack is unwound, and the process goes on or ends as it likes.
    Unwinding,
    /// At once, after the hook, as a program built with `panic = "abort"` does.
    AtOnce,
}

/// What a child does: it panics in a thread, with a hook of its own before
/// ours.
pub(crate) fn crash(death: Death) {
    let catalog = roles::own_catalog();
    std::panic::set_hook(Box::new(move |_| {
        eprintln!("the host's own hook");
        if death == Death::AtOnce {
            std::process::abort();
        }
    }));
    let telemetry = Telemetry::new(catalog, Host::new("1.2.3"), Surroundings::of_this_process());
    telemetry.watch_panics(Watch::new(&["ship"]), move |panic| {
        let crash = Crash::of(catalog, panic)?;
        Some(Box::new(crash) as Box<dyn headcount::TypedEvent>)
    });
    let message = std::env::var("TICK_MESSAGE").expect("a message");
    let worker = std::thread::Builder::new().name("work".to_owned());
    let worker = worker.spawn(move || panic!("cannot read {message}")).expect("a thread");
    assert!(worker.join().is_err());
}

fn crashed(
    home: &Home,
    mode: &str,
    role: &str,
    message: &str,
    variables: &[(&str, &str)],
) -> ProgramOutput {
    let server = CaptureServer::start();
    let destination = scene::destination("one", "http", &format!("{}/e", server.url()));
    let text = scene::text(&[destination]).replace("mode = \"detached\"", mode);
    roles::settle(home, &format!("{text}{CRASH}"));
    let mut child = roles::child(home, role).env("TICK_MESSAGE", message);
    for (name, value) in variables {
        child = child.env(name, value);
    }
    child.run()
}

/// What a child does: its daemon's transport panics, under both hooks.
pub(crate) fn broken_transport() {
    struct Broken;

    impl Transport for Broken {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            panic!("a transport of the test's own is broken")
        }
    }

    let catalog = roles::own_catalog();
    std::panic::set_hook(Box::new(|_| eprintln!("the host's own hook")));
    let telemetry = roles::telemetry();
    telemetry.watch_panics(Watch::new(&["ship"]), move |panic| {
        let crash = Crash::of(catalog, panic)?;
        Some(Box::new(crash) as Box<dyn headcount::TypedEvent>)
    });
    let daemon = telemetry.daemon(Broken).expect("a thread");
    daemon.record(&daemon::NoContext, &scene::Tick::new(catalog, 1));
    let _ = daemon.shutdown(Duration::from_secs(30));
}

const DETACHED: &str = "mode = \"detached\"";

fn queued(home: &Home) -> Vec<Json> {
    let text = home.read(".tick/events.jsonl");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_panic_is_on_disk_before_the_process_dies() {
    for role in ["crash", "crash-at-once"] {
        let (home, canary) = (Home::new(), Canary::new("message"));
        let message = format!("/srv/{}/notes", canary.text());
        let output = crashed(&home, DETACHED, role, &message, &[]);
        assert!(output.stderr_text().contains("the host's own hook"), "{role}");
        // Unwound, the harness goes on; aborted, the system has ended it.
        assert_eq!(output.status.success(), role == "crash", "{role}");
        let events = queued(&home);
        assert_eq!(events.len(), 1, "{role}: {events:?}");
        let place = events[0]["location"].as_str().expect("a place");
        assert!(place.contains("tests/ship/panics.rs:"), "{role}: {place}");
        assert_eq!(events[0]["head"], "cannot read <path>", "{role}");
        assert_eq!(canary.find_in_tree(home.path()), [""; 0], "{role}");
    }
}

/// It is a request that failed, and no crash of the host.
#[test]
fn a_transport_s_panic_is_neither_recorded_nor_told() {
    let home = Home::new();
    let output = crashed(&home, DETACHED, "broken-transport", "x", &[]);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let receipts = home.read(".tick/telemetry-state/receipts.jsonl");
    assert!(receipts.contains("\"error\":\"broken-off\""), "{receipts}");
    let crashes = home.tree().into_iter().filter(|entry| {
        !entry.path.ends_with('/')
            && entry.path != "catalog.toml"
            && home.read(&entry.path).contains("tests/ship/panics.rs")
    });
    assert_eq!(crashes.map(|entry| entry.path).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn where_the_answer_is_off_a_panic_leaves_nothing() {
    let home = Home::new();
    let output = crashed(&home, DETACHED, "crash-at-once", "x", &[("TICK_TELEMETRY", "0")]);
    assert!(output.stderr_text().contains("the host's own hook"));
    let files = home.tree().into_iter().map(|entry| entry.path);
    let files: Vec<String> = files.filter(|path| !path.ends_with('/')).collect();
    // The person was told before they refused.
    let ours =
        ["telemetry-state.json", "telemetry-state/agreed.json", "telemetry-state/change.lock"];
    let told = ours.map(|name| format!(".tick/{name}"));
    assert_eq!(files, [&told[..], &["catalog.toml".to_owned()]].concat());
}

/// A product that keeps no event on disk hands its last one over.
#[test]
fn a_panic_goes_over_the_pipe_where_nothing_is_on_disk() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let home = Home::new();
    let destination = scene::destination("one", "http", &format!("{}/e", server.url()));
    let text = scene::text(&[destination]).replace(DETACHED, "mode = \"thread\"");
    roles::settle(&home, &format!("{text}{CRASH}"));
    let child = roles::child(&home, "crash-at-once").env("TICK_MESSAGE", "x");
    assert!(!child.run().status.success());
    let requests = server.wait_for(1, Duration::from_secs(30));
    assert!(requests[0].text().contains("tests/ship/panics.rs:"), "{}", requests[0].text());
}

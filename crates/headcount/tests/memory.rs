//! What a program that stays holds: after a release that widened, every event
//! reads its agreement again, and none of that may stay behind.
#![expect(unsafe_code, reason = "an allocator that counts can only be written so")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use headcount::catalog::{Event, Value, parse};
use headcount::ship::{Request, Response, Transport, TransportError, TransportErrorKind};
use headcount::{Catalog, Clock, Context, Host, Surroundings, Telemetry, Time, TypedEvent, person};
use headcount_testkit::Home;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator with the layout it came
// with; the counter touches no memory but its own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on as they are.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on as they are.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const TEXT: &str = include_str!("../../../examples/atomic/telemetry.toml");

fn catalog(text: &str) -> &'static Catalog {
    let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    Box::leak(Box::new(catalog))
}

/// A release whose events can say one word more than the person agreed to.
fn wider() -> &'static Catalog {
    let text = TEXT.replacen("catalog = 1", "catalog = 2", 1);
    let choice = "\"uninstall\", \"run\"] }";
    assert_eq!(text.matches(choice).count(), 1, "the catalog has changed");
    catalog(&text.replace(choice, "\"uninstall\", \"run\", \"brand-new\"] }"))
}

static NOW_MS: AtomicI64 = AtomicI64::new(1_795_218_080_000);

fn telemetry(catalog: &'static Catalog, home: &Path) -> Telemetry {
    let now = Time::from_milliseconds(NOW_MS.load(Relaxed));
    let mut surroundings = Surroundings::given(home, HashMap::new(), now);
    surroundings.clock = Clock::Set(&NOW_MS);
    Telemetry::new(catalog, Host::new("1.2.3"), surroundings)
}

/// The first event of a catalog, as it makes one up itself.
struct Sample {
    definition: &'static Event,
    values: Vec<Option<Value>>,
}

impl Sample {
    fn of(catalog: &'static Catalog) -> Self {
        let definition = catalog.event("atomic_command").expect("an event");
        let record = catalog.sample(definition, Time::from_milliseconds(NOW_MS.load(Relaxed)));
        Self { definition, values: record.properties }
    }
}

impl TypedEvent for Sample {
    fn definition(&self) -> &'static Event {
        self.definition
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

struct NoContext;

impl Context for NoContext {
    fn entries(&self) -> Vec<(usize, Value)> {
        Vec::new()
    }
}

/// A destination that is never there.
struct Dead;

impl Transport for Dead {
    fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
        Err(TransportError::new(TransportErrorKind::Unreachable, "nobody is there"))
    }
}

/// Bytes that are held after `act` was done so many times more than after it
/// was done a few times.
fn growth(times: u32, mut act: impl FnMut()) -> usize {
    (0..20).for_each(|_| act());
    let before = HELD.load(Relaxed);
    (0..times).for_each(|_| act());
    HELD.load(Relaxed).saturating_sub(before)
}

/// Both ways in one test: they count in one process.
#[test]
fn a_program_that_stays_holds_no_more_after_hundreds_of_events_of_a_wider_release() {
    const EVENTS: u32 = 300;
    let home = Home::new();
    person::grant(&telemetry(catalog(TEXT), home.path()).open()).expect("a yes");
    let wider = wider();
    let telemetry = telemetry(wider, home.path());
    assert!(!telemetry.open().withheld().is_empty(), "it does not widen");

    // A daemon decides anew for each event.
    let event = Sample::of(wider);
    let daemon = telemetry.daemon(Dead).expect("a thread");
    let grown = growth(EVENTS, || daemon.record(&NoContext, &event));
    assert!(grown < 1_024, "{grown} bytes after {EVENTS} events of a daemon");
    daemon.shutdown(Duration::from_secs(5));

    // A session does when a second is over.
    let session = telemetry.open();
    let grown = growth(EVENTS, || {
        NOW_MS.fetch_add(2_000, Relaxed);
        session.record(&event);
    });
    assert!(grown < 1_024, "{grown} bytes after {EVENTS} seconds of a session");
    session.try_record(&event).expect("what was agreed to is recorded all the while");
}

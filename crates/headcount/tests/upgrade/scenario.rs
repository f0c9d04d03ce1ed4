//! A week of one person, at fixed times: every file that the SDK keeps is
//! written on the way.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use headcount::catalog::{Event, Raw, Value};
use headcount::ship::{Request, Response, Transport, TransportError};
use headcount::{Catalog, Session, Surroundings, Time, person};
use headcount_testkit::Home;

/// A random id in a file of its own, three destinations of two dialects, and a
/// report.
pub(crate) const CATALOG: &str = r#"
grammar = 1
catalog = 1

[product]
name = "tick"
prefix = "TICK"
title = "Tick"

[consent]
default = "off"
order = ["environment", "do-not-track", "flag", "settings"]

[files]
folder = "~/.tick"
settings = { file = "settings.json", enabled = "telemetry.enabled" }
queue = "queue/events.jsonl"

[identity]
scheme = "random"
rotate = "monthly"
file = "device-id"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
device = "device"
"*" = "properties"

[shipping]
command = ["flush"]
marker = "TICK_FLUSH"

[retention]
on-machine = "30d"
raw = "90d"

[report]
owner = "tests"

[[destination]]
name = "fine"
kind = "http"
endpoint = "http://127.0.0.1:9/fine"

[[destination]]
name = "later"
kind = "headcount"
endpoint = "http://127.0.0.1:9/later"

[[destination]]
name = "never"
kind = "http"
endpoint = "http://127.0.0.1:9/never"

[event.tick]
why = "Does it go on?"
owner = "tests"

[event.tick.properties]
number = { count = 1000 }
"#;

/// A noon in November, and seconds after it.
pub(crate) fn after(seconds: i64) -> Time {
    Time::from_seconds(1_795_218_080 + seconds)
}

pub(crate) fn surroundings(home: &Home, now: Time) -> Surroundings {
    let mut surroundings = Surroundings::given(home.path(), HashMap::new(), now);
    surroundings.platform = headcount::catalog::Platform::Linux;
    surroundings
}

pub(crate) struct Tick {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl Tick {
    pub(crate) fn new(catalog: &'static Catalog, number: i64) -> Self {
        let event = catalog.event("tick").expect("an event");
        let value = event.properties[0].kind.admit(&Raw::Integer(number)).expect("a number");
        Self { event, values: event.complete(vec![Some(value)]) }
    }
}

impl headcount::TypedEvent for Tick {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// One destination takes everything and then asks for a stop, one asks for a
/// pause, one takes nothing ever.
#[derive(Default)]
pub(crate) struct Destinations(pub(crate) RefCell<Vec<Request>>);

impl Transport for Destinations {
    fn send(&self, request: &Request, _: Duration) -> Result<Response, TransportError> {
        self.0.borrow_mut().push(request.clone());
        let text = |text: &str| Some(text.to_owned());
        Ok(match request.url.rsplit('/').next() {
            Some("fine") => Response {
                status: 200,
                send: text("stop"),
                body: b"{}".to_vec(),
                ..Response::default()
            },
            Some("later") => {
                Response { status: 503, retry_after: text("3600"), ..Response::default() }
            }
            _ => Response { status: 400, ..Response::default() },
        })
    }
}

/// What happens. `open` and `flush` are the version's own.
pub(crate) fn play(
    catalog: &'static Catalog,
    home: &Home,
    open: impl Fn(Time) -> Session,
    flush: impl Fn(&Session, &dyn Transport),
) {
    let record = |session: &Session, numbers: std::ops::Range<i64>| {
        for number in numbers {
            session.try_record(&Tick::new(catalog, number)).expect("a record");
        }
    };
    person::grant(&open(after(0))).expect("a yes");
    record(&open(after(1)), 0..3);
    flush(&open(after(2)), &Destinations::default());
    record(&open(after(3)), 3..5);
    flush(&open(after(86_500)), &Destinations::default());
    record(&open(after(86_501)), 5..7);
    assert!(home.path().join(".tick").is_dir());
}

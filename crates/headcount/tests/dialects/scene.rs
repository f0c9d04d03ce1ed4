//! What the tests stand on: catalogs with other destinations, a person who said
//! yes, and one record of each event.

use std::collections::HashMap;
use std::path::Path;

use headcount::catalog::{Event, Kind, Reference, Source, Value, parse};
use headcount::person::{Audience, Notice, Terminal, notice};
use headcount::{Catalog, Context, Host, Session, Surroundings, Time};
use headcount_testkit::Home;

/// Noon of a day.
pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";

/// An hour later, when every pause of a first failure is over.
pub(crate) const LATER: &str = "2026-11-20T13:00:00Z";

/// A product's own text, on by default, with `destinations` in place of its
/// own.
pub(crate) fn catalog(product: &str, destinations: &str) -> &'static Catalog {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(examples.join(product).join("telemetry.toml")).unwrap();
    let text = text.replace("default = \"ask\"", "default = \"on\"");
    // OpenClacky keeps no event on disk; here its dialect is looked at, batch
    // by batch.
    let text = text.replace("mode = \"thread\"", "mode = \"detached\"");
    let text = text.replace("default = \"off\"", "default = \"on\"");
    let (before, rest) = text.split_once("[[destination]]").unwrap();
    let (own, after) = rest.split_once("\n[").unwrap();
    let destinations = match destinations {
        "" => format!("[[destination]]{own}"),
        other => other.to_owned(),
    };
    let text = format!("{before}{destinations}\n[{after}");
    let catalog = parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    Box::leak(Box::new(catalog))
}

/// A run of the host, its destinations on this machine.
pub(crate) fn open(catalog: &'static Catalog, home: &Home, now: &str) -> Session {
    open_with(catalog, home, now, &[(&catalog.variable("ENDPOINT"), "http://127.0.0.1:9")])
}

pub(crate) fn open_with(
    catalog: &'static Catalog,
    home: &Home,
    now: &str,
    variables: &[(&str, &str)],
) -> Session {
    let mut given: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    given.insert("USER".to_owned(), "me".to_owned());
    let local = home.path().join("AppData").join("Local");
    given.insert("LOCALAPPDATA".to_owned(), local.to_string_lossy().into_owned());
    let now = Time::parse(now).expect("a time");
    let surroundings = Surroundings::given(home.path(), given, now);
    let open =
        || headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings.clone()).open();
    // An earlier run told the person.
    let _ = notice(&open(), Terminal::Absent, Audience::ForPeople).and_then(Notice::into_text);
    let mut session = open();
    session.describe(&Everything(catalog));
    session
}

/// Records one of every event, `times` over, and says how many that were.
pub(crate) fn record_all(session: &Session, catalog: &'static Catalog, times: usize) -> usize {
    for _ in 0..times {
        for event in catalog.events {
            session.try_record(&Any::of(catalog, event)).unwrap();
        }
    }
    catalog.events.len() * times
}

/// An event with the first value that each of its kinds has.
struct Any {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl Any {
    fn of(catalog: &'static Catalog, event: &'static Event) -> Self {
        let now = now();
        Self { event, values: event.complete(catalog.sample(event, now).properties) }
    }
}

impl headcount::TypedEvent for Any {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// The host's whole part of the envelope.
struct Everything(&'static Catalog);

impl Context for Everything {
    fn entries(&self) -> Vec<(usize, Value)> {
        let now = now();
        let value = |(place, entry): (usize, &headcount::catalog::EnvelopeEntry)| {
            let kind = match entry.source {
                Source::Host(kind) => kind,
                Source::Session | Source::Turn => Kind::Reference(Reference::Session),
                _ => return None,
            };
            Some((place, kind.sample(now)?))
        };
        self.0.envelope.iter().enumerate().filter_map(value).collect()
    }
}

/// [`NOW`].
pub(crate) fn now() -> Time {
    Time::parse(NOW).expect("a time")
}

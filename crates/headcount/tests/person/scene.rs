//! What the tests stand on: the five products' catalogs, a person's home, and
//! events of whatever the catalog allows.

use std::collections::HashMap;
use std::path::Path;

use headcount::catalog::{Event, Kind, Reference, Source, Value, parse};
use headcount::person::{self, Audience, Reply, Terminal};
use headcount::{Catalog, Context, Host, Session, Surroundings, Time};
use headcount_testkit::Home;

pub(crate) const PRODUCTS: [&str; 5] = ["atomic", "atomcode", "archon", "assembly", "clacky"];

/// The fifteenth of a month, at noon.
pub(crate) const NOW: &str = "2026-11-15T12:34:56Z";

/// The text of a product's own catalog, but for one thing: OpenClacky keeps no
/// event on disk, and these tests look at what lies there.
pub(crate) fn text_of(product: &str) -> String {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(examples.join(product).join("telemetry.toml")).unwrap();
    text.replace("mode = \"thread\"", "mode = \"detached\"")
}

pub(crate) fn catalog_of(text: &str) -> &'static Catalog {
    Box::leak(Box::new(parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))))
}

pub(crate) fn catalog(product: &str) -> &'static Catalog {
    catalog_of(&text_of(product))
}

pub(crate) fn open_at(
    catalog: &'static Catalog,
    home: &Home,
    now: &str,
    variables: &[(&str, &str)],
) -> Session {
    let mut own = vec![("USER".to_owned(), "me".to_owned())];
    if cfg!(windows) {
        // There every person has it, and catalogs name it.
        let folder = home.path().join("AppData").join("Local");
        own.push(("LOCALAPPDATA".to_owned(), folder.to_string_lossy().into_owned()));
    }
    let given = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let given: HashMap<String, String> = own.into_iter().chain(given).collect();
    let now = Time::parse(now).expect("a time");
    let mut session = headcount::Telemetry::new(
        catalog,
        Host::new("1.2.3"),
        Surroundings::given(home.path(), given, now),
    )
    .open();
    session.describe(&Everything(catalog));
    session
}

pub(crate) fn open(catalog: &'static Catalog, home: &Home, variables: &[(&str, &str)]) -> Session {
    open_at(catalog, home, NOW, variables)
}

/// An earlier run, which told the person.
pub(crate) fn tell(catalog: &'static Catalog, home: &Home) {
    let session = open(catalog, home, &[]);
    let notice = person::notice(&session, Terminal::Absent, Audience::ForPeople);
    let _ = notice.and_then(person::Notice::into_text);
}

/// Runs `telemetry WORDS` in a process of its own, as it were.
pub(crate) fn say(catalog: &'static Catalog, home: &Home, words: &str) -> Reply {
    say_with(catalog, home, words, &[])
}

pub(crate) fn say_with(
    catalog: &'static Catalog,
    home: &Home,
    words: &str,
    variables: &[(&str, &str)],
) -> Reply {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    person::run(&open(catalog, home, variables), &words)
}

/// An event of the catalog with the first value that each of its kinds has.
pub(crate) struct Any {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl Any {
    pub(crate) fn of(catalog: &'static Catalog, event: &'static Event) -> Self {
        let now = Time::parse(NOW).expect("a time");
        Self { event, values: event.complete(catalog.sample(event, now).properties) }
    }

    pub(crate) fn named(catalog: &'static Catalog, name: &str) -> Self {
        Self::of(catalog, catalog.event(name).expect("an event"))
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
        let now = Time::parse(NOW).expect("a time");
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

/// Records one of every event and says how many that were.
pub(crate) fn record_all(session: &Session, catalog: &'static Catalog) -> usize {
    for event in catalog.events {
        session.try_record(&Any::of(catalog, event)).unwrap();
    }
    catalog.events.len()
}

/// What is below the home, but folders.
pub(crate) fn files(home: &Home) -> Vec<String> {
    let paths = home.tree().into_iter().map(|entry| entry.path);
    paths.filter(|path| !path.ends_with('/')).collect()
}

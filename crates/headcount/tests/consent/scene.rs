//! What the tests stand on: catalogs, a person's surroundings, events said by
//! name, and a destination that takes everything.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use headcount::catalog::{Event, Raw, Source, Value, parse};
use headcount::person::{self, Audience, Terminal};
use headcount::ship::{Request, Response, Transport, TransportError};
use headcount::{Catalog, Clock, Host, Paths, Session, Surroundings, Time};
use headcount_testkit::Home;

/// The fifteenth of a month, at noon.
pub(crate) const NOW: &str = "2026-11-15T12:34:56Z";

/// The text of a product's own catalog, but for one thing: OpenClacky keeps no
/// event on disk, and these tests look at what lies there.
pub(crate) fn text_of(product: &str) -> String {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = fs::read_to_string(examples.join(product).join("telemetry.toml")).unwrap();
    text.replace("mode = \"thread\"", "mode = \"detached\"")
}

/// A catalog that lives as long as a compiled one.
pub(crate) fn catalog(text: &str) -> &'static Catalog {
    let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    Box::leak(Box::new(catalog))
}

/// The text with each `from`, which stands there once, made `to`.
pub(crate) fn edited(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from:?} in\n{text}");
        text.replace(from, to)
    })
}

pub(crate) fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// A person in a home, at a time, with these variables and no others.
pub(crate) fn surroundings(home: &Path, now: &str, variables: &[(&str, &str)]) -> Surroundings {
    let mut environment: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if cfg!(windows) {
        let folder = home.join("AppData").join("Local");
        environment.insert("LOCALAPPDATA".to_owned(), folder.to_string_lossy().into_owned());
    }
    Surroundings::given(home, environment, time(now))
}

pub(crate) fn paths(catalog: &'static Catalog, home: &Home) -> Paths {
    Paths::of(catalog, &surroundings(home.path(), NOW, &[])).expect("a home")
}

/// A run of the host at [`NOW`].
pub(crate) fn open(catalog: &'static Catalog, home: &Home) -> Session {
    open_at(catalog, home, NOW)
}

/// A run of the host whose destinations are all on this machine.
pub(crate) fn open_at(catalog: &'static Catalog, home: &Home, now: &str) -> Session {
    let endpoint = catalog.variable("ENDPOINT");
    let variables = [(endpoint.as_str(), "http://127.0.0.1:9")];
    open_in(catalog, surroundings(home.path(), now, &variables))
}

/// A run that tells the person what is on by default.
pub(crate) fn tell(session: &Session) {
    let notice = person::notice(session, Terminal::Absent, Audience::ForPeople);
    let _ = notice.and_then(person::Notice::into_text);
}

/// A run of the host that says whatever the catalog asks it for.
pub(crate) fn open_in(catalog: &'static Catalog, surroundings: Surroundings) -> Session {
    let mut session = headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings).open();
    session.describe(&Told(told(catalog)));
    session
}

/// A run of the host whose clock goes on when it is told to.
pub(crate) fn stay(catalog: &'static Catalog, home: &Home) -> (Session, &'static AtomicI64) {
    let clock: &AtomicI64 = Box::leak(Box::new(AtomicI64::new(time(NOW).milliseconds())));
    let variable = catalog.variable("ENDPOINT");
    let variables = [(variable.as_str(), "http://127.0.0.1:9")];
    let mut around = surroundings(home.path(), NOW, &variables);
    around.clock = Clock::Set(clock);
    (open_in(catalog, around), clock)
}

/// The host's part of the envelope, any that the catalog allows.
struct Told(Vec<(usize, Value)>);

impl headcount::Context for Told {
    fn entries(&self) -> Vec<(usize, Value)> {
        self.0.clone()
    }
}

fn told(catalog: &'static Catalog) -> Vec<(usize, Value)> {
    let value = |source: &Source| match source {
        Source::Host(kind) => kind.sample(time(NOW)),
        Source::Session => source.kind()?.sample(time(NOW)),
        _ => None,
    };
    let entries = catalog.envelope.iter().enumerate();
    entries.filter_map(|(place, entry)| Some((place, value(&entry.source)?))).collect()
}

/// An event whose values the catalog itself has judged.
pub(crate) struct Said {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl Said {
    pub(crate) fn new(
        catalog: &'static Catalog,
        name: &str,
        properties: &[(&str, Raw<'_>)],
    ) -> Self {
        let event = catalog.event(name).unwrap();
        let mut values = vec![None; event.properties.len()];
        for (key, raw) in properties {
            let (place, property) = event.property(key).unwrap_or_else(|| panic!("no {key}"));
            values[place] = Some(property.kind.admit(raw).unwrap());
        }
        Self { event, values: event.complete(values) }
    }
}

impl headcount::TypedEvent for Said {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// What stands in the queue, a line each.
pub(crate) fn queued(catalog: &'static Catalog, home: &Home) -> Vec<String> {
    let open = paths(catalog, home).queue;
    let stem = open.file_stem().unwrap().to_string_lossy().into_owned();
    // Where another process keeps a writer from the open segment, it writes to
    // one beside it: `events.side-0.jsonl`.
    let is_segment = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        *path == open || name.starts_with(&format!("{stem}.side-"))
    };
    let Ok(folder) = fs::read_dir(open.parent().unwrap()) else { return Vec::new() };
    let mut segments: Vec<PathBuf> =
        folder.flatten().map(|entry| entry.path()).filter(is_segment).collect();
    segments.sort();
    let texts = segments.iter().filter_map(|path| fs::read_to_string(path).ok());
    let texts: Vec<String> = texts.collect();
    // Where many append at once one may take another's half-written line for a
    // torn one, and ends it with a mark that readers skip.
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.filter(|it| !it.ends_with('\u{18}')).map(str::to_owned).collect()
}

/// Every path below a home, with what a file holds: an edit by as many bytes
/// does not escape it.
pub(crate) fn tree(home: &Home) -> Vec<(String, Vec<u8>)> {
    let read = |path: &str| {
        let path: PathBuf = home.path().join(path);
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        if is_file { fs::read(path).unwrap_or_default() } else { Vec::new() }
    };
    home.tree().into_iter().map(|entry| (entry.path.clone(), read(&entry.path))).collect()
}

/// A destination that says yes to everything in every dialect.
#[derive(Default)]
pub(crate) struct Taken(RefCell<Vec<Request>>);

impl Taken {
    pub(crate) fn requests(self) -> Vec<Request> {
        self.0.into_inner()
    }
}

impl Transport for Taken {
    fn send(&self, request: &Request, _limit: Duration) -> Result<Response, TransportError> {
        self.0.borrow_mut().push(request.clone());
        let lines = request.body.iter().filter(|byte| **byte == b'\n').count().max(1);
        let native =
            format!("{{\"accepted\":{lines},\"duplicate\":0,\"rejected\":0,\"events\":[]}}");
        let body = if request.url.ends_with("/v1/logs") { "{}".to_owned() } else { native };
        Ok(Response { status: 200, body: body.into_bytes(), ..Response::default() })
    }
}

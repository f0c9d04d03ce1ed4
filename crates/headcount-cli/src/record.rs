//! `headcount record`: records an event from a script, with the SDK and its
//! rules.

use headcount::catalog::{Event, EventId, Kind, Raw, Source, Value};
use headcount::{Catalog, Context, Host};

use crate::args::Record;
use crate::{args, catalog_file, person, print};

/// Records an event and starts the shipper. Returns 0 even if the event is not
/// recorded, unless `strict` is set.
pub(crate) fn run(record: &Record) -> u8 {
    match try_run(record) {
        // No call like this one can ever work, and its author should know.
        Err(sentence) if record.strict || catalog_file::is_stdin(&record.given.catalog) => {
            print::err(format_args!("{}\n", sentence.trim_end()));
            u8::from(record.strict)
        }
        Ok(()) | Err(_) => 0,
    }
}

fn try_run(record: &Record) -> Result<(), String> {
    let catalog = catalog_file::read_for_host(&record.given.catalog)?;
    record_event(record, catalog).map_err(|sentence| format!("headcount record: {sentence}"))
}

fn record_event(record: &Record, catalog: &'static Catalog) -> Result<(), String> {
    let (event, context) = read(catalog, &record.event, &record.properties)?;
    let host = Host::new(&record.host_version).with_flag(args::flag(record.no_telemetry));
    let surroundings = person::surroundings(&record.given);
    let mut session = headcount::Telemetry::new(catalog, host, surroundings).open();
    session.describe(&context);
    person::tell(&session, record.audience);
    session.try_record(&event).map_err(|error| error.to_string())?;
    session
        .start_shipper()
        .map(drop)
        .map_err(|error| format!("the event is recorded, but the shipper did not start: {error}"))
}

/// An event whose properties were given as text.
pub(crate) struct GivenEvent {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl headcount::TypedEvent for GivenEvent {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// The envelope entries that were given as text.
pub(crate) struct GivenContext(Vec<(usize, Value)>);

impl Context for GivenContext {
    fn entries(&self) -> Vec<(usize, Value)> {
        self.0.clone()
    }
}

/// Reads the `key=value` pairs of an event.
///
/// # Errors
///
/// Returns a sentence about the first word that the catalog does not allow.
pub(crate) fn read(
    catalog: &'static Catalog,
    name: &str,
    pairs: &[String],
) -> Result<(GivenEvent, GivenContext), String> {
    if name == headcount::catalog::report::NAME {
        return Err(format!("the event `{name}` is built in: only the shipper can record it"));
    }
    let event = catalog.event(name).ok_or_else(|| {
        let known = catalog.events.iter().filter(|event| !event.is_report());
        let known: Vec<&str> = known.map(|event| event.name).collect();
        format!("unknown event `{name}`: use {}", or(&known, "an event of the catalog"))
    })?;
    let mut values = vec![None; event.properties.len()];
    let mut context = Vec::new();
    for pair in pairs {
        let (key, text) = pair
            .split_once('=')
            .ok_or_else(|| format!("`{pair}` is not a property: write it as key=value"))?;
        if let Some((place, property)) = event.given().find(|(_, property)| property.name == key) {
            values[place] = Some(value(key, &property.kind, text)?);
        } else if let Some((place, kind)) = entry(catalog, key) {
            context.push((place, value(key, &kind, text)?));
        } else {
            let known: Vec<&str> = event.given().map(|(_, property)| property.name).collect();
            let known = or(&known, "a property of the catalog");
            return Err(format!("the event `{name}` has no property `{key}`: use {known}"));
        }
    }
    name_itself(event, &mut values)?;
    let values = event.complete(values);
    Ok((GivenEvent { event, values }, GivenContext(context)))
}

/// Gives an event a fresh id where that is one of its references and was left
/// out: a script need not make one, and cannot take one that is known
/// elsewhere, such as an agent's own.
fn name_itself(event: &Event, values: &mut [Option<Value>]) -> Result<(), String> {
    let Some((place, property)) = event.id.and_then(|id| event.property(id)) else { return Ok(()) };
    if values[place].is_some() || !matches!(property.kind, Kind::Reference(_)) {
        return Ok(());
    }
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)
        .map_err(|error| format!("the system has no randomness for an id: {error}"))?;
    values[place] = Some(value(property.name, &property.kind, &EventId::random(bits).to_string())?);
    Ok(())
}

/// Returns the envelope entry with this key, if a host sets it.
fn entry(catalog: &Catalog, key: &str) -> Option<(usize, Kind)> {
    let place = catalog.envelope.iter().position(|entry| entry.key == key)?;
    let reference = Kind::Reference(headcount::catalog::Reference::Session);
    match catalog.envelope[place].source {
        Source::Host(kind) => Some((place, kind)),
        Source::Session | Source::Turn | Source::Account => Some((place, reference)),
        _ => None,
    }
}

fn value(key: &str, kind: &Kind, text: &str) -> Result<Value, String> {
    kind.admit(&raw(kind, text))
        .map_err(|_| format!("`{text}` is not valid for `{key}`: use {}", allowed(kind)))
}

/// Says which values a kind allows.
fn allowed(kind: &Kind) -> String {
    match kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Count { .. } | Kind::Bucket { .. } | Kind::Duration { .. } => {
            "a whole number".to_owned()
        }
        Kind::Amount { .. } => "a number".to_owned(),
        _ => match kind.set() {
            Some((set, _)) => or(set, "a word of the catalog"),
            None => format!("a value of the kind {}", kind.name()),
        },
    }
}

/// Lists words as "a, b or c". More than twelve are not listed, but described.
fn or(words: &[&str], description: &str) -> String {
    const MOST: usize = 12;
    match words {
        [] => description.to_owned(),
        [word] => (*word).to_owned(),
        [words @ .., last] if words.len() < MOST => format!("{} or {last}", words.join(", ")),
        _ => description.to_owned(),
    }
}

/// Converts text to the type that a kind expects. Text that does not fit stays
/// text, and the kind refuses it.
fn raw<'a>(kind: &Kind, text: &'a str) -> Raw<'a> {
    match kind {
        Kind::Flag => text.parse().map_or(Raw::Text(text), Raw::Flag),
        Kind::Choices { .. } | Kind::Frames { .. } => {
            Raw::List(text.split(',').filter(|word| !word.is_empty()).map(Raw::Text).collect())
        }
        Kind::Count { .. } | Kind::Bucket { .. } | Kind::Duration { .. } | Kind::ExitCode => {
            text.parse().map_or(Raw::Text(text), Raw::Integer)
        }
        Kind::Amount { .. } => text.parse().map_or(Raw::Text(text), Raw::Decimal),
        _ => Raw::Text(text),
    }
}

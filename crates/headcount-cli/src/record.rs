//! `headcount record`: one event from a script, through the same SDK and the
//! same rules as a program's own.

use headcount::catalog::{Event, Kind, Raw, Source, Value};
use headcount::{Catalog, Context, Flag, Host, Surroundings};

use crate::args::Record;
use crate::catalog_file;

/// Records an event and starts the shipper. 0 whatever happens, unless it is
/// asked to be strict.
pub(crate) fn run(record: &Record) -> u8 {
    match try_run(record) {
        Err(sentence) if record.strict => {
            eprintln!("{}", sentence.trim_end());
            1
        }
        Ok(()) | Err(_) => 0,
    }
}

fn try_run(record: &Record) -> Result<(), String> {
    let catalog = catalog_file::read_for_host(&record.catalog)?;
    let (event, context) = read(catalog, &record.event, &record.properties)?;
    let flag = if record.no_telemetry { Flag::NoTelemetry } else { Flag::Absent };
    let host = Host::new(&record.host_version).with_flag(flag);
    let mut session =
        headcount::Telemetry::new(catalog, host, Surroundings::of_this_process()).open();
    session.describe(&context);
    session.try_record(&event).map_err(|error| error.to_string())?;
    session.start_shipper().map(drop).map_err(|error| format!("the shipper did not start: {error}"))
}

/// An event whose properties were given as text and judged by the catalog.
pub(crate) struct Given {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl headcount::TypedEvent for Given {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// The envelope entries given as text.
pub(crate) struct GivenContext(Vec<(usize, Value)>);

impl Context for GivenContext {
    fn entries(&self) -> Vec<(usize, Value)> {
        self.0.clone()
    }
}

/// Reads `key=value` pairs for an event.
///
/// # Errors
///
/// A sentence on the first word that the catalog does not allow.
pub(crate) fn read(
    catalog: &'static Catalog,
    name: &str,
    pairs: &[String],
) -> Result<(Given, GivenContext), String> {
    if name == headcount::catalog::report::NAME {
        return Err(format!("`{name}` is what the shipper says of itself; nobody else can"));
    }
    let event = catalog.event(name).ok_or_else(|| {
        let known = catalog.events.iter().filter(|event| !event.is_report());
        let known: Vec<&str> = known.map(|event| event.name).collect();
        format!("`{name}` is no event of {}: use one of {}", catalog.product.name, known.join(", "))
    })?;
    let mut values = vec![None; event.properties.len()];
    let mut context = Vec::new();
    for pair in pairs {
        let (key, text) = pair
            .split_once('=')
            .ok_or_else(|| format!("`{pair}` is no property: write it as key=value"))?;
        if let Some((place, property)) = event.given().find(|(_, property)| property.name == key) {
            values[place] = Some(value(key, &property.kind, text)?);
        } else if let Some((place, kind)) = entry(catalog, key) {
            context.push((place, value(key, &kind, text)?));
        } else {
            let known: Vec<&str> = event.given().map(|(_, property)| property.name).collect();
            return Err(format!("`{key}` is no property of {name}: it has {}", known.join(", ")));
        }
    }
    let values = event.complete(values);
    Ok((Given { event, values }, GivenContext(context)))
}

/// An envelope entry that a host sets, by its key.
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
    kind.admit(&raw(kind, text)).map_err(|_| {
        let allowed = match kind.set() {
            Some((set, _)) => format!("one of {}", set.join(", ")),
            None => format!("of the kind {}", kind.name()),
        };
        format!("`{text}` is no value of `{key}`: it must be {allowed}")
    })
}

/// Text as the shape its kind expects; what does not fit stays text, for the
/// kind to refuse.
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

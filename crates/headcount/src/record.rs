//! A typed event becomes one line of JSON at the end of the queue.

use std::fmt;

use headcount_catalog::{
    Catalog, Checked, Event as Definition, EventId, Given, Source, Time, Value,
};
use headcount_queue::{AppendError, Queue};
use headcount_wire::LineError;

use crate::identity::Pool;
use crate::{Paths, TypedEvent, tally};

/// Why an event was not recorded. A host need not look: nothing of it reaches
/// the person, the output or the exit code.
#[derive(Debug)]
pub enum RecordError {
    /// The answer is off.
    Off,
    /// It is new in this release, and the person has not agreed to it yet.
    Withheld,
    /// There is no id, and it cannot be made or kept.
    NoIdentity(std::io::Error),
    /// The event is not one its catalog accepts.
    Line(LineError),
    /// The queue did not take it.
    Queue(AppendError),
}

impl fmt::Display for RecordError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => out.write_str("telemetry is off, so nothing is recorded"),
            Self::Withheld => {
                out.write_str("this release reports more than was agreed to, so it is withheld")
            }
            Self::NoIdentity(error) => {
                write!(out, "the device's id can neither be read nor kept: {error}")
            }
            Self::Line(error) => error.fmt(out),
            Self::Queue(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for RecordError {}

/// What is the same for every event of a session.
pub(crate) struct Stamp<'a> {
    /// The catalog in force.
    pub(crate) catalog: &'static Catalog,
    /// The catalog the host was compiled with.
    pub(crate) whole: &'static Catalog,
    pub(crate) given: Given<'a>,
    pub(crate) context: &'a [(usize, Value)],
    /// Of which ids are made.
    pub(crate) random: &'a Pool,
}

/// The line of an event.
///
/// # Errors
///
/// Where it would not be one that its catalog accepts, where it is withheld, or
/// where the system has no randomness for its id.
pub(crate) fn line(
    stamp: &Stamp<'_>,
    event: &dyn TypedEvent,
    now: Time,
) -> Result<String, RecordError> {
    let (definition, properties) = agreed(stamp, event)?;
    let mut envelope = stamp.catalog.envelope(definition, &stamp.given);
    for (place, value) in stamp.context {
        let key = stamp.whole.envelope.get(*place).map(|entry| entry.key);
        let place = stamp.catalog.envelope.iter().position(|entry| Some(entry.key) == key);
        if let Some(place) = place {
            envelope[place] = match stamp.catalog.envelope[place].source {
                Source::Host(kind) => kind.readmit(value).ok(),
                _ => Some(value.clone()),
            };
        }
    }
    let random = stamp.random.take().map_err(RecordError::NoIdentity)?;
    let record = Checked {
        event: definition,
        id: Some(EventId::new(now.day(), random)),
        time: Some(now),
        envelope,
        properties,
        dropped: Vec::new(),
    };
    headcount_wire::write(stamp.catalog, &record).map_err(RecordError::Line)
}

/// The event as the catalog in force has it, and what of its values that
/// catalog can say. Where the two catalogs are one, that is all of them.
fn agreed(
    stamp: &Stamp<'_>,
    event: &dyn TypedEvent,
) -> Result<(&'static Definition, Vec<Option<Value>>), RecordError> {
    let whole = event.definition();
    if std::ptr::eq(stamp.catalog, stamp.whole) {
        return Ok((whole, event.values()));
    }
    let definition = stamp.catalog.event(whole.name).ok_or(RecordError::Withheld)?;
    let values = event.values();
    let mut properties = Vec::with_capacity(definition.properties.len());
    for property in definition.properties {
        let value =
            whole.property(property.name).and_then(|(place, _)| values.get(place)?.as_ref());
        let value = match value.map(|value| property.kind.readmit(value)) {
            Some(Err(_)) if property.optional.is_none() => return Err(RecordError::Withheld),
            other => other.and_then(Result::ok),
        };
        properties.push(value);
    }
    Ok((definition, definition.complete(properties)))
}

/// Appends a line, or leaves word that it could not.
///
/// # Errors
///
/// What the queue says.
pub(crate) fn append(queue: &Queue, paths: &Paths, line: &str) -> Result<(), RecordError> {
    queue.append(line).map(drop).map_err(|error| {
        tally::leave(paths, tally::of_append(&error));
        RecordError::Queue(error)
    })
}

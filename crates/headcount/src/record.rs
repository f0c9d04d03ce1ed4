//! Turns a typed event into one line of JSON and appends it to the queue.

use headcount_catalog::{
    Age, Catalog, Checked, Event as Definition, EventId, Given, Marks, Period, Source, Value,
};
use headcount_queue::{AppendError, Appended};

use crate::consent::Permit;
use crate::disk::lock::{Patience, Terms};
use crate::disk::tally;
use crate::error::{Cause, RecordError};
use crate::occasion::{Occasion, Past};
use crate::standing::Standing;
use crate::{Paths, Time, TypedEvent};

/// Returns the line of an event, without the marks of its device.
///
/// # Errors
///
/// Returns an error if the catalog does not accept the event, the event is
/// withheld or its last day over, there is no id, or the system has no
/// randomness.
pub(crate) fn line(
    standing: &Standing,
    permit: &Permit,
    event: &dyn TypedEvent,
    past: Option<Past>,
) -> Result<String, RecordError> {
    let (catalog, record) = made(standing, permit, event, past)?;
    headcount_wire::write(catalog, &record).map_err(|error| Cause::Line(error).into())
}

/// Returns the line of an event that is about to be recorded. If it is the
/// device's first one of a period, that is marked now, here and on the line.
///
/// # Errors
///
/// Those of [`line`]. Then nothing is marked.
pub(crate) fn marked_line(
    standing: &Standing,
    permit: &Permit,
    event: &dyn TypedEvent,
    past: Option<Past>,
) -> Result<String, RecordError> {
    let (catalog, mut record) = made(standing, permit, event, past)?;
    let line = headcount_wire::write(catalog, &record).map_err(Cause::Line)?;
    // What happened on another day makes that no day of this device.
    let today = standing.surroundings().now().day();
    let today = record.time.map(Time::day).filter(|day| *day == today);
    let Some(taken) = today.and_then(|today| standing.mark(permit, catalog, today)) else {
        return Ok(line);
    };
    mark(catalog, &mut record, &taken);
    // An event that has no room for its marks loses them.
    Ok(headcount_wire::write(catalog, &record).unwrap_or(line))
}

/// Puts marks on a record.
fn mark(catalog: &Catalog, record: &mut Checked, (periods, age): &(Vec<Period>, Age)) {
    let given = Given { marks: Some(Marks { periods, age: *age }), ..Given::default() };
    let marks = catalog.envelope(record.event, &given);
    for ((entry, value), mark) in catalog.envelope.iter().zip(&mut record.envelope).zip(marks) {
        if matches!(entry.source, Source::Marks | Source::Age) {
            *value = mark;
        }
    }
}

/// The record of an event, and the catalog in force, which allows it.
fn made(
    standing: &Standing,
    permit: &Permit,
    event: &dyn TypedEvent,
    past: Option<Past>,
) -> Result<(&'static Catalog, Checked), RecordError> {
    let catalog = standing.in_force().ok_or(Cause::Withheld)?;
    let (definition, properties) = agreed(standing, catalog, event)?;
    if definition.is_expired(standing.surroundings().now().day()) {
        return Err(Cause::Expired.into());
    }
    let Occasion { time, bits } = Occasion::of(standing, past)?;
    let record = Checked {
        event: definition,
        id: Some(EventId::new(time.day(), bits)),
        time: Some(time),
        envelope: envelope(standing, permit, catalog, definition)?,
        properties,
        dropped: Vec::new(),
    };
    Ok((catalog, record))
}

/// The envelope: what is known about the machine, and the host's own part.
fn envelope(
    standing: &Standing,
    permit: &Permit,
    catalog: &'static Catalog,
    definition: &'static Definition,
) -> Result<Vec<Option<Value>>, RecordError> {
    let known = standing.known(permit)?;
    let surroundings = standing.surroundings();
    let given = Given {
        device: known.device.as_deref(),
        version: Some(standing.host().version()),
        platform: Some(surroundings.platform),
        arch: Some(surroundings.arch),
        locale: known.locale.as_deref(),
        ci: known.ci,
        agent: known.agent,
        ..Given::default()
    };
    let mut envelope = catalog.envelope(definition, &given);
    let whole = standing.catalog();
    for (index, value) in standing.context() {
        let key = whole.envelope.get(*index).map(|entry| entry.key);
        let index = catalog.envelope.iter().position(|entry| Some(entry.key) == key);
        if let Some(index) = index {
            envelope[index] = match catalog.envelope[index].source {
                Source::Host(kind) => kind.readmit(value).ok(),
                _ => Some(value.clone()),
            };
        }
    }
    Ok(envelope)
}

/// The event's definition in the catalog in force, and the values that this
/// catalog allows: all of them if nothing is withheld.
fn agreed(
    standing: &Standing,
    catalog: &'static Catalog,
    event: &dyn TypedEvent,
) -> Result<(&'static Definition, Vec<Option<Value>>), RecordError> {
    let whole = event.definition();
    if std::ptr::eq(catalog, standing.catalog()) {
        return Ok((whole, event.values()));
    }
    let definition = catalog.event(whole.name).ok_or(Cause::Withheld)?;
    let values = event.values();
    let mut properties = Vec::with_capacity(definition.properties.len());
    for property in definition.properties {
        let value =
            whole.property(property.name).and_then(|(index, _)| values.get(index)?.as_ref());
        let value = match value.map(|value| property.kind.readmit(value)) {
            Some(Err(_)) if property.optional.is_none() => return Err(Cause::Withheld.into()),
            other => other.and_then(Result::ok),
        };
        properties.push(value);
    }
    Ok((definition, definition.complete(properties)))
}

/// Appends the line of an event to the queue. If that fails, notes the loss for
/// the tally.
///
/// An `off` and a `clear` remove the segment. So whoever creates one reads
/// everything again, and asks once more under the lock that an `off` takes,
/// of one purpose too: nothing appears after a no, and no segment begins with
/// an id that was deleted. A line that was made before, and joins it a moment
/// later, is removed before anything is sent.
///
/// # Errors
///
/// Returns the queue's error, or that telemetry was turned off meanwhile.
pub(crate) fn append(
    standing: &Standing,
    permit: &Permit,
    event: &dyn TypedEvent,
    past: Option<Past>,
    line: &str,
) -> Result<(), RecordError> {
    let known = standing.known(permit)?;
    let (queue, paths) =
        (known.queue.as_ref().ok_or(Cause::Off)?, standing.paths().ok_or(Cause::Off)?);
    match queue.append_to_existing(line) {
        Err(AppendError::NoSegment) => {}
        appended => return counted(paths, appended),
    }
    let fresh = standing.anew();
    let permit =
        fresh.permit().filter(|fresh| fresh.reach() == permit.reach()).ok_or(Cause::Off)?;
    // A catalog is cut in the same way only once.
    let address = |standing: &Standing| standing.in_force().map(std::ptr::from_ref);
    let is_the_same = address(&fresh) == address(standing);
    let again;
    let line = if fresh.known(permit)?.device == known.device && is_the_same {
        line
    } else {
        again = self::line(&fresh, permit, event, past)?;
        &again
    };
    let name = event.definition().name;
    let is_still_on: &dyn Fn() -> bool = &|| still_takes(&fresh, permit, name);
    let terms = Terms { patience: Patience::Host, is_still_on };
    match terms.hold(paths) {
        Err(error) if error.is_turned_off() && fresh.still_gives(permit) => {
            Err(Cause::Withheld.into())
        }
        Err(error) if error.is_turned_off() => Err(Cause::Off.into()),
        // A lock that cannot be had must not lose the event. What a no misses
        // here is not sent, and the next yes drops it.
        _held => counted(paths, queue.append(line)),
    }
}

/// Whether the decision now still gives this permit, and nobody refuses the
/// event.
fn still_takes(standing: &Standing, permit: &Permit, event: &str) -> bool {
    let settled = standing.telemetry().decide_at(standing.paths());
    let is_on = settled.decision.permit().is_some_and(|now| now.reach() == permit.reach());
    is_on && !settled.refusals.withholds(standing.catalog(), event)
}

fn counted(paths: &Paths, appended: Result<Appended, AppendError>) -> Result<(), RecordError> {
    appended.map(drop).map_err(|error| {
        tally::leave(paths, tally::of_append(&error));
        Cause::Queue(error).into()
    })
}

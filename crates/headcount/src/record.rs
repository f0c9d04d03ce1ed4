//! Turns a typed event into one line of JSON and appends it to the queue.

use headcount_catalog::{Catalog, Checked, Event as Definition, EventId, Given, Source, Value};
use headcount_queue::Queue;

use crate::consent::Permit;
use crate::disk::tally;
use crate::error::{Cause, RecordError};
use crate::random::Pool;
use crate::standing::Standing;
use crate::{Paths, TypedEvent};

/// What a line needs besides its event: the standing, and randomness for the
/// event's id.
pub(crate) struct Recorder<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) random: &'a Pool,
}

impl Recorder<'_> {
    /// Returns the line of an event.
    ///
    /// # Errors
    ///
    /// Returns an error if the catalog does not accept the event, the event is
    /// withheld, there is no id, or the system has no randomness.
    pub(crate) fn line(
        &self,
        permit: &Permit,
        event: &dyn TypedEvent,
    ) -> Result<String, RecordError> {
        let catalog = self.standing.in_force().ok_or(Cause::Withheld)?;
        let (definition, properties) = self.agreed(catalog, event)?;
        let random = self.random.take().map_err(Cause::NoRandomness)?;
        let now = self.standing.surroundings().now();
        let record = Checked {
            event: definition,
            id: Some(EventId::new(now.day(), random)),
            time: Some(now),
            envelope: self.envelope(permit, catalog, definition)?,
            properties,
            dropped: Vec::new(),
        };
        headcount_wire::write(catalog, &record).map_err(|error| Cause::Line(error).into())
    }

    /// The envelope: what is known about the machine, and the host's own part.
    fn envelope(
        &self,
        permit: &Permit,
        catalog: &'static Catalog,
        definition: &'static Definition,
    ) -> Result<Vec<Option<Value>>, RecordError> {
        let known = self.standing.known(permit)?;
        let surroundings = self.standing.surroundings();
        let given = Given {
            device: known.device.as_deref(),
            version: Some(self.standing.host().version()),
            platform: Some(surroundings.platform),
            arch: Some(surroundings.arch),
            locale: known.locale.as_deref(),
            ci: known.ci,
            ..Given::default()
        };
        let mut envelope = catalog.envelope(definition, &given);
        let whole = self.standing.catalog();
        for (index, value) in self.standing.context() {
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
        &self,
        catalog: &'static Catalog,
        event: &dyn TypedEvent,
    ) -> Result<(&'static Definition, Vec<Option<Value>>), RecordError> {
        let whole = event.definition();
        if std::ptr::eq(catalog, self.standing.catalog()) {
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
}

/// Appends a line. If that fails, notes the loss for the tally.
///
/// # Errors
///
/// Returns the queue's error.
pub(crate) fn append(
    _permit: &Permit,
    queue: &Queue,
    paths: &Paths,
    line: &str,
) -> Result<(), RecordError> {
    queue.append(line).map(drop).map_err(|error| {
        tally::leave(paths, tally::of_append(&error));
        Cause::Queue(error).into()
    })
}

//! A typed event becomes one line of JSON at the end of the queue.

use headcount_catalog::{Catalog, Checked, Event as Definition, EventId, Given, Source, Value};
use headcount_queue::Queue;

use crate::consent::Permit;
use crate::disk::tally;
use crate::error::{Cause, RecordError};
use crate::random::Pool;
use crate::standing::Standing;
use crate::{Paths, TypedEvent};

/// What a line is made of besides its event: what holds at this moment, and randomness for the
/// event's id.
pub(crate) struct Recorder<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) random: &'a Pool,
}

impl Recorder<'_> {
    /// The line of an event.
    ///
    /// # Errors
    ///
    /// It is not one that its catalog accepts, it is withheld, there is no id, or the system has no
    /// randomness.
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

    /// The envelope: what is known of the machine, and the host's own part.
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
        for (place, value) in self.standing.context() {
            let key = whole.envelope.get(*place).map(|entry| entry.key);
            let place = catalog.envelope.iter().position(|entry| Some(entry.key) == key);
            if let Some(place) = place {
                envelope[place] = match catalog.envelope[place].source {
                    Source::Host(kind) => kind.readmit(value).ok(),
                    _ => Some(value.clone()),
                };
            }
        }
        Ok(envelope)
    }

    /// The event as the catalog in force has it, and what of its values that catalog can say. Where
    /// the two catalogs are one, that is all of them.
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
                whole.property(property.name).and_then(|(place, _)| values.get(place)?.as_ref());
            let value = match value.map(|value| property.kind.readmit(value)) {
                Some(Err(_)) if property.optional.is_none() => return Err(Cause::Withheld.into()),
                other => other.and_then(Result::ok),
            };
            properties.push(value);
        }
        Ok((definition, definition.complete(properties)))
    }
}

/// Appends a line, or leaves word that it could not.
///
/// # Errors
///
/// What the queue says.
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

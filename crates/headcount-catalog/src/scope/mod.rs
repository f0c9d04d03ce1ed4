//! What a catalog may collect, in a form that can be stored and compared. A
//! scope records what a person agreed to, even if the program no longer has
//! that catalog.

mod compare;
mod extent;
mod fingerprint;
mod narrow;
mod unite;

use crate::{Catalog, Day, Days, Destination, NameMap, NameSet, Rotation, Scheme};

pub use compare::{Change, Direction};
pub use extent::Extent;

/// Everything that a catalog may collect, and where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The properties of each event, with what they can say.
    pub events: NameMap<NameMap<Extent>>,
    /// The envelope entries that say something about the person or the machine.
    pub envelope: NameMap<Extent>,
    /// The hosts that events are sent to.
    pub hosts: NameSet,
    /// How the device is identified.
    pub identity: Scheme,
    /// How long an id is used.
    pub rotation: Rotation,
    /// The periods of which a device marks its first event, by their names.
    pub count: NameSet,
    /// The last days on which events and properties are recorded, where there
    /// are any, each under its [`Scope::name_of_property`], or the event's
    /// name.
    pub until: NameMap<Day>,
    /// How long unsent records stay on the machine.
    pub on_machine: Days,
    /// How long the collector keeps raw events.
    pub raw: Days,
}

impl Scope {
    /// Returns the name under which a scope has the last day of a property. No
    /// event has such a name: it has a space in it.
    #[must_use]
    pub fn name_of_property(event: &str, property: &str) -> String {
        format!("{event} {property}")
    }

    /// Returns the scope of a catalog.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let (mut events, mut until) = (NameMap::new(), NameMap::new());
        for event in catalog.events {
            if let Some(day) = event.expires {
                until.insert(event.name.to_owned(), day);
            }
            let mut extents = NameMap::new();
            for property in event.properties {
                extents.insert(property.name.to_owned(), Extent::of(&property.kind));
                if let Some(day) = property.expires {
                    until.insert(Self::name_of_property(event.name, property.name), day);
                }
            }
            events.insert(event.name.to_owned(), extents);
        }
        let mut envelope = NameMap::new();
        for entry in catalog.envelope {
            if let Some(extent) = Extent::of_source(&entry.source) {
                envelope.insert(entry.key.to_owned(), extent);
            }
        }
        Self {
            events,
            envelope,
            hosts: extent::owned(catalog.destinations.iter().filter_map(host)),
            identity: catalog.identity.scheme,
            rotation: catalog.identity.rotation,
            count: extent::owned(catalog.identity.count.iter().map(|period| period.name())),
            until,
            on_machine: catalog.retention.on_machine,
            raw: catalog.retention.raw,
        }
    }
}

/// Returns the host of a destination.
fn host(destination: &Destination) -> Option<&'static str> {
    let (_, rest) = destination.endpoint.value()?.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

//! How much a catalog may collect, in a form that can be kept and compared:
//! what a person agreed to, long after the catalog that said it is gone.

mod compare;
mod extent;
mod narrow;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher};

pub use compare::{Change, Direction};
pub use extent::Extent;

use crate::{Catalog, Days, Destination, Rotation, Scheme};

/// Everything a catalog may collect, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Properties by event, each with what it can say.
    pub events: BTreeMap<String, BTreeMap<String, Extent>>,
    /// Envelope entries that say something of the person or the machine.
    pub envelope: BTreeMap<String, Extent>,
    /// Hosts that events go to.
    pub hosts: BTreeSet<String>,
    /// How the device is told apart.
    pub identity: Scheme,
    /// How long its id lives.
    pub rotation: Rotation,
    /// How long a record waits on the machine.
    pub on_machine: Days,
    /// How long raw events are kept.
    pub raw: Days,
}

impl Scope {
    /// What a catalog may collect.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        // One by one: a map that is collected is sorted first, and each sort of a type of its own
        // is ten kilobytes more in every host.
        let mut events = BTreeMap::new();
        for event in catalog.events {
            let mut extents = BTreeMap::new();
            for property in event.properties {
                extents.insert(property.name.to_owned(), Extent::of(&property.kind));
            }
            events.insert(event.name.to_owned(), extents);
        }
        let mut envelope = BTreeMap::new();
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
            on_machine: catalog.retention.on_machine,
            raw: catalog.retention.raw,
        }
    }
}

impl Catalog {
    /// A number that differs where anything in the catalog does. It is not the
    /// same in every build: a difference is a reason to look closer and no
    /// more.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// The host of a destination's address.
fn host(destination: &Destination) -> Option<&'static str> {
    let (_, rest) = destination.endpoint.value()?.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// The 64-bit FNV-1a hash: not secret, and the same from run to run.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

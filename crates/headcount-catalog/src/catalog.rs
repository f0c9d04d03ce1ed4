//! The catalog itself: one product's whole policy, validated and read-only.

use crate::{Consent, Days, Destination, EnvelopeEntry, Event, Files, Identity, Shipping, Source};

/// One product's whole telemetry policy.
///
/// Buildable as a constant; everything in it is borrowed for `'static`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Catalog {
    /// Raised by the author with every release that changes the file.
    pub version: u32,
    /// Whose policy this is.
    pub product: Product,
    /// How the answer comes about.
    pub consent: Consent,
    /// Where things lie on the person's machine.
    pub files: Files,
    /// What stands for the device.
    pub identity: Identity,
    /// What every event carries, in the order of the line.
    pub envelope: &'static [EnvelopeEntry],
    /// Where events go.
    pub destinations: &'static [Destination],
    /// How they are shipped.
    pub shipping: Shipping,
    /// How long they are kept.
    pub retention: Retention,
    /// What may be reported.
    pub events: &'static [Event],
}

/// Who collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Product {
    /// Lower-case name: `service.name` in OTLP, the product in the collector.
    pub name: &'static str,
    /// Of its environment variables, without the underscore: `ATOMIC`.
    pub prefix: &'static str,
    /// For people: `Atomic CLI`.
    pub title: &'static str,
    /// Where the policy can be read.
    pub policy: Option<&'static str>,
}

/// How long records live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Retention {
    /// On the person's machine, unsent.
    pub on_machine: Days,
    /// Raw in the collector; its rollups carry no id and stay.
    pub raw: Days,
}

impl Catalog {
    /// The event of this name, as it is written on a line.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The envelope entries that `event` carries, with their place in
    /// [`Catalog::envelope`].
    ///
    /// An event that takes its id from a property of its own has no `event-id`
    /// entry; one that restates a constant keeps the key with its own value.
    pub fn entries(
        &self,
        event: &'static Event,
    ) -> impl Iterator<Item = (usize, &'static EnvelopeEntry)> {
        self.envelope.iter().enumerate().filter(move |(_, entry)| {
            !(event.id.is_some() && matches!(entry.source, Source::EventId))
        })
    }

    /// The key under which the envelope carries what `wanted` recognises.
    #[must_use]
    pub fn key_of(&self, wanted: fn(&Source) -> bool) -> Option<&'static str> {
        self.envelope.iter().find(|entry| wanted(&entry.source)).map(|entry| entry.key)
    }

    /// The name of the variable `<PREFIX>_TELEMETRY_<suffix>`.
    #[must_use]
    pub fn variable(&self, suffix: &str) -> String {
        format!("{}_TELEMETRY_{suffix}", self.product.prefix)
    }
}

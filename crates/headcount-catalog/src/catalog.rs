//! The catalog: the whole telemetry policy of a product.

use crate::{
    Consent, Days, Destination, EnvelopeEntry, Event, Files, Identity, ObservedProgram, Purpose,
    Reason, Shipping, Source,
};

/// The whole telemetry policy of a product.
///
/// It can be a constant, because everything in it is borrowed for `'static`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalog {
    /// The version. The author raises it with every release that changes the
    /// file.
    pub version: u32,
    /// The product that collects.
    pub product: Product,
    /// How it is decided whether anything is collected.
    pub consent: Consent,
    /// Where files are on the person's machine.
    pub files: Files,
    /// How a device is identified.
    pub identity: Identity,
    /// What every event contains, in the order of the line.
    pub envelope: &'static [EnvelopeEntry],
    /// Where events go.
    pub destinations: &'static [Destination],
    /// How events are shipped.
    pub shipping: Shipping,
    /// How long events are kept.
    pub retention: Retention,
    /// What groups of events are for; empty if the catalog does not tell them
    /// apart.
    pub purposes: &'static [Purpose],
    /// What may be reported.
    pub events: &'static [Event],
    /// The program, if it is somebody else's.
    pub observed: Option<ObservedProgram>,
}

/// The product that collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// The name for machines, in lower case. It is `service.name` in OTLP and
    /// the product in the collector.
    pub name: &'static str,
    /// The prefix of its environment variables, without an underscore at the
    /// end: `ATOMIC`.
    pub prefix: &'static str,
    /// The name for people: `Atomic CLI`.
    pub title: &'static str,
    /// The URL of a page where people can read more.
    pub policy: Option<&'static str>,
    /// Where people can report that an event says more than it should: a URL,
    /// or a mail address.
    pub contact: Option<&'static str>,
    /// Whether a collector shows a page about the product to everybody: what is
    /// reported, and numbers of many devices. It changes nothing that is
    /// reported.
    pub is_public: bool,
}

/// How long records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Retention {
    /// How long unsent records stay on the person's machine.
    pub on_machine: Days,
    /// How long the collector keeps raw events. Its rollups have no ids and
    /// stay.
    pub raw: Days,
}

impl Catalog {
    /// Returns the event with this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Returns the purpose that has, or had, this name.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<&'static Purpose> {
        // A name of today before a former name of another one.
        let is_named = |purpose: &&Purpose| purpose.name == name;
        let now = self.purposes.iter().find(is_named);
        now.or_else(|| self.purposes.iter().find(|purpose| purpose.has_name(name)))
    }

    /// Returns the names that the purpose of an event has and had, today's
    /// first.
    pub fn purpose_names(&self, event: &Event) -> impl Iterator<Item = &'static str> + use<> {
        let name = event.purpose;
        let purpose = self.purposes.iter().find(|purpose| purpose.name == name);
        [name].into_iter().chain(purpose.map_or(&[][..], |purpose| purpose.was).iter().copied())
    }

    /// Returns the envelope entries of `event`, with their places in
    /// [`Catalog::envelope`].
    ///
    /// An event whose id is one of its properties has no `event-id` entry. An
    /// event that changes a constant has the entry, with its own value.
    pub fn entries(
        &self,
        event: &'static Event,
    ) -> impl Iterator<Item = (usize, &'static EnvelopeEntry)> {
        self.envelope.iter().enumerate().filter(move |(_, entry)| {
            !(event.id.is_some() && matches!(entry.source, Source::EventId))
        })
    }

    /// Returns the key of the first envelope entry with a source that `wanted`
    /// accepts.
    #[must_use]
    pub fn key_of(&self, wanted: fn(&Source) -> bool) -> Option<&'static str> {
        self.envelope.iter().find(|entry| wanted(&entry.source)).map(|entry| entry.key)
    }

    /// Returns the name of the variable `<PREFIX>_TELEMETRY_<suffix>`.
    #[must_use]
    pub fn variable(&self, suffix: &str) -> String {
        format!("{}_TELEMETRY_{suffix}", self.product.prefix)
    }

    /// Whether this product's program is somebody else's, so that nothing is
    /// recorded by this catalog.
    #[must_use]
    pub fn is_observed(&self) -> bool {
        self.observed.is_some()
    }

    /// Why a field is dropped that the catalog does not know. What somebody
    /// else's program says beside what is asked for is not a mistake.
    #[must_use]
    pub fn reason_of_unknown_fields(&self) -> Reason {
        if self.is_observed() { Reason::NotKept } else { Reason::UnknownProperty }
    }

    /// Why an event is rejected that the catalog does not know.
    #[must_use]
    pub fn reason_of_unknown_events(&self) -> Reason {
        if self.is_observed() { Reason::NotKept } else { Reason::UnknownEvent }
    }
}

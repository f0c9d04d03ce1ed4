//! Narrows a catalog to what a person agreed to. After a release that collects
//! more, everything new is withheld and everything else goes on.
//!
//! The narrowed catalog is leaked like every catalog, so callers should make it
//! once per process.

use super::{Extent, Scope, extent, host};
use crate::{
    Catalog, Day, EnvelopeEntry, Event, Grain, IdPlace, Identity, Kind, Period, Property,
    Retention, Rotation, Scheme, Source,
};

impl Catalog {
    /// Returns this catalog without the events that `is_refused` names.
    #[must_use]
    pub fn without(&self, is_refused: impl Fn(&Event) -> bool) -> Self {
        let kept: Vec<Event> =
            self.events.iter().filter(|event| !is_refused(event)).copied().collect();
        Self { events: kept.leak(), ..*self }
    }

    /// Returns this catalog without anything that `agreed` does not allow.
    ///
    /// `None` if nothing may be recorded at all, because the device id would be
    /// easier to link to a person than agreed.
    #[must_use]
    pub fn narrowed(&self, agreed: &Scope) -> Option<Self> {
        let identity = narrow_identity(self.identity, agreed)?;
        let events: Vec<Event> =
            self.events.iter().filter_map(|event| narrow_event(event, agreed)).collect();
        let envelope: Vec<EnvelopeEntry> =
            self.envelope.iter().filter_map(|entry| narrow_entry(entry, agreed)).collect();
        let allowed = |destination: &&crate::Destination| {
            host(destination).is_none_or(|host| agreed.hosts.contains(host))
        };
        Some(Self {
            events: events.leak(),
            envelope: envelope.leak(),
            destinations: self
                .destinations
                .iter()
                .filter(allowed)
                .copied()
                .collect::<Vec<_>>()
                .leak(),
            identity,
            retention: Retention {
                on_machine: self.retention.on_machine.min(agreed.on_machine),
                raw: self.retention.raw.min(agreed.raw),
            },
            ..*self
        })
    }
}

/// Without an agreed device id there is none. A linkable id cannot replace a
/// random one.
fn narrow_identity(identity: Identity, agreed: &Scope) -> Option<Identity> {
    match (agreed.identity, identity.scheme) {
        (Scheme::None, _) => {
            let agreed = |period: &&Period| agreed.count.contains(period.name());
            let count: Vec<Period> = identity.count.iter().filter(agreed).copied().collect();
            Some(Identity {
                scheme: Scheme::None,
                rotation: Rotation::Never,
                place: IdPlace::Nowhere,
                count: count.leak(),
            })
        }
        (Scheme::Random, Scheme::MachineHash) => None,
        (_, Scheme::None) => Some(identity),
        _ => Some(Identity { rotation: identity.rotation.max(agreed.rotation), ..identity }),
    }
}

fn narrow_event(event: &Event, agreed: &Scope) -> Option<Event> {
    let old = agreed.events.get(event.name)?;
    let narrowed = event.properties.iter().filter_map(|property| {
        let kind = narrow_kind(&property.kind, old.get(property.name)?)?;
        let until = agreed.until.get(&Scope::name_of_property(event.name, property.name)).copied();
        Some(Property { kind, expires: sooner(property.expires, until), ..*property })
    });
    let mut properties: Vec<Property> = narrowed.collect();
    let names: Vec<&str> = properties.iter().map(|property| property.name).collect();
    properties.retain(|property| match property.kind {
        Kind::CountOf(of) => names.contains(&of),
        _ => true,
    });
    let has_id = event.id.is_none_or(|id| names.contains(&id));
    let expires = sooner(event.expires, agreed.until.get(event.name).copied());
    has_id.then_some(Event { expires, properties: properties.leak(), ..*event })
}

/// The sooner of two last days; none is never.
fn sooner(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    [one, other].into_iter().flatten().min()
}

fn narrow_entry(entry: &EnvelopeEntry, agreed: &Scope) -> Option<EnvelopeEntry> {
    let Some(extent) = Extent::of_source(&entry.source) else { return Some(*entry) };
    let old = agreed.envelope.get(entry.key);
    let source = match entry.source {
        // Every line needs its time, so it is kept under another key, as coarse
        // as agreed.
        Source::Time(grain) => Source::Time(grain.min(agreed_grain(agreed))),
        Source::Device => {
            agreed.envelope.values().find(|old| extent.within(old))?;
            entry.source
        }
        Source::Host(kind) => Source::Host(narrow_kind(&kind, old?)?),
        other if extent.within(old?) => other,
        _ => return None,
    };
    Some(EnvelopeEntry { source, ..*entry })
}

/// Returns the agreed grain of an event's time; the day if there was no time.
fn agreed_grain(agreed: &Scope) -> Grain {
    let kind = Kind::Time(Grain::Day).name();
    let time = agreed.envelope.values().find(|old| old.kind == kind);
    time.and_then(|old| old.most.first()).map_or(Grain::Day, |rank| extent::grain(*rank))
}

/// Returns the kind that says only what both allow; `None` if that is nothing.
fn narrow_kind(kind: &Kind, agreed: &Extent) -> Option<Kind> {
    if Extent::of(kind).within(agreed) {
        return Some(*kind);
    }
    if agreed.kind != kind.name() {
        return None;
    }
    let least = |place: usize, cap: u64| agreed.most.get(place).map_or(0, |old| cap.min(*old));
    let both = |set: &'static [&'static str]| -> &'static [&'static str] {
        set.iter().copied().filter(|word| agreed.words.contains(word)).collect::<Vec<_>>().leak()
    };
    let bucket = |other: Option<&'static str>| other.filter(|word| agreed.words.contains(word));
    let narrowed = match *kind {
        Kind::Choice { set, other } => Kind::Choice { set: both(set), other: bucket(other) },
        Kind::Choices { set, other } => Kind::Choices { set: both(set), other: bucket(other) },
        Kind::Function { set, other } => Kind::Function { set: both(set), other: bucket(other) },
        Kind::Class { set, other } => Kind::Class { set: both(set), other: bucket(other) },
        Kind::Count { cap } => Kind::Count { cap: least(0, cap) },
        Kind::Amount { unit, cap, decimals } => {
            let digits = u8::try_from(least(1, u64::from(decimals))).unwrap_or(decimals);
            Kind::Amount { unit, cap: least(0, cap), decimals: digits }
        }
        Kind::Bucket { ladder } => Kind::Bucket { ladder: old_rungs(ladder, agreed)? },
        Kind::Duration { unit, cap } => Kind::Duration { unit, cap: least(0, cap) },
        Kind::Time(grain) => Kind::Time(grain.min(extent::grain(*agreed.most.first()?))),
        Kind::Token { alphabet, most } => {
            Kind::Token { alphabet, most: fewest(most, agreed.most.first()) }
        }
        Kind::Scrubbed { most, because } => {
            Kind::Scrubbed { most: fewest(most, agreed.most.first()), because }
        }
        Kind::Frames { most } => {
            let fewest = fewest(u16::from(most), agreed.most.first());
            Kind::Frames { most: u8::try_from(fewest).unwrap_or(most) }
        }
        _ => return None,
    };
    // A changed unit or alphabet cannot be narrowed.
    Extent::of(&narrowed).within(agreed).then_some(narrowed)
}

fn fewest(most: u16, old: Option<&u64>) -> u16 {
    old.and_then(|old| u16::try_from(*old).ok()).map_or(0, |old| most.min(old))
}

/// Returns the old ladder if the new one only adds numbers to it. With any
/// other ladder, a number would stand for another range than agreed.
fn old_rungs(ladder: &'static [u64], agreed: &Extent) -> Option<&'static [u64]> {
    let old = |rung: &u64| agreed.words.contains(&rung.to_string());
    let both: Vec<u64> = ladder.iter().copied().filter(old).collect();
    (both.len() == agreed.words.len()).then(|| &*both.leak())
}

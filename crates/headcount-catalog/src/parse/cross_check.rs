//! What the sections of a catalog must agree on.

use super::consent::ConsentSection;
use super::envelope::Envelope;
use super::event::EventSection;
use super::notes::{Notes, shown};
use super::spanned::Spanned;
use crate::{
    Destination, Dialect, EnvelopeEntry, Files, IdPlace, Identity, Mode, Product, Scheme, Shipping,
    Source, limits,
};

/// The sections, as far as they could be read.
pub(super) struct Sections<'p> {
    pub(super) product: Option<Product>,
    pub(super) consent: Option<Spanned<ConsentSection>>,
    pub(super) files: Option<Spanned<Files>>,
    pub(super) identity: Option<Spanned<Identity>>,
    pub(super) envelope: Option<&'p Envelope>,
    pub(super) destinations: Option<&'p [Spanned<Destination>]>,
    pub(super) shipping: Option<Shipping>,
    pub(super) events: Option<&'p [EventSection]>,
}

/// Notes every disagreement.
pub(super) fn cross_check(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    if let Some(envelope) = sections.envelope {
        once_each(envelope, notes);
        nesting(envelope, notes);
        needed(envelope, sections.events, notes);
        if let Some(identity) = sections.identity {
            device(envelope, identity, notes);
        }
        for event in sections.events.unwrap_or_default() {
            own_keys(envelope, event, notes);
            restated(envelope, event, notes);
        }
    }
    farewell(sections, notes);
    variables(sections, notes);
    files(sections, notes);
    paths(sections, notes);
    report(sections, notes);
}

/// Sources that may feed one entry only: whoever reads the line looks for it.
fn once_each(envelope: &Envelope, notes: &mut Notes<'_>) {
    let mut seen: Vec<(std::mem::Discriminant<Source>, &str)> = Vec::new();
    for entry in &envelope.entries {
        let source = entry.value.source;
        if matches!(source, Source::Constant(_) | Source::Host(_)) {
            continue;
        }
        let kind = std::mem::discriminant(&source);
        match seen.iter().find(|(other, _)| *other == kind) {
            Some((_, key)) => {
                let message = format!("`{key}` already carries this; an envelope tells it once.");
                notes.wrong(entry.at, message);
            }
            None => seen.push((kind, entry.value.key)),
        }
    }
}

/// Every object of the line is written in one go, and a key is a value or an
/// object.
fn nesting(envelope: &Envelope, notes: &mut Notes<'_>) {
    let mut closed: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut values: Vec<&str> = Vec::new();
    for entry in &envelope.entries {
        let objects = objects(&entry.value);
        let here = objects.iter().zip(&open).take_while(|(here, open)| here == open).count();
        closed.extend(open.drain(here..));
        if let Some(again) = objects.iter().find(|object| closed.contains(object)) {
            let message = format!("The keys of `{again}` must stand together.");
            notes.wrong(entry.at, message);
        }
        let clash = values.iter().find(|value| objects.iter().any(|object| object == **value));
        if let Some(value) = clash {
            notes.wrong(entry.at, format!("`{value}` is a value and cannot hold other keys."));
        }
        if entry.value.source != Source::Properties {
            if open.iter().chain(&closed).any(|object| object == entry.value.key) {
                let key = entry.value.key;
                notes.wrong(entry.at, format!("`{key}` holds other keys and cannot be a value."));
            }
            values.push(entry.value.key);
        }
        open = objects;
    }
}

/// The objects an entry lies in, the outermost first.
fn objects(entry: &EnvelopeEntry) -> Vec<String> {
    if entry.source == Source::Properties {
        return if entry.key.is_empty() { Vec::new() } else { vec![entry.key.to_owned()] };
    }
    entry.key.match_indices('.').map(|(dot, _)| entry.key[..dot].to_owned()).collect()
}

/// What no envelope can do without.
fn needed(envelope: &Envelope, events: Option<&[EventSection]>, notes: &mut Notes<'_>) {
    if !envelope.is_whole {
        return;
    }
    if envelope.find(|source| matches!(source, Source::Event)).is_none() {
        notes.missing(envelope.at, "`[envelope]` needs an entry for the event's name: \"event\".");
    }
    if envelope.find(|source| matches!(source, Source::Time(_))).is_none() {
        notes.missing(envelope.at, "`[envelope]` needs an entry for the event's time: \"time\".");
    }
    let has_id = envelope.find(|source| matches!(source, Source::EventId)).is_some();
    let without = events.unwrap_or_default().iter().find(|event| event.id.is_none());
    if !has_id && let Some(event) = without {
        let message = format!(
            "`[envelope]` needs an entry \"event-id\": `{}` has no `id` of its own to tell a second sending by.",
            shown(event.name)
        );
        notes.missing(envelope.at, message);
    }
    if let Some(account) = envelope.find(|source| matches!(source, Source::Account))
        && account.value.optional.is_none()
    {
        let message = "An account is there only while somebody is logged in; write { is = \"account\", optional = \"omit\" }.";
        notes.wrong(account.at, message);
    }
}

/// A device stands on the line exactly where the identity makes one.
fn device(envelope: &Envelope, identity: Spanned<Identity>, notes: &mut Notes<'_>) {
    let entry = envelope.find(|source| matches!(source, Source::Device));
    match (identity.value.scheme, entry) {
        (Scheme::None, Some(entry)) => {
            notes
                .wrong(entry.at, "The identity's scheme is `none`: there is no device to tell of.");
        }
        (Scheme::Random | Scheme::MachineHash, None) if envelope.is_whole => {
            let message =
                "`[envelope]` needs an entry \"device\", or `[identity]` the scheme `none`.";
            notes.missing(envelope.at, message);
        }
        _ => {}
    }
}

/// An event's own keys may not take the place of the envelope's.
fn own_keys(envelope: &Envelope, event: &EventSection, notes: &mut Notes<'_>) {
    let Some(holder) = envelope.find(|source| matches!(source, Source::Properties)) else { return };
    for key in &event.keys {
        let path = match holder.value.key {
            "" => key.value.to_owned(),
            holder => format!("{holder}.{}", key.value),
        };
        let taken = envelope.entries.iter().find(|entry| {
            let rest = entry.value.key.strip_prefix(path.as_str());
            entry.value.source != Source::Properties
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if let Some(taken) = taken {
            let taken = taken.value.key;
            let message = if event.is_report() {
                format!("`{taken}` is what `[report]` says; rename it in the envelope.")
            } else {
                format!("The envelope has `{taken}` already; give this property another name.")
            };
            notes.wrong(key.at, message);
        }
    }
}

fn restated(envelope: &Envelope, event: &EventSection, notes: &mut Notes<'_>) {
    for key in &event.restated {
        let entry = envelope.entries.iter().find(|entry| entry.value.key == key.value);
        let is_constant =
            entry.is_some_and(|entry| matches!(entry.value.source, Source::Constant(_)));
        if !is_constant && (entry.is_some() || envelope.is_whole) {
            let message = format!(
                "`{}` is no constant of the envelope, so it cannot be restated.",
                shown(key.value)
            );
            notes.wrong(key.at, message);
        }
    }
}

fn farewell(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let Some(farewell) = sections.consent.and_then(|consent| consent.value.farewell) else {
        return;
    };
    let Some(events) = sections.events else { return };
    let names = events.iter().filter(|event| !event.is_report()).map(|event| event.name);
    if !names.clone().any(|name| name == farewell.value) {
        notes.unknown(farewell.at, "`farewell`", farewell.value, names);
    }
}

/// A variable has one meaning.
fn variables(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let (Some(consent), Some(shipping)) = (sections.consent, sections.shipping) else { return };
    let refuses =
        |name: &str| consent.value.consent.variables.iter().any(|variable| variable.name == name);
    let marker = shipping.marker;
    if refuses(marker) {
        let message =
            format!("`{marker}` marks the child that ships, so it cannot refuse telemetry too.");
        notes.wrong(consent.value.variables, message);
    }
    let Some(product) = sections.product else { return };
    let endpoint = format!("{}_TELEMETRY_ENDPOINT", product.prefix);
    if refuses(&endpoint) || marker == endpoint {
        let message = format!(
            "`{endpoint}` points the product to a test server in every product; use another name."
        );
        notes.wrong(consent.value.variables, message);
    }
}

/// Every file and every key of the settings has one use.
fn files(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let Some(Spanned { at, value: files }) = sections.files else { return };
    let place = sections.identity.map(|identity| identity.value.place);
    let stem = files.state.strip_suffix(".json").unwrap_or(files.state);
    let mut paths = vec![files.settings.file, files.queue, files.state, stem];
    paths.extend(files.marker);
    let mut keys = vec![files.settings.enabled];
    keys.extend(files.settings.given);
    keys.extend(files.settings.created);
    match place {
        Some(IdPlace::File(file)) => paths.push(file),
        Some(IdPlace::Settings { id, rotated }) => {
            keys.push(id);
            keys.extend(rotated);
        }
        Some(IdPlace::Nowhere) | None => {}
    }
    for (what, list, separator) in [("file", &paths, '/'), ("key of the settings", &keys, '.')] {
        if let Some((one, other)) = clash(list, separator) {
            let message = format!(
                "The {what} `{one}` has two uses, or lies within `{other}`; keep them apart."
            );
            notes.wrong(at, message);
        }
    }
}

/// Two paths of which one is the other, or lies within it. Case is ignored, as
/// macOS and Windows do.
fn clash<'l>(list: &[&'l str], separator: char) -> Option<(&'l str, &'l str)> {
    list.iter().enumerate().find_map(|(place, one)| {
        let one_lower = one.to_ascii_lowercase();
        let within = |other: &&&str| {
            let other = other.to_ascii_lowercase();
            one_lower == other || one_lower.starts_with(&format!("{other}{separator}"))
        };
        let others = list.iter().enumerate().filter(|(other, _)| *other != place);
        others.map(|(_, other)| other).find(within).map(|other| (*one, *other))
    })
}

/// Clacky's endpoints are one an event.
fn paths(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let (Some(destinations), Some(events)) = (sections.destinations, sections.events) else {
        return;
    };
    if !destinations.iter().any(|destination| destination.value.dialect == Dialect::Clacky) {
        return;
    }
    for event in events.iter().filter(|event| event.path.is_none() && !event.is_report()) {
        let message = format!(
            "`{}` needs a `path`: a `clacky` destination has one an event.",
            shown(event.name)
        );
        notes.missing(event.at, message);
    }
}

/// What the rest of the catalog must be like for the shipper to say it.
fn report(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let events = sections.events.unwrap_or_default();
    let Some(report) = events.iter().find(|event| event.is_report()) else { return };
    if events.len() > limits::EVENTS {
        let most = limits::EVENTS;
        notes.wrong(report.at, format!("With `[report]` a catalog has more than {most} events."));
    }
    if sections.shipping.is_some_and(|shipping| shipping.mode == Mode::Thread) {
        let message = "`[report]` needs a queue on disk, and the mode `thread` keeps none; leave `[report]` out.";
        notes.wrong(report.at, message);
    }
    let mut destinations = sections.destinations.unwrap_or_default().iter();
    if destinations.any(|destination| destination.value.dialect == Dialect::Clacky) {
        let message = "A `clacky` destination has one path an event, and `[report]` has none; leave `[report]` out.";
        notes.wrong(report.at, message);
    }
    // The program has ended when the shipper makes a report.
    for entry in sections.envelope.map_or(&[][..], |envelope| &envelope.entries) {
        let is_the_programs = matches!(
            entry.value.source,
            Source::Host(_) | Source::Session | Source::Turn | Source::Account | Source::Locale
        );
        if is_the_programs && entry.value.optional.is_none() {
            let message = format!(
                "The shipper, which makes `[report]`, cannot tell `{}`: make it optional, or leave `[report]` out.",
                entry.value.key
            );
            notes.wrong(entry.at, message);
        }
    }
}

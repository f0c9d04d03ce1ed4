//! What the sections of a catalog must agree on.

use super::notes::{Notes, shown};
use super::{At, consent, envelope::Envelope, event, report};
use crate::{
    Destination, Dialect, EnvelopeEntry, Files, IdPlace, Identity, Product, Scheme, Shipping,
    Source,
};

/// The sections, as far as they could be read.
pub(super) struct Parts<'p> {
    pub(super) product: Option<Product>,
    pub(super) consent: Option<At<consent::Read>>,
    pub(super) files: Option<At<Files>>,
    pub(super) identity: Option<At<Identity>>,
    pub(super) envelope: Option<&'p Envelope>,
    pub(super) destinations: Option<&'p [At<Destination>]>,
    pub(super) shipping: Option<Shipping>,
    pub(super) events: Option<&'p [event::Read]>,
}

/// Notes every disagreement.
pub(super) fn agree(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    if let Some(envelope) = parts.envelope {
        once_each(envelope, notes);
        nesting(envelope, notes);
        needed(envelope, parts.events, notes);
        if let Some(identity) = parts.identity {
            device(envelope, identity, notes);
        }
        for event in parts.events.unwrap_or_default() {
            own_keys(envelope, event, notes);
            restated(envelope, event, notes);
        }
    }
    farewell(parts, notes);
    variables(parts, notes);
    files(parts, notes);
    paths(parts, notes);
    report::agree(parts, notes);
}

/// Sources that may feed one entry only: whoever reads the line looks for it.
fn once_each(envelope: &Envelope, notes: &mut Notes<'_>) {
    let mut seen: Vec<(std::mem::Discriminant<Source>, &str)> = Vec::new();
    for entry in &envelope.entries {
        let source = entry.it.source;
        if matches!(source, Source::Constant(_) | Source::Host(_)) {
            continue;
        }
        let kind = std::mem::discriminant(&source);
        match seen.iter().find(|(other, _)| *other == kind) {
            Some((_, key)) => {
                let message = format!("`{key}` already carries this; an envelope tells it once.");
                notes.wrong(entry.at, message);
            }
            None => seen.push((kind, entry.it.key)),
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
        let objects = objects(&entry.it);
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
        if entry.it.source != Source::Properties {
            if open.iter().chain(&closed).any(|object| object == entry.it.key) {
                let key = entry.it.key;
                notes.wrong(entry.at, format!("`{key}` holds other keys and cannot be a value."));
            }
            values.push(entry.it.key);
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
fn needed(envelope: &Envelope, events: Option<&[event::Read]>, notes: &mut Notes<'_>) {
    if !envelope.is_whole {
        return;
    }
    if envelope.find(|it| matches!(it, Source::Event)).is_none() {
        notes.missing(envelope.at, "`[envelope]` needs an entry for the event's name: \"event\".");
    }
    if envelope.find(|it| matches!(it, Source::Time(_))).is_none() {
        notes.missing(envelope.at, "`[envelope]` needs an entry for the event's time: \"time\".");
    }
    let has_id = envelope.find(|it| matches!(it, Source::EventId)).is_some();
    let without = events.unwrap_or_default().iter().find(|event| event.id.is_none());
    if !has_id && let Some(event) = without {
        let message = format!(
            "`[envelope]` needs an entry \"event-id\": `{}` has no `id` of its own to tell a second sending by.",
            shown(event.name)
        );
        notes.missing(envelope.at, message);
    }
    if let Some(account) = envelope.find(|it| matches!(it, Source::Account))
        && account.it.optional.is_none()
    {
        let message = "An account is there only while somebody is logged in; write { is = \"account\", optional = \"omit\" }.";
        notes.wrong(account.at, message);
    }
}

/// A device stands on the line exactly where the identity makes one.
fn device(envelope: &Envelope, identity: At<Identity>, notes: &mut Notes<'_>) {
    let entry = envelope.find(|it| matches!(it, Source::Device));
    match (identity.it.scheme, entry) {
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
fn own_keys(envelope: &Envelope, event: &event::Read, notes: &mut Notes<'_>) {
    let Some(holder) = envelope.find(|it| matches!(it, Source::Properties)) else { return };
    for key in &event.keys {
        let path = match holder.it.key {
            "" => key.it.to_owned(),
            holder => format!("{holder}.{}", key.it),
        };
        let taken = envelope.entries.iter().find(|entry| {
            let rest = entry.it.key.strip_prefix(path.as_str());
            entry.it.source != Source::Properties
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if let Some(taken) = taken {
            let taken = taken.it.key;
            let message = match event.is_report() {
                true => format!("`{taken}` is what `[report]` says; rename it in the envelope."),
                false => {
                    format!("The envelope has `{taken}` already; give this property another name.")
                }
            };
            notes.wrong(key.at, message);
        }
    }
}

fn restated(envelope: &Envelope, event: &event::Read, notes: &mut Notes<'_>) {
    for key in &event.restated {
        let entry = envelope.entries.iter().find(|entry| entry.it.key == key.it);
        let is_constant = entry.is_some_and(|it| matches!(it.it.source, Source::Constant(_)));
        if !is_constant && (entry.is_some() || envelope.is_whole) {
            let message = format!(
                "`{}` is no constant of the envelope, so it cannot be restated.",
                shown(key.it)
            );
            notes.wrong(key.at, message);
        }
    }
}

fn farewell(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    let Some(farewell) = parts.consent.and_then(|consent| consent.it.farewell) else { return };
    let Some(events) = parts.events else { return };
    let names = events.iter().filter(|event| !event.is_report()).map(|event| event.name);
    if !names.clone().any(|name| name == farewell.it) {
        notes.unknown(farewell.at, "`farewell`", farewell.it, names);
    }
}

/// A variable has one meaning.
fn variables(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    let (Some(consent), Some(shipping)) = (parts.consent, parts.shipping) else { return };
    let refuses =
        |name: &str| consent.it.consent().variables.iter().any(|variable| variable.name == name);
    let marker = shipping.marker;
    if refuses(marker) {
        let message =
            format!("`{marker}` marks the child that ships, so it cannot refuse telemetry too.");
        notes.wrong(consent.it.variables, message);
    }
    let Some(product) = parts.product else { return };
    let endpoint = format!("{}_TELEMETRY_ENDPOINT", product.prefix);
    if refuses(&endpoint) || marker == endpoint {
        let message = format!(
            "`{endpoint}` points the product to a test server in every product; use another name."
        );
        notes.wrong(consent.it.variables, message);
    }
}

/// Every file and every key of the settings has one use.
fn files(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    let Some(At { at, it: files }) = parts.files else { return };
    let place = parts.identity.map(|identity| identity.it.place);
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
fn paths(parts: &Parts<'_>, notes: &mut Notes<'_>) {
    let (Some(destinations), Some(events)) = (parts.destinations, parts.events) else { return };
    if !destinations.iter().any(|destination| destination.it.dialect == Dialect::Clacky) {
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

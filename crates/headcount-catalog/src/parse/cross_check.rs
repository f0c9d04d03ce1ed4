//! Checks that need several sections of a catalog.

use super::across;
use super::consent::ConsentSection;
use super::envelope::Envelope;
use super::event::EventSection;
use super::notes::{Notes, quoted, shown};
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
    /// Whether the events are those of somebody else's program, which have no
    /// ids of ours.
    pub(super) is_observed: bool,
}

/// Notes every contradiction between sections.
pub(super) fn cross_check(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    if let Some(envelope) = sections.envelope {
        once_each(envelope, notes);
        nesting(envelope, notes);
        needed(envelope, sections, notes);
        if let Some(identity) = sections.identity {
            device(envelope, identity, notes);
            marks(envelope, identity, notes);
        }
        for event in sections.events.unwrap_or_default() {
            own_keys(envelope, event, notes);
            restated(envelope, event, notes);
            let properties = event.event.map_or(&[][..], |event| event.properties);
            let countable = across::Countable { envelope, properties, keys: &event.keys };
            across::check(&event.across, &countable, notes);
        }
    }
    hooks(sections.events.unwrap_or_default(), notes);
    farewell(sections, notes);
    variables(sections, notes);
    files(sections, notes);
    paths(sections, notes);
    report(sections, notes);
}

/// Checks that no two events are recorded for the same.
fn hooks(events: &[EventSection], notes: &mut Notes<'_>) {
    for (place, section) in events.iter().enumerate() {
        let Some(hook) = &section.hook else { continue };
        let is_same =
            |other: &&EventSection| other.hook.as_ref().is_some_and(|it| it.value == hook.value);
        if let Some(other) = events[..place].iter().find(is_same) {
            let message = format!(
                "The event `{}` has `hook = \"{}\"` already: one event can have it.",
                shown(other.name),
                hook.value.word()
            );
            notes.wrong(hook.at, message);
        }
    }
}

/// Checks that a source is used once, because readers of the line look for it.
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
                let message = format!("`{key}` already has this source: use it once.");
                notes.wrong(entry.at, message);
            }
            None => seen.push((kind, entry.value.key)),
        }
    }
}

/// Checks that the keys of an object are together, and that a key is either a
/// value or an object.
fn nesting(envelope: &Envelope, notes: &mut Notes<'_>) {
    let mut closed: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut values: Vec<&str> = Vec::new();
    for entry in &envelope.entries {
        let objects = objects(&entry.value);
        let here = objects.iter().zip(&open).take_while(|(here, open)| here == open).count();
        closed.extend(open.drain(here..));
        if let Some(again) = objects.iter().find(|object| closed.contains(object)) {
            let message = format!("Keep the keys of `{again}` together.");
            notes.wrong(entry.at, message);
        }
        let clash = values.iter().find(|value| objects.iter().any(|object| object == **value));
        if let Some(value) = clash {
            notes
                .wrong(entry.at, format!("`{value}` is a value, so it cannot contain other keys."));
        }
        if entry.value.source != Source::Properties {
            if open.iter().chain(&closed).any(|object| object == entry.value.key) {
                let key = entry.value.key;
                notes.wrong(
                    entry.at,
                    format!("`{key}` contains other keys, so it cannot be a value."),
                );
            }
            values.push(entry.value.key);
        }
        open = objects;
    }
}

/// Returns the objects that contain an entry, the outermost first.
fn objects(entry: &EnvelopeEntry) -> Vec<String> {
    if entry.source == Source::Properties {
        return if entry.key.is_empty() { Vec::new() } else { vec![entry.key.to_owned()] };
    }
    entry.key.match_indices('.').map(|(dot, _)| entry.key[..dot].to_owned()).collect()
}

/// Checks for the entries that every envelope needs.
fn needed(envelope: &Envelope, sections: &Sections<'_>, notes: &mut Notes<'_>) {
    if !envelope.is_whole {
        return;
    }
    if envelope.find(|source| matches!(source, Source::Event)).is_none() {
        notes.missing(
            envelope.at,
            "`[envelope]` needs an entry with the source \"event\", the event's name.",
        );
    }
    if envelope.find(|source| matches!(source, Source::Time(_))).is_none() {
        notes.missing(
            envelope.at,
            "`[envelope]` needs an entry with the source \"time\", the event's time.",
        );
    }
    let has_id = envelope.find(|source| matches!(source, Source::EventId)).is_some();
    let mut events = sections.events.unwrap_or_default().iter();
    let without = events.find(|event| event.id.is_none());
    if !has_id
        && !sections.is_observed
        && let Some(event) = without
    {
        let message = format!(
            "`[envelope]` needs an entry with the source \"event-id\", because `{}` has no `id` of its own.",
            shown(event.name)
        );
        notes.missing(envelope.at, message);
    }
    if let Some(account) = envelope.find(|source| matches!(source, Source::Account))
        && account.value.optional.is_none()
    {
        let message = "There is no account while nobody is logged in: write { is = \"account\", optional = \"omit\" }.";
        notes.wrong(account.at, message);
    }
}

/// Checks that the envelope has a device exactly if the identity makes an id.
fn device(envelope: &Envelope, identity: Spanned<Identity>, notes: &mut Notes<'_>) {
    let entry = envelope.find(|source| matches!(source, Source::Device));
    match (identity.value.scheme, entry) {
        (Scheme::None, Some(entry)) => {
            notes.wrong(
                entry.at,
                "`[identity]` has the scheme `none`, so there is no device id: remove this entry.",
            );
        }
        (Scheme::Random | Scheme::MachineHash, None) if envelope.is_whole => {
            let message = "`[envelope]` needs an entry with the source \"device\", or `[identity]` the scheme `none`.";
            notes.missing(envelope.at, message);
        }
        _ => {}
    }
}

/// Checks that there are marks only where devices are counted by them.
fn marks(envelope: &Envelope, identity: Spanned<Identity>, notes: &mut Notes<'_>) {
    if !identity.value.count.is_empty() {
        return;
    }
    for entry in &envelope.entries {
        if matches!(entry.value.source, Source::Marks | Source::Age) {
            let message = "Devices are not counted by marks: remove this entry, or add `count` to `[identity]`.";
            notes.wrong(entry.at, message);
        }
    }
}

/// Checks that the properties of an event use no key of the envelope.
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
                format!("`[report]` already uses the key `{taken}`: rename it in `[envelope]`.")
            } else {
                format!("`[envelope]` already uses the key `{taken}`: rename this property.")
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
                "`constants` can only change a constant of `[envelope]`; `{}` is not one.",
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
        let unknown = format!("event {} in `farewell`", quoted(farewell.value));
        notes.unknown(farewell.at, &unknown, farewell.value, names);
    }
}

/// Checks that every variable has one meaning.
fn variables(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let (Some(consent), Some(shipping)) = (sections.consent, sections.shipping) else { return };
    let refuses =
        |name: &str| consent.value.consent.variables.iter().any(|variable| variable.name == name);
    let marker = shipping.marker;
    if refuses(marker) {
        let message =
            format!("`{marker}` marks the shipping process, so it cannot also refuse telemetry.");
        notes.wrong(consent.value.variables, message);
    }
    let Some(product) = sections.product else { return };
    let endpoint = format!("{}_TELEMETRY_ENDPOINT", product.prefix);
    if refuses(&endpoint) || marker == endpoint {
        let message =
            format!("`{endpoint}` sets the test endpoint in every product: use another name.");
        notes.wrong(consent.value.variables, message);
    }
}

/// Checks that every file and every key of the settings has one use.
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
    for (what, list, separator) in [("file", &paths, '/'), ("settings key", &keys, '.')] {
        if let Some((one, other)) = clash(list, separator) {
            let message = format!(
                "The {what} `{one}` is used twice, or is inside `{other}`: use different {what}s."
            );
            notes.wrong(at, message);
        }
    }
}

/// Returns two paths that are the same, or of which the first is inside the
/// second. Case is ignored, as on macOS and Windows.
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

/// Checks that every event has a path if a destination needs one.
fn paths(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let (Some(destinations), Some(events)) = (sections.destinations, sections.events) else {
        return;
    };
    if !destinations.iter().any(|destination| destination.value.dialect == Dialect::Clacky) {
        return;
    }
    for event in events.iter().filter(|event| event.path.is_none() && !event.is_report()) {
        let message = format!(
            "`{}` needs a `path`: a `clacky` destination uses one path per event.",
            shown(event.name)
        );
        notes.missing(event.at, message);
    }
}

/// Checks that the shipper can make the report.
fn report(sections: &Sections<'_>, notes: &mut Notes<'_>) {
    let events = sections.events.unwrap_or_default();
    let Some(report) = events.iter().find(|event| event.is_report()) else { return };
    if events.len() > limits::EVENTS {
        let most = limits::EVENTS;
        notes
            .wrong(report.at, format!("With `[report]`, the catalog has more than {most} events."));
    }
    if sections.shipping.is_some_and(|shipping| shipping.mode == Mode::Thread) {
        let message = "`[report]` needs a queue on disk, which the mode `thread` does not have: remove `[report]`.";
        notes.wrong(report.at, message);
    }
    let mut destinations = sections.destinations.unwrap_or_default().iter();
    if destinations.any(|destination| destination.value.dialect == Dialect::Clacky) {
        let message = "A `clacky` destination uses one path per event, and the report has none: remove `[report]`.";
        notes.wrong(report.at, message);
    }
    // The host may have ended when the shipper makes a report.
    for entry in sections.envelope.map_or(&[][..], |envelope| &envelope.entries) {
        let needs_the_host = matches!(
            entry.value.source,
            Source::Host(_) | Source::Session | Source::Turn | Source::Account | Source::Locale
        );
        if needs_the_host && entry.value.optional.is_none() {
            let message = format!(
                "The shipper makes the report and does not know `{}`: make it optional, or remove `[report]`.",
                entry.value.key
            );
            notes.wrong(entry.at, message);
        }
    }
}

//! `[event.<name>]`: what may be reported, why, and who is responsible.

use super::fields::{Fields, leak, leak_list};
use super::notes::{Notes, shown};
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair, Table};
use super::{across, failure, hook, kinds, names, property};
use crate::{Event, HookEvent, Kind, Property, Purpose, limits, report};

/// `[event.<name>]` as far as it could be read, with the places of its parts.
pub(super) struct EventSection {
    pub(super) at: usize,
    pub(super) name: &'static str,
    pub(super) event: Option<Event>,
    /// The keys of all properties, also of those that could not be read.
    pub(super) keys: Vec<Spanned<&'static str>>,
    /// The keys of the constants that it changes.
    pub(super) restated: Vec<Spanned<&'static str>>,
    pub(super) id: Option<&'static str>,
    pub(super) path: Option<&'static str>,
    /// The purpose that it names, with its place.
    pub(super) purpose: Option<Spanned<&'static str>>,
    /// The names of its pairs, with their places.
    pub(super) across: Vec<Spanned<(&'static str, &'static str)>>,
    /// What hooks record it for, with its place.
    pub(super) hook: Option<Spanned<HookEvent>>,
}

impl EventSection {
    /// Returns the built-in event. All of its properties are at `at`.
    pub(super) fn report(at: usize, event: Event) -> Self {
        let keys = event.properties.iter().map(|property| Spanned { at, value: property.name });
        Self {
            at,
            name: event.name,
            event: Some(event),
            keys: keys.collect(),
            restated: Vec::new(),
            id: None,
            path: None,
            purpose: None,
            across: Vec::new(),
            hook: None,
        }
    }

    pub(super) fn is_report(&self) -> bool {
        self.name == report::NAME
    }
}

pub(super) fn read(table: &Table, notes: &mut Notes<'_>) -> Vec<EventSection> {
    if !(1..=limits::EVENTS).contains(&table.pairs.len()) {
        let most = limits::EVENTS;
        notes.missing(table.at, format!("A catalog must have 1 to {most} events."));
    }
    let mut events: Vec<EventSection> = Vec::with_capacity(table.pairs.len());
    for pair in &table.pairs {
        let Some(inner) = pair.table(notes) else { continue };
        if let Some(nested) = inner.pairs.iter().find(|pair| is_event(pair))
            && !is_event(pair)
        {
            let (outer, inner) = (shown(&pair.key), shown(&nested.key));
            let message = format!(
                "Write `[event.\"{outer}.{inner}\"]`: a name with a dot needs quotation marks."
            );
            notes.wrong(pair.at, message);
            continue;
        }
        name(pair, &events, notes);
        events.push(event(pair, inner, notes));
    }
    events
}

/// Whether a table looks like an event, and not like the part of a name before
/// a dot.
fn is_event(pair: &Pair) -> bool {
    match &pair.value.data {
        Data::Table(table) => {
            table.pairs.iter().any(|pair| matches!(pair.key.as_str(), "why" | "owner"))
        }
        _ => false,
    }
}

fn name(pair: &Pair, others: &[EventSection], notes: &mut Notes<'_>) {
    if !names::is_event(&pair.key) {
        let message = format!(
            "`{}` is not a valid event name: use letters, digits, `.`, `_`, `:` and `-`.",
            shown(&pair.key)
        );
        notes.wrong(pair.at, message);
    }
    let squashed = names::squashed(&pair.key);
    // A name that looks like the built-in one is refused, too.
    if squashed == names::squashed(report::NAME) {
        let name = report::NAME;
        let message = format!("`{name}` is built in (see `[report]`): rename this event.");
        notes.wrong(pair.at, message);
    }
    if let Some(other) = others.iter().find(|other| names::squashed(other.name) == squashed) {
        let message = format!(
            "The event names `{}` and `{}` differ only in case or separators: rename one.",
            other.name,
            shown(&pair.key)
        );
        notes.wrong(pair.at, message);
    }
}

fn event(pair: &Pair, table: &Table, notes: &mut Notes<'_>) -> EventSection {
    let name = leak(&pair.key);
    let mut fields = Fields::new(table, format!("`[event.{}]`", shown(&pair.key)));
    let must = names::LINE;
    let why =
        fields.need_text("why", notes).and_then(|text| text.checked(names::is_line, must, notes));
    let owner =
        fields.need_text("owner", notes).and_then(|text| text.checked(names::is_line, must, notes));
    let path = fields.text("path", notes).and_then(|text| {
        text.checked(names::is_url_path, "the path of a URL, such as `/api/v1/startup`", notes)
    });
    let purpose = fields.text("purpose", notes);
    let purpose = purpose.map(|text| Spanned { at: text.at, value: leak(text.text) });
    let expires = property::expires(&mut fields, notes);
    let id = fields.text("id", notes);
    let restated = fields.find("constants").map_or_else(Vec::new, |pair| constants(pair, notes));
    let across = fields.find("across").map_or_else(Vec::new, |pair| across::read(pair, notes));
    let hook = hook::read(&mut fields, notes);
    let table = fields.find("properties").and_then(|pair| pair.table(notes));
    let properties = table.map_or_else(Vec::new, |table| property::read(table, notes));
    fields.finish(notes);

    let keys = table.map_or(&[][..], |table| &table.pairs);
    let keys: Vec<Spanned<&'static str>> =
        keys.iter().map(|pair| Spanned { at: pair.at, value: leak(&pair.key) }).collect();
    counts(&properties, &keys, notes);
    failure::once(&properties, notes);
    hook::filled(hook.as_ref(), &properties, notes);
    if let Some(id) = id
        && !is_id(id.text, &properties, &keys)
    {
        let message = "`id` must name a `reference` property of this event that is not optional and does not expire.";
        notes.wrong(id.at, message);
    }
    let id = id.map(|text| leak(text.text));
    let event = why.zip(owner).map(|(why, owner)| Event {
        name,
        why,
        owner,
        purpose: purpose.map_or(Purpose::USAGE.name, |purpose| purpose.value),
        expires,
        id,
        path,
        restated: leak_list(restated.iter().map(|constant| constant.value).collect()),
        across: leak_list(across.iter().map(|pair| pair.value).collect()),
        hook: hook.as_ref().map(|hook| hook.value),
        properties: leak_list(properties.iter().map(|property| property.value).collect()),
    });
    let restated = restated
        .into_iter()
        .map(|Spanned { at, value: (key, _) }| Spanned { at, value: key })
        .collect();
    EventSection { at: pair.at, name, event, keys, restated, id, path, purpose, across, hook }
}

/// Reads the constants of the envelope that the event changes.
fn constants(pair: &Pair, notes: &mut Notes<'_>) -> Vec<Spanned<(&'static str, &'static str)>> {
    let Some(table) = pair.table(notes) else { return Vec::new() };
    let mut read = Vec::with_capacity(table.pairs.len());
    for pair in &table.pairs {
        let word = pair.text(notes).and_then(|text| kinds::word(text, notes));
        if let Some(word) = word {
            read.push(Spanned { at: pair.at, value: (leak(&pair.key), word) });
        }
    }
    read
}

/// Checks that every `count-of` follows the property that it counts, and is
/// recorded no longer.
fn counts(properties: &[Spanned<Property>], keys: &[Spanned<&'static str>], notes: &mut Notes<'_>) {
    for (place, property) in properties.iter().enumerate() {
        let Kind::CountOf(of) = property.value.kind else { continue };
        let before = properties[..place].iter().find(|other| other.value.name == of);
        let fits = match before {
            Some(other) => matches!(other.value.kind, Kind::Choices { .. }),
            // A property that could not be read has a mistake of its own.
            None => {
                keys.iter().any(|key| key.value == of && key.at < property.at)
                    && !properties.iter().any(|other| other.value.name == of)
            }
        };
        if !fits {
            let message = format!(
                "`count-of` must name a `choices` property before `{}`; `{}` is not one.",
                property.value.name,
                shown(of)
            );
            notes.wrong(property.at, message);
        }
        let last = before.and_then(|other| other.value.expires);
        if last.is_some_and(|last| property.value.expires.is_none_or(|own| own > last)) {
            let message = format!(
                "`{}` counts `{}`, which expires first: give it the same `expires`.",
                property.value.name,
                shown(of)
            );
            notes.wrong(property.at, message);
        }
    }
}

fn is_id(name: &str, properties: &[Spanned<Property>], keys: &[Spanned<&'static str>]) -> bool {
    match properties.iter().find(|property| property.value.name == name) {
        Some(property) => {
            matches!(property.value.kind, Kind::Reference(_))
                && property.value.optional.is_none()
                && property.value.expires.is_none()
        }
        None => keys.iter().any(|key| key.value == name),
    }
}

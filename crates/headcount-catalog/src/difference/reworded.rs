//! Events, properties and purposes that stay, and are said or counted
//! otherwise.

use super::found::{Differences, ended, quoted};
use crate::{Catalog, EnvelopeEntry, Event, Extent, Property, Purpose};

pub(super) fn compare(old: &Catalog, new: &Catalog, found: &mut Differences) {
    for after in new.events {
        if let Some(before) = old.event(after.name) {
            event(before, after, found);
        }
    }
    purposes(old, new, found);
    entries(old, new, found);
}

fn event(before: &Event, after: &Event, found: &mut Differences) {
    // What a person shares is compared by scope: the last days, and which
    // properties there are.
    let Event {
        name,
        why,
        owner,
        purpose,
        expires: _,
        id,
        path,
        restated,
        across,
        hook,
        properties,
    } = *after;
    if before.why != why {
        found.same(format!(
            "`{name}` is recorded to answer {}; before, {}.",
            quoted(why),
            quoted(before.why)
        ));
    }
    if before.owner != owner {
        found.same(format!("Responsible for `{name}` is {owner}; it was {}.", before.owner));
    }
    if before.purpose != purpose {
        found.same(format!(
            "`{name}` is for the purpose `{purpose}`; it was for `{}`.",
            before.purpose
        ));
    }
    for (what, is_other) in [
        ("has its id in another place", before.id != id),
        ("is sent to another path of the same host", before.path != path),
        ("has other constants", before.restated != restated),
        ("is counted by other pairs", before.across != across),
        ("is recorded by another moment of a hook", before.hook != hook),
    ] {
        if is_other {
            found.same(format!("`{name}` {what}."));
        }
    }
    for property in properties {
        if let Some((_, old)) = before.property(property.name) {
            of_property(name, old, property, found);
        }
    }
    order(before, after, found);
}

fn of_property(event: &str, before: &Property, after: &Property, found: &mut Differences) {
    let Property { name, kind: _, optional, why, expires: _, failure } = *after;
    for (what, is_other) in [
        ("is explained otherwise", before.why != why),
        ("is written otherwise where it has no value", before.optional != optional),
        ("counts other values as failures", before.failure != failure),
    ] {
        if is_other {
            found.same(format!("`{name}` of `{event}` {what}."));
        }
    }
}

/// Properties of both that have changed places on the line.
fn order(before: &Event, after: &Event, found: &mut Differences) {
    let names = |one: &Event, other: &Event| {
        let own = one.properties.iter().map(|property| property.name);
        own.filter(|name| other.property(name).is_some()).collect::<Vec<_>>()
    };
    if names(before, after) != names(after, before) {
        found.same(format!("The properties of `{}` are in another order.", after.name));
    }
}

fn purposes(old: &Catalog, new: &Catalog, found: &mut Differences) {
    for purpose in new.purposes {
        let Purpose { name, title, why, was: _ } = *purpose;
        let before = old.purposes.iter().find(|old| purpose.has_name(old.name));
        match before {
            None => found.same(format!("The purpose `{name}` is new: {}", ended(why))),
            Some(before) => {
                if before.name != name {
                    found.same(format!(
                        "The purpose `{}` is called `{name}` now; who refused it still does.",
                        before.name
                    ));
                }
                if (before.title, before.why) != (title, why) {
                    found.same(format!("The purpose `{name}` is explained otherwise."));
                }
            }
        }
    }
    for purpose in old.purposes {
        if !new.purposes.iter().any(|new| new.has_name(purpose.name)) {
            found.same(format!("The purpose `{}` is gone.", purpose.name));
        }
    }
}

/// Entries of the envelope, as far as they say nothing of a person, and those
/// that say the same under another name.
fn entries(old: &Catalog, new: &Catalog, found: &mut Differences) {
    let named = |catalog: &Catalog, key: &str| {
        catalog.envelope.iter().find(|entry| entry.key == key).copied()
    };
    for entry in new.envelope {
        let EnvelopeEntry { key, source, optional } = *entry;
        if let Some(before) = named(old, key) {
            let is_scope = is_compared(&before) && is_compared(entry);
            if !is_scope && before.source != source {
                found.same(format!("`{key}` of every event comes from elsewhere."));
            }
            if before.optional != optional {
                found.same(format!(
                    "`{key}` of every event is written otherwise where it has no value."
                ));
            }
            continue;
        }
        let mut gone = old.envelope.iter().filter(|before| named(new, before.key).is_none());
        match gone.find(|before| before.source == source) {
            Some(before) => {
                found.same(format!("`{key}` of every event says what `{}` said.", before.key));
            }
            None if is_compared(entry) => {}
            None => {
                found.same(format!("`{key}` of every event is new, and says nothing of a person."));
            }
        }
    }
    if keys(old, new) != keys(new, old) {
        found.same("What is on every event is written in another order.".to_owned());
    }
    for entry in old.envelope.iter().filter(|entry| !is_compared(entry)) {
        if named(new, entry.key).is_none() {
            found.same(format!(
                "`{}` of every event is gone; it said nothing of a person.",
                entry.key
            ));
        }
    }
}

/// The keys of the line that are in both, in the order of one.
fn keys(of: &Catalog, other: &Catalog) -> Vec<&'static str> {
    let own = of.envelope.iter().map(|entry| entry.key);
    own.filter(|key| other.envelope.iter().any(|entry| entry.key == *key)).collect()
}

/// Whether the scope has it.
fn is_compared(entry: &EnvelopeEntry) -> bool {
    Extent::of_source(&entry.source).is_some()
}

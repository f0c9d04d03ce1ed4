//! `across` of an event: pairs of names whose values are counted together.

use super::envelope::Envelope;
use super::fields::leak;
use super::notes::{Notes, quoted, shown};
use super::spanned::Spanned;
use super::toml_tree::{Data, Node, Pair};
use crate::{Kind, Property, Source, limits};

/// Reads the pairs.
pub(super) fn read(
    pair: &Pair,
    notes: &mut Notes<'_>,
) -> Vec<Spanned<(&'static str, &'static str)>> {
    let Some(items) = pair.list(notes) else { return Vec::new() };
    if !(1..=limits::PAIRS).contains(&items.len()) {
        let most = limits::PAIRS;
        notes.wrong(pair.value.at, format!("`across` must have 1 to {most} pairs."));
    }
    let mut read: Vec<Spanned<(&str, &str)>> = Vec::with_capacity(items.len());
    for item in items {
        let Some((one, other)) = names(item, notes) else { continue };
        if one == other {
            let message = format!("`across` pairs {} with itself: name two.", quoted(one));
            notes.wrong(item.at, message);
        } else if read.iter().any(|known| [(one, other), (other, one)].contains(&known.value)) {
            let message = format!(
                "`across` already has the pair {} and {}: remove it.",
                quoted(one),
                quoted(other)
            );
            notes.wrong(item.at, message);
        } else {
            read.push(Spanned { at: item.at, value: (one, other) });
        }
    }
    read
}

fn names(item: &Node, notes: &mut Notes<'_>) -> Option<(&'static str, &'static str)> {
    if let Data::List(names) = &item.data
        && let [one, other] = names.as_slice()
    {
        let [one, other] = [one, other].map(|name| name.text("across", notes));
        return Some((leak(one?.text), leak(other?.text)));
    }
    let message = "`across` must have pairs of names, such as `[[\"command\", \"version\"]]`.";
    notes.wrong(item.at, message);
    None
}

/// What the names of an event's pairs may stand for.
pub(super) struct Countable<'a> {
    pub(super) envelope: &'a Envelope,
    /// The properties of the event that could be read.
    pub(super) properties: &'a [Property],
    /// The keys of all its properties, also of those that could not be read.
    pub(super) keys: &'a [Spanned<&'static str>],
}

/// Checks that every name is that of a property of the event, or of an entry of
/// the envelope, with one value of a set.
pub(super) fn check(
    pairs: &[Spanned<(&'static str, &'static str)>],
    countable: &Countable<'_>,
    notes: &mut Notes<'_>,
) {
    for Spanned { at, value: (one, other) } in pairs {
        for name in [one, other] {
            check_name(countable, *at, name, notes);
        }
    }
}

fn check_name(countable: &Countable<'_>, at: usize, name: &str, notes: &mut Notes<'_>) {
    let Countable { envelope, properties, keys } = countable;
    let property = properties.iter().find(|property| property.name == name);
    let entry = envelope.entries.iter().find(|entry| entry.value.key == name);
    let fits = match (property, entry) {
        (Some(property), _) => property.kind.is_one_of_a_set(),
        // A property that could not be read has a mistake of its own.
        (None, _) if keys.iter().any(|key| key.value == name) => true,
        (None, Some(entry)) => is_one_of_a_set(&entry.value.source),
        (None, None) if !envelope.is_whole => true,
        (None, None) => {
            let unknown = format!("name {} in `across`", quoted(name));
            let entries = envelope.entries.iter().map(|entry| entry.value);
            let entries = entries.filter(|entry| is_one_of_a_set(&entry.source));
            let known = properties.iter().filter(|known| known.kind.is_one_of_a_set());
            let known = known.map(|property| property.name);
            notes.unknown(at, &unknown, name, known.chain(entries.map(|entry| entry.key)));
            return;
        }
    };
    if !fits {
        let message = format!(
            "`across` can only count what has one value of a set, such as a choice, a flag or a version; `{}` is not of that kind.",
            shown(name)
        );
        notes.wrong(at, message);
    }
}

fn is_one_of_a_set(source: &Source) -> bool {
    match source {
        Source::Platform(_) | Source::Arch(_) | Source::Constant(_) => true,
        Source::CatalogVersion | Source::Age => false,
        other => other.kind().is_some_and(|kind: Kind| kind.is_one_of_a_set()),
    }
}

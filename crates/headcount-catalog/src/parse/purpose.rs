//! `[purpose.<name>]`: what groups of events are for.

use super::event::EventSection;
use super::fields::{Fields, leak, leak_list};
use super::list::{ItemRule, texts};
use super::names;
use super::notes::{Notes, quoted, shown};
use super::spanned::Spanned;
use super::toml_tree::Pair;
use crate::{Purpose, limits};

const NAMES: ItemRule =
    ItemRule { must: names::NAME, fits: names::is_name, most: limits::LIST_ITEMS };

/// Reads the purposes, in the order of the file.
pub(super) fn read(pair: Option<&Pair>, notes: &mut Notes<'_>) -> Vec<Spanned<Purpose>> {
    let Some(table) = pair.and_then(|pair| pair.table(notes)) else { return Vec::new() };
    if table.pairs.len() > limits::PURPOSES {
        let most = limits::PURPOSES;
        notes.wrong(table.at, format!("A catalog may have at most {most} purposes."));
    }
    let mut purposes: Vec<Spanned<Purpose>> = Vec::with_capacity(table.pairs.len());
    for pair in &table.pairs {
        if let Some(purpose) = purpose(pair, notes) {
            apart(&Spanned { at: pair.at, value: purpose }, &purposes, notes);
            purposes.push(Spanned { at: pair.at, value: purpose });
        }
    }
    purposes
}

fn purpose(pair: &Pair, notes: &mut Notes<'_>) -> Option<Purpose> {
    let table = pair.table(notes)?;
    let mut fields = Fields::new(table, format!("`[purpose.{}]`", shown(&pair.key)));
    let is_name = names::is_name(&pair.key);
    if !is_name {
        let (key, must) = (shown(&pair.key), names::NAME);
        notes.wrong(pair.at, format!("`{key}` is not a valid name of a purpose: use {must}."));
    }
    let mut line = |key: &'static str, notes: &mut Notes<'_>| {
        let text = fields.need_text(key, notes)?;
        text.checked(names::is_line, names::LINE, notes)
    };
    let (title, why) = (line("title", notes), line("why", notes));
    let was = match fields.find("was") {
        None => Some(Vec::new()),
        Some(pair) if matches!(pair.value.data, super::toml_tree::Data::Text(_)) => {
            let text = pair.text(notes);
            text.and_then(|text| text.checked(names::is_name, names::NAME, notes))
                .map(|it| vec![it])
        }
        Some(pair) => texts(pair, &NAMES, notes),
    };
    fields.finish(notes);
    let purpose = Purpose { name: leak(&pair.key), title: title?, why: why?, was: leak_list(was?) };
    is_name.then_some(purpose)
}

/// Checks that no name, of today or before, belongs to two purposes.
fn apart(one: &Spanned<Purpose>, others: &[Spanned<Purpose>], notes: &mut Notes<'_>) {
    let own: Vec<&'static str> = one.value.names().collect();
    for other in others {
        if let Some(name) = own.iter().find(|name| other.value.has_name(name)) {
            let (at, one, other) = (one.at, one.value.name, other.value.name);
            let message = format!("The purposes `{other}` and `{one}` share the name `{name}`.");
            notes.wrong(at, message);
        }
    }
    if own[1..].contains(&own[0]) {
        notes.wrong(one.at, format!("`was` lists today's name `{}`: remove it.", own[0]));
    }
}

/// Returns the purposes that events have, or notes what does not fit together.
/// Without any purpose in the file there are none; where one is named, events
/// that name none are for usage.
pub(super) fn settled(
    declared: &[Spanned<Purpose>],
    events: &[EventSection],
    notes: &mut Notes<'_>,
) -> Vec<Purpose> {
    let usage = Purpose::USAGE;
    for event in events {
        let Some(Spanned { at, value: named }) = event.purpose else { continue };
        let is_known = named == usage.name || declared.iter().any(|it| it.value.name == named);
        if !is_known {
            let all = declared.iter().map(|it| it.value.name).chain([usage.name]);
            notes.unknown(at, &format!("purpose {}", quoted(named)), named, all);
        }
    }
    let named = |event: &EventSection| event.purpose.map_or(usage.name, |purpose| purpose.value);
    let is_used = |name: &str| events.iter().any(|event| named(event) == name);
    for purpose in declared {
        let name = purpose.value.name;
        if !is_used(name) {
            let message =
                format!("No event has the purpose `{name}`: remove it, or name it in one.");
            notes.wrong(purpose.at, message);
        }
    }
    let mut purposes: Vec<Purpose> = declared.iter().map(|it| it.value).collect();
    if declared.is_empty() && events.iter().all(|event| event.purpose.is_none()) {
        return purposes;
    }
    if is_used(usage.name) && !purposes.iter().any(|purpose| purpose.name == usage.name) {
        if let Some(other) = declared.iter().find(|it| it.value.has_name(usage.name)) {
            let message = format!(
                "Events without a purpose are for `{}`, so it cannot be a former name.",
                usage.name
            );
            notes.wrong(other.at, message);
        }
        purposes.insert(0, usage);
    }
    purposes
}

//! An export of PostHog: events, a line each or in a list, and what its project
//! knows of properties (`property_definitions`). What is made of the values is
//! what `headcount infer` makes of captured events.

use std::collections::BTreeMap;

use serde_json::Value;

use super::draft::{Draft, DraftEvent, DraftProperty, Found};
use super::files::SourceFile;
use crate::infer::{Captured, Guess, guess};

/// Reads events and definitions of properties.
///
/// # Errors
///
/// Returns a sentence about what is not JSON, or if there is no event.
pub(super) fn read(files: &[SourceFile]) -> Result<Draft, String> {
    let mut captured = Captured::default();
    let mut definitions = BTreeMap::new();
    for SourceFile { shown, text } in files {
        match serde_json::from_str::<Value>(text) {
            Ok(whole) => {
                let results = whole.get("results").unwrap_or(&whole);
                if take_definitions(results, &mut definitions) {
                    continue;
                }
                captured.read(&results.to_string()).map_err(|why| format!("{shown}: {why}"))?;
            }
            Err(_) => captured.read(text).map_err(|why| format!("{shown}: {why}"))?,
        }
    }
    if captured.events.is_empty() {
        let shown = &files[0].shown;
        return Err(match definitions.is_empty() {
            true => format!(
                "{shown}: there is no event in it: an event is an object with its name under `event`"
            ),
            false => format!(
                "{shown}: definitions of properties do not say which event has them: give a file of events, too"
            ),
        });
    }
    let mut draft = Draft::default();
    for (name, seen) in &captured.events {
        let properties = seen.values.iter().map(|(name, values)| {
            let is_required = values.len() as u64 == seen.events;
            let found = match guess(name, values) {
                Guess::Kind(kind) => Found::Kind { kind, is_required },
                Guess::Out(why) => defined(definitions.get(name).map(String::as_str), why),
            };
            DraftProperty { name: name.clone(), brief: None, found }
        });
        let properties = properties.collect();
        draft.events.push(DraftEvent { name: name.clone(), why: None, owner: None, properties });
    }
    Ok(draft)
}

/// What a definition says of a property that its values do not: an old event
/// may have had another type.
fn defined(kind: Option<&str>, why: String) -> Found {
    match kind {
        Some("Boolean") => Found::Kind { kind: "\"flag\"".to_owned(), is_required: false },
        _ => Found::Out(why),
    }
}

/// Takes definitions of properties. Returns whether it is a list of them.
fn take_definitions(list: &Value, definitions: &mut BTreeMap<String, String>) -> bool {
    let Some(items) = list.as_array() else { return false };
    let is_one =
        |item: &Value| item.get("property_type").is_some() || item.get("is_numerical").is_some();
    if items.is_empty() || !items.iter().all(is_one) {
        return false;
    }
    for item in items {
        if let Some(name) = item["name"].as_str() {
            let kind = item["property_type"].as_str().unwrap_or_default();
            definitions.insert(name.to_owned(), kind.to_owned());
        }
    }
    true
}

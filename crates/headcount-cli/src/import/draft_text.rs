//! A draft as the events of a catalog, each with what its author has to decide.
//! The grammar itself judges every property: what it does not take is left out.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use headcount::person::visible;
use headcount_catalog::{is_event_name, is_property_name, parse, report, squashed_name};

use super::draft::{Draft, DraftEvent, DraftProperty, Found};
use super::limits;

/// What the author has to replace.
const WHY: &str = "Which question does it answer?";

/// Keys that the envelope of a first catalog has.
const OF_ENVELOPE: [&str; 7] = ["id", "event", "time", "version", "platform", "first", "age"];

/// The events as text, and what became of them.
#[derive(Debug, Default)]
pub(super) struct DraftText {
    pub(super) text: String,
    pub(super) events: usize,
    pub(super) properties: usize,
    /// Properties and events that are left out, each with a comment.
    pub(super) left_out: usize,
}

/// Writes the events behind `head`, the rest of the catalog.
pub(super) fn written(head: &str, draft: &Draft) -> DraftText {
    let mut all = DraftText::default();
    let mut names = BTreeSet::from([squashed_name(report::NAME)]);
    for event in &draft.events {
        let is_free = is_event_name(&event.name) && !names.contains(&squashed_name(&event.name));
        let (name, changed) = match is_free {
            true => (event.name.clone(), None),
            false => (renamed(&event.name, "._:-"), Some(&event.name)),
        };
        if !is_event_name(&name) || !names.insert(squashed_name(&name)) {
            leave_out(
                &mut all,
                &event.name,
                "its name is not one that an event can have, or another event has it but for case and separators",
            );
            continue;
        }
        if all.events >= limits::EVENTS {
            leave_out(&mut all, &event.name, "a catalog has no more events");
            continue;
        }
        all.events += 1;
        one(&mut all, head, &name, changed, event);
    }
    for (name, why) in &draft.left_out {
        leave_out(&mut all, name, why);
    }
    all
}

fn leave_out(all: &mut DraftText, name: &str, why: &str) {
    all.left_out += 1;
    let _ = writeln!(all.text, "\n# Left out: `{}`: {}.", line(name), line(why));
}

fn one(all: &mut DraftText, head: &str, name: &str, changed: Option<&String>, event: &DraftEvent) {
    let why = event.why.as_deref().map(line).filter(|why| !why.is_empty());
    let owner = event.owner.as_deref().map(line).filter(|owner| !owner.is_empty());
    all.text.push('\n');
    if let Some(there) = changed {
        let _ = writeln!(all.text, "# It is called `{}` there.", line(there));
    }
    let start = format!(
        "[event.{}]\nwhy = {}\nowner = {}\n",
        key(name),
        quoted(why.as_deref().unwrap_or(WHY)),
        quoted(owner.as_deref().unwrap_or("cli team")),
    );
    all.text.push_str(&start);
    let place = format!("[event.{}.properties]\n", key(name));
    let mut lines = String::new();
    let mut names = BTreeSet::new();
    for property in &event.properties {
        let defined = definition(property, names.len()).and_then(|(name, text)| {
            if !names.insert(squashed_name(&name)) {
                return Err("another property has that name but for case and separators".to_owned());
            }
            let whole = format!("{head}\n{start}\n{place}{text}");
            // One that counts another needs that one beside it.
            let is_taken = parse(&whole).is_ok()
                || parse(&format!("{head}\n{start}\n{place}{lines}{text}")).is_ok();
            match is_taken {
                true => Ok((name, text)),
                false => Err("the grammar does not take what it would become".to_owned()),
            }
        });
        match defined {
            Ok((name, text)) => {
                all.properties += 1;
                if name != property.name {
                    let _ = writeln!(lines, "# It is called `{}` there.", line(&property.name));
                }
                if let Some(brief) =
                    property.brief.as_deref().map(line).filter(|own| !own.is_empty())
                {
                    let _ = writeln!(lines, "# {brief}");
                }
                lines.push_str(&text);
            }
            Err(why) => {
                all.left_out += 1;
                let _ = writeln!(lines, "# {} is left out: {}.", line(&property.name), line(&why));
            }
        }
    }
    if !lines.is_empty() {
        let _ = write!(all.text, "\n{place}{lines}");
    }
}

/// The name and the line of a property, or why it is left out.
fn definition(property: &DraftProperty, taken: usize) -> Result<(String, String), String> {
    let definition = match &property.found {
        Found::Out(why) => return Err(why.clone()),
        Found::Whole(whole) => whole.clone(),
        Found::Kind { kind, is_required: true } => kind.clone(),
        Found::Kind { kind, is_required: false } => optional(kind),
    };
    if taken >= limits::PROPERTIES {
        return Err("an event has no more properties".to_owned());
    }
    if OF_ENVELOPE.contains(&squashed_name(&property.name).as_str()) {
        return Err("every event says it already, in the envelope".to_owned());
    }
    let name = match is_property_name(&property.name) {
        true => property.name.clone(),
        false => renamed(&property.name, "_-"),
    };
    if !is_property_name(&name) {
        return Err("its name is not one that a property can have".to_owned());
    }
    let text = format!("{} = {definition}\n", key(&name));
    Ok((name, text))
}

/// A name with underscores where it has something that no name may have. A name
/// in another script stays one that is none.
fn renamed(name: &str, allowed: &str) -> String {
    if !name.is_ascii() {
        return String::new();
    }
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || allowed.contains(letter) { letter } else { '_' }
    };
    name.trim().chars().map(letter).collect()
}

/// The same kind, for a property that not every event has.
fn optional(kind: &str) -> String {
    match kind.strip_suffix(" }") {
        Some(table) => format!("{table}, optional = \"omit\" }}"),
        None => format!("{{ is = {kind}, optional = \"omit\" }}"),
    }
}

/// Text of somebody else's as a part of one line.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let shown = visible(&words.join(" "));
    if shown.chars().count() <= limits::BRIEF {
        return shown;
    }
    shown.chars().take(limits::BRIEF - 1).chain(['…']).collect()
}

fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if name.bytes().all(is_bare) { name.to_owned() } else { format!("\"{name}\"") }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

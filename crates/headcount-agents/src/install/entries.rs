//! The entries of hooks in a file of JSON: found, added, brought up to date and
//! taken out.
//!
//! Two shapes. Nested, as Claude Code has it and most others after it:
//! `{"hooks":{"EVENT":[{"hooks":[{"type":"command","command":"…"}]}]}}`; and
//! flat, as Copilot and Cursor: `{"hooks":{"EVENT":[{"command":"…"}]}}` with a
//! version.

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged as _;

use super::error::Problem;
use super::json_text::{Json, Style, named, quoted};
use super::jsonc::{Container, member, root};
use super::splice;

/// How an agent wants its hooks written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Whether the handlers of an event are in groups.
    pub(crate) is_nested: bool,
    /// Whether a handler says that it is a command.
    pub(crate) has_type: bool,
    /// The key of the command.
    pub(crate) command: &'static str,
    /// The key of the time-out.
    pub(crate) timeout: &'static str,
    /// The version of the file, where it has one.
    pub(crate) version: Option<u32>,
}

/// One hook that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) event: &'static str,
    pub(crate) command: String,
    pub(crate) timeout: u32,
}

/// One hook of ours that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) event: String,
    pub(crate) command: String,
    /// Its group in the event, and its place in the group, if there are groups.
    pub(crate) position: (usize, Option<usize>),
    /// Where the text of the command stands.
    literal: std::ops::Range<usize>,
}

/// The text of a file that does not exist yet.
pub(crate) fn new_file(shape: Shape, entries: &[Entry]) -> String {
    let style = Style::of_new_file();
    let events = entries.iter().map(|entry| (entry.event, Json::Array(vec![item(shape, entry)])));
    let mut members = vec![("hooks", Json::Object(events.collect()))];
    members.extend(shape.version.map(|version| ("version", Json::Number(version))));
    format!("{}{}", Json::Object(members).render("", &style), style.newline)
}

/// The text with all entries: those with another program are changed in place,
/// those that are missing are added, those of other events are taken out.
pub(crate) fn installed(
    text: &str,
    shape: Shape,
    entries: &[Entry],
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<String, Problem> {
    let (mark, body) = split_mark(text);
    let mut text = body.to_owned();
    for one in found(&text, shape, is_ours)?.iter().rev() {
        let wanted = entries.iter().find(|entry| entry.event == one.event);
        if let Some(entry) = wanted.filter(|entry| entry.command != one.command) {
            text.replace_range(one.literal.clone(), &quoted(&entry.command));
        }
    }
    for entry in entries {
        if !found(&text, shape, is_ours)?.iter().any(|one| one.event == entry.event) {
            text = with(&text, shape, entry)?;
        }
    }
    loop {
        let all = found(&text, shape, is_ours)?;
        let is_stale = |place: &usize| {
            let event = &all[*place].event;
            !entries.iter().any(|entry| entry.event == event)
                || all[..*place].iter().any(|before| before.event == *event)
        };
        let Some(stale) = (0..all.len()).rev().find(is_stale) else { break };
        let rest = without(&text, &all[stale])?.ok_or(Problem::Entangled)?;
        text = checked(rest, all.len() - 1, shape, is_ours)?;
    }
    checked(text, entries.len(), shape, is_ours).map(|text| format!("{mark}{text}"))
}

/// The text without our entries; `None` if nothing is left of a file that was
/// made for them.
pub(crate) fn removed(
    text: &str,
    shape: Shape,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, Problem> {
    let (mark, body) = split_mark(text);
    let mut text = body.to_owned();
    loop {
        let all = found(&text, shape, is_ours)?;
        let Some(last) = all.last() else { return Ok(Some(format!("{mark}{text}"))) };
        match without(&text, last)? {
            Some(rest) => text = checked(rest, all.len() - 1, shape, is_ours)?,
            None => return Ok(None),
        }
    }
}

/// The byte-order mark, if the text starts with one, and the rest.
fn split_mark(text: &str) -> (&str, &str) {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split_at(text.len() - rest.len())
}

/// A text in which as many entries are found as there should be.
fn checked(
    text: String,
    count: usize,
    shape: Shape,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<String, Problem> {
    match found(&text, shape, is_ours) {
        Ok(found) if found.len() == count => Ok(text),
        _ => Err(Problem::Entangled),
    }
}

/// Our entries, in the order of the text.
pub(crate) fn found(
    text: &str,
    shape: Shape,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<Vec<Found>, Problem> {
    let (_, text) = split_mark(text);
    let root = root(text)?;
    let mut all = Vec::new();
    let Some((_, hooks)) = hooks(&root, text)? else { return Ok(all) };
    for property in &hooks.properties {
        let Value::Array(array) = &property.value else { continue };
        for (position, handler) in handlers(array, shape) {
            let command = handler.get_string(shape.command);
            let Some(command) = command.filter(|command| is_ours(&command.value)) else { continue };
            all.push(Found {
                event: property.name.as_str().to_owned(),
                command: command.value.to_string(),
                position,
                literal: command.start()..command.end(),
            });
        }
    }
    Ok(all)
}

/// The handlers of an event, with the place of the group and that in the group.
fn handlers<'o, 't>(
    array: &'o Array<'t>,
    shape: Shape,
) -> Vec<((usize, Option<usize>), &'o Object<'t>)> {
    let mut handlers = Vec::new();
    for (group, element) in array.elements.iter().enumerate() {
        let Value::Object(object) = element else { continue };
        if !shape.is_nested {
            handlers.push(((group, None), object));
            continue;
        }
        let Some(inner) = object.get_array("hooks") else { continue };
        for (place, handler) in inner.elements.iter().enumerate() {
            if let Value::Object(handler) = handler {
                handlers.push(((group, Some(place)), handler));
            }
        }
    }
    handlers
}

/// The object of all hooks, and its place in the file.
fn hooks<'o, 't>(
    root: &'o Object<'t>,
    text: &str,
) -> Result<Option<(usize, &'o Object<'t>)>, Problem> {
    let Some((place, property)) = member(root, "hooks", text)? else { return Ok(None) };
    match &property.value {
        Value::Object(hooks) => Ok(Some((place, hooks))),
        _ => Err(Problem::NotAn { what: "`hooks`".to_owned(), wanted: "an object" }),
    }
}

/// The entries of an event, and its place among the events.
fn event<'o, 't>(
    hooks: &'o Object<'t>,
    event: &str,
    text: &str,
) -> Result<Option<(usize, &'o Array<'t>)>, Problem> {
    let Some((place, property)) = member(hooks, event, text)? else { return Ok(None) };
    match &property.value {
        Value::Array(array) => Ok(Some((place, array))),
        _ => Err(Problem::NotAn { what: format!("`hooks.{event}`"), wanted: "an array" }),
    }
}

/// The text with one entry more.
fn with(text: &str, shape: Shape, entry: &Entry) -> Result<String, Problem> {
    let root = root(text)?;
    let style = Style::of(text);
    let item = item(shape, entry);
    let Some((_, hooks)) = hooks(&root, text)? else {
        let hooks = Json::Object(vec![(entry.event, Json::Array(vec![item]))]);
        let is_empty = root.properties.is_empty();
        let version = shape.version.filter(|_| is_empty).map(Json::Number);
        return Ok(splice::add(text, &Container::of_object(&root), &style, |indent| {
            let hooks = named("hooks", &hooks, indent, &style);
            match version {
                Some(version) => {
                    let version = named("version", &version, indent, &style);
                    format!("{hooks},{}{indent}{version}", style.newline)
                }
                None => hooks,
            }
        }));
    };
    Ok(match event(hooks, entry.event, text)? {
        None => splice::add(text, &Container::of_object(hooks), &style, |indent| {
            named(entry.event, &Json::Array(vec![item]), indent, &style)
        }),
        Some((_, array)) => splice::add(text, &Container::of_array(array), &style, |indent| {
            item.render(indent, &style)
        }),
    })
}

/// The text without one entry, and without what was made for it; `None` if that
/// is the whole file.
fn without(text: &str, found: &Found) -> Result<Option<String>, Problem> {
    let root = root(text)?;
    let (hooks_place, hooks) = hooks(&root, text)?.ok_or(Problem::Entangled)?;
    let (event_place, array) = event(hooks, &found.event, text)?.ok_or(Problem::Entangled)?;
    let (group, place) = found.position;
    if let (Some(place), Value::Object(object)) = (place, &array.elements[group]) {
        let inner = object.get_array("hooks").ok_or(Problem::Entangled)?;
        if inner.elements.len() > 1 {
            return Ok(Some(splice::cut(text, &Container::of_array(inner), place)));
        }
    }
    let array = Container::of_array(array);
    if array.items.len() > 1 || splice::is_tight(&array) {
        return Ok(Some(splice::cut(text, &array, group)));
    }
    let hooks = Container::of_object(hooks);
    if hooks.items.len() > 1 || splice::is_tight(&hooks) {
        return Ok(Some(splice::cut(text, &hooks, event_place)));
    }
    let container = Container::of_object(&root);
    let is_tight = splice::is_tight(&container);
    let mut rest = splice::cut(text, &container, hooks_place);
    // The version is behind the hooks only where it was written with them.
    let is_version = |name: &str| name == "version";
    let is_made = hooks_place == 0
        && root.properties.get(1).is_some_and(|property| is_version(property.name.as_str()));
    if is_made && container.items.len() == 2 {
        let root = super::jsonc::root(&rest)?;
        rest = splice::cut(&rest, &Container::of_object(&root), 0);
    }
    let is_empty = rest.chars().filter(|letter| !letter.is_whitespace()).eq("{}".chars());
    Ok((is_tight || !is_empty).then_some(rest))
}

/// What is written for an entry.
fn item(shape: Shape, entry: &Entry) -> Json {
    let mut handler = Vec::new();
    if shape.has_type {
        handler.push(("type", Json::Text("command".to_owned())));
    }
    handler.push((shape.command, Json::Text(entry.command.clone())));
    handler.push((shape.timeout, Json::Number(entry.timeout)));
    let handler = Json::Object(handler);
    match shape.is_nested {
        true => Json::Object(vec![("hooks", Json::Array(vec![handler]))]),
        false => handler,
    }
}

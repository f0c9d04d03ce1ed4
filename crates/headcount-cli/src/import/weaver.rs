//! A registry of OpenTelemetry Weaver: groups of semantic conventions, in the
//! first form (`groups`) and in the second (`file_format: definition/2`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::draft::{self, Draft, DraftEvent, DraftProperty, Found};
use super::files::SourceFile;
use super::{annotated, limits, yaml};

/// Everything that the files of a registry define.
#[derive(Default)]
struct Registry {
    /// Attributes by their ids.
    attributes: BTreeMap<String, Value>,
    /// Groups by their ids.
    groups: BTreeMap<String, Value>,
    /// The ids of groups that are events, in order.
    events: Vec<String>,
}

/// Reads the events of a registry.
///
/// # Errors
///
/// Returns a sentence about what is not YAML, or not a registry.
pub(super) fn read(files: &[SourceFile]) -> Result<Draft, String> {
    let mut registry = Registry::default();
    let mut is_registry = false;
    for SourceFile { shown, text } in files {
        let documents = yaml::read(text).map_err(|why| format!("{shown}: {why}"))?;
        for document in &documents {
            is_registry |= registry.add(document);
        }
    }
    if !is_registry {
        let shown = &files[0].shown;
        return Err(format!(
            "{shown}: this is not a registry of Weaver: it has neither `groups` nor `file_format: definition/2`"
        ));
    }
    let mut draft = Draft::default();
    for id in &registry.events {
        let group = &registry.groups[id];
        match registry.event(id, group) {
            Ok(event) => draft.events.push(event),
            Err(why) => draft.left_out.push((name_of(id, group), why)),
        }
    }
    Ok(draft)
}

impl Registry {
    /// Adds a file. Returns whether it is one of a registry.
    fn add(&mut self, file: &Value) -> bool {
        let list = |key: &str| file[key].as_array().map_or(&[][..], Vec::as_slice);
        let is_second =
            file["file_format"].as_str().is_some_and(|text| text.starts_with("definition/2"));
        for group in list("groups") {
            let Some(id) = group["id"].as_str() else { continue };
            for attribute in group["attributes"].as_array().into_iter().flatten() {
                if let Some(id) = attribute["id"].as_str() {
                    self.attributes.insert(id.to_owned(), attribute.clone());
                }
            }
            if group["type"] == "event" {
                self.events.push(id.to_owned());
            }
            self.groups.insert(id.to_owned(), group.clone());
        }
        if is_second {
            for attribute in list("attributes") {
                if let Some(key) = attribute["key"].as_str() {
                    self.attributes.insert(key.to_owned(), attribute.clone());
                }
            }
            for group in list("attribute_groups") {
                if let Some(id) = group["id"].as_str() {
                    self.groups.insert(id.to_owned(), group.clone());
                }
            }
            for event in list("events") {
                if let Some(name) = event["name"].as_str() {
                    let id = format!("event.{name}");
                    self.events.push(id.clone());
                    self.groups.insert(id, event.clone());
                }
            }
        }
        is_second || file["groups"].is_array()
    }

    /// An event, or why it is left out.
    fn event(&self, id: &str, group: &Value) -> Result<DraftEvent, String> {
        if let Some(why) = deprecated(group) {
            return Err(why);
        }
        let own = annotated::of(group);
        let mut properties = Vec::new();
        let mut seen = BTreeSet::new();
        self.attributes_of(group, &mut Vec::from([id.to_owned()]), &mut |attribute| {
            let name = attribute["ref"].as_str().or_else(|| attribute["id"].as_str());
            if let Some(name) = name.filter(|name| seen.insert((*name).to_owned())) {
                properties.push(self.property(name, attribute));
            }
        })?;
        for field in group["body"]["fields"].as_array().into_iter().flatten() {
            if let Some(name) = field["id"].as_str().filter(|name| seen.insert((*name).to_owned()))
            {
                properties.push(property(name, field, field));
            }
        }
        Ok(DraftEvent {
            name: name_of(id, group),
            why: text(group, "brief"),
            owner: own.and_then(|own| own.get("owner")?.as_str()).map(str::to_owned),
            properties,
        })
    }

    /// Calls `each` with the attributes of a group and of those that it extends
    /// or refers to.
    fn attributes_of(
        &self,
        group: &Value,
        path: &mut Vec<String>,
        each: &mut dyn FnMut(&Value),
    ) -> Result<(), String> {
        let mut others: Vec<&str> = group["extends"].as_str().into_iter().collect();
        for attribute in group["attributes"].as_array().into_iter().flatten() {
            match attribute["ref_group"].as_str() {
                Some(other) => others.push(other),
                None => each(attribute),
            }
        }
        for other in others {
            if path.iter().any(|known| known == other) || path.len() > limits::EXTENDED {
                return Err(format!("its group extends itself through `{other}`"));
            }
            let Some(group) = self.groups.get(other) else {
                return Err(format!("the group `{other}` that it extends is in none of the files"));
            };
            path.push(other.to_owned());
            self.attributes_of(group, path, each)?;
            path.pop();
        }
        Ok(())
    }

    /// A property, by its attribute in the event and by its definition.
    fn property(&self, name: &str, attribute: &Value) -> DraftProperty {
        let definition = match attribute["ref"].as_str() {
            None => Some(attribute),
            Some(other) => self.attributes.get(other),
        };
        match definition {
            Some(definition) => property(name, attribute, definition),
            None => DraftProperty {
                name: name.to_owned(),
                brief: text(attribute, "brief"),
                found: Found::out("its definition is in none of the files"),
            },
        }
    }
}

fn property(name: &str, attribute: &Value, definition: &Value) -> DraftProperty {
    let own = annotated::of(attribute).or_else(|| annotated::of(definition));
    let named = own.and_then(|own| own.get("property")?.as_str());
    DraftProperty {
        name: named.unwrap_or(name).to_owned(),
        brief: text(attribute, "brief").or_else(|| text(definition, "brief")),
        found: found(name, attribute, definition, own),
    }
}

fn found(
    name: &str,
    attribute: &Value,
    definition: &Value,
    own: Option<&Map<String, Value>>,
) -> Found {
    if let Some(why) = deprecated(attribute).or_else(|| deprecated(definition)) {
        return Found::Out(why);
    }
    if let Some(whole) = own.and_then(|own| own.get("kind")).and_then(Value::as_str) {
        return annotated::kind(whole).map_or_else(
            || Found::out("its annotation is not a kind of the grammar"),
            Found::Whole,
        );
    }
    let is_required = attribute["requirement_level"] == "required";
    match kind(name, definition) {
        Ok(kind) => Found::Kind { kind, is_required },
        Err(why) => Found::Out(why),
    }
}

/// The kind of an attribute, or why it has none.
fn kind(name: &str, definition: &Value) -> Result<String, String> {
    let members =
        definition["type"]["members"].as_array().or_else(|| definition["members"].as_array());
    if let Some(members) = members {
        return enumeration(name, members);
    }
    match definition["type"].as_str() {
        Some("boolean") => Ok("\"flag\"".to_owned()),
        Some("int") => Ok(draft::whole(name, None)),
        Some("double") => Err(draft::DECIMALS.to_owned()),
        Some("string") => Err(draft::TEXT.to_owned()),
        Some("string[]") => Err(
            "its texts can say anything: list their words as { choices = [\"…\"] } if they are few and known".to_owned(),
        ),
        Some(text) if text.starts_with("template[") => {
            Err("its names can be anything: name each property".to_owned())
        }
        Some(text) => Err(format!("there is no kind for `{}`", headcount::person::visible(text))),
        None => Err("it has no type".to_owned()),
    }
}

/// A closed set of what is not deprecated. OpenTelemetry's own are open: what
/// else is sent becomes `other`.
fn enumeration(name: &str, members: &[Value]) -> Result<String, String> {
    let known = members.iter().filter(|member| deprecated(member).is_none());
    let values: Vec<&Value> = known.map(|member| &member["value"]).collect();
    if values.iter().all(|value| value.is_boolean()) && !values.is_empty() {
        return Ok("\"flag\"".to_owned());
    }
    let numbers: Option<Vec<u64>> = values.iter().map(|value| value.as_u64()).collect();
    if let Some(most) = numbers.and_then(|all| all.into_iter().max()) {
        return Ok(draft::whole(name, Some(most.max(1))));
    }
    let words: Option<Vec<String>> =
        values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    let words = words.ok_or("its members are of several types")?;
    draft::choice("choice", &words, Some("other"))
}

/// Why something is deprecated there, if it is.
fn deprecated(value: &Value) -> Option<String> {
    match &value["deprecated"] {
        Value::Null | Value::Bool(false) => None,
        Value::Object(fields) => Some(match fields.get("renamed_to").and_then(Value::as_str) {
            Some(name) => {
                format!(
                    "it is deprecated there, and called `{}` now",
                    headcount::person::visible(name)
                )
            }
            None => "it is deprecated there".to_owned(),
        }),
        _ => Some("it is deprecated there".to_owned()),
    }
}

fn name_of(id: &str, group: &Value) -> String {
    let name = group["name"].as_str();
    name.unwrap_or_else(|| id.strip_prefix("event.").unwrap_or(id)).to_owned()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

//! A JSON Schema of events: one for each, told apart by a constant name, or one
//! that is named by its title or its place.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::draft::{self, Draft, DraftEvent, DraftProperty, Found};
use super::limits;

/// Where a line has the name of its event.
const NAMES: [&str; 5] = ["event", "eventName", "event_type", "eventType", "name"];

/// Where it has the properties; otherwise beside the name.
const HOLDERS: [&str; 5] = ["properties", "attributes", "event_properties", "fields", "props"];

/// Reads the events of a schema.
///
/// # Errors
///
/// Returns a sentence if there is no event in it.
pub(super) fn read(schema: &Value) -> Result<Draft, String> {
    let reader = Reader { root: schema };
    let mut draft = Draft::default();
    let mut seen = BTreeSet::new();
    for (place, own) in reader.candidates() {
        let Some(resolved) = reader.resolved(own) else {
            draft.left_out.push((place, "what it refers to is not in this file".to_owned()));
            continue;
        };
        if let Some(event) = reader.event(&place, resolved)
            && seen.insert(event.name.clone())
        {
            draft.events.push(event);
        }
    }
    if draft.events.is_empty() && draft.left_out.is_empty() {
        return Err("there is no event in this schema: an event is an object whose `event` or `name` is a constant, or one of `oneOf`, `anyOf` or `$defs`".to_owned());
    }
    Ok(draft)
}

struct Reader<'s> {
    root: &'s Value,
}

impl<'s> Reader<'s> {
    /// The schemas that can be events, each with the name of its place.
    fn candidates(&self) -> Vec<(String, &'s Value)> {
        let root = self.root;
        for key in ["oneOf", "anyOf"] {
            if let Some(all) = root[key].as_array() {
                let named = all.iter().enumerate().map(|(place, own)| {
                    let place = own["$ref"]
                        .as_str()
                        .and_then(|text| text.rsplit('/').next())
                        .map_or_else(|| format!("{key} {}", place + 1), str::to_owned);
                    (place, own)
                });
                return named.collect();
            }
        }
        let items = &root["items"];
        if items.is_object() && root["properties"].is_null() {
            return Reader { root: items }.candidates_or_self(root);
        }
        if root["properties"].is_object() {
            return vec![(String::new(), root)];
        }
        let definitions = ["$defs", "definitions"].iter().filter_map(|key| root[*key].as_object());
        definitions.flatten().map(|(name, own)| (name.clone(), own)).collect()
    }

    fn candidates_or_self(&self, _list: &'s Value) -> Vec<(String, &'s Value)> {
        match self.root["properties"].is_object() || self.root["$ref"].is_string() {
            true => vec![(String::new(), self.root)],
            false => self.candidates(),
        }
    }

    /// What a schema says, after its references; `None` if one leads elsewhere
    /// or in a circle.
    fn resolved(&self, schema: &'s Value) -> Option<&'s Value> {
        let mut schema = schema;
        for _ in 0..limits::EXTENDED {
            let Some(reference) = schema["$ref"].as_str() else { return Some(schema) };
            schema = self.root.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }

    /// An event; `None` if the schema is not that of an object.
    fn event(&self, place: &str, schema: &'s Value) -> Option<DraftEvent> {
        let fields = schema["properties"].as_object()?;
        let constant = |key: &'static str| {
            let value = self.resolved(fields.get(key)?)?;
            let only = value["enum"].as_array().filter(|all| all.len() == 1).map(|all| &all[0]);
            let name = value["const"].as_str().or_else(|| only?.as_str())?;
            Some((key, name.to_owned()))
        };
        let named = NAMES.into_iter().find_map(constant);
        let title = schema["title"].as_str().map(|title| title.replace(' ', "_"));
        let name = match &named {
            Some((_, name)) => name.clone(),
            None if place.is_empty() => title?,
            None => place.to_owned(),
        };
        let held = HOLDERS.iter().find_map(|key| {
            let value = self.resolved(fields.get(*key)?)?;
            value["properties"].as_object().map(|inner| (value, inner))
        });
        let (holder, own) = held.unwrap_or((schema, fields));
        let required: BTreeSet<&str> =
            holder["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let name_key = named.as_ref().map(|(key, _)| *key);
        let is_own = |key: &str| held.is_some() || Some(key) != name_key;
        let properties = own
            .iter()
            .filter(|(key, _)| is_own(key))
            .map(|(key, value)| self.property(key, value, required.contains(key.as_str())))
            .collect();
        let why = schema["description"].as_str().map(str::to_owned);
        Some(DraftEvent { name, why, owner: None, properties })
    }

    fn property(&self, name: &str, schema: &'s Value, is_required: bool) -> DraftProperty {
        let found = match self.resolved(schema) {
            None => Found::out("what it refers to is not in this file"),
            Some(resolved) => match self.kind(name, resolved, is_required) {
                Ok(found) => found,
                Err(why) => Found::Out(why),
            },
        };
        let brief = schema["description"].as_str().map(str::to_owned);
        DraftProperty { name: name.to_owned(), brief, found }
    }

    fn kind(&self, name: &str, schema: &'s Value, is_required: bool) -> Result<Found, String> {
        let (schema, may_be_null) = self.without_null(schema);
        let is_required = is_required && !may_be_null;
        let kind = self.kind_of(name, schema)?;
        Ok(Found::Kind { kind, is_required })
    }

    /// A schema without the null that it may be, and whether it may.
    fn without_null(&self, schema: &'s Value) -> (&'s Value, bool) {
        for key in ["anyOf", "oneOf"] {
            let Some(all) = schema[key].as_array() else { continue };
            let others: Vec<&Value> = all.iter().filter(|own| own["type"] != "null").collect();
            if let ([one], true) = (others.as_slice(), all.len() == 2) {
                return (self.resolved(one).unwrap_or(one), true);
            }
        }
        let is_nullable =
            schema["type"].as_array().is_some_and(|all| all.iter().any(|own| own == "null"));
        (schema, is_nullable)
    }

    fn kind_of(&self, name: &str, schema: &'s Value) -> Result<String, String> {
        let constant = schema.get("const").map(std::slice::from_ref);
        if let Some(values) = constant.or_else(|| schema["enum"].as_array().map(Vec::as_slice)) {
            return of_values(name, values, "choice");
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(text) => vec![text],
            Value::Array(all) => {
                all.iter().filter_map(Value::as_str).filter(|own| *own != "null").collect()
            }
            _ => Vec::new(),
        };
        match kinds[..] {
            ["boolean"] => Ok("\"flag\"".to_owned()),
            ["integer"] if schema["minimum"].as_i64().is_some_and(|least| least < 0) => {
                Err("some of its numbers are below 0: count something else".to_owned())
            }
            ["integer"] => {
                Ok(draft::whole(name, schema["maximum"].as_u64().filter(|most| *most > 0)))
            }
            ["number"] => Err(draft::DECIMALS.to_owned()),
            ["string"] => Err(draft::TEXT.to_owned()),
            ["array"] => {
                let items = self.resolved(&schema["items"]);
                let values = items.and_then(|items| items["enum"].as_array());
                values.map_or_else(
                    || Err("its items can be anything: list their words as { choices = [\"…\"] } if they are few and known".to_owned()),
                    |values| of_values(name, values, "choices"),
                )
            }
            ["object"] => Err("it is an object: name each property of it".to_owned()),
            [] => Err("it has no type".to_owned()),
            _ => Err("its values are of several types".to_owned()),
        }
    }
}

/// The kind of listed values.
fn of_values(name: &str, values: &[Value], key: &str) -> Result<String, String> {
    let known: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
    if !known.is_empty() && known.iter().all(|value| value.is_boolean()) {
        return Ok("\"flag\"".to_owned());
    }
    let numbers: Option<Vec<u64>> = known.iter().map(|value| value.as_u64()).collect();
    if let Some(most) = numbers.and_then(|all| all.into_iter().max()) {
        return Ok(draft::whole(name, Some(most.max(1))));
    }
    let words: Option<Vec<String>> =
        known.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    draft::choice(key, &words.ok_or("its values are of several types")?, None)
}

/// Whether a value looks like a JSON Schema rather than an event.
pub(super) fn is_schema(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    let of_properties = |fields: &Map<String, Value>| {
        fields.values().all(|own| own.is_object() || own.is_boolean())
    };
    has("$schema")
        || has("$defs")
        || has("definitions")
        || ((has("oneOf") || has("anyOf")) && !has("event"))
        || (value["type"] == "object" && value["properties"].as_object().is_some_and(of_properties))
}

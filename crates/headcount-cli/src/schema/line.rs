//! The schema of a line: one object for each event, told apart by its name.
//!
//! It accepts what a program records by this catalog, and nothing that the
//! collector would drop, cut or replace. Four things it cannot say: that a
//! number has so many decimals, that one counts the words of another property,
//! that the time is before a last day, and that a line is longer than 64 KiB.

use headcount_catalog::{
    Absent, Arch, Catalog, EnvelopeEntry, Event, Platform, Property, Source, Words,
};
use serde_json::{Map, Value, json};

use super::{kind, pattern};

/// Returns the schema of the lines of a catalog.
pub(super) fn schema(catalog: &Catalog) -> Value {
    let name = catalog.key_of(|source| matches!(source, Source::Event)).unwrap_or_default();
    let mut events = Map::new();
    for event in catalog.events {
        events.insert(event.name.to_owned(), of_event(catalog, event));
    }
    let names: Vec<&str> = catalog.events.iter().map(|event| event.name).collect();
    let each = catalog.events.iter().map(|event| json!({ "$ref": reference(event.name) }));
    let mut named = Object::default();
    named.put(name, json!({ "enum": names }), true);
    let mut schema = json!({
        "title": format!("A line of {}", catalog.product.title),
        "description": format!(
            "One event of `{}` as a line of JSON, by version {} of its catalog.",
            catalog.product.name, catalog.version
        ),
        "oneOf": each.collect::<Vec<Value>>(),
        "$defs": events,
    });
    // The name alone once more, so that a validator can say that it is unknown.
    for (key, value) in named.open() {
        schema[key] = value;
    }
    schema
}

/// A pointer to the definition of an event: RFC 6901 and 3986.
fn reference(event: &str) -> String {
    // A name has letters, digits, `.`, `_`, `:` and `-`: nothing to escape.
    format!("#/$defs/{event}")
}

fn of_event(catalog: &Catalog, event: &'static Event) -> Value {
    let mut line = Object::default();
    for (_, entry) in catalog.entries(event) {
        match entry.source {
            Source::Properties => {
                for property in event.properties {
                    let absent = property.absent();
                    let value = or_null(of_property(event, property), absent);
                    line.put_in(entry.key, property.name, value, absent != Some(Absent::Omit));
                }
            }
            _ => {
                let value = or_null(of_entry(entry, event), entry.optional);
                line.put(entry.key, value, entry.optional != Some(Absent::Omit));
            }
        }
    }
    let mut schema = Value::Object(line.closed());
    schema["description"] = event.why.into();
    if let Some(last) = event.expires {
        schema["$comment"] = format!("recorded until {last}").into();
    }
    schema
}

fn of_property(event: &Event, property: &Property) -> Value {
    let mut schema = kind::schema(&property.kind, Some(event));
    if let Some(why) = property.why {
        schema["description"] = why.into();
    }
    if let Some(last) = property.expires {
        schema["$comment"] = format!("recorded until {last}").into();
    }
    schema
}

fn of_entry(entry: &EnvelopeEntry, event: &Event) -> Value {
    match entry.source {
        Source::Event => json!({ "const": event.name }),
        Source::EventId => pattern::id(),
        Source::Time(grain) => pattern::time(grain),
        Source::Platform(vocabulary) => platforms(vocabulary),
        Source::Arch(vocabulary) => arches(vocabulary),
        Source::Constant(word) => json!({ "const": event.constant(entry.key, word) }),
        ref other => other.kind().map_or(json!({}), |kind| kind::schema(&kind, None)),
    }
}

fn platforms(vocabulary: Words) -> Value {
    json!({ "enum": Platform::ALL.map(|platform| platform.word(vocabulary)) })
}

fn arches(vocabulary: Words) -> Value {
    json!({ "enum": Arch::ALL.map(|arch| arch.word(vocabulary)) })
}

fn or_null(schema: Value, absent: Option<Absent>) -> Value {
    match absent {
        Some(Absent::Null) => json!({ "anyOf": [schema, { "type": "null" }] }),
        _ => schema,
    }
}

/// An object that is being described, with the objects in it: the dot of a key
/// nests, once.
#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
    inner: Vec<(String, Object)>,
}

impl Object {
    /// Puts a value at a key, whose dot nests.
    fn put(&mut self, key: &str, value: Value, is_required: bool) {
        match key.split_once('.') {
            Some((holder, name)) => self.put_in(holder, name, value, is_required),
            None => self.put_in("", key, value, is_required),
        }
    }

    /// Puts a value into the object `holder`, or into this one.
    fn put_in(&mut self, holder: &str, name: &str, value: Value, is_required: bool) {
        if holder.is_empty() {
            self.properties.insert(name.to_owned(), value);
            if is_required {
                self.required.push(name.to_owned());
            }
            return;
        }
        if !self.inner.iter().any(|(key, _)| key == holder) {
            self.inner.push((holder.to_owned(), Self::default()));
        }
        if let Some((_, object)) = self.inner.iter_mut().find(|(key, _)| key == holder) {
            object.put_in("", name, value, is_required);
        }
    }

    /// The schema, in which no other key is allowed.
    fn closed(self) -> Map<String, Value> {
        let mut schema = self.settled(Self::closed);
        schema.insert("additionalProperties".to_owned(), false.into());
        schema
    }

    /// The schema, in which any other key is allowed.
    fn open(self) -> Map<String, Value> {
        self.settled(Self::open)
    }

    fn settled(mut self, settle: fn(Self) -> Map<String, Value>) -> Map<String, Value> {
        for (key, object) in self.inner {
            // An object is there as soon as one of its keys is.
            if !object.required.is_empty() {
                self.required.push(key.clone());
            }
            let mut schema = settle(object);
            // The line has no empty objects.
            if !schema.contains_key("required") {
                schema.insert("minProperties".to_owned(), 1.into());
            }
            self.properties.insert(key, Value::Object(schema));
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema
    }
}

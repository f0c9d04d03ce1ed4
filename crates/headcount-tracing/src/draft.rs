//! An event while its fields are read: only what a kind admits becomes a value.

use std::fmt::Debug;
use std::time::Duration;

use headcount::TypedEvent;
use headcount::catalog::{Catalog, Event, Kind, Raw, Reason, Value};
use tracing::field::{Field, Visit};

/// The field of an event that has its name. Spans have their own.
const NAME: &str = "event";

/// What was not recorded, by the names of the catalog. The value is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// The event; `None` if the catalog has none with that name.
    pub event: Option<&'static str>,
    /// The property; `None` if it is about the whole event.
    pub property: Option<&'static str>,
    /// Why.
    pub reason: Reason,
}

/// An event that is not whole yet.
#[derive(Debug)]
pub(crate) struct Draft {
    event: &'static Event,
    values: Vec<Option<Value>>,
    refused: Vec<Refused>,
}

impl Draft {
    pub(crate) fn of(event: &'static Event) -> Self {
        Self { event, values: vec![None; event.properties.len()], refused: Vec::new() }
    }

    /// Sets its one duration, if no field gave it.
    pub(crate) fn took(&mut self, duration: Duration) {
        let is_duration = |kind: &Kind| matches!(kind, Kind::Duration { .. });
        let mut all = self.event.given().filter(|(_, property)| is_duration(&property.kind));
        if let (Some((place, property)), None) = (all.next(), all.next())
            && self.values[place].is_none()
        {
            self.values[place] = property.kind.duration(duration);
        }
    }

    /// The event, if it is whole, and what was refused on the way.
    pub(crate) fn whole(self) -> (Option<Whole>, Vec<Refused>) {
        let Self { event, values, mut refused } = self;
        let values = event.complete(values);
        let missing = event
            .properties
            .iter()
            .zip(&values)
            .find(|(property, value)| value.is_none() && property.absent().is_none());
        let Some((property, _)) = missing else {
            return (Some(Whole { event, values }), refused);
        };
        let is_told = refused.iter().any(|told| told.property == Some(property.name));
        if !is_told {
            let reason = Reason::MissingProperty;
            refused.push(Refused {
                event: Some(event.name),
                property: Some(property.name),
                reason,
            });
        }
        (None, refused)
    }

    fn take(&mut self, field: &Field, raw: Option<&Raw<'_>>) {
        let mut given = self.event.given();
        let Some((place, property)) = given.find(|(_, property)| property.name == field.name())
        else {
            return;
        };
        match raw.map_or(Err(Reason::BadProperty), |raw| property.kind.admit(raw)) {
            Ok(value) => self.values[place] = Some(value),
            Err(reason) => {
                let (event, property) = (Some(self.event.name), Some(property.name));
                self.refused.push(Refused { event, property, reason });
            }
        }
    }

    /// Whether a field is a list of words.
    fn is_list(&self, field: &Field) -> bool {
        let property = self.event.property(field.name());
        property.is_some_and(|(_, property)| {
            matches!(property.kind, Kind::Choices { .. } | Kind::Frames { .. })
        })
    }
}

impl Visit for Draft {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field, Some(&Raw::Flag(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, Some(&Raw::Integer(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record_i64(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field, Some(&Raw::Decimal(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if self.is_list(field) {
            let words = value.split(',').filter(|word| !word.is_empty());
            self.take(field, Some(&Raw::List(words.map(Raw::Text).collect())));
        } else {
            self.take(field, Some(&Raw::Text(value)));
        }
    }

    /// What is given with `%` or `?`, and the message: never formatted.
    fn record_debug(&mut self, field: &Field, _value: &dyn Debug) {
        self.take(field, None);
    }
}

/// The name of an event, which is one of its fields.
#[derive(Debug)]
pub(crate) struct Name {
    catalog: &'static Catalog,
    found: Option<&'static Event>,
}

impl Name {
    pub(crate) fn of(catalog: &'static Catalog, event: &tracing::Event<'_>) -> Option<Draft> {
        let mut name = Self { catalog, found: None };
        event.record(&mut name);
        name.found.map(Draft::of)
    }
}

impl Visit for Name {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == NAME {
            self.found = known(self.catalog, value);
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn Debug) {}
}

/// An event that a program may record: the report is the shipper's own.
pub(crate) fn known(catalog: &'static Catalog, name: &str) -> Option<&'static Event> {
    catalog.event(name).filter(|event| !event.is_report())
}

/// An event with all that it needs.
#[derive(Debug)]
pub(crate) struct Whole {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl TypedEvent for Whole {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

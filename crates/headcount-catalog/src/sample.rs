//! Sample records, for a person to see what would be sent.

use crate::{
    Age, Arch, Catalog, Checked, EventId, Given, Kind, Marks, Platform, Raw, Source, Time, Value,
};

/// The device id in a sample.
const NO_ID: &str = "not-created";

impl Catalog {
    /// Returns a record of `event` with plausible values, at `now`. All random
    /// bits of its id are 0, so that no real event has the same id.
    #[must_use]
    pub fn sample(&self, event: &'static crate::Event, now: Time) -> Checked {
        let given = Given {
            device: Some(NO_ID),
            version: Some("1.2.3"),
            platform: Some(Platform::here()),
            arch: Some(Arch::here()),
            locale: Some("en-US"),
            ci: Some(false),
            marks: (!self.identity.count.is_empty())
                .then_some(Marks { periods: self.identity.count, age: Age::ALL[0] }),
            ..Given::default()
        };
        let mut envelope = self.envelope(event, &given);
        for (entry, value) in self.envelope.iter().zip(&mut envelope) {
            let kind = match entry.source {
                Source::Host(kind) => kind,
                Source::Session | Source::Turn | Source::Account => {
                    Kind::Reference(crate::Reference::Session)
                }
                _ => continue,
            };
            *value = kind.sample(now);
        }
        let mut properties = Vec::with_capacity(event.properties.len());
        for property in event.properties {
            let value = match property.kind {
                _ if property.is_expired(now.day()) => None,
                Kind::CountOf(_) => Some(Value::Number(1)),
                kind => kind.sample(now),
            };
            properties.push(value);
        }
        let id = Some(EventId::new(now.day(), [0; 16]));
        Checked { event, id, time: Some(now), envelope, properties, dropped: Vec::new() }
    }
}

impl Kind {
    /// Returns a plausible value of this kind.
    #[must_use]
    pub fn sample(&self, now: Time) -> Option<Value> {
        match self {
            Self::Flag => Some(Value::Flag(true)),
            Self::Choice { .. } | Self::Function { .. } | Self::Class { .. } => self.word(0),
            Self::Choices { .. } => Some(self.words([0])),
            Self::Count { .. } | Self::Bucket { .. } | Self::Duration { .. } | Self::CountOf(_) => {
                self.admit(&Raw::Integer(42)).ok()
            }
            Self::Amount { .. } => self.admit(&Raw::Decimal(0.42)).ok(),
            Self::ExitCode => Some(Value::Number(0)),
            Self::Version => self.admit(&Raw::Text("1.2.3")).ok(),
            Self::Locale => self.admit(&Raw::Text("en-US")).ok(),
            Self::Location => self.admit(&Raw::Text("src/main.rs:12:5")).ok(),
            Self::Frames { .. } => self.admit(&Raw::List(vec![Raw::Text("product::run")])).ok(),
            Self::Scrubbed { .. } => self.admit(&Raw::Text("something went wrong")).ok(),
            Self::Reference(_) => {
                self.admit(&Raw::Text("00000000-0000-4000-8000-000000000000")).ok()
            }
            Self::Token { alphabet, .. } => {
                let first = alphabet.chars().next()?.to_string();
                self.admit(&Raw::Text(&first)).ok()
            }
            Self::Time(grain) => Some(Value::Time(now.cut(*grain), *grain)),
            Self::Constant(_) => self.admit(&Raw::Null).ok(),
        }
    }
}

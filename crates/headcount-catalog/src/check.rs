//! Checks an event against a catalog. Hosts, shippers and collectors use the
//! same check.

use std::borrow::Cow;

use crate::host_value::count;
use crate::{
    Absent, Age, Arch, Catalog, EnvelopeEntry, Event, EventId, Kind, Marks, Period, Platform, Raw,
    Reason, Reference, RunningAgent, Source, Time, Value, Word,
};

/// An event that has not been checked: flat fields with the product's own
/// names, where nested keys are joined by dots, and what the dialect has in
/// fields of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unchecked<'a> {
    /// Keys and values, in their order.
    pub fields: Vec<(Cow<'a, str>, Raw<'a>)>,
    /// What the dialect has in fields of its own.
    pub given: Given<'a>,
}

/// What a dialect has in fields of its own, such as OTLP's event name and
/// resource or PostHog's `distinct_id`. It is used if the fields of the event
/// do not say it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given<'a> {
    /// The event's name.
    pub event: Option<&'a str>,
    /// The event's id.
    pub id: Option<EventId>,
    /// The time of the event.
    pub time: Option<Time>,
    /// The id of the device.
    pub device: Option<&'a str>,
    /// The version of the host.
    pub version: Option<&'a str>,
    /// The operating system.
    pub platform: Option<Platform>,
    /// The processor.
    pub arch: Option<Arch>,
    /// The language and region.
    pub locale: Option<&'a str>,
    /// Whether the host ran in continuous integration.
    pub ci: Option<bool>,
    /// The coding agent that runs the host.
    pub agent: Option<RunningAgent>,
    /// The marks of the event, if it has any.
    pub marks: Option<Marks<'a>>,
}

/// An event that passed the check. It contains only what the catalog allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The definition of the event.
    pub event: &'static Event,
    /// The id. `None` only if the dialect has none.
    pub id: Option<EventId>,
    /// The time of the event. `None` only if the dialect has none.
    pub time: Option<Time>,
    /// The values of the envelope, in the order of [`Catalog::envelope`].
    pub envelope: Vec<Option<Value>>,
    /// The values of the properties, in the order of [`Event::properties`].
    pub properties: Vec<Option<Value>>,
    /// The fields that were dropped.
    pub dropped: Vec<DroppedField>,
}

/// A field that was dropped from an event that passed the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DroppedField {
    /// The name, if the catalog knows it. Unknown names are not kept.
    pub property: Option<&'static str>,
    /// Why it was dropped.
    pub reason: Reason,
}

impl Checked {
    /// Returns the value of the first envelope entry with a source that
    /// `wanted` accepts.
    #[must_use]
    pub fn entry(&self, catalog: &Catalog, wanted: fn(&Source) -> bool) -> Option<&Value> {
        let place = catalog.envelope.iter().position(|entry| wanted(&entry.source))?;
        self.envelope.get(place)?.as_ref()
    }

    /// Returns the periods of which this is the first event of its device.
    pub fn marks(&self, catalog: &Catalog) -> impl Iterator<Item = Period> + use<> {
        let words = match self.entry(catalog, |source| matches!(source, Source::Marks)) {
            Some(Value::Words(words)) => words.clone(),
            _ => Vec::new(),
        };
        let is_marked = move |name: &str| words.iter().any(|word| word.as_str() == name);
        Period::ALL.into_iter().filter(move |(_, name)| is_marked(name)).map(|(period, _)| period)
    }

    /// Returns how long its device has been counted, if it carries a mark.
    #[must_use]
    pub fn age(&self, catalog: &Catalog) -> Option<Age> {
        match self.entry(catalog, |source| matches!(source, Source::Age))? {
            Value::Word(word) => Age::read(word.as_str()),
            _ => None,
        }
    }

    /// Returns the id of the device.
    #[must_use]
    pub fn device(&self, catalog: &Catalog) -> Option<&str> {
        match self.entry(catalog, |source| matches!(source, Source::Device))? {
            Value::Token(token) => Some(token.as_str()),
            _ => None,
        }
    }
}

impl Catalog {
    /// Returns the envelope of an event with the values of `given` and of the
    /// catalog. Entries that only a host can set are `None`.
    #[must_use]
    pub fn envelope(&self, event: &'static Event, given: &Given<'_>) -> Vec<Option<Value>> {
        let value = |entry: &EnvelopeEntry| match entry.source {
            Source::Constant(word) => Some(Value::Word(Word::of(event.constant(entry.key, word)))),
            Source::CatalogVersion => Some(Value::Number(i64::from(self.version))),
            _ => given_entry(&entry.source, given),
        };
        self.envelope.iter().map(value).collect()
    }

    /// Checks an event.
    ///
    /// If a required value is missing or not allowed, the event is rejected, as
    /// is an event after its last day. A property after its last day is left
    /// out, even if it is required. An
    /// optional value that is not allowed is dropped and listed in
    /// [`Checked::dropped`], as is every field that the catalog does not know.
    /// Constants and counts of other properties come from the catalog, whatever
    /// the event says.
    ///
    /// # Errors
    ///
    /// Returns the reason why the event is rejected.
    pub fn check(&self, unchecked: &Unchecked<'_>) -> Result<Checked, Reason> {
        let mut check = Check {
            catalog: self,
            unchecked,
            used: vec![false; unchecked.fields.len()],
            dropped: Vec::new(),
        };
        let event = check.event()?;
        let mut checked = Checked {
            event,
            id: None,
            time: None,
            envelope: vec![None; self.envelope.len()],
            properties: Vec::with_capacity(event.properties.len()),
            dropped: Vec::new(),
        };
        for (place, entry) in self.entries(event) {
            check.entry(entry, place, &mut checked)?;
        }
        if checked.time.is_some_and(|time| event.is_expired(time.day())) {
            return Err(Reason::Expired);
        }
        check.properties(event, &mut checked)?;
        if let Some(name) = event.id {
            checked.id =
                event.property(name).and_then(|(place, _)| match &checked.properties[place] {
                    Some(Value::Token(token)) => EventId::parse(token.as_str()),
                    _ => None,
                });
        }
        checked.dropped = check.finish();
        Ok(checked)
    }
}

/// A check in progress.
struct Check<'c> {
    catalog: &'c Catalog,
    unchecked: &'c Unchecked<'c>,
    /// Whether each field of `unchecked` has been read.
    used: Vec<bool>,
    dropped: Vec<DroppedField>,
}

impl<'c> Check<'c> {
    fn field(&mut self, prefix: &str, name: &str) -> Option<&'c Raw<'c>> {
        let place = self.unchecked.fields.iter().position(|(key, _)| {
            if prefix.is_empty() {
                key == name
            } else {
                key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) == Some(name)
            }
        })?;
        self.used[place] = true;
        Some(&self.unchecked.fields[place].1)
    }

    fn event(&mut self) -> Result<&'static Event, Reason> {
        let key = self.catalog.key_of(|source| matches!(source, Source::Event));
        let field = key.and_then(|key| self.field("", key)).and_then(Raw::text);
        let name = field.or(self.unchecked.given.event).ok_or(Reason::UnknownEvent)?;
        self.catalog.event(name).ok_or(Reason::UnknownEvent)
    }

    fn entry(
        &mut self,
        entry: &'static EnvelopeEntry,
        place: usize,
        checked: &mut Checked,
    ) -> Result<(), Reason> {
        let given = self.unchecked.given;
        match entry.source {
            Source::Properties => return Ok(()),
            Source::Event => {
                self.field("", entry.key);
                return Ok(());
            }
            Source::Constant(word) => {
                self.field("", entry.key);
                let word = checked.event.constant(entry.key, word);
                checked.envelope[place] = Some(Value::Word(Word::of(word)));
                return Ok(());
            }
            Source::EventId => {
                let field = self.field("", entry.key).and_then(Raw::text).and_then(EventId::parse);
                checked.id = field.or(given.id);
                return Ok(());
            }
            Source::Time(grain) => {
                let field = self.field("", entry.key).and_then(Raw::text).and_then(Time::parse);
                checked.time = field.or(given.time).map(|time| time.cut(grain));
                return Ok(());
            }
            _ => {}
        }
        let unchecked = self.field("", entry.key).filter(|raw| **raw != Raw::Null);
        let checked_value = match unchecked {
            Some(raw) => admit_entry(&entry.source, raw).map(Some),
            None => Ok(given_entry(&entry.source, &given)),
        };
        checked.envelope[place] = self.settle(entry.key, entry.optional, checked_value)?;
        Ok(())
    }

    fn properties(&mut self, event: &'static Event, checked: &mut Checked) -> Result<(), Reason> {
        let holder =
            self.catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
        for property in event.properties {
            let unchecked = self.field(holder, property.name).filter(|raw| **raw != Raw::Null);
            if checked.time.is_some_and(|time| property.is_expired(time.day())) {
                if unchecked.is_some() {
                    let reason = Reason::Expired;
                    self.dropped.push(DroppedField { property: Some(property.name), reason });
                }
                checked.properties.push(None);
                continue;
            }
            let checked_value = match property.kind {
                Kind::Constant(word) => Ok(Some(Value::Word(Word::of(word)))),
                Kind::CountOf(of) => Ok(count(event, of, &checked.properties)),
                kind => unchecked.map(|raw| kind.admit(raw)).transpose(),
            };
            // A value that is there is judged as ever.
            let optional =
                if checked_value == Ok(None) { property.absent() } else { property.optional };
            let settled = self.settle(property.name, optional, checked_value)?;
            checked.properties.push(settled);
        }
        Ok(())
    }

    /// Decides whether a value is kept or dropped, or the event rejected.
    fn settle(
        &mut self,
        name: &'static str,
        optional: Option<Absent>,
        value: Result<Option<Value>, Reason>,
    ) -> Result<Option<Value>, Reason> {
        match (value, optional) {
            (Ok(Some(value)), _) => Ok(Some(value)),
            (Ok(None), Some(_)) => Ok(None),
            (Ok(None), None) => Err(Reason::MissingProperty),
            (Err(reason), Some(_)) => {
                self.dropped.push(DroppedField { property: Some(name), reason });
                Ok(None)
            }
            (Err(reason), None) => Err(reason),
        }
    }

    fn finish(mut self) -> Vec<DroppedField> {
        let unknown = self.used.iter().filter(|used| !**used).count();
        let reason = self.catalog.reason_of_unknown_fields();
        let foreign = DroppedField { property: None, reason };
        self.dropped.extend(std::iter::repeat_n(foreign, unknown));
        self.dropped
    }
}

fn admit_entry(source: &Source, raw: &Raw<'_>) -> Result<Value, Reason> {
    let outside = |word: Option<&'static str>| {
        word.map(|word| Value::Word(Word::of(word))).ok_or(Reason::OutsideSet)
    };
    match source {
        Source::Platform(words) => {
            let platform = raw.text().and_then(|text| Platform::read(*words, text));
            outside(platform.map(|platform| platform.word(*words)))
        }
        Source::Arch(words) => {
            let arch = raw.text().and_then(|text| Arch::read(*words, text));
            outside(arch.map(|arch| arch.word(*words)))
        }
        other => other.kind().ok_or(Reason::BadProperty)?.admit(raw),
    }
}

fn given_entry(source: &Source, given: &Given<'_>) -> Option<Value> {
    let token = |kind: Kind, text: &str| kind.token(text).ok().map(Value::Token);
    match source {
        Source::Device => token(Kind::Reference(Reference::Session), given.device?),
        Source::Version => token(Kind::Version, given.version?),
        Source::Platform(words) => Some(Value::Word(Word::of(given.platform?.word(*words)))),
        Source::Arch(words) => Some(Value::Word(Word::of(given.arch?.word(*words)))),
        Source::Locale => token(Kind::Locale, given.locale?),
        Source::Ci => given.ci.map(Value::Flag),
        Source::Agent => Some(Value::Word(Word::of(given.agent?.name))),
        Source::Attended => given.agent?.is_attended.map(Value::Flag),
        Source::Marks => {
            let periods = given.marks?.periods.iter();
            Some(Value::Words(periods.map(|period| Word::of(period.name())).collect()))
        }
        Source::Age => Some(Value::Word(Word::of(given.marks?.age.name()))),
        _ => None,
    }
}

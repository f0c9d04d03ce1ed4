//! What a wrapper has, in any language: events with their fields, closed sets
//! and patterns that become types, and what a program says once of itself.

use headcount_catalog::{Catalog, ConsentDefault, Event, Kind, Property, Reference, Source, Unit};

use super::identifier::Name;
use crate::schema;

/// What a program says of itself in every language, beside the context.
const OWN: [&str; 6] = ["catalog", "version", "program", "no_telemetry", "binary", "strict"];

/// What a wrapper has.
pub(super) struct Plan<'c> {
    pub(super) catalog: &'c Catalog,
    /// What the program says of every event, once.
    pub(super) context: Vec<Field>,
    /// The key of the session, which the wrapper makes anew for each run.
    pub(super) session: Option<&'static str>,
    pub(super) events: Vec<PlannedEvent>,
    pub(super) sets: Vec<Set>,
    pub(super) patterns: Vec<Pattern>,
}

/// An event that a program can record.
pub(super) struct PlannedEvent {
    pub(super) event: &'static Event,
    pub(super) name: Name,
    pub(super) fields: Vec<Field>,
}

/// A value that the program gives.
pub(super) struct Field {
    /// The key as `headcount record` takes it.
    pub(super) key: String,
    /// Without its unit.
    pub(super) bare: Name,
    /// With its unit.
    pub(super) name: Name,
    pub(super) shape: Shape,
    pub(super) is_required: bool,
    /// What it is for and what becomes of it, in sentences.
    pub(super) says: String,
}

/// What a value is, for a language's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Flag,
    /// One word of a set, by its place in [`Plan::sets`].
    Word(usize),
    /// Several words of it.
    Words(usize),
    /// A whole number of at least 0.
    Whole,
    /// A whole number that can be below 0.
    Integer,
    Decimal,
    Duration(Unit),
    /// Text of a pattern, by its place in [`Plan::patterns`].
    Text(usize),
    /// Several such texts.
    Texts(usize),
    Time,
}

/// A closed set that becomes a type.
#[derive(PartialEq, Eq)]
pub(super) struct Set {
    pub(super) name: Name,
    /// The key that it was made for, as the catalog has it.
    pub(super) of: String,
    pub(super) words: Vec<&'static str>,
}

/// A form of text that becomes a type.
#[derive(PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) name: Name,
    pub(super) of: String,
    /// A regular expression for the whole text, without anchors.
    pub(super) form: String,
    /// What no part of it may look like.
    pub(super) never: Option<String>,
    /// The greatest number of characters.
    pub(super) most: Option<u64>,
}

impl<'c> Plan<'c> {
    /// # Errors
    ///
    /// Returns a sentence about a word that `headcount record` cannot take.
    pub(super) fn of(catalog: &'c Catalog) -> Result<Self, String> {
        let mut plan = Self {
            catalog,
            context: Vec::new(),
            session: catalog.key_of(|source| matches!(source, Source::Session)),
            events: Vec::new(),
            sets: Vec::new(),
            patterns: Vec::new(),
        };
        let holder = catalog.key_of(|source| matches!(source, Source::Properties));
        let prefix = format!("{}.", holder.unwrap_or_default());
        for entry in catalog.envelope {
            let kind = match entry.source {
                Source::Host(kind) => kind,
                Source::Turn => Kind::Reference(Reference::Turn),
                Source::Account => Kind::Reference(Reference::Account),
                _ => continue,
            };
            let mut bare = Name::of(entry.key.strip_prefix(&prefix).unwrap_or(entry.key));
            if OWN.contains(&bare.snake().as_str()) {
                bare = bare.after(&Name::of("entry"));
            }
            let field = plan.field(entry.key, &bare, &kind, None)?;
            plan.context.push(Field { is_required: entry.optional.is_none(), ..field });
        }
        for event in catalog.events.iter().filter(|event| !event.is_report()) {
            let mut fields = Vec::new();
            let given = event.given().filter(|(_, property)| event.id != Some(property.name));
            for (_, property) in given {
                fields.push(plan.of_property(event, property)?);
            }
            plan.events.push(PlannedEvent { event, name: Name::of(event.name), fields });
        }
        Ok(plan)
    }

    /// Whether a person is asked before anything is recorded.
    pub(super) fn asks(&self) -> bool {
        self.catalog.consent.default == ConsentDefault::Ask
    }

    fn of_property(&mut self, event: &Event, property: &Property) -> Result<Field, String> {
        let bare = Name::of(property.name);
        let field = self.field(property.name, &bare, &property.kind, Some(event))?;
        let mut says: Vec<String> = property.why.into_iter().map(str::to_owned).collect();
        says.extend((!field.says.is_empty()).then(|| field.says.clone()));
        says.extend(property.expires.map(|last| format!("Recorded until {last}.")));
        let is_required = property.absent().is_none();
        Ok(Field { is_required, says: says.join(" "), ..field })
    }

    fn field(
        &mut self,
        key: &str,
        bare: &Name,
        kind: &Kind,
        event: Option<&Event>,
    ) -> Result<Field, String> {
        let says = match kind {
            Kind::Count { cap } | Kind::Duration { cap, .. } | Kind::Amount { cap, .. } => {
                format!("At most {cap}: more becomes that.")
            }
            Kind::Bucket { ladder } => {
                let rungs: Vec<String> = ladder.iter().map(u64::to_string).collect();
                format!("Rounded down to 0, {}.", rungs.join(", "))
            }
            Kind::Time(grain) => format!("Cut to the {}.", grain_name(*grain)),
            _ => String::new(),
        };
        let name = match kind {
            Kind::Duration { unit: Unit::Milliseconds, .. } => bare.clone().with_unit("ms"),
            Kind::Duration { unit: Unit::Seconds, .. } => bare.clone().with_unit("seconds"),
            Kind::Amount { unit, .. } => bare.clone().with_unit(unit),
            _ => bare.clone(),
        };
        // Another property may have that very name.
        let is_another =
            |event: &Event| event.given().any(|(_, other)| Name::of(other.name) == name);
        let name = if name != *bare && event.is_some_and(is_another) { bare.clone() } else { name };
        let shape = self.shape(key, bare, kind, event)?;
        Ok(Field { key: key.to_owned(), bare: bare.clone(), name, shape, is_required: true, says })
    }

    fn shape(
        &mut self,
        key: &str,
        bare: &Name,
        kind: &Kind,
        event: Option<&Event>,
    ) -> Result<Shape, String> {
        Ok(match *kind {
            Kind::Flag => Shape::Flag,
            Kind::Choice { set, other }
            | Kind::Function { set, other }
            | Kind::Class { set, other } => Shape::Word(self.set(key, bare, (set, other), event)),
            Kind::Choices { set, other } => {
                if let Some(word) = set.iter().copied().chain(other).find(|word| word.contains(','))
                {
                    return Err(format!(
                        "The word `{word}` of `{key}` has a comma, which separates words for `headcount record`: rename it."
                    ));
                }
                Shape::Words(self.set(key, bare, (set, other), event))
            }
            Kind::ExitCode => Shape::Integer,
            Kind::Amount { .. } => Shape::Decimal,
            Kind::Duration { unit, .. } => Shape::Duration(unit),
            Kind::Time(_) => Shape::Time,
            Kind::Version => Shape::Text(self.pattern(key, &Name::of("version"), kind)),
            Kind::Locale => Shape::Text(self.pattern(key, &Name::of("locale"), kind)),
            Kind::Location => Shape::Text(self.pattern(key, &Name::of("location"), kind)),
            Kind::Reference(_) => Shape::Text(self.pattern(key, &Name::of("reference"), kind)),
            Kind::Frames { .. } => Shape::Texts(self.pattern(key, &Name::of("frame"), kind)),
            Kind::Token { .. } | Kind::Scrubbed { .. } => {
                Shape::Text(self.pattern(key, bare, kind))
            }
            // The last two are never given.
            Kind::Count { .. } | Kind::Bucket { .. } | Kind::CountOf(_) | Kind::Constant(_) => {
                Shape::Whole
            }
        })
    }

    /// The place of a set: one that has the same name and words is the same;
    /// another one of that name is told apart by its event.
    fn set(
        &mut self,
        key: &str,
        bare: &Name,
        (set, other): (&'static [&'static str], Option<&'static str>),
        event: Option<&Event>,
    ) -> usize {
        let words: Vec<&str> = set.iter().copied().chain(other).collect();
        let of = key.to_owned();
        let mut wanted = Set { name: bare.clone(), of, words };
        let is_other = |known: &Set| known.name == wanted.name && known.words != wanted.words;
        if let (true, Some(event)) = (self.sets.iter().any(is_other), event) {
            wanted.name = bare.after(&Name::of(event.name));
        }
        place_of(&mut self.sets, wanted, |one, other| {
            one.name == other.name && one.words == other.words
        })
    }

    fn pattern(&mut self, key: &str, name: &Name, kind: &Kind) -> usize {
        let schema = schema::of_kind(kind);
        let schema = if schema["items"].is_object() { &schema["items"] } else { &schema };
        let form = schema["pattern"].as_str().unwrap_or_default();
        let wanted = Pattern {
            name: name.clone(),
            of: key.to_owned(),
            form: form.trim_start_matches('^').trim_end_matches('$').to_owned(),
            never: schema["not"]["pattern"].as_str().map(str::to_owned),
            most: schema["maxLength"].as_u64(),
        };
        place_of(&mut self.patterns, wanted, |one, other| {
            (&one.name, &one.form, one.most) == (&other.name, &other.form, other.most)
        })
    }
}

fn place_of<T>(known: &mut Vec<T>, wanted: T, is_same: impl Fn(&T, &T) -> bool) -> usize {
    let found = known.iter().position(|one| is_same(one, &wanted));
    found.unwrap_or_else(|| {
        known.push(wanted);
        known.len() - 1
    })
}

fn grain_name(grain: headcount_catalog::Grain) -> &'static str {
    let all = headcount_catalog::Grain::ALL;
    all.iter().find(|(known, _)| *known == grain).map_or("second", |(_, name)| name)
}

//! The plan of the generated text: which types there are, and their names.

use super::names::{Names, pascal, snake};
use crate::{Absent, Catalog, Event, Kind, Reference, Source};

/// Everything that is generated besides the constant.
#[derive(Debug)]
pub(super) struct Plan {
    /// The types of properties, in the order of their first use.
    pub(super) types: Vec<NamedType>,
    /// The events that a host can record, in the order of the catalog.
    pub(super) events: Vec<EventStruct>,
    /// The envelope entries that a host sets.
    pub(super) host: Vec<Field>,
}

/// A type for a closed set or a pattern of text.
#[derive(Debug)]
pub(super) struct NamedType {
    /// The name in Rust.
    pub(super) name: String,
    /// The key of the first property that has it.
    pub(super) key: &'static str,
    /// The values of the type.
    pub(super) form: Form,
    /// The name that its property asks for.
    base: String,
}

/// The values of a type. Two properties with the same name share a type if
/// their forms are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// One word of a closed set.
    Set {
        /// The words.
        set: &'static [&'static str],
        /// The bucket.
        other: Option<&'static str>,
    },
    /// Text that matches the pattern of a kind.
    Shape(Kind),
}

/// The struct of an event.
#[derive(Debug)]
pub(super) struct EventStruct {
    /// The name of the struct.
    pub(super) name: String,
    /// The event in the catalog.
    pub(super) definition: &'static Event,
    /// The place in [`Catalog::events`].
    pub(super) place: usize,
    /// The fields.
    pub(super) fields: Vec<Field>,
}

/// A field of an event or of the host.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in Rust.
    pub(super) name: String,
    /// The key on the line.
    pub(super) key: &'static str,
    /// The place in the properties of the event, or in the envelope.
    pub(super) place: usize,
    /// The kind of its values.
    pub(super) kind: Kind,
    /// Whether it can be missing.
    pub(super) presence: Presence,
    /// What it is for.
    pub(super) why: Option<&'static str>,
    /// The name that its type gets if no other type wants it.
    base: String,
    /// The name of its type, if one is generated.
    pub(super) named: Option<String>,
}

/// Whether a field can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It is required.
    Required,
    /// It can be missing; what is written then.
    Optional(Absent),
    /// The host sets it for all events, or does not; what is written then.
    /// `None` if every event needs it.
    Set(Option<Absent>),
}

impl Form {
    fn of(kind: Kind) -> Option<Self> {
        if let Some((set, other)) = kind.set() {
            return Some(Self::Set { set, other });
        }
        match kind {
            Kind::Version
            | Kind::Locale
            | Kind::Token { .. }
            | Kind::Location
            | Kind::Frames { .. }
            | Kind::Scrubbed { .. }
            | Kind::Reference(_) => Some(Self::Shape(kind)),
            _ => None,
        }
    }
}

impl Plan {
    /// Returns the plan of a catalog.
    pub(super) fn of(catalog: &Catalog) -> Self {
        Self::new(catalog.events.iter(), host(catalog))
    }

    fn new(events: impl Iterator<Item = &'static Event>, mut host: Vec<Field>) -> Self {
        let mut names = Names::default();
        for reserved in ["Host", "Some", "None"] {
            names.take(reserved);
        }
        let mut events: Vec<EventStruct> = events
            .enumerate()
            .filter(|(_, event)| !event.is_report())
            .map(|(place, event)| {
                let name = names.take(&pascal(event.name));
                EventStruct { name, definition: event, place, fields: fields(event) }
            })
            .collect();
        let mut uses = Uses(Vec::new());
        uses.add("Host", &host);
        events.iter().for_each(|event| uses.add(&event.name, &event.fields));
        let types = uses.types(&mut names);
        for field in events.iter_mut().flat_map(|event| &mut event.fields).chain(&mut host) {
            let form = Form::of(field.kind);
            field.named = types
                .iter()
                .find(|named| named.base == field.base && Some(named.form) == form)
                .map(|named| named.name.clone());
        }
        Self { types, events, host }
    }
}

fn fields(event: &'static Event) -> Vec<Field> {
    let mut names = Names::default();
    event
        .given()
        .map(|(place, property)| Field {
            name: names.take(&snake(property.name)),
            base: pascal(property.name),
            key: property.name,
            place,
            kind: property.kind,
            presence: property.optional.map_or(Presence::Required, Presence::Optional),
            why: property.why,
            named: None,
        })
        .collect()
}

/// Returns the envelope entries that a host sets. An entry in the object of the
/// events' own properties gets its name without that object.
fn host(catalog: &Catalog) -> Vec<Field> {
    let mut names = Names::default();
    let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
    let bare = |key: &'static str| {
        key.strip_prefix(holder).and_then(|rest| rest.strip_prefix('.')).unwrap_or(key)
    };
    let entries = catalog.envelope.iter().enumerate().filter_map(|(place, entry)| {
        let (word, kind) = match entry.source {
            Source::Host(Kind::Constant(_) | Kind::CountOf(_)) => return None,
            Source::Host(kind) => (bare(entry.key), kind),
            Source::Session => ("session", Kind::Reference(Reference::Session)),
            Source::Turn => ("turn", Kind::Reference(Reference::Turn)),
            Source::Account => ("account", Kind::Reference(Reference::Account)),
            _ => return None,
        };
        Some((place, word, kind, entry))
    });
    entries
        .map(|(place, word, kind, entry)| Field {
            name: names.take(&snake(word)),
            base: pascal(word),
            key: entry.key,
            place,
            kind,
            presence: Presence::Set(entry.optional),
            why: None,
            named: None,
        })
        .collect()
}

/// All uses of forms, each with the name that its property asks for.
struct Uses(Vec<Use>);

struct Use {
    owner: String,
    base: String,
    key: &'static str,
    form: Form,
}

impl Uses {
    fn add(&mut self, owner: &str, fields: &[Field]) {
        self.0.extend(fields.iter().filter_map(|field| {
            let form = Form::of(field.kind)?;
            Some(Use { owner: owner.to_owned(), base: field.base.clone(), key: field.key, form })
        }));
    }

    fn count(&self, base: &str, form: Form) -> usize {
        self.0.iter().filter(|used| used.base == base && used.form == form).count()
    }

    /// Whether a form gets the name of its property alone: it is the only form
    /// with that name, or the one that most properties share.
    fn wins(&self, candidate: &Use) -> bool {
        let namesakes = || self.0.iter().filter(|used| used.base == candidate.base);
        if namesakes().all(|used| used.form == candidate.form) {
            return true;
        }
        let count = |used: &Use| self.count(&used.base, used.form);
        let most = namesakes().map(count).max().unwrap_or(0);
        let first = namesakes().find(|used| count(used) == most);
        most > 1 && first.is_some_and(|first| first.form == candidate.form)
    }

    /// Returns a type for each form and name. It is named after the property if
    /// the form wins, and after its first event and the property otherwise.
    fn types(&self, names: &mut Names) -> Vec<NamedType> {
        let mut types: Vec<NamedType> = Vec::new();
        for used in &self.0 {
            let Use { owner, base, key, form } = used;
            if types.iter().any(|named| named.base == *base && named.form == *form) {
                continue;
            }
            let bare = self.wins(used) && names.is_free(base);
            let wanted = if bare { base.clone() } else { format!("{owner}{base}") };
            let name = names.take(&wanted);
            types.push(NamedType { name, key, form: *form, base: base.clone() });
        }
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Property;

    const SMALL: Kind = Kind::Choice { set: &["a"], other: None };
    const LARGE: Kind = Kind::Choice { set: &["a", "b"], other: None };

    /// The names of the types of events that each have these properties.
    fn names(events: &[(&'static str, &'static [(&'static str, Kind)])]) -> Vec<String> {
        let events = events.iter().map(|(name, properties)| {
            let properties = properties.iter().map(|(name, kind)| Property {
                name,
                kind: *kind,
                optional: None,
                why: None,
                expires: None,
                failure: &[],
            });
            let properties = Vec::leak(properties.collect());
            let event = Event {
                name,
                why: "",
                owner: "",
                purpose: "usage",
                expires: None,
                id: None,
                path: None,
                restated: &[],
                across: &[],
                hook: None,
                properties,
            };
            let event: &'static Event = Box::leak(Box::new(event));
            event
        });
        let plan = Plan::new(events, Vec::new());
        plan.types.into_iter().map(|named| named.name).collect()
    }

    #[test]
    fn one_set_with_one_name_is_one_type() {
        assert_eq!(names(&[("e", &[("agentType", SMALL)])]), ["AgentType"]);
        let shared = names(&[("e", &[("agentType", SMALL)]), ("f", &[("agent_type", SMALL)])]);
        assert_eq!(shared, ["AgentType"]);
    }

    #[test]
    fn two_sets_with_one_name_are_named_after_their_events() {
        let apart = names(&[("e", &[("command", SMALL)]), ("f", &[("command", LARGE)])]);
        assert_eq!(apart, ["ECommand", "FCommand"]);
    }

    #[test]
    fn the_set_that_most_properties_share_has_the_bare_name() {
        let sets = [SMALL, LARGE, LARGE].map(|kind| -> &'static [_] { vec![("x", kind)].leak() });
        let names = names(&[("e", sets[0]), ("f", sets[1]), ("g", sets[2])]);
        assert_eq!(names, ["EX", "X"]);
    }

    #[test]
    fn an_event_keeps_its_name_before_a_property() {
        assert_eq!(names(&[("command", &[("command", SMALL)])]), ["CommandCommand"]);
        assert_eq!(names(&[("e", &[("host", SMALL)])]), ["EHost"]);
    }
}

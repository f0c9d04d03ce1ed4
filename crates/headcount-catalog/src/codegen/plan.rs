//! Codegen's plan: which types there are and what each is called, settled
//! before a line is written.

use super::names::{Names, pascal, snake};
use crate::{Absent, Catalog, Event, Kind, Reference, Source};

/// Everything that will be written beside the constant.
#[derive(Debug)]
pub(super) struct Plan {
    /// The types of properties, in order of first use.
    pub(super) types: Vec<NamedType>,
    /// The events that a host can say, in the catalog's order.
    pub(super) events: Vec<EventStruct>,
    /// The envelope entries a host sets.
    pub(super) host: Vec<Field>,
}

/// A type made for a closed set or a shape.
#[derive(Debug)]
pub(super) struct NamedType {
    /// Its name in Rust.
    pub(super) name: String,
    /// The key it was first seen at.
    pub(super) key: &'static str,
    /// What it holds.
    pub(super) form: Form,
    base: String,
}

/// What a type made for a property holds. Two properties of one name share
/// their type where their forms are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// One word of a closed set.
    Set {
        /// The words.
        set: &'static [&'static str],
        /// The word that stands for every other.
        other: Option<&'static str>,
    },
    /// Text of a shape.
    Shape(Kind),
}

/// An event as a struct.
#[derive(Debug)]
pub(super) struct EventStruct {
    /// The struct's name.
    pub(super) name: String,
    /// The event in the catalog.
    pub(super) definition: &'static Event,
    /// Its place among the catalog's events.
    pub(super) place: usize,
    /// Its fields.
    pub(super) fields: Vec<Field>,
}

/// A field of an event or of the host.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in Rust.
    pub(super) name: String,
    /// Its key on a line.
    pub(super) key: &'static str,
    /// Its place in the event's properties or in the envelope.
    pub(super) place: usize,
    /// What values it can have.
    pub(super) kind: Kind,
    /// Whether it can be missing.
    pub(super) presence: Presence,
    /// What it is for.
    pub(super) why: Option<&'static str>,
    /// The name its type has if nothing else wants it.
    base: String,
    /// The type made for it, where there is one.
    pub(super) named: Option<String>,
}

/// Whether a field can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It must be there.
    Required,
    /// It can be missing from its event.
    Optional(Absent),
    /// The host sets it once for every event, or does not; what stands there
    /// then, and `None` where every event needs it.
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
    /// The plan of a catalog.
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

/// The entries a host sets: those of its own, and what it refers to. One that
/// stands among the events' own properties is called as they are.
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

/// Every use of a form under a name.
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

    /// Whether a form has the bare name of its property: it is the only one of
    /// that name, or the one that most properties share.
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

    /// A type for each form and name, called after the property where it wins
    /// and after its first event and the property where it does not.
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
            });
            let properties = Vec::leak(properties.collect());
            let event =
                Event { name, why: "", owner: "", id: None, path: None, restated: &[], properties };
            let event: &'static Event = Box::leak(Box::new(event));
            event
        });
        let plan = Plan::new(events, Vec::new());
        plan.types.into_iter().map(|named| named.name).collect()
    }

    #[test]
    fn one_set_under_one_name_is_one_type() {
        assert_eq!(names(&[("e", &[("agentType", SMALL)])]), ["AgentType"]);
        let shared = names(&[("e", &[("agentType", SMALL)]), ("f", &[("agent_type", SMALL)])]);
        assert_eq!(shared, ["AgentType"]);
    }

    #[test]
    fn two_sets_under_one_name_are_told_apart_by_their_events() {
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

//! A catalog as a registry of OpenTelemetry Weaver: its attributes once, under
//! the names that they have over OTLP, and each event with references to them.
//!
//! What Weaver cannot say is an annotation: who is responsible, and the kind as
//! the grammar writes it. `headcount import` reads both, so that events,
//! properties and kinds come back as they were.

use headcount_catalog::{Catalog, Checked, Event, Kind, Property, Source, Time, Value};

use super::kind_text;
use super::yaml_text::Yaml;

/// A time for examples.
const MOMENT: i64 = 1_795_176_000;

/// Returns the groups of a catalog.
pub(super) fn groups(catalog: &Catalog) -> String {
    let product = catalog.product.name;
    let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut events = Vec::new();
    for event in catalog.events.iter().filter(|event| !event.is_report()) {
        let sample = catalog.sample(event, Time::from_seconds(MOMENT));
        for (place, property) in event.properties.iter().enumerate() {
            Attribute::of(holder, event, property, example(&sample, place)).join(&mut attributes);
        }
        events.push(group(product, holder, event));
    }
    let mut groups = Vec::new();
    if !attributes.is_empty() {
        groups.push(Yaml::Map(vec![
            ("id", Yaml::text(format!("registry.{product}"))),
            ("type", Yaml::text("attribute_group")),
            ("brief", Yaml::text(format!("What the events of {} say.", catalog.product.title))),
            ("attributes", Yaml::List(attributes.into_iter().map(Attribute::yaml).collect())),
        ]));
    }
    groups.extend(events);
    let made = "# Made of a catalog by `headcount schema --format weaver`: change that, and make it again.\n";
    made.to_owned() + &Yaml::Map(vec![("groups", Yaml::List(groups))]).document()
}

/// Returns the manifest of the registry.
pub(super) fn manifest(catalog: &Catalog) -> String {
    let product = catalog.product;
    let endpoint = catalog.destinations.first().map_or("", |own| own.endpoint.written);
    let host =
        [product.policy.unwrap_or(""), endpoint].into_iter().find_map(host).unwrap_or("localhost");
    let url = format!("https://{host}/schemas/{}/{}.0.0", product.name, catalog.version);
    let about = format!("What {} may report, and nothing else.", product.title);
    let made = "# Made of a catalog by `headcount schema --format weaver-manifest`.\n";
    let pairs = vec![
        ("schema_url", Yaml::text(url)),
        ("description", Yaml::text(about)),
        ("stability", Yaml::text("development")),
    ];
    made.to_owned() + &Yaml::Map(pairs).document()
}

/// The host of an address.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    (!authority.is_empty() && authority.bytes().all(is_plain)).then_some(authority)
}

/// The key of a property over OTLP.
fn key(holder: &str, property: &Property) -> String {
    match holder {
        "" => property.name.to_owned(),
        holder => format!("{holder}.{}", property.name),
    }
}

fn annotations(pairs: Vec<(&'static str, Yaml)>) -> (&'static str, Yaml) {
    ("annotations", Yaml::Map(vec![("headcount", Yaml::Map(pairs))]))
}

/// The group of an event.
fn group(product: &str, holder: &str, event: &Event) -> Yaml {
    let mut pairs = vec![
        ("id", Yaml::text(format!("event.{product}.{}", event.name))),
        ("type", Yaml::text("event")),
        ("name", Yaml::text(event.name)),
        ("stability", Yaml::text("development")),
        ("brief", Yaml::text(event.why)),
    ];
    if let Some(last) = event.expires {
        pairs.push(("note", Yaml::text(format!("It is recorded until {last}."))));
    }
    let properties: Vec<Yaml> = event.properties.iter().map(|own| reference(holder, own)).collect();
    if !properties.is_empty() {
        pairs.push(("attributes", Yaml::List(properties)));
    }
    pairs.push(annotations(vec![("owner", Yaml::text(event.owner))]));
    Yaml::Map(pairs)
}

/// A property of an event.
fn reference(holder: &str, property: &Property) -> Yaml {
    let level = if property.absent().is_none() { "required" } else { "recommended" };
    let mut pairs =
        vec![("ref", Yaml::text(key(holder, property))), ("requirement_level", Yaml::text(level))];
    if let Some(why) = property.why {
        pairs.push(("brief", Yaml::text(why)));
    }
    pairs.push(annotations(vec![
        ("property", Yaml::text(property.name)),
        ("kind", Yaml::text(kind_text::definition(property))),
    ]));
    Yaml::Map(pairs)
}

/// An attribute: what all properties of one name have in common.
struct Attribute {
    key: String,
    kind: AttributeKind,
    brief: String,
    example: Option<String>,
}

#[derive(PartialEq)]
enum AttributeKind {
    /// A type of Weaver's.
    Plain(&'static str),
    /// The words of a closed set.
    Members(Vec<String>),
}

impl Attribute {
    fn of(holder: &str, event: &Event, property: &Property, example: Option<String>) -> Self {
        let words = |set: &[&str], other: Option<&str>| {
            let words = set.iter().copied().chain(other).map(str::to_owned);
            AttributeKind::Members(words.collect())
        };
        let kind = match property.kind {
            Kind::Flag => AttributeKind::Plain("boolean"),
            Kind::Choice { set, other }
            | Kind::Function { set, other }
            | Kind::Class { set, other } => words(set, other),
            Kind::Constant(word) => words(&[word], None),
            Kind::Count { .. }
            | Kind::Bucket { .. }
            | Kind::Duration { .. }
            | Kind::ExitCode
            | Kind::CountOf(_) => AttributeKind::Plain("int"),
            Kind::Amount { .. } => AttributeKind::Plain("double"),
            Kind::Choices { .. } | Kind::Frames { .. } => AttributeKind::Plain("string[]"),
            Kind::Version
            | Kind::Locale
            | Kind::Token { .. }
            | Kind::Location
            | Kind::Scrubbed { .. }
            | Kind::Reference(_)
            | Kind::Time(_) => AttributeKind::Plain("string"),
        };
        let brief = property
            .why
            .map_or_else(|| format!("`{}` of `{}`.", property.name, event.name), str::to_owned);
        Self { key: key(holder, property), kind, brief, example }
    }

    /// Joins it with those of the same key: sets are united, and other types
    /// that differ are any.
    fn join(self, attributes: &mut Vec<Self>) {
        let Some(known) = attributes.iter_mut().find(|known| known.key == self.key) else {
            attributes.push(self);
            return;
        };
        match (&mut known.kind, self.kind) {
            (AttributeKind::Members(words), AttributeKind::Members(more)) => {
                for word in more {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
            (known, kind) if *known == kind => {}
            (known, _) => *known = AttributeKind::Plain("any"),
        }
    }

    fn yaml(self) -> Yaml {
        let mut pairs = vec![("id", Yaml::text(self.key))];
        match &self.kind {
            AttributeKind::Plain(name) => pairs.push(("type", Yaml::text(*name))),
            AttributeKind::Members(words) => {
                let member = |word: &String| {
                    Yaml::Map(vec![
                        ("id", Yaml::text(word)),
                        ("value", Yaml::text(word)),
                        ("stability", Yaml::text("development")),
                    ])
                };
                let members = Yaml::List(words.iter().map(member).collect());
                pairs.push(("type", Yaml::Map(vec![("members", members)])));
            }
        }
        pairs.push(("stability", Yaml::text("development")));
        pairs.push(("brief", Yaml::text(self.brief)));
        let example = self.example.unwrap_or_default();
        match self.kind {
            AttributeKind::Plain("string") => pairs.push(("examples", Yaml::Row(vec![example]))),
            AttributeKind::Plain("string[]") => {
                let row = Yaml::List(vec![Yaml::Row(vec![example])]);
                pairs.push(("examples", row));
            }
            _ => {}
        }
        Yaml::Map(pairs)
    }
}

/// The value of a sample as text, for the types that need an example.
fn example(sample: &Checked, place: usize) -> Option<String> {
    match sample.properties.get(place)?.as_ref()? {
        Value::Token(token) => Some(token.as_str().to_owned()),
        Value::Time(time, grain) => Some(time.format(*grain)),
        Value::Words(words) => words.first().map(|word| word.as_str().to_owned()),
        Value::Tokens(tokens) => tokens.first().map(|token| token.as_str().to_owned()),
        _ => None,
    }
}

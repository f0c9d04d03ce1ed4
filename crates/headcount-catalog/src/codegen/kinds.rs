//! Converts the envelope, events and properties to constant expressions.

use super::literal::Literal;
use crate::{Day, EnvelopeEntry, Event, Kind, Property, Source};

/// Converts an envelope entry.
pub(super) fn of_entry(entry: &EnvelopeEntry) -> Literal {
    let EnvelopeEntry { key, source, optional } = *entry;
    let call = |path, inner| Literal::Call(path, Box::new(inner));
    let source = match source {
        Source::Time(grain) => call("Source::Time", Literal::variant("Grain", grain)),
        Source::Platform(words) => call("Source::Platform", Literal::variant("Words", words)),
        Source::Arch(words) => call("Source::Arch", Literal::variant("Words", words)),
        Source::Constant(word) => call("Source::Constant", Literal::text(word)),
        Source::Host(kind) => call("Source::Host", of_kind(kind)),
        Source::EventId
        | Source::Event
        | Source::Device
        | Source::Session
        | Source::Turn
        | Source::Account
        | Source::Version
        | Source::CatalogVersion
        | Source::Locale
        | Source::Ci
        | Source::Marks
        | Source::Age
        | Source::Agent
        | Source::Attended
        | Source::Properties => Literal::variant("Source", source),
    };
    let optional = Literal::maybe(optional, |absent| Literal::variant("Absent", absent));
    let fields = vec![("key", Literal::text(key)), ("source", source), ("optional", optional)];
    Literal::Fields("EnvelopeEntry", fields)
}

/// Converts an event, with its properties.
pub(super) fn of_event(event: &Event) -> Literal {
    let Event { name, why, owner, purpose, expires, id, path, restated, across, hook, properties } =
        *event;
    let pairs = |pairs: &[(&str, &str)]| {
        Literal::list(pairs, |(one, other)| {
            Literal::Tuple(vec![Literal::text(one), Literal::text(other)])
        })
    };
    Literal::Fields(
        "Event",
        vec![
            ("name", Literal::text(name)),
            ("why", Literal::text(why)),
            ("owner", Literal::text(owner)),
            ("purpose", Literal::text(purpose)),
            ("expires", Literal::maybe(expires, of_day)),
            ("id", Literal::maybe_text(id)),
            ("path", Literal::maybe_text(path)),
            ("restated", pairs(restated)),
            ("across", pairs(across)),
            ("hook", Literal::maybe(hook, |hook| Literal::variant("HookEvent", hook))),
            ("properties", Literal::list(properties, of_property)),
        ],
    )
}

fn of_property(property: &Property) -> Literal {
    let Property { name, kind, optional, why, expires, failure } = *property;
    Literal::Fields(
        "Property",
        vec![
            ("name", Literal::text(name)),
            ("kind", of_kind(kind)),
            ("optional", Literal::maybe(optional, |absent| Literal::variant("Absent", absent))),
            ("why", Literal::maybe_text(why)),
            ("expires", Literal::maybe(expires, of_day)),
            ("failure", Literal::texts(failure)),
        ],
    )
}

fn of_day(day: Day) -> Literal {
    Literal::Call("Day::from_number", Box::new(Literal::Plain(day.number().to_string())))
}

/// Converts a kind.
pub(super) fn of_kind(kind: Kind) -> Literal {
    let set = |path, set: &[&str], other| {
        Literal::Fields(
            path,
            vec![("set", Literal::texts(set)), ("other", Literal::maybe_text(other))],
        )
    };
    let call = |path, inner| Literal::Call(path, Box::new(inner));
    match kind {
        Kind::Choice { set: words, other } => set("Kind::Choice", words, other),
        Kind::Choices { set: words, other } => set("Kind::Choices", words, other),
        Kind::Function { set: words, other } => set("Kind::Function", words, other),
        Kind::Class { set: words, other } => set("Kind::Class", words, other),
        Kind::Count { cap } => Literal::Fields("Kind::Count", vec![("cap", Literal::number(cap))]),
        Kind::Amount { unit, cap, decimals } => Literal::Fields(
            "Kind::Amount",
            vec![
                ("unit", Literal::text(unit)),
                ("cap", Literal::number(cap)),
                ("decimals", Literal::number(decimals)),
            ],
        ),
        Kind::Bucket { ladder } => Literal::Fields(
            "Kind::Bucket",
            vec![("ladder", Literal::list(ladder, |low| Literal::number(*low)))],
        ),
        Kind::Duration { unit, cap } => Literal::Fields(
            "Kind::Duration",
            vec![("unit", Literal::variant("Unit", unit)), ("cap", Literal::number(cap))],
        ),
        Kind::Token { alphabet, most } => Literal::Fields(
            "Kind::Token",
            vec![("alphabet", Literal::text(alphabet)), ("most", Literal::number(most))],
        ),
        Kind::Frames { most } => {
            Literal::Fields("Kind::Frames", vec![("most", Literal::number(most))])
        }
        Kind::Scrubbed { most, because } => Literal::Fields(
            "Kind::Scrubbed",
            vec![("most", Literal::number(most)), ("because", Literal::text(because))],
        ),
        Kind::Reference(to) => call("Kind::Reference", Literal::variant("Reference", to)),
        Kind::CountOf(property) => call("Kind::CountOf", Literal::text(property)),
        Kind::Time(grain) => call("Kind::Time", Literal::variant("Grain", grain)),
        Kind::Constant(word) => call("Kind::Constant", Literal::text(word)),
        Kind::Flag | Kind::ExitCode | Kind::Version | Kind::Locale | Kind::Location => {
            Literal::variant("Kind", kind)
        }
    }
}

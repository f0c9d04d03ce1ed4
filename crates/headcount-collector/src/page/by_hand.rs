//! How to record a first event by hand: lines that work as they are.

use headcount_catalog::{
    Catalog, Event, Key, Kind, Property, Raw, Reference, Source, Time, Token, Value,
};
use maud::{Markup, html};

use crate::access::Gate;
use crate::app::App;
use crate::registry::LoadedProduct;

/// The version of a program of which nothing has arrived.
const VERSION: &str = "1.0.0";

/// The key of a request that a reader has to fill in.
const KEY: &str = "KEY";

/// What to paste into a shell; nothing for a program that somebody else wrote.
pub(super) fn drawn(app: &App, product: &LoadedProduct) -> Markup {
    let (catalog, now) = (product.newest(), app.now());
    let event =
        catalog.events.iter().find(|event| !event.is_report() && !event.is_expired(now.day()));
    let Some(event) = event.filter(|_| !catalog.is_observed()) else { return html! {} };
    if let Some(variable) = built_key(catalog) {
        let is_in_development = matches!(*app.gate, Gate::Development);
        let key = if is_in_development { product.name() } else { KEY };
        return html! {
            p {
                "Or send an event by hand. " code { "headcount record" } " cannot send with this catalog: its key is set by "
                code { (variable) } " when the program is built."
            }
            pre tabindex="0" { code { (request(catalog, event, key, &app.url, now)) } }
            @if !is_in_development {
                p.quiet { code { "headcount keys new " (product.name()) } " makes the key for " code { (KEY) } "." }
            }
        };
    }
    html! {
        p { "Or turn telemetry on and record an event by hand, in the folder of the catalog:" }
        pre tabindex="0" { code { (record(catalog, event, &app.url, now)) } }
    }
}

/// The variable of a build without which nothing is sent, if there is one: the
/// catalog has no key, and a run cannot give it.
fn built_key(catalog: &Catalog) -> Option<&'static str> {
    let keys = catalog.destinations.iter().map(|destination| destination.key);
    let lacking = |key: Key| match key {
        Key::Public(key) if key.written.is_empty() && key.run.is_none() => key.build,
        _ => None,
    };
    keys.map(lacking).collect::<Option<Vec<_>>>()?.first().copied()
}

/// The line that records an event, below one that turns telemetry on. Without
/// that it is off, or a first run tells a person of it and sends nothing yet.
fn record(catalog: &Catalog, event: &'static Event, url: &str, now: Time) -> String {
    let mut words = vec![event.name.to_owned()];
    let required = event.given().filter(|(_, property)| is_required(event, property));
    let of_event = required.map(|(_, property)| (property.name, property.kind));
    let of_host = catalog.envelope.iter().filter(|entry| entry.optional.is_none());
    let of_host = of_host.filter_map(|entry| Some((entry.key, kind_of(entry.source)?)));
    for (name, kind) in of_event.chain(of_host) {
        if let Some(value) = kind.sample(now) {
            words.push(format!("{name}={}", in_shell(&written(&value))));
        }
    }
    let variable = catalog.variable("ENDPOINT");
    let words = words.join(" ");
    format!(
        "headcount telemetry --catalog telemetry.toml on\n{variable}={url} headcount record --catalog telemetry.toml \
         --strict --host-version {VERSION} {words}"
    )
}

/// Whether a record needs to be given it. Its own id is made for it.
fn is_required(event: &Event, property: &Property) -> bool {
    let is_own_id = event.id == Some(property.name) && matches!(property.kind, Kind::Reference(_));
    property.absent().is_none() && !is_own_id
}

/// The kind of what a host says of itself.
fn kind_of(source: Source) -> Option<Kind> {
    match source {
        Source::Host(kind) => Some(kind),
        Source::Session | Source::Turn | Source::Account => {
            Some(Kind::Reference(Reference::Session))
        }
        _ => None,
    }
}

/// The line that sends a sample of an event.
fn request(catalog: &Catalog, event: &'static Event, key: &str, url: &str, now: Time) -> String {
    let mut sample = catalog.sample(event, now);
    for (entry, value) in catalog.envelope.iter().zip(&mut sample.envelope) {
        if entry.source == Source::Version {
            *value = Kind::Version.admit(&Raw::Text(VERSION)).ok();
        }
    }
    let line = headcount_wire::write(catalog, &sample).unwrap_or_default();
    format!(
        "curl {url}/api/v1/events -H 'Authorization: Bearer {key}' -H 'Content-Type: application/x-ndjson' \
         --data-raw {}",
        in_shell(line.trim_end())
    )
}

/// A value as `headcount record` takes it.
fn written(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Decimal(decimal) => decimal.get().to_string(),
        Value::Word(word) => word.as_str().to_owned(),
        Value::Token(token) => token.as_str().to_owned(),
        Value::Words(words) => words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(","),
        Value::Tokens(tokens) => tokens.iter().map(Token::as_str).collect::<Vec<_>>().join(","),
        Value::Time(time, grain) => time.format(*grain),
    }
}

/// A text as one word of a shell.
fn in_shell(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,=@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use headcount_catalog::parse;

    use super::*;

    const NOW: Time = Time::from_seconds(1_795_176_000);

    /// What a catalog requires of an event, and how it is written.
    #[test]
    fn a_line_has_all_that_an_event_requires() {
        for (text, words) in [
            (
                include_str!("../../../../examples/assembly/telemetry.toml"),
                "command_run command='assembly agent' outcome=success exit_code=0 duration_ms=42",
            ),
            (
                include_str!("../../../../examples/atomcode/telemetry.toml"),
                "open_atomcode session_id=00000000-0000-4000-8000-000000000000 mode=headless",
            ),
            (
                include_str!("../../../../examples/atomic/telemetry.toml"),
                "atomic_command command=init success=true",
            ),
            (
                include_str!("../../../../examples/clacky/telemetry.toml"),
                "startup os=linux launch_source=installer",
            ),
        ] {
            let catalog = parse(text).unwrap();
            assert_eq!(built_key(&catalog), None);
            let lines = record(&catalog, &catalog.events[0], "http://127.0.0.1:7070", NOW);
            let (on, line) = lines.split_once('\n').unwrap();
            assert_eq!(on, "headcount telemetry --catalog telemetry.toml on");
            let variable = catalog.variable("ENDPOINT");
            let expected = format!(
                "{variable}=http://127.0.0.1:7070 headcount record --catalog telemetry.toml --strict \
                 --host-version 1.0.0 {words}"
            );
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn a_catalog_whose_key_comes_with_a_build_gets_a_request() {
        let text = include_str!("../../../../examples/archon/telemetry.toml");
        let catalog = parse(text).unwrap();
        assert_eq!(built_key(&catalog), Some("POSTHOG_PUBLIC_KEY"));
        let line = request(&catalog, &catalog.events[0], "archon", "http://127.0.0.1:7070", NOW);
        let begin = "curl http://127.0.0.1:7070/api/v1/events -H 'Authorization: Bearer archon'";
        assert!(line.starts_with(begin), "{line}");
        assert!(line.contains("\"archon_version\":\"1.0.0\""), "{line}");
        assert_eq!(in_shell("it's"), "'it'\\''s'");
        assert_eq!(in_shell(""), "''");
    }
}

//! Where a replay sends: the address, the dialect and the key of the command
//! line as a destination, by the rules that hold for those of catalogs.

use headcount::catalog::{Catalog, Destination, Dialect, Encoding, Event, Key, Setting};
use headcount::ship::{Build, Overrides, Target, Unshippable, target};

/// What the command line says of the destination.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) url: &'a str,
    pub(super) dialect: Dialect,
    pub(super) encoding: Option<Encoding>,
    pub(super) key: Option<&'a str>,
}

/// The destination of a replay.
///
/// # Errors
///
/// Returns a sentence about what is missing or does not fit.
pub(super) fn of(catalog: &Catalog, given: Given<'_>) -> Result<(Destination, Target), String> {
    let Given { url, dialect, encoding, key } = given;
    let destination = Destination {
        name: "replay",
        dialect,
        endpoint: Setting::fixed(leak(url)),
        key: match (key, needs_key(dialect)) {
            (Some(key), _) => Key::Public(Setting { built: Some(leak(key)), ..Setting::fixed("") }),
            (None, true) => Key::Public(Setting::fixed("")),
            (None, false) => Key::None,
        },
        encoding: checked(dialect, encoding)?,
    };
    let found = target(catalog, &destination, &Overrides::default(), Build::Release);
    found.map(|target| (destination, target)).map_err(|why| sentence(&why, given))
}

/// A destination lives as long as the process.
fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn needs_key(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::PostHog | Dialect::Datadog)
}

/// The encoding, if the dialect has it.
fn checked(dialect: Dialect, encoding: Option<Encoding>) -> Result<Encoding, String> {
    match (dialect, encoding) {
        (_, None | Some(Encoding::Json)) => Ok(Encoding::Json),
        (Dialect::Otlp, Some(Encoding::Protobuf)) => Ok(Encoding::Protobuf),
        (Dialect::Datadog, Some(Encoding::Lines)) => Ok(Encoding::Lines),
        (_, Some(Encoding::Protobuf)) => {
            Err("--encoding protobuf is for --dialect otlp alone: leave it out".to_owned())
        }
        (_, Some(Encoding::Lines)) => {
            Err("--encoding lines is for --dialect datadog alone: leave it out".to_owned())
        }
    }
}

fn sentence(why: &Unshippable, given: Given<'_>) -> String {
    let (url, dialect) = (headcount::person::visible(given.url), given.dialect.name());
    match why {
        Unshippable::NoEndpoint => format!(
            "--to: `{url}` is not an address: write it as https://telemetry.example/api/v1/events"
        ),
        Unshippable::NotSecure(origin) => format!(
            "--to: {origin} is not https: everybody between could read the events; only this machine's own addresses may be http"
        ),
        Unshippable::NoKey => {
            format!("--key is missing: the dialect {dialect} names the project by its key")
        }
        Unshippable::WrongKey => format!(
            "--key is not a write key of the dialect {dialect}: give the one that ships with programs, not a personal one"
        ),
        Unshippable::DebugBuild | Unshippable::Redirected { .. } => why.to_string(),
    }
}

/// The events of a catalog as a destination has them. The paths of their own
/// that some events have are those of the catalog's destinations.
pub(super) struct Paths {
    events: Vec<&'static Event>,
}

impl Paths {
    pub(super) fn of(catalog: &Catalog, dialect: Dialect) -> Self {
        let keeps = matches!(dialect, Dialect::Clacky | Dialect::Http);
        let events = catalog.events.iter();
        let event = |event: &'static Event| match event.path {
            Some(_) if !keeps => &*Box::leak(Box::new(Event { path: None, ..*event })),
            _ => event,
        };
        Self { events: events.map(event).collect() }
    }

    /// The same event without what this destination does not have.
    pub(super) fn event(&self, event: &'static Event) -> &'static Event {
        self.events.iter().find(|own| own.name == event.name).copied().unwrap_or(event)
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::parse;

    use super::*;

    fn clacky() -> Catalog {
        parse(include_str!("../../catalogs/clacky.toml")).unwrap_or_else(|all| panic!("{all}"))
    }

    fn given(url: &str, dialect: Dialect) -> Given<'_> {
        Given { url, dialect, encoding: None, key: None }
    }

    #[test]
    fn an_address_without_a_path_gets_the_usual_one() {
        let clacky = clacky();
        for (url, dialect, key, wanted) in [
            ("https://c.example", Dialect::Headcount, None, "https://c.example/api/v1/events"),
            ("http://127.0.0.1:9", Dialect::Otlp, None, "http://127.0.0.1:9/v1/logs"),
            ("https://c.example/x", Dialect::Headcount, Some("hcw_1"), "https://c.example/x"),
            ("https://p.example", Dialect::PostHog, Some("phc_1"), "https://p.example/batch/"),
        ] {
            let (_, target) = of(&clacky, Given { key, ..given(url, dialect) }).unwrap();
            assert_eq!(target.url(None), wanted);
            assert_eq!(target.key(), key);
        }
    }

    #[test]
    fn what_does_not_fit_says_what_to_do() {
        let clacky = clacky();
        let secret = |url| Given { key: Some("phx_personal"), ..given(url, Dialect::PostHog) };
        let encoded = |encoding| Given {
            encoding: Some(encoding),
            ..given("https://c.example", Dialect::Headcount)
        };
        for (given, word) in [
            (given("c.example", Dialect::Headcount), "is not an address"),
            (given("ftp://c.example", Dialect::Headcount), "is not an address"),
            (given("https://a@c.example", Dialect::Headcount), "is not an address"),
            (given("http://c.example", Dialect::Headcount), "is not https"),
            (given("https://p.example", Dialect::PostHog), "--key is missing"),
            (given("https://p.example", Dialect::Datadog), "--key is missing"),
            (secret("https://p.example"), "not a personal one"),
            (encoded(Encoding::Protobuf), "otlp alone"),
            (encoded(Encoding::Lines), "datadog alone"),
        ] {
            let told = of(&clacky, given).unwrap_err();
            assert!(told.contains(word), "{word}: {told}");
        }
    }

    #[test]
    fn only_dialects_with_paths_of_events_keep_them() {
        let clacky = clacky();
        let event = &clacky.events[0];
        assert!(event.path.is_some());
        assert_eq!(Paths::of(&clacky, Dialect::Headcount).event(event).path, None);
        assert_eq!(Paths::of(&clacky, Dialect::Clacky).event(event).path, event.path);
    }
}

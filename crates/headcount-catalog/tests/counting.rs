//! Catalogs that count devices without an id, tell purposes apart, and say
//! until when something is recorded.
#![cfg(feature = "parse")]

use std::fs;
use std::path::Path;

use headcount_catalog::{
    Absent, Catalog, Day, Event, Given, Period, Raw, Reason, Source, Time, Unchecked, parse,
};

fn read(name: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accept").join(name);
    let text = fs::read_to_string(&path).expect("the catalog is in the repository");
    parse(&text).unwrap_or_else(|mistakes| panic!("{}:\n{mistakes}", path.display()))
}

fn event(catalog: &Catalog, name: &str) -> &'static Event {
    catalog.event(name).unwrap_or_else(|| panic!("{name} is an event"))
}

/// The keys of the envelope, in order; `*` where the properties are.
fn keys(catalog: &Catalog) -> Vec<&'static str> {
    let key = |entry: &headcount_catalog::EnvelopeEntry| match entry.source {
        Source::Properties => "*",
        _ => entry.key,
    };
    catalog.envelope.iter().map(key).collect()
}

/// Without an id, an envelope has the marks of a device at its end.
#[test]
fn devices_are_counted_by_their_marks() {
    let catalog = read("counting.toml");
    assert_eq!(catalog.identity.count, [Period::Day, Period::Week, Period::Month]);
    assert_eq!(keys(&catalog), ["id", "event", "time", "*", "first", "age"]);
    for key in ["first", "age"] {
        let entry = catalog.envelope.iter().find(|entry| entry.key == key).expect("an entry");
        assert_eq!(entry.optional, Some(Absent::Omit));
    }
    let renamed = read("counting-renamed.toml");
    assert_eq!(renamed.identity.count, [Period::Day, Period::Month]);
    assert_eq!(keys(&renamed), ["id", "event", "time", "*", "born", "marks"]);
    let marks = renamed.envelope.iter().find(|entry| entry.key == "marks").expect("an entry");
    assert_eq!((marks.source, marks.optional), (Source::Marks, Some(Absent::Null)));
}

#[test]
fn events_have_a_purpose_and_a_last_day() {
    let catalog = read("counting.toml");
    let names: Vec<&str> = catalog.purposes.iter().map(|purpose| purpose.name).collect();
    assert_eq!(names, ["usage", "crash"]);
    assert_eq!(event(&catalog, "command").purpose, "usage");
    assert_eq!(event(&catalog, "panic").purpose, "crash");
    let purpose = |name: &str| catalog.purpose(name).map(|purpose| purpose.name);
    for name in ["crash", "panics", "errors"] {
        assert_eq!(purpose(name), Some("crash"), "{name}");
    }
    assert_eq!((purpose("usage"), purpose("other")), (Some("usage"), None));
    assert_eq!(event(&catalog, "command").expires, Day::parse("2027-06-30"));
    let (_, shell) = event(&catalog, "command").property("shell").expect("a property");
    assert_eq!(shell.expires, Day::parse("2026-12-31"));
    // Where no purpose is named, nothing is said of purposes.
    let smallest = read("smallest.toml");
    assert!(smallest.purposes.is_empty() && event(&smallest, "command").purpose == "usage");
}

/// An event and a property are allowed on their last day and not after it.
#[test]
fn what_has_expired_is_not_allowed() {
    let catalog = read("counting.toml");
    let check = |day: &str, shell: Option<&'static str>| {
        let mut fields = vec![
            ("id".into(), Raw::Text("01890000-0000-7000-8000-000000000000")),
            ("event".into(), Raw::Text("command")),
            ("name".into(), Raw::Text("run")),
            ("works".into(), Raw::Flag(true)),
        ];
        fields.extend(shell.map(|shell| ("shell".into(), Raw::Text(shell))));
        let given = Given { time: Time::parse(day), ..Given::default() };
        catalog.check(&Unchecked { fields, given })
    };
    // What lacks it may be of a release that had an earlier day.
    assert!(check("2026-12-31T23:59:59Z", None).is_ok());
    assert_eq!(check("2026-12-31T23:59:59Z", Some("fish")), Err(Reason::OutsideSet));
    let last = check("2026-12-31T23:59:59Z", Some("zsh")).expect("an event");
    assert!(last.dropped.is_empty() && last.properties[2].is_some());
    let after = check("2027-01-01T00:00:00Z", Some("zsh")).expect("an event");
    let dropped: Vec<_> =
        after.dropped.iter().map(|field| (field.property, field.reason)).collect();
    assert_eq!(dropped, [(Some("shell"), Reason::Expired)]);
    assert_eq!(after.properties[2], None);
    assert!(check("2027-06-30T23:59:59Z", None).is_ok());
    for shell in [None, Some("zsh")] {
        assert_eq!(check("2027-07-01T00:00:00Z", shell), Err(Reason::Expired));
    }
}

/// Whatever day of a period it is, the one before begins on the same day.
#[test]
fn the_period_before() {
    let day = |text: &str| Day::parse(text).expect("a day");
    for (period, of, before) in [
        (Period::Day, "2026-03-01", "2026-02-28"),
        (Period::Week, "2026-11-16", "2026-11-09"),
        (Period::Week, "2027-01-03", "2026-12-21"),
        (Period::Month, "2026-03-31", "2026-02-01"),
        (Period::Month, "2026-01-01", "2025-12-01"),
    ] {
        assert_eq!(period.before(day(of)), day(before), "{of} by {}", period.name());
    }
}

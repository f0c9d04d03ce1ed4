//! Which changes of the marks of a device, and of the last day of an event,
//! collect more.
#![cfg(feature = "parse")]

use headcount_catalog::{Catalog, Direction, Scheme, Scope, parse};

const AGREED: &str = include_str!("accept/smallest.toml");

fn catalog(text: &str) -> Catalog {
    parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

fn counted_by_ids() -> Catalog {
    catalog(AGREED)
}

/// The text with several changes.
fn changed(changes: &[(&str, &str)]) -> Catalog {
    catalog(&changes.iter().fold(AGREED.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?}");
        text.replace(from, to)
    }))
}

/// The same catalog without an id, whose devices mark these periods.
fn counting(periods: &str) -> Catalog {
    let count = format!("\"none\"\ncount = [{periods}]");
    changed(&[("\"random\"\nfile = \"device-id\"", count.as_str()), ("device = \"device\"\n", "")])
}

#[test]
fn a_mark_of_another_period_is_new_unless_an_id_was_agreed_to() {
    let (days, all) = (counting("\"day\""), counting("\"day\", \"week\", \"month\""));
    let told: Vec<_> = Scope::of(&days)
        .compare(&Scope::of(&all))
        .iter()
        .map(|change| (change.direction, change.to_string()))
        .collect();
    let wider =
        |period| (Direction::Widens, format!("a device marks its first event of a {period}"));
    assert_eq!(told, [wider("month"), wider("week")]);
    assert_eq!(all.narrowed(&Scope::of(&days)).unwrap().identity.count, days.identity.count);
    assert!(Scope::of(&all).allows(&Scope::of(&days)));
    // An id says more than any mark.
    let scope = Scope::of(&counted_by_ids());
    assert!(scope.allows(&Scope::of(&all)));
    assert_eq!(all.narrowed(&scope), Some(all));
    // Who agreed to marks has no id, and only those marks.
    let left = counted_by_ids().narrowed(&Scope::of(&all)).unwrap();
    assert_eq!((left.identity.scheme, left.identity.count), (Scheme::None, &[][..]));
    let both = Scope::of(&days).united(Scope::of(&counting("\"week\"")));
    assert!(both.allows(&Scope::of(&counting("\"week\", \"day\""))));
}

#[test]
fn what_is_recorded_for_longer_is_new() {
    let until = |event: &str, property: &str| {
        changed(&[
            (
                "why = \"Which commands are used?\"",
                &format!("why = \"Which commands are used?\"{event}"),
            ),
            ("works = \"flag\"", &format!("works = {{ is = \"flag\"{property} }}")),
        ])
    };
    let (soon, late) = ("\nexpires = \"2027-01-31\"", "\nexpires = \"2027-06-30\"");
    let property = ", expires = \"2027-01-31\"";
    let said = |before: &Catalog, later: &Catalog| -> Vec<_> {
        let changes = Scope::of(before).compare(&Scope::of(later));
        changes.iter().map(|change| (change.direction, change.to_string())).collect()
    };
    let (none, short, long) = (until("", ""), until(soon, property), until(late, property));
    assert_eq!(
        said(&none, &short),
        [
            (Direction::Narrows, "`command` is recorded until 2027-01-31 only".to_owned()),
            (
                Direction::Narrows,
                "`works` of `command` is recorded until 2027-01-31 only".to_owned()
            ),
        ]
    );
    let longer = "`command` is recorded until 2027-06-30 instead of 2027-01-31".to_owned();
    assert_eq!(said(&short, &long), [(Direction::Widens, longer)]);
    assert_eq!(said(&long, &short).len(), 1);
    assert_eq!(
        said(&short, &none),
        [
            (
                Direction::Widens,
                "`command` is recorded without end instead of until 2027-01-31".to_owned()
            ),
            (
                Direction::Widens,
                "`works` of `command` is recorded without end instead of until 2027-01-31"
                    .to_owned()
            ),
        ]
    );
    for later in [&none, &long] {
        let left = later.narrowed(&Scope::of(&short)).unwrap();
        assert_eq!(left, short.narrowed(&Scope::of(&short)).unwrap());
        assert!(Scope::of(&short).allows(&Scope::of(&left)));
    }
    // Both agreements count, with the later day.
    let both = Scope::of(&short).united(Scope::of(&long));
    assert!(both.allows(&Scope::of(&long)) && !both.allows(&Scope::of(&none)));
    let both = Scope::of(&short).united(Scope::of(&none));
    assert!(both.allows(&Scope::of(&none)));
}

/// A property and an event whose name looks like it are told apart.
#[test]
fn an_event_with_a_dot_is_not_a_property() {
    let twins = |event: &str, property: &str| {
        changed(&[
            (
                "[event.command]",
                "[event.\"command.works\"]\nwhy = \"Which?\"\nowner = \"us\"\nexpires = \"EVENT\"\n[event.command]",
            ),
            ("works = \"flag\"", "works = { is = \"flag\", expires = \"PROPERTY\" }"),
            ("EVENT", event),
            ("PROPERTY", property),
        ])
    };
    let agreed = twins("2026-12-31", "2027-06-30");
    let scope = Scope::of(&agreed);
    assert_eq!(scope.until.len(), 2);
    let later = twins("2027-06-30", "2027-06-30");
    assert!(!scope.allows(&Scope::of(&later)));
    assert_eq!(later.narrowed(&scope), Some(agreed));
}

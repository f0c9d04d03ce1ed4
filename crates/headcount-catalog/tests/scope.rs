//! Which changes of a catalog collect more, how they are described, and what is
//! left of such a catalog until the person has agreed.
#![cfg(feature = "parse")]

use headcount_catalog::{
    Catalog, Direction, Extent, Grain, Kind, Rotation, Scheme, Scope, Source, Unit, parse,
};

const AGREED: &str = r#"
grammar = 1
catalog = 1
[product]
name = "tool"
prefix = "TOOL"
title = "Tool"
[consent]
default = "off"
order = ["environment", "do-not-track", "flag", "settings"]
[files]
folder = "~/.tool"
settings = { file = "telemetry.json", enabled = "enabled" }
queue = "telemetry-events.jsonl"
[identity]
scheme = "random"
file = "device-id"
rotate = "monthly"
[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "minute" }
device = "device"
version = "version"
mode = { choice = ["tui", "ide"], optional = "omit" }
"*" = "properties"
[[destination]]
kind = "headcount"
endpoint = "https://telemetry.tool.example/api/v1/events"
[retention]
on-machine = "30d"
raw = "90d"
[event.command]
why = "Which commands are used?"
owner = "cli team"
[event.command.properties]
name = { choice = ["build", "run"], other = "other" }
tags = { choices = ["a", "b"] }
tag_count = { count-of = "tags" }
works = "flag"
files = { count = 1000 }
cost = { amount = "usd", cap = 100, decimals = 2 }
size = { bucket = [10, 100] }
took = { duration = "ms", cap = 60000 }
model = { token = "a-z0-9", most = 20 }
trace = { frames = 3 }
problem = { scrubbed = 40, because = "No closed set would do." }
began = { time = "hour" }
run = { reference = "session" }
kind = { constant = "cli" }
[event.start]
why = "How many start it?"
owner = "cli team"
"#;

/// A change of the text, its direction, and its sentence.
struct Row {
    from: &'static str,
    to: &'static str,
    direction: Direction,
    says: &'static str,
    /// What it takes away besides, if it does.
    and_takes: Option<&'static str>,
}

const fn wider(from: &'static str, to: &'static str, says: &'static str) -> Row {
    Row { from, to, direction: Direction::Widens, says, and_takes: None }
}

const fn narrower(from: &'static str, to: &'static str, says: &'static str) -> Row {
    Row { from, to, direction: Direction::Narrows, says, and_takes: None }
}

const fn other([from, to]: [&'static str; 2], [says, takes]: [&'static str; 2]) -> Row {
    Row { from, to, direction: Direction::Widens, says, and_takes: Some(takes) }
}

const ROWS: &[Row] = &[
    wider(
        "[event.start]",
        "[event.stop]\nwhy = \"How many stop it?\"\nowner = \"cli team\"\n[event.start]",
        "the event `stop` is new",
    ),
    wider(
        "[event.start]",
        "[report]\nowner = \"cli team\"\n[event.start]",
        "the event `telemetry_report` is new",
    ),
    narrower(
        "[event.start]\nwhy = \"How many start it?\"\nowner = \"cli team\"\n",
        "",
        "the event `start` is removed",
    ),
    wider("works =", "tries = \"flag\"\nworks =", "`tries` of `command` is new"),
    wider(
        "works =",
        "tries = { is = \"flag\", optional = \"omit\" }\nworks =",
        "`tries` of `command` is new",
    ),
    narrower("works = \"flag\"\n", "", "`works` of `command` is removed"),
    wider("works = \"flag\"", "works = { count = 1 }", "`works` of `command` has more detail"),
    wider("\"run\"]", "\"run\", \"test\"]", "`name` of `command` can also be test"),
    other(
        ["\"run\"]", "\"test\"]"],
        ["`name` of `command` can also be test", "`name` of `command` can no longer be run"],
    ),
    narrower("\"run\"]", "]", "`name` of `command` can no longer be run"),
    narrower(", other = \"other\"", "", "`name` of `command` can no longer be other"),
    other(
        ["other = \"other\"", "other = \"else\""],
        ["`name` of `command` can also be else", "`name` of `command` can no longer be other"],
    ),
    wider("[\"a\", \"b\"]", "[\"a\", \"b\", \"c\"]", "`tags` of `command` can also be c"),
    wider("count = 1000", "count = 1001", "`files` of `command` has more detail"),
    narrower("count = 1000", "count = 999", "`files` of `command` has less detail"),
    wider("\"usd\", cap = 100", "\"usd\", cap = 101", "`cost` of `command` has more detail"),
    wider("decimals = 2", "decimals = 3", "`cost` of `command` has more detail"),
    narrower("decimals = 2", "decimals = 0", "`cost` of `command` has less detail"),
    wider("\"usd\"", "\"tokens\"", "`cost` of `command` has more detail"),
    wider("[10, 100]", "[10, 50, 100]", "`size` of `command` has more detail"),
    wider("[10, 100]", "[20]", "`size` of `command` has more detail"),
    narrower("[10, 100]", "[100]", "`size` of `command` has less detail"),
    wider("cap = 60000", "cap = 60001", "`took` of `command` has more detail"),
    narrower("cap = 60000", "cap = 59999", "`took` of `command` has less detail"),
    wider("duration = \"ms\"", "duration = \"s\"", "`took` of `command` has more detail"),
    wider("most = 20", "most = 21", "`model` of `command` has more detail"),
    wider("a-z0-9", "a-zA-Z0-9", "`model` of `command` has more detail"),
    wider("frames = 3", "frames = 4", "`trace` of `command` has more detail"),
    wider("scrubbed = 40", "scrubbed = 41", "`problem` of `command` has more detail"),
    wider("time = \"hour\"", "time = \"second\"", "`began` of `command` has more detail"),
    narrower("time = \"hour\"", "time = \"day\"", "`began` of `command` has less detail"),
    wider(
        "reference = \"session\"",
        "reference = \"account\"",
        "`run` of `command` has more detail",
    ),
    wider("constant = \"cli\"", "constant = \"web\"", "`kind` of `command` has more detail"),
    wider("grain = \"minute\"", "grain = \"second\"", "`time` of every event has more detail"),
    narrower("grain = \"minute\"", "grain = \"day\"", "`time` of every event has less detail"),
    wider(
        "version = \"version\"",
        "version = \"locale\"",
        "`version` of every event has more detail",
    ),
    wider("mode =", "arch = \"arch\"\nmode =", "`arch` of every event is new"),
    wider("mode =", "agent = \"agent\"\nmode =", "`agent` of every event is new"),
    wider("mode =", "seen = \"attended\"\nmode =", "`seen` of every event is new"),
    narrower("version = \"version\"\n", "", "`version` of every event is removed"),
    wider("\"ide\"]", "\"ide\", \"ci\"]", "`mode` of every event can also be ci"),
    wider(
        "[retention]",
        "[[destination]]\nkind = \"otlp\"\nendpoint = \"https://other.example/v1/logs\"\n[retention]",
        "events also go to other.example",
    ),
    wider("rotate = \"monthly\"\n", "", "the id no longer changes every month"),
    wider(
        "\"random\"\nfile = \"device-id\"\nrotate = \"monthly\"",
        "\"machine-hash\"",
        "the device id becomes easier to link to a person",
    ),
    wider(
        "on-machine = \"30d\"",
        "on-machine = \"31d\"",
        "unsent records stay on the machine for 31 days, not 30",
    ),
    wider("raw = \"90d\"", "raw = \"91d\"", "raw events are kept for 91 days, not 90"),
    narrower("raw = \"90d\"", "raw = \"7d\"", "raw events are kept for 7 days, not 90"),
];

fn catalog(text: &str) -> Catalog {
    parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

fn agreed() -> Catalog {
    catalog(AGREED)
}

impl Row {
    fn catalog(&self) -> Catalog {
        assert_eq!(AGREED.matches(self.from).count(), 1, "{:?} stands there once", self.from);
        catalog(&AGREED.replace(self.from, self.to))
    }
}

/// The text with several changes.
fn changed(changes: &[(&str, &str)]) -> Catalog {
    catalog(&changes.iter().fold(AGREED.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?}");
        text.replace(from, to)
    }))
}

#[test]
fn every_change_has_its_direction_and_its_sentence() {
    let before = Scope::of(&agreed());
    for row in ROWS {
        let later = Scope::of(&row.catalog());
        let changes = before.compare(&later);
        let told: Vec<_> =
            changes.iter().map(|change| (change.direction, change.to_string())).collect();
        let mut wanted = vec![(row.direction, row.says.to_owned())];
        wanted.extend(row.and_takes.map(|says| (Direction::Narrows, says.to_owned())));
        assert_eq!(told, wanted, "{:?} -> {:?}", row.from, row.to);
        assert_eq!(before.allows(&later), row.direction == Direction::Narrows, "{}", row.says);
        let back = later.compare(&before);
        assert!(!back.is_empty(), "{}", row.says);
        if row.direction == Direction::Narrows {
            assert!(
                back.iter().all(|change| change.direction == Direction::Widens),
                "{}",
                row.says
            );
        }
    }
    assert_eq!(before.compare(&before.clone()), []);
}

#[test]
fn what_says_nothing_about_a_person_is_not_a_change() {
    let before = Scope::of(&agreed());
    for (from, to) in [
        ("catalog = 1", "catalog = 2"),
        ("title = \"Tool\"", "title = \"The Tool\""),
        ("works = \"flag\"", "works = { is = \"flag\", optional = \"null\" }"),
        ("mode =", "source = { constant = \"cli\" }\nmode ="),
        ("why = \"How many start it?\"", "why = \"How often is it started?\""),
        ("/api/v1/events\"", "/elsewhere\""),
        ("queue = \"telemetry-events.jsonl\"", "queue = \"events.jsonl\""),
    ] {
        let later = changed(&[(from, to)]);
        assert_eq!(before.compare(&Scope::of(&later)), [], "{from} -> {to}");
        assert_ne!(later.fingerprint(), agreed().fingerprint(), "{from} -> {to}");
    }
}

#[test]
fn how_events_are_counted_is_nothing_that_a_person_agrees_to() {
    let across = "owner = \"cli team\"\nacross = [[\"name\", \"version\"], [\"works\", \"mode\"]]\n[event.command.p";
    let later = changed(&[
        ("owner = \"cli team\"\n[event.command.p", across),
        ("works = \"flag\"", "works = { is = \"flag\", failure = false }"),
    ]);
    let (command, failure) = (later.events[0], later.events[0].failure().unwrap().1);
    assert_eq!(command.across, [("name", "version"), ("works", "mode")]);
    assert_eq!((failure.name, failure.failure), ("works", &["false"][..]));
    assert_eq!(Scope::of(&agreed()).compare(&Scope::of(&later)), []);
    assert_eq!(later.fingerprint(), agreed().fingerprint());
}

#[test]
fn a_public_page_is_nothing_that_a_person_agrees_to() {
    let later = changed(&[("title = \"Tool\"", "title = \"Tool\"\npublic = true")]);
    assert!(later.product.is_public && !agreed().product.is_public);
    assert_eq!(Scope::of(&agreed()).compare(&Scope::of(&later)), []);
    assert_eq!(later.fingerprint(), agreed().fingerprint());
    let said = changed(&[("title = \"Tool\"", "title = \"Tool\"\npublic = false")]);
    assert_eq!(said, agreed());
}

/// Whatever was agreed and whatever the later catalog is: the rest is within
/// what was agreed, and a catalog that was within it is not changed.
#[test]
fn what_is_left_is_always_within_what_was_agreed_to() {
    let mut all: Vec<(Catalog, &str)> = ROWS.iter().map(|row| (row.catalog(), row.says)).collect();
    all.push((agreed(), "as agreed"));
    for (before, one) in &all {
        let scope = Scope::of(before);
        for (later, other) in &all {
            let Some(left) = later.narrowed(&scope) else {
                assert_eq!(later.identity.scheme, Scheme::MachineHash, "{one} / {other}");
                assert_eq!(before.identity.scheme, Scheme::Random, "{one} / {other}");
                continue;
            };
            let changes = scope.compare(&Scope::of(&left));
            assert!(scope.allows(&Scope::of(&left)), "{one} / {other}: {changes:?}");
            if scope.allows(&Scope::of(later)) {
                assert_eq!(&left, later, "{one} / {other}");
            }
        }
    }
}

/// The rest is the agreed catalog if everything new can be cut away exactly.
#[test]
fn cutting_what_is_new_gives_back_what_was_agreed_to() {
    let scope = Scope::of(&agreed());
    // These replace something that was agreed.
    let replaced = [
        "works = \"flag\"",
        "\"run\"]",
        "other = \"other\"",
        "\"usd\"",
        "[10, 100]",
        "duration = \"ms\"",
        "a-z0-9",
        "reference = \"session\"",
        "constant = \"cli\"",
        "version = \"version\"",
    ];
    let mut exact = 0;
    for row in ROWS.iter().filter(|row| row.direction == Direction::Widens) {
        let Some(left) = row.catalog().narrowed(&scope) else { continue };
        let same = Scope::of(&left) == scope;
        assert!(same || replaced.contains(&row.from), "{}", row.says);
        exact += usize::from(same);
    }
    assert_eq!(exact, 24);
}

#[test]
fn a_finer_ladder_is_cut_to_the_old_numbers_and_another_ladder_is_withheld() {
    let scope = Scope::of(&agreed());
    let size = |to: &str| {
        let left = changed(&[("[10, 100]", to)]).narrowed(&scope).unwrap();
        let (_, property) = left.event("command").unwrap().property("size")?;
        Some(property.kind)
    };
    assert_eq!(size("[10, 50, 100, 500]"), Some(Kind::Bucket { ladder: &[10, 100] }));
    assert_eq!(size("[100]"), Some(Kind::Bucket { ladder: &[100] }));
    assert_eq!(size("[10, 200]"), None, "its 10 would stand for more than the old one");
}

#[test]
fn a_key_that_takes_another_source_is_withheld() {
    let scope = Scope::of(&agreed());
    for to in [
        "version = { is = \"account\", optional = \"omit\" }",
        "version = { is = \"locale\", optional = \"omit\" }",
        "version = { is = \"turn\", optional = \"omit\" }",
        "version = { count = 5 }",
    ] {
        let left = changed(&[("version = \"version\"", to)]).narrowed(&scope).unwrap();
        assert!(left.envelope.iter().all(|entry| entry.key != "version"), "{to}");
    }
}

#[test]
fn time_and_device_with_another_key_say_no_more_than_before() {
    let renamed = changed(&[
        (
            "time = { is = \"time\", grain = \"minute\" }",
            "ts = { is = \"time\", grain = \"second\" }",
        ),
        ("device = \"device\"", "device_id = \"device\""),
    ]);
    let left = renamed.narrowed(&Scope::of(&agreed())).unwrap();
    let source =
        |key: &str| left.envelope.iter().find(|entry| entry.key == key).map(|entry| entry.source);
    assert_eq!(source("ts"), Some(Source::Time(Grain::Minute)));
    assert_eq!(source("device_id"), Some(Source::Device));
}

#[test]
fn a_new_device_id_is_withheld() {
    let none = changed(&[
        ("\"random\"\nfile = \"device-id\"\nrotate = \"monthly\"", "\"none\""),
        ("device = \"device\"\n", ""),
    ]);
    let scope = Scope::of(&none);
    for later in [
        agreed(),
        changed(&[("\"random\"\nfile = \"device-id\"\nrotate = \"monthly\"", "\"machine-hash\"")]),
    ] {
        let left = later.narrowed(&scope).expect("everything else goes on");
        assert_eq!(left.identity.scheme, Scheme::None);
        assert!(left.envelope.iter().all(|entry| entry.source != Source::Device));
        assert_eq!(left.events, none.events);
    }
}

#[test]
fn a_slower_rotation_and_a_longer_retention_are_withheld() {
    let later =
        changed(&[("rotate = \"monthly\"\n", ""), ("\"30d\"", "\"60d\""), ("\"90d\"", "\"900d\"")]);
    let left = later.narrowed(&Scope::of(&agreed())).unwrap();
    assert_eq!(left.identity.rotation, Rotation::Monthly);
    assert_eq!((left.retention.on_machine.0, left.retention.raw.0), (30, 90));
}

#[test]
fn a_count_is_withheld_with_what_it_counts() {
    let before = changed(&[(
        "tags = { choices = [\"a\", \"b\"] }\ntag_count = { count-of = \"tags\" }\n",
        "",
    )]);
    let left = agreed().narrowed(&Scope::of(&before)).unwrap();
    let command = left.event("command").unwrap();
    assert!(command.property("tags").is_none() && command.property("tag_count").is_none());
}

/// Compares every kind with every kind.
#[test]
fn extents_compare_by_kind_words_and_bounds() {
    let kinds = [
        Kind::Flag,
        Kind::Choice { set: &["a"], other: None },
        Kind::Choice { set: &["a", "b"], other: None },
        Kind::Choice { set: &["a"], other: Some("b") },
        Kind::Choices { set: &["a"], other: None },
        Kind::Count { cap: 1 },
        Kind::Count { cap: 2 },
        Kind::Duration { unit: Unit::Seconds, cap: 1 },
        Kind::Duration { unit: Unit::Milliseconds, cap: 1 },
        Kind::Bucket { ladder: &[1, 2] },
        Kind::Bucket { ladder: &[1] },
        Kind::Time(Grain::Day),
        Kind::Time(Grain::Millisecond),
        Kind::Version,
        Kind::ExitCode,
    ];
    // Pairs of different kinds in which the first is within the second.
    let within = [(1, 2), (1, 3), (2, 3), (3, 2), (5, 6), (10, 9), (11, 12)];
    for (one, a) in kinds.iter().enumerate() {
        for (other, b) in kinds.iter().enumerate() {
            let expected = one == other || within.contains(&(one, other));
            assert_eq!(Extent::of(a).within(&Extent::of(b)), expected, "{a:?} within {b:?}");
        }
    }
}

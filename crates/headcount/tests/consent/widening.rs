//! What a later release may report of a person who agreed to an earlier one:
//! exactly what the earlier one would have, until they agree.

use std::fs;

use headcount::catalog::Raw;
use headcount::{Catalog, RecordError, Session, person};
use headcount_testkit::{CatalogHead, Home};

use crate::scene::{self, Said, edited, open_at, queued};

const HEAD: CatalogHead = CatalogHead {
    name: "tool",
    default: "on",
    settings: ("telemetry.json", "enabled"),
    queue: "telemetry-events.jsonl",
};

const REST: &str = r#"
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
name = { choice = ["build", "run"] }
kind = { choice = ["small", "large"], optional = "null" }
tags = { choices = ["a", "b"], other = "other" }
tag_count = { count-of = "tags" }
files = { count = 10 }
size = { bucket = [10, 100] }
began = { time = "hour" }
"#;

pub(crate) const JUNE: &str = "2026-06-15T12:34:56Z";

/// The first release.
pub(crate) fn first_text() -> String {
    HEAD.with(REST)
}

/// The second release: the first with these changes.
pub(crate) fn second(changes: &[(&str, &str)]) -> &'static Catalog {
    let mut all = vec![("catalog = 1", "catalog = 2")];
    all.extend_from_slice(changes);
    scene::catalog(&edited(&first_text(), &all))
}

fn first() -> &'static Catalog {
    scene::catalog(&first_text())
}

/// What a host says of one command; a release leaves out what it cannot say.
pub(crate) fn command(catalog: &'static Catalog, name: &str, more: &[(&str, Raw<'_>)]) -> Said {
    let mut properties = vec![
        ("name", Raw::Text(name)),
        ("kind", Raw::Text("small")),
        ("tags", Raw::List(vec![Raw::Text("a"), Raw::Text("c")])),
        ("files", Raw::Integer(50)),
        ("size", Raw::Integer(60)),
        ("began", Raw::Text("2026-06-15T12:34:56Z")),
    ];
    properties.extend_from_slice(more);
    let event = catalog.event("command").unwrap();
    properties.retain(|(key, _)| event.property(key).is_some());
    Said::new(catalog, "command", &properties)
}

/// A home whose person has run the first release in June.
pub(crate) fn agreed_to_the_first() -> Home {
    let home = Home::new();
    let first = first();
    scene::tell(&open_at(first, &home, JUNE));
    open_at(first, &home, JUNE).try_record(&command(first, "build", &[])).unwrap();
    home
}

/// A line without its id, which is another for every record.
pub(crate) fn without_id(line: &str) -> String {
    let (head, tail) = line.split_at("{\"id\":\"".len());
    assert_eq!(head, "{\"id\":\"");
    tail[36..].to_owned()
}

/// The lines of the queue, their ids cut out.
pub(crate) fn lines(home: &Home) -> Vec<String> {
    queued(first(), home).iter().map(|line| without_id(line)).collect()
}

pub(crate) fn grant(session: &Session) {
    person::grant(session).unwrap();
}

/// Everything that widens and goes on: what is recorded without agreement is
/// what the first release records, byte for byte but for the id; with it, what
/// the second one does.
fn goes_on_as_before(what: &str, changes: &[(&str, &str)], more: &[(&str, Raw<'_>)]) {
    let (first, second) = (first(), second(changes));
    let home = agreed_to_the_first();
    let upgraded = open_at(second, &home, JUNE);
    assert!(!upgraded.withheld().is_empty(), "{what} is news");
    upgraded.try_record(&command(second, "build", more)).unwrap();
    let [before, after] = lines(&home).try_into().unwrap();
    assert_eq!(before, after, "{what}");
    // Looking at it all changes nothing, and neither does another run.
    assert!(!open_at(second, &home, JUNE).withheld().is_empty(), "{what}");

    grant(&open_at(second, &home, JUNE));
    let agreed = open_at(second, &home, JUNE);
    assert_eq!(agreed.withheld(), [], "{what}");
    agreed.try_record(&command(second, "build", more)).unwrap();
    let news = Home::new();
    fs::create_dir(news.path().join(".tool")).unwrap();
    fs::copy(home.path().join(".tool/device-id"), news.path().join(".tool/device-id")).unwrap();
    fs::write(
        scene::paths(second, &news).state,
        fs::read(scene::paths(second, &home).state).unwrap(),
    )
    .unwrap();
    let _ = fs::create_dir(news.path().join(".tool/telemetry-state"));
    grant(&open_at(second, &news, JUNE));
    open_at(second, &news, JUNE).try_record(&command(second, "build", more)).unwrap();
    assert_eq!(lines(&home)[2], lines(&news)[0], "{what}");

    // A person who goes back to the first release is asked nothing.
    assert_eq!(open_at(first, &home, JUNE).withheld(), [], "{what}");
}

#[test]
fn what_is_new_in_an_event_is_withheld_and_the_rest_goes_on() {
    let count = [("count", Raw::Integer(7))];
    let size = "size = { bucket = [10, 100] }";
    goes_on_as_before(
        "an optional property",
        &[(size, &format!("{size}\ncount = {{ count = 9, optional = \"omit\" }}"))],
        &count,
    );
    goes_on_as_before(
        "a property that may be null",
        &[(size, &format!("{size}\ncount = {{ count = 9, optional = \"null\" }}"))],
        &count,
    );
    goes_on_as_before(
        "a required property",
        &[(size, &format!("count = {{ count = 9 }}\n{size}"))],
        &count,
    );
    goes_on_as_before(
        "words for what was the bucket's",
        &[("\"a\", \"b\"]", "\"a\", \"b\", \"c\"]")],
        &[],
    );
    goes_on_as_before("a higher cap", &[("count = 10", "count = 1000")], &[]);
    goes_on_as_before("a finer ladder", &[("[10, 100]", "[10, 50, 100]")], &[]);
    goes_on_as_before("a finer time", &[("\"hour\"", "\"second\"")], &[]);
}

#[test]
fn what_is_new_in_the_envelope_is_withheld_and_the_rest_goes_on() {
    goes_on_as_before("a finer grain", &[("grain = \"minute\"", "grain = \"millisecond\"")], &[]);
    goes_on_as_before(
        "an entry",
        &[("version = \"version\"", "version = \"version\"\narch = \"arch\"")],
        &[],
    );
    goes_on_as_before(
        "an entry that is required of the host",
        &[("version = \"version\"", "version = \"version\"\nmode = { choice = [\"tui\"] }")],
        &[],
    );
}

#[test]
fn a_longer_retention_a_new_event_and_a_new_host_are_news_too() {
    goes_on_as_before("a longer wait", &[("\"30d\"", "\"31d\"")], &[]);
    goes_on_as_before("a longer life", &[("\"90d\"", "\"91d\"")], &[]);
    goes_on_as_before("an event", &[EVENT], &[]);
    goes_on_as_before("a destination", &[HOST], &[]);
}

pub(crate) const EVENT: (&str, &str) = (
    "[event.command]",
    "[event.start]\nwhy = \"How many start it?\"\nowner = \"cli team\"\n[event.command]",
);

pub(crate) const HOST: (&str, &str) = (
    "[retention]",
    "[[destination]]\nkind = \"otlp\"\nendpoint = \"https://other.example/v1/logs\"\n[retention]",
);

#[test]
fn a_new_event_is_withheld_whole() {
    let second = second(&[EVENT]);
    let home = agreed_to_the_first();
    let start = Said::new(second, "start", &[]);
    let refused = open_at(second, &home, JUNE).try_record(&start);
    assert!(refused.as_ref().is_err_and(RecordError::is_withheld), "{refused:?}");
    assert_eq!(lines(&home).len(), 1);
    grant(&open_at(second, &home, JUNE));
    open_at(second, &home, JUNE).try_record(&start).unwrap();
    assert!(lines(&home)[1].contains("\"event\":\"start\""));
}

/// The first release could not have said it: of a required property nothing is
/// recorded, of an optional one what it writes where there is no value.
#[test]
fn a_word_outside_the_old_set_is_never_recorded() {
    let second =
        second(&[("\"run\"]", "\"run\", \"test\"]"), ("\"large\"]", "\"large\", \"huge\"]")]);
    let home = agreed_to_the_first();
    let upgraded = open_at(second, &home, JUNE);
    let refused = upgraded.try_record(&command(second, "test", &[]));
    assert!(refused.as_ref().is_err_and(RecordError::is_withheld), "{refused:?}");
    upgraded.try_record(&command(second, "run", &[("kind", Raw::Text("huge"))])).unwrap();
    let recorded = lines(&home);
    assert_eq!(recorded.len(), 2);
    let of_the_first = recorded[0].replace("\"build\"", "\"run\"").replace("\"small\"", "null");
    assert_eq!(recorded[1], of_the_first);

    grant(&open_at(second, &home, JUNE));
    let agreed = open_at(second, &home, JUNE);
    agreed.try_record(&command(second, "test", &[("kind", Raw::Text("huge"))])).unwrap();
    assert!(lines(&home)[2].contains("\"name\":\"test\",\"kind\":\"huge\""));
}

#[test]
fn narrowing_asks_nothing_and_withholds_nothing() {
    let less: [&[(&str, &str)]; 7] = [
        &[("kind = { choice = [\"small\", \"large\"], optional = \"null\" }\n", "")],
        &[("\"a\", \"b\"]", "\"a\"]")],
        &[("count = 10", "count = 5")],
        &[("grain = \"minute\"", "grain = \"day\"")],
        &[("version = \"version\"\n", "")],
        &[("\"30d\"", "\"3d\"")],
        &[("[10, 100]", "[100]"), ("\"hour\"", "\"day\""), ("\"90d\"", "\"9d\"")],
    ];
    for changes in less {
        let second = second(changes);
        let home = agreed_to_the_first();
        let upgraded = open_at(second, &home, JUNE);
        assert_eq!(upgraded.withheld(), [], "{changes:?}");
        upgraded.try_record(&command(second, "build", &[])).unwrap();
        let fresh = Home::new();
        open_at(second, &fresh, JUNE).try_record(&command(second, "build", &[])).unwrap();
        let device = |home: &Home| home.read(".tool/device-id").trim().to_owned();
        let expected = lines(&fresh)[0].replace(&device(&fresh), &device(&home));
        assert_eq!(lines(&home)[1], expected, "{changes:?}");
    }
}

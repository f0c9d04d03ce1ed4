//! The panels of where events come from: devices beside events.

use std::time::Duration;

use headcount_catalog::{Day, EventId};
use serde_json::{Value as Json, json};

use crate::asking::{TOOL, parse, run, send, serve};
use crate::fixture::Fixture;

/// Without an id: devices are told apart by the marks of their first events.
const MARKED: &str = include_str!("counting.toml");

/// A collector for a catalog whose envelope also has the system.
fn with_systems(catalog: &str) -> Fixture {
    let event = "event = \"event\"\n";
    let catalog =
        catalog.replace(event, &format!("{event}os = {{ is = \"platform\", words = \"node\" }}\n"));
    assert!(catalog.contains("os = "), "{catalog}");
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(&catalog)]);
    fixture
}

/// A line of a device on a system.
fn from(number: u128, device: &str, on: &str, os: &str) -> Json {
    let mut line = run(number, device, on, "1.4.0");
    line["os"] = json!(os);
    line
}

/// One device in a loop, two on another system, and one that has both in the
/// week of 9 November; after it, one on a third system.
fn looping() -> Fixture {
    let fixture = with_systems(TOOL);
    let mut lines: Vec<Json> = (1..=9).map(|at| from(at, "a", "2026-11-11", "linux")).collect();
    let others = [("b", "darwin"), ("c", "darwin"), ("d", "darwin"), ("d", "linux")];
    lines.extend((20..).zip(others).map(|(at, (device, os))| from(at, device, "2026-11-12", os)));
    lines[9]["command"] = json!("test");
    lines.push(from(30, "e", "2026-11-18", "win32"));
    assert_eq!(send(&fixture, &lines).json()["accepted"], lines.len());
    fixture
}

/// The panel of systems on a page.
#[track_caller]
fn panel(fixture: &Fixture, query: &str) -> String {
    let page = fixture.get(&format!("/product/tool?{query}"));
    assert_eq!(page.status, 200, "{page:?}");
    let (_, panel) = page.body.split_once("id=\"senders-os\"").expect("a panel");
    panel.split_once("</section>").expect("its end").0.to_owned()
}

/// The rows of its table, as they are read.
fn rows(panel: &str) -> Vec<String> {
    let rows = panel.split("<tr").skip(1).map(|row| row.split("</tr>").next().unwrap_or(""));
    let words = |row: &str| -> Vec<String> {
        let parts = format!("<{row}");
        let texts = parts.split('<').filter_map(|part| part.split_once('>'));
        texts.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    };
    rows.map(|row| words(row).join(" ")).collect()
}

const HEAD: &str = "os Devices, week of 9 Nov Events Share";

#[test]
fn values_have_their_devices_of_the_last_week_and_come_in_that_order() {
    let fixture = looping();
    let drawn = panel(&fixture, "days=28");
    assert_eq!(rows(&drawn), [HEAD, "darwin 3 3 21%", "linux 2 10 71%", "win32 0 1 7%"]);
    for part in [
        "A device with two values in that week counts for both.",
        "/api/v1/ask/active?product=tool&amp;from=2026-11-09&amp;to=2026-11-15&amp;period=week\
         &amp;by=os&amp;format=csv",
        "/api/v1/ask/by-property?product=tool&amp;from=2026-10-24&amp;to=2026-11-20&amp;event=run\
         &amp;property=os&amp;format=json",
        "href=\"/product/tool?days=28&amp;where=os:darwin\"",
    ] {
        assert!(drawn.contains(part), "no {part} in {drawn}");
    }
    // It is the week of the tile, whatever days are chosen.
    let page = fixture.get("/product/tool?days=28").body;
    assert!(page.contains("<dt>Devices last week</dt><dd>4</dd>"), "{page}");
}

#[test]
fn devices_are_counted_under_what_is_chosen() {
    let fixture = looping();
    for (query, wanted) in [
        ("days=28&where=command:test", vec![HEAD, "darwin 1 1 100%"]),
        ("days=28&where=os:linux", vec![HEAD, "linux 2 10 100%"]),
        // Of these days, no week is over: the one before is named.
        (
            "from=2026-11-18&to=2026-11-19",
            vec![HEAD, "darwin 3 0 0%", "linux 2 0 0%", "win32 0 1 100%"],
        ),
        // The week before was over before the first event.
        ("from=2026-11-10&to=2026-11-13", vec!["os Events Share", "linux 10 77%", "darwin 3 23%"]),
    ] {
        let drawn = panel(&fixture, query);
        assert_eq!(rows(&drawn), wanted, "{query}: {drawn}");
    }
    // So many devices that their version has a name.
    let newer = |at: u128| {
        let mut line = from(at, &format!("p{at}"), "2026-11-13", "freebsd");
        line["version"] = json!("1.5.0");
        line
    };
    let lines: Vec<Json> = (41..=45).map(newer).collect();
    assert_eq!(send(&fixture, &lines).json()["accepted"], 5);
    let drawn = panel(&fixture, "days=28&version=1.5.0");
    assert_eq!(rows(&drawn), [HEAD, "freebsd 5 5 100%"]);
}

#[test]
fn a_week_of_which_a_part_has_expired_has_no_devices() {
    let fixture = with_systems(TOOL);
    let lines = [from(1, "a", "2026-11-11", "linux"), from(2, "b", "2026-11-15", "darwin")];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 2);
    assert_eq!(rows(&panel(&fixture, "days=28"))[1], "darwin 1 1 50%");
    // Raw events are kept for ten days.
    fixture.clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(fixture.keep_house().expired, 1);
    let drawn = panel(&fixture, "days=28");
    assert_eq!(rows(&drawn), ["os Events Share", "darwin 1 50%", "linux 1 50%"]);
    let told = "Devices, week of 9 Nov: not known, as raw events of that week have expired.";
    assert!(drawn.contains(told) && !drawn.contains("Counted from"), "{drawn}");
}

/// A line with marks, `&[]` for none.
fn marked(number: u128, on: &str, os: &str, marks: &[&str]) -> Json {
    let id = EventId::new(Day::parse(on).unwrap(), number.to_be_bytes()).to_string();
    let mut line = json!({"id": id, "event": "run", "time": format!("{on}T00:00:00Z"), "os": os});
    line["shell"] = json!("bash");
    if !marks.is_empty() {
        line["first"] = json!(marks);
        line["age"] = json!("1");
    }
    line
}

#[test]
fn without_an_id_devices_are_counted_by_their_marks() {
    let lines = [
        marked(1, "2026-11-10", "darwin", &["day", "week"]),
        marked(2, "2026-11-11", "darwin", &["day", "week"]),
        marked(3, "2026-11-12", "linux", &["day", "week"]),
        marked(4, "2026-11-13", "linux", &["day"]),
        marked(5, "2026-11-13", "linux", &[]),
        // This one marked its week on the other system.
        marked(6, "2026-11-14", "win32", &["day"]),
    ];
    let fixture = with_systems(MARKED);
    assert_eq!(send(&fixture, &lines).json()["accepted"], lines.len());
    let drawn = panel(&fixture, "days=28");
    assert_eq!(rows(&drawn), [HEAD, "darwin 2 2 33%", "linux 1 3 50%", "win32 0 1 17%"]);
    assert!(drawn.contains("A device counts for what its first event of that week has."));
    // Whatever else the event with the mark says is not of the device.
    let drawn = panel(&fixture, "days=28&where=shell:bash");
    assert_eq!(rows(&drawn)[0], "os Events Share");
    assert!(!drawn.contains("Devices") && !drawn.contains("/active?"), "{drawn}");
    let drawn = panel(&fixture, "days=28&where=os:darwin");
    assert_eq!(rows(&drawn), [HEAD, "darwin 2 2 100%"]);
    // A product that does not count weeks.
    let fixture = with_systems(&MARKED.replace("\"day\", \"week\", \"month\"", "\"day\""));
    assert_eq!(send(&fixture, &lines[5..]).json()["accepted"], 1);
    let drawn = panel(&fixture, "days=28");
    assert_eq!(rows(&drawn), ["os Events Share", "win32 1 100%"]);
    assert!(!drawn.contains("Devices"), "{drawn}");
}

//! What nobody has asked for in 180 days, on the page of a catalog.

use std::time::Duration;

use serde_json::Value as Json;

use crate::asking::known;
use crate::fixture::Fixture;

const DAY: Duration = Duration::from_secs(86_400);

/// The rows of the panel: what, since which day, and whether it was asked for.
#[track_caller]
fn rows(fixture: &Fixture) -> Vec<String> {
    let panel = panel(fixture);
    let rows = panel.split("<tr>").skip(2).map(|row| {
        let row = row.split("</tr>").next().unwrap();
        let tags = row.split('<').filter_map(|part| Some(part.split_once('>')?.1));
        tags.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("|")
    });
    rows.collect()
}

#[track_caller]
fn panel(fixture: &Fixture) -> String {
    let page = fixture.get("/product/tool/catalog");
    assert_eq!(page.status, 200, "{page:?}");
    let from = page.body.split_once("id=\"unasked\"").expect("the panel").1;
    from.split("</section>").next().unwrap().to_owned()
}

#[track_caller]
fn ok(fixture: &Fixture, paths: &[&str]) {
    for path in paths {
        assert_eq!(fixture.get(path).status, 200, "{path}");
    }
}

fn file(fixture: &Fixture) -> std::path::PathBuf {
    fixture.home.path().join("data/asked.json")
}

#[test]
fn what_a_reader_asks_for_is_not_listed_and_panels_do_not_ask() {
    let fixture = known();
    fixture.keep_house();
    let panel = panel(&fixture);
    assert!(panel.contains("tracked since <time datetime=\"2026-11-20\">"), "{panel}");
    assert!(panel.contains("<time datetime=\"2027-05-19\">"), "{panel}");
    fixture.clock.advance(100 * DAY);
    // Everything is drawn, and nobody named anything.
    ok(&fixture, &["/", "/product/tool?days=200", "/api/v1/ask/events?product=tool"]);
    for wrong in [
        "/api/v1/ask/by-property?product=tool&event=opened&property=nothing",
        "/api/v1/ask/by-property?product=tool&event=opened",
        "/question/by-property?product=tool&event=opened",
    ] {
        assert_eq!(fixture.get(wrong).status, 400, "{wrong}");
    }
    fixture.clock.advance(80 * DAY);
    let never = |what: &str| format!("{what}|20 Nov 2026|never asked for");
    let all = ["opened", "run", "agent| of |run", "command| of |run", "took| of |run"];
    let all: Vec<String> = all.iter().chain(&["worked| of |run"]).map(|one| never(one)).collect();
    assert_eq!(rows(&fixture), all);
    // A filter of a page, a question as CSV, its page, and what tells failures.
    ok(
        &fixture,
        &[
            "/product/tool?where=agent:claude",
            "/api/v1/ask/by-property?product=tool&event=run&property=command&format=csv",
            "/question/quantiles?product=tool&event=run&property=took",
        ],
    );
    assert_eq!(rows(&fixture), [never("opened"), never("worked| of |run")]);
    ok(&fixture, &["/api/v1/ask/failures?product=tool&event=run"]);
    assert_eq!(rows(&fixture), [never("opened")]);
    ok(&fixture, &["/product/tool?step=opened&step=run"]);
    assert_eq!(rows(&fixture), [""; 0]);
    fixture.clock.advance(180 * DAY);
    let last = |what: &str| format!("{what}|19 May 2027|last asked for");
    let again = ["opened", "run", "agent| of |run", "command| of |run", "took| of |run"];
    let again: Vec<String> =
        again.iter().chain(&["worked| of |run"]).map(|one| last(one)).collect();
    assert_eq!(rows(&fixture), again);
}

#[test]
fn a_split_and_a_pair_are_questions_too() {
    let fixture = known();
    fixture.keep_house();
    fixture.clock.advance(180 * DAY);
    ok(&fixture, &["/api/v1/ask/events?product=tool&by=agent&where=version:1.4.0"]);
    ok(&fixture, &["/api/v1/ask/across?product=tool&event=run&one=command&other=version"]);
    let rows = rows(&fixture);
    let names: Vec<&str> = rows.iter().map(|row| row.split("|20").next().unwrap()).collect();
    assert_eq!(names, ["opened", "took| of |run", "worked| of |run"]);
}

#[test]
fn the_file_outlives_a_restart_and_a_damaged_one_begins_anew() {
    let mut fixture = known();
    fixture.keep_house();
    ok(&fixture, &["/api/v1/ask/by-property?product=tool&event=run&property=agent"]);
    restart(&mut fixture);
    let text = std::fs::read_to_string(file(&fixture)).unwrap();
    let json: Json = serde_json::from_str(&text).unwrap();
    let subjects = json["products"]["tool"]["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), 6, "no more than the catalog has: {text}");
    let asked = subjects.iter().filter(|one| one["asked"] == "2026-11-20");
    assert_eq!(asked.count(), 2, "{text}");
    fixture.clock.advance(180 * DAY);
    assert_eq!(rows(&fixture).len(), 6);
    for damaged in ["{\"format\":1", "[]", "\u{0}"] {
        fixture.stop();
        std::fs::write(file(&fixture), damaged).unwrap();
        restart(&mut fixture);
        let told = fixture.told.lock().unwrap().clone();
        let last = told.iter().rev().find(|line| line.contains("asked.json")).expect("a line");
        assert!(last.starts_with("damaged, so it was renamed: "), "{last}");
        assert!(last.contains("asked.json.damaged; ") && last.contains("kept anew"), "{last}");
        let aside = file(&fixture).with_extension("json.damaged");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), damaged);
        assert!(panel(&fixture).contains("tracked since <time datetime=\"2027-05-19\">"));
        fixture.keep_house();
        let text = std::fs::read_to_string(file(&fixture)).unwrap();
        assert!(text.contains("\"since\":\"2027-05-19\""), "{text}");
    }
}

fn restart(fixture: &mut Fixture) {
    fixture.stop();
    let mut config = fixture.config();
    let catalog = crate::asking::parse(crate::asking::TOOL);
    config.registry = headcount_collector::Registry::of(vec![catalog]).unwrap();
    fixture.run(headcount_collector::Collector::start(config).unwrap());
}

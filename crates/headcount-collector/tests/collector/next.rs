//! What comes next, over HTTP and on the page: the events of `steps`, asked
//! otherwise.

use serde_json::{Value as Json, json};

use crate::asking::{TOOL, answers, ask, parse, serve};
use crate::fixture::Fixture;
use crate::steps::{served, with_sessions, without_ids};

const BUILD: &str = "run:command:build";
const TEST: &str = "run:command:test";

/// What came next, how often, its share, and to how many.
fn row(step: &str, times: u64, share: f64, count: u64) -> Json {
    let mut parts = step.split(':');
    let event = parts.next().unwrap_or_default();
    json!({"event": event, "value": parts.nth(1).unwrap_or_default(), "after": step,
           "times": times, "share": share, "count": count})
}

#[test]
fn a_row_is_what_came_next_with_its_share() {
    let fixture = served(&with_sessions());
    let begins =
        json!([row(BUILD, 1, 0.1667, 1), row(TEST, 2, 0.3333, 2), row("opened", 3, 0.5, 3)]);
    let table = [
        ("next", begins.clone()),
        ("next?per=device&where=version:other", begins),
        // The last event of all may not be the end of its visit.
        ("next?after=opened", json!([row(BUILD, 2, 1.0, 2)])),
        ("next?after=opened&after=run", json!([row("", 2, 1.0, 2)])),
        ("next?after=run:command:test", json!([row("", 2, 1.0, 2)])),
        (
            "next?after=run:command:test&pause=60",
            json!([row("", 1, 0.5, 1), row(BUILD, 1, 0.5, 1)]),
        ),
        ("next?after=opened&after=opened", json!([])),
        ("next?per=session&pause=10080&after=opened", json!([row(BUILD, 2, 1.0, 2)])),
        // Without `opened`, a visit begins with what came after it.
        ("next?where=command:build", json!([row(BUILD, 3, 1.0, 3)])),
        ("next?after=opened&version=9.9", json!([])),
    ];
    answers(&fixture, &table);
    let before = ask(&fixture, "next?after=opened&days=2&before=yes");
    assert_eq!(before["rows"], json!([]));
    assert_eq!(before["before"]["rows"], json!([row(BUILD, 2, 1.0, 2)]));
    let csv =
        fixture.get("/api/v1/ask/next?product=tool&after=run:command:test&pause=60&format=csv");
    assert_eq!(
        csv.body,
        "event,value,after,times,share,count\r\n\
         ,,,1,0.5000,1\r\n\
         run,build,run:command:build,1,0.5000,1\r\n"
    );
}

#[test]
fn what_cannot_be_asked_is_a_sentence() {
    let nine = ["after=run"; 9].join("&");
    let cases = [
        (with_sessions(), nine.as_str(), "has at most 8 steps before it"),
        (with_sessions(), "after=%3Cb%3E", "use run, opened"),
        (with_sessions(), "after=run:command", "`after` is not a name and a value"),
        (with_sessions(), "after=run:command:dance", "unknown value of `command`"),
        (with_sessions(), "pause=0", "`pause` is not a number from 1 to 10080"),
        (with_sessions(), "per=person", "unknown `per`"),
        (with_sessions(), "by=version", "unknown parameter"),
        (with_sessions(), "where=speed:1", "unknown name in `where`"),
        (TOOL.to_owned(), "per=session", "no event of `tool` tells a session"),
        (without_ids(TOOL), "after=run", "or an entry `session` to the envelope"),
        (without_ids(&with_sessions()), "after=run", "sessions with per=session"),
    ];
    for (catalog, query, told) in cases {
        let mut fixture = Fixture::new();
        serve(&mut fixture, vec![parse(&catalog)]);
        let answer = fixture.get(&format!("/api/v1/ask/next?product=tool&{query}"));
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        let sentence = answer.json()["error"].to_string();
        assert!(sentence.contains(told), "{query}: {sentence}");
        assert!(!sentence.contains("<b>"), "{sentence}");
    }
}

/// The section of the panel.
fn panel(page: &str) -> &str {
    let (_, rest) = page.split_once("id=\"what-comes-next\"").expect("the panel is there");
    rest.split("</section>").next().unwrap_or(rest)
}

#[test]
fn the_page_shows_what_visits_begin_with_and_what_came_after_a_click() {
    let fixture = served(&with_sessions());
    let own = fixture.get("/product/tool?days=7").body;
    let own = panel(&own);
    for part in [
        "<strong>What visits begin with</strong>",
        "<a href=\"/product/tool?days=7&amp;after=opened#what-comes-next\">opened</a>",
        "<strong>3</strong></td><td class=\"share\" data-label=\"Share\">50%</td>\
         <td class=\"number\" data-label=\"Devices\">3</td>",
        "without a pause of more than 30 minutes",
        "/question/next?product=tool&amp;from=",
        "<option value=\"device\" selected>",
    ] {
        assert!(own.contains(part), "{part} is missing in {own}");
    }
    let first = own.find("after=opened#").unwrap();
    assert!(first < own.find("after=run:command:test#").unwrap(), "the most come first: {own}");
    let after = "after=opened&after=run:command:build&pause=60&compare=no";
    let chosen = fixture.get(&format!("/product/tool?days=7&{after}")).body;
    let chosen = panel(&chosen);
    for part in [
        "&amp;compare=no&amp;pause=60#what-comes-next\">What visits begin with</a>",
        "&amp;after=opened&amp;pause=60#what-comes-next\">opened</a>",
        "<strong>run:<wbr> build</strong>",
        "Counted 2 times, wherever in a visit they were done, one right after the other.",
        "<a href=\"/product/tool?days=7&amp;compare=no&amp;pause=60#what-comes-next\">Start again</a>",
        "<tr class=\"others\"><th scope=\"row\">nothing more</th>",
        "<strong>2</strong></td><td class=\"share\" data-label=\"Share\">100%</td>",
        "pause of more than 60 minutes",
        "<input type=\"hidden\" name=\"after\" value=\"opened\">",
    ] {
        assert!(chosen.contains(part), "{part} is missing in {chosen}");
    }
    let filtered = fixture.get("/product/tool?days=7&after=run&where=command:build").body;
    assert!(panel(&filtered).contains("Only events that pass the filters"), "{filtered}");
    let own = fixture.get("/product/tool?days=2&after=opened").body;
    assert!(panel(&own).contains("There is no comparison ("), "{own}");
}

#[test]
fn an_address_with_nonsense_says_what_is_wrong_and_keeps_the_form() {
    let fixture = served(&with_sessions());
    for (query, told) in [
        (
            "after=%3Cscript%3Ealert(1)%3C/script%3E",
            "has no event of the name in <code>after</code>",
        ),
        ("after=run&pause=%22%3E%3Cscript%3E", "<code>pause</code> is not a number"),
        ("after=run:command:dance", "unknown value of <code>command</code>"),
        ("per=%3Cscript%3E", "unknown <code>per</code>"),
    ] {
        let page = fixture.get(&format!("/product/tool?{query}"));
        assert_eq!(page.status, 200, "{query}");
        let own = panel(&page.body);
        assert!(own.contains("This cannot be asked: ") && own.contains(told), "{query}: {own}");
        assert!(own.contains("<button type=\"submit\">Count</button>"), "{query}: {own}");
        assert_eq!(own.contains(">Start again</a>"), query.contains("after="), "{query}: {own}");
        assert!(!page.body.contains("<script>"), "{query}");
    }
    let nine = ["after=run"; 9].join("&");
    assert_eq!(fixture.get(&format!("/product/tool?{nine}")).status, 400);
    let eight = ["after=run"; 8].join("&");
    let full = fixture.get(&format!("/product/tool?{eight}&pause=10080"));
    assert_eq!(full.status, 200);
    assert!(!panel(&full.body).contains(&["after=run"; 9].join("&amp;")));
}

#[test]
fn a_product_that_nobody_can_be_followed_in_has_no_such_panel() {
    let fixture = served(&without_ids(TOOL));
    assert!(!fixture.get("/product/tool").body.contains("what-comes-next"));
    let fixture = served(&without_ids(&with_sessions()));
    // With sessions, those are followed, whatever the address says.
    let page = fixture.get("/product/tool?after=opened&per=device").body;
    let own = panel(&page);
    assert!(own.contains(">Sessions</th>") && own.contains("&amp;per=session"), "{own}");
    assert!(!own.contains("<select"), "{own}");
    let fixture = served(TOOL);
    let page = fixture.get("/product/tool?per=session").body;
    assert!(panel(&page).contains(">Devices</th>"), "{page}");
}

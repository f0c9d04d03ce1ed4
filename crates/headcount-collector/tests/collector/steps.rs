//! Steps over HTTP and on the page: who is followed, what is wrong, and that
//! nothing of an address is shown as it is.

use headcount_catalog::{Day, EventId};
use serde_json::{Value as Json, json};

use crate::asking::{TOOL, answers, ask, parse, send, serve};
use crate::fixture::Fixture;

/// An event of a device in a session, at a time.
fn event(number: u128, name: &str, (device, session): (&str, u8), time: &str) -> Json {
    let day = Day::parse(&time[..10]).unwrap();
    let id = EventId::new(day, number.to_be_bytes()).to_string();
    let session = format!("00000000-0000-4000-8000-0000000000{session:02x}");
    let mut line = json!({
        "id": id, "event": name, "time": time, "device": device, "version": "1.4.0",
        "session": session,
    });
    if let Some((name, command)) = name.split_once(':') {
        line["event"] = json!(name);
        line["command"] = json!(command);
        line["worked"] = json!(true);
    }
    line
}

/// Three devices that open it, of which two build and one tests; a fourth tests
/// first. The lines are not in the order of their times.
fn events() -> Vec<Json> {
    vec![
        event(1, "run:test", ("a", 2), "2026-11-19T10:00:00Z"),
        event(2, "run:build", ("a", 1), "2026-11-18T10:00:30Z"),
        event(3, "opened", ("a", 1), "2026-11-18T10:00:00Z"),
        event(4, "opened", ("b", 3), "2026-11-18T12:00:00Z"),
        event(5, "run:build", ("b", 3), "2026-11-18T12:01:00Z"),
        event(6, "opened", ("c", 4), "2026-11-20T08:00:00Z"),
        event(7, "run:test", ("d", 5), "2026-11-18T08:00:00Z"),
        event(8, "run:build", ("d", 5), "2026-11-18T09:00:00Z"),
    ]
}

pub(crate) fn with_sessions() -> String {
    TOOL.replace("version = \"version\"\n", "version = \"version\"\nsession = \"session\"\n")
}

pub(crate) fn without_ids(text: &str) -> String {
    let ids = "scheme = \"random\"\nrotate = \"never\"\nfile = \"device-id\"";
    let text = text.replace(ids, "scheme = \"none\"\ncount = [\"week\"]");
    text.replace("device = \"device\"\n", "")
}

pub(crate) fn served(catalog: &str) -> Fixture {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(catalog)]);
    let lines: Vec<Json> = events()
        .into_iter()
        .map(|mut line| {
            for name in ["session", "device"] {
                if !catalog.contains(&format!("{name} = \"{name}\"")) {
                    line.as_object_mut().unwrap().remove(name);
                }
            }
            line
        })
        .collect();
    let answer = send(&fixture, &lines).json();
    assert_eq!(answer["accepted"], 8, "{answer}");
    fixture
}

const NINE: &str =
    "step=run&step=run&step=run&step=run&step=run&step=run&step=run&step=run&step=run";
const THREE: &str = "step=opened&step=run:command:build&step=run:command:test";

#[test]
fn a_row_is_a_step_with_its_shares_and_its_time() {
    let fixture = served(&with_sessions());
    let step =
        |step: u64, what: &str, count: u64, of_first: Json, of_before: Json, seconds: Json| {
            json!({"step": step, "what": what, "count": count, "of_first": of_first,
               "of_before": of_before, "median_seconds": seconds})
        };
    let (opened, build, test) = ("opened", "run:command:build", "run:command:test");
    let all = json!([
        step(1, opened, 3, json!(1.0), Json::Null, Json::Null),
        step(2, build, 2, json!(0.6667), json!(0.6667), json!(30)),
        step(3, test, 1, json!(0.3333), json!(0.5), json!(86_370)),
    ]);
    let sessions = json!([
        step(1, opened, 3, json!(1.0), Json::Null, Json::Null),
        step(2, build, 2, json!(0.6667), json!(0.6667), json!(30)),
        step(3, test, 0, json!(0.0), json!(0.0), Json::Null),
    ]);
    let nobody = json!([
        step(1, test, 0, Json::Null, Json::Null, Json::Null),
        step(2, opened, 0, Json::Null, Json::Null, Json::Null),
    ]);
    let table = [
        (format!("steps?{THREE}"), all.clone()),
        (format!("steps?{THREE}&per=device&where=version:other"), all.clone()),
        (format!("steps?{THREE}&per=session"), sessions),
        (
            "steps?step=run&step=run&within=1&from=2026-11-18&to=2026-11-18".to_owned(),
            json!([
                step(1, "run", 3, json!(1.0), Json::Null, Json::Null),
                step(2, "run", 1, json!(0.3333), json!(0.3333), json!(3_600)),
            ]),
        ),
        (format!("steps?step={test}&step={opened}&version=9.9"), nobody),
    ];
    let table: Vec<(&str, Json)> =
        table.iter().map(|(question, rows)| (question.as_str(), rows.clone())).collect();
    answers(&fixture, &table);
    let before = ask(&fixture, &format!("steps?{THREE}&days=2&before=yes"));
    assert_eq!(before["counted_from"], "2026-11-19");
    assert_eq!(before["rows"][0]["count"], 1);
    assert_eq!(before["before"]["rows"][1]["count"], 2);
    let csv = fixture.get(&format!("/api/v1/ask/steps?product=tool&{THREE}&format=csv"));
    assert_eq!(
        csv.body,
        "step,what,count,of_first,of_before,median_seconds\r\n\
         1,opened,3,1.0000,,\r\n\
         2,run:command:build,2,0.6667,0.6667,30\r\n\
         3,run:command:test,1,0.3333,0.5000,86370\r\n"
    );
}

#[test]
fn what_cannot_be_asked_is_a_sentence() {
    let cases = [
        (with_sessions(), "step=run", "has 2 to 8 of them"),
        (with_sessions(), NINE, "has 2 to 8 of them"),
        (with_sessions(), "step=run&step=%3Cb%3E", "use run, opened"),
        (with_sessions(), "step=run&step=runs", "use run, opened"),
        (with_sessions(), "step=run&step=run:command", "`step` is not a name and a value"),
        (with_sessions(), "step=run&step=run:speed:1", "unknown name in `step`: use "),
        (with_sessions(), "step=run&step=run:command:dance", "unknown value of `command`"),
        (with_sessions(), "step=run&step=run&within=32", "`within` is not a number from 1 to 31"),
        (with_sessions(), "step=run&step=run&within=", "`within` is not a number from 1 to 31"),
        (with_sessions(), "step=run&step=run&per=person", "unknown `per`"),
        (with_sessions(), "step=run&step=run&by=version", "unknown parameter"),
        // A filter is of every step.
        (with_sessions(), "step=run&step=opened&where=command:build", "unknown name in `where`"),
        (TOOL.to_owned(), "step=run&step=run&per=session", "do not tell the same session"),
        (without_ids(TOOL), "step=run&step=run", "or an entry `session` to the envelope"),
        (without_ids(&with_sessions()), "step=run&step=run", "sessions with per=session"),
    ];
    for (catalog, query, told) in cases {
        let mut fixture = Fixture::new();
        serve(&mut fixture, vec![parse(&catalog)]);
        let answer = fixture.get(&format!("/api/v1/ask/steps?product=tool&{query}"));
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        let sentence = answer.json()["error"].to_string();
        assert!(sentence.contains(told), "{query}: {sentence}");
        assert!(!sentence.contains("<b>"), "{sentence}");
    }
}

/// The section of the panel.
fn panel(page: &str) -> &str {
    let (_, rest) = page.split_once("id=\"steps-in-order\"").expect("the panel is there");
    rest.split("</section>").next().unwrap_or(rest)
}

#[test]
fn the_page_counts_the_steps_of_its_address() {
    let fixture = served(&with_sessions());
    let own = fixture.get("/product/tool?days=7").body;
    let own = panel(&own);
    for part in [
        "write two events or more, in the order in which people do them",
        "name=\"step\" list=\"step-options\" autocomplete=\"off\" placeholder=\"First step\"",
        "<option value=\"run:command:test\">",
        "<option value=\"device\" selected>",
    ] {
        assert!(own.contains(part), "{part} is missing in {own}");
    }
    // A catalog has no order of its events, and what nobody chose is not
    // counted.
    assert!(!own.contains("<table") && !own.contains("/question/steps"), "{own}");
    let chosen = fixture.get(&format!("/product/tool?days=7&compare=no&{THREE}&within=3")).body;
    let chosen = panel(&chosen);
    for part in [
        "3. run:<wbr>command:<wbr>test</th>",
        "<strong>2</strong></td><td class=\"share\" data-label=\"Of the first\">67%</td>\
         <td class=\"share\" data-label=\"Lost\">1 (33%)</td><td class=\"share\" data-label=\"Median time\">30 s</td>",
        "within 3 days of the first",
        "/question/steps?product=tool&amp;from=",
        "&amp;step=opened&amp;step=run:command:build&amp;step=run:command:test&amp;within=3",
        "<input type=\"hidden\" name=\"compare\" value=\"no\">",
    ] {
        assert!(chosen.contains(part), "{part} is missing in {chosen}");
    }
    assert!(!chosen.contains("Days before"), "{chosen}");
}

#[test]
fn an_address_with_nonsense_says_what_is_wrong_and_keeps_the_form() {
    let fixture = served(&with_sessions());
    for (query, told) in [
        (
            "step=%3Cscript%3Ealert(1)%3C/script%3E&step=run",
            "has no event of the name in <code>step</code>",
        ),
        ("step=run&step=run&within=%22%3E%3Cscript%3E", "<code>within</code> is not a number"),
        ("step=run", "has 2 to 8 of them"),
        ("step=run&step=opened&where=command:build", "unknown name in <code>where</code>"),
        ("step=run&step=run&per=%3Cscript%3E", "unknown <code>per</code>"),
    ] {
        let page = fixture.get(&format!("/product/tool?{query}"));
        assert_eq!(page.status, 200, "{query}");
        let own = panel(&page.body);
        assert!(own.contains("This cannot be asked: ") && own.contains(told), "{query}: {own}");
        assert!(own.contains("<button type=\"submit\">Count</button>"), "{query}: {own}");
        assert!(!page.body.contains("<script>"), "{query}");
    }
}

#[test]
fn a_product_that_nobody_can_be_followed_in_says_so() {
    let fixture = served(&without_ids(TOOL));
    let page = fixture.get("/product/tool").body;
    let own = panel(&page);
    assert!(own.contains("Nobody can be followed from one step to the next"), "{own}");
    assert!(!own.contains("<form") && !own.contains("/api/"), "{own}");
    // With sessions, those are followed without a choice.
    let fixture = served(&without_ids(&with_sessions()));
    let page = fixture.get(&format!("/product/tool?{THREE}")).body;
    let own = panel(&page);
    assert!(own.contains(">Sessions</th>") && own.contains("&amp;per=session"), "{own}");
}

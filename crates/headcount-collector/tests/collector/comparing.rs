//! What days are compared with: those right before, a year before, or any.

use serde_json::json;

use crate::asking::ask;
use crate::fixture::{Fixture, line_of};

/// Devices on two days of the page's week, on one of the week before, and on
/// two of another.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let days = [
        (1, "2026-11-03"),
        (2, "2026-11-03"),
        (3, "2026-11-03"),
        (1, "2026-11-05"),
        (1, "2026-11-10"),
        (1, "2026-11-17"),
        (2, "2026-11-17"),
        (1, "2026-11-20"),
    ];
    let lines: Vec<String> = days.map(|(device, day)| line_of(device, day, "update")).into();
    fixture.send(&lines);
    fixture
}

#[test]
fn the_page_says_with_which_days_it_compares() {
    let fixture = fixture();
    let page = |query: &str| fixture.get(&format!("/product/atomic?days=7&{query}")).body;
    for (query, parts) in [
        (
            "",
            vec![
                "Compared with <time datetime=\"2026-11-07\">7 Nov 2026</time>",
                "</span>the days before</li>",
                "<title>Tue 17 Nov 2026: 2 devices (before: 1)</title>",
            ],
        ),
        (
            "compare=2026-10-31",
            vec![
                "<time datetime=\"2026-10-31\">31 Oct 2026</time> – <time datetime=\"2026-11-06\">",
                ": known from the first event on, <time datetime=\"2026-11-03\">",
                "</span>31 Oct to 6 Nov 2026</li>",
                ">From 31 Oct 2026</th>",
                "<title>Tue 17 Nov 2026: 2 devices (Tue 3 Nov 2026: 3)</title>",
                "<title>Sun 15 Nov 2026: 0 devices (Sun 1 Nov 2026: before the first event)</title>",
                "<title>Fri 20 Nov 2026: 1 event so far (Fri 6 Nov 2026: 0)</title>",
                // The week that is over is that of 9 November.
                "no data for the week of 26 Oct 2026",
                "value=\"2026-10-31\" max=\"2026-11-20\"",
            ],
        ),
        // The first event came on a Tuesday.
        ("compare=2026-11-04", vec!["9 Nov – 15 Nov, the week of 2 Nov 2026: 6 of 7 days known"]),
        ("compare=2026-11-11", vec!["±0%</span> from 1 the week of 9 Nov 2026"]),
        (
            "compare=year",
            vec![
                ", 52 weeks before, and months with those a year before",
                ": all before the first event, on <time datetime=\"2026-11-03\">",
                "<title>Tue 17 Nov 2026: 2 devices</title>",
                "no data for the week a year before",
                "aria-current=\"true\">A year before</a>",
            ],
        ),
        ("compare=no", vec!["<title>Tue 17 Nov 2026: 2 devices</title>", "\">A year before</a>"]),
        ("compare=2026-11-18", vec![": known up to today", "(Mon 23 Nov 2026: not yet there)"]),
    ] {
        let page = page(query);
        for part in parts {
            assert!(page.contains(part), "`{query}` lacks {part} in {page}");
        }
    }
    assert!(!page("compare=no").contains("Compared with <time"));
    assert!(!page("compare=year").contains("class=\"behind\""));
}

#[test]
fn nonsense_to_compare_with_is_an_ordinary_page_that_says_so() {
    let fixture = fixture();
    for nonsense in ["perhaps", "2026-02-30", "2026-11-21", "%3Cscript%3E", "99999-01-01"] {
        let page = fixture.get(&format!("/product/atomic?days=7&compare={nonsense}"));
        assert_eq!(page.status, 200, "{nonsense}");
        for part in ["The address asks to compare with something else", "(before: 1)</title>"] {
            assert!(page.body.contains(part), "{nonsense} lacks {part} in {}", page.body);
        }
        assert!(!page.body.contains("<script>") && !page.body.contains("compare=perhaps"));
    }
    for oldest in ["0001-01-01", "1926-11-20"] {
        let page = fixture.get(&format!("/product/atomic?days=7&compare={oldest}"));
        assert!(page.body.contains(": all before the first event"), "{}", page.body);
    }
}

/// A choice stays when another one is made, and the question behind a panel is
/// asked about the same days.
#[test]
fn a_comparison_stays_in_every_address() {
    let fixture = fixture();
    let page = fixture.get("/product/atomic?days=7&compare=2026-10-31").body;
    for part in [
        "href=\"/product/atomic?days=28&amp;compare=2026-10-31\"",
        "href=\"/product/atomic?days=7&amp;compare=year\"",
        "href=\"/product/atomic?days=7&amp;compare=no\"",
        "href=\"/product/atomic?days=7\"",
        "href=\"/product/archon?days=7&amp;compare=2026-10-31\"",
        "<input type=\"hidden\" name=\"compare\" value=\"2026-10-31\">",
        "/api/v1/ask/events?product=atomic&amp;from=2026-11-14&amp;to=2026-11-20&amp;before=2026-10-31",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let question =
        "/question/events?product=atomic&from=2026-11-14&to=2026-11-20&before=2026-10-31";
    let question = fixture.get(question).body;
    assert!(question.contains("Compared with 31 Oct to 6 Nov 2026."), "{question}");
}

#[test]
fn a_question_is_asked_about_other_days_too() {
    let fixture = fixture();
    let before = |query: &str| {
        let asked = fixture.get(&format!("/api/v1/ask/{query}&product=atomic"));
        assert_eq!(asked.status, 200, "{asked:?}");
        let asked: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        asked["before"].clone()
    };
    assert_eq!(
        before("active?from=2026-11-14&to=2026-11-20&before=2026-10-31"),
        json!({"from": "2026-10-31", "to": "2026-11-06", "rows": [
            {"day": "2026-11-03", "devices": 3}, {"day": "2026-11-05", "devices": 1},
        ]})
    );
    assert_eq!(
        before("active?period=week&from=2026-11-14&to=2026-11-20&before=2026-11-05"),
        json!({"from": "2026-11-02", "to": "2026-11-15", "rows": [
            {"week": "2026-11-02", "devices": 3}, {"week": "2026-11-09", "devices": 1},
        ]})
    );
    let year = before("events?from=2026-11-14&to=2026-11-20&before=year");
    assert_eq!(year, json!({"from": "2025-11-15", "to": "2025-11-21", "rows": []}));
    let months = before("active?period=month&from=2026-01-01&to=2026-02-01&before=year");
    assert_eq!(months, json!({"from": "2025-01-01", "to": "2025-02-28", "rows": []}));
    // On the first day of a month, too, there are as many months before.
    let months = before("active?period=month&from=2025-04-01&to=2026-03-01&before=yes");
    assert_eq!((&months["from"], &months["to"]), (&json!("2024-04-01"), &json!("2025-03-31")));
    assert_eq!(
        ask(&crate::asking::known(), "events?days=1&before=2026-11-19")["before"]["to"],
        "2026-11-19"
    );
}

/// The section of a panel.
fn panel<'p>(page: &'p str, id: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).expect("the panel is there");
    rest.split("</section>").next().unwrap_or(rest)
}

/// Devices of Atomic, whose ids are replaced on the first of each month.
fn monthly() -> Fixture {
    let fixture = Fixture::new();
    let days = [
        (1, "2026-10-06"),
        (2, "2026-10-20"),
        (2, "2026-10-27"),
        (3, "2026-11-02"),
        (3, "2026-11-09"),
        (3, "2026-11-16"),
    ];
    let lines: Vec<String> = days.map(|(device, day)| line_of(device, day, "update")).into();
    fixture.send(&lines);
    fixture
}

#[test]
fn nobody_is_followed_over_a_change_of_ids() {
    let page = monthly().get("/product/atomic?days=28").body;
    let map = panel(&page, "retention");
    // New on 20 Oct: known a week later only up to 1 Nov, and not beyond.
    let october = "19 Oct 2026</th><td class=\"number\">1</td><td></td><td></td>";
    assert!(map.contains(october), "{map}");
    let november = "2 Nov 2026</th><td class=\"number\">1</td><td class=\"number heat-9\" \
                    title=\"1 device\">100%</td><td class=\"number unfinished heat-9\" \
                    title=\"1 device so far\">";
    assert!(map.contains(november), "{map}");
    assert!(map.contains("nobody can be followed over that day"), "{map}");
    let new = panel(&page, "new-and-returning");
    for week in ["26 Oct", "2 Nov"] {
        let marked = format!("{week} 2026<span class=\"aside\">ids replaced on 1 Nov</span>");
        assert!(new.contains(&marked), "{marked} is missing in {new}");
    }
    assert_eq!(new.matches("ids replaced on").count(), 2, "{new}");
    assert!(new.contains("every device is new once more"), "{new}");
}

#[test]
fn steps_of_days_that_are_not_alike_are_not_compared() {
    let fixture = monthly();
    let steps = |days: &str| {
        let step = "step=atomic_command&step=atomic_command";
        let page = fixture.get(&format!("/product/atomic?{days}&{step}")).body;
        panel(&page, "steps-in-order").to_owned()
    };
    let changed = steps("from=2026-11-02&to=2026-11-15");
    let told = "There is no comparison: ids were replaced 0 times within these days and once \
                within the days before";
    assert!(changed.contains(told) && !changed.contains(">Before<"), "{changed}");
    let part = steps("from=2026-10-12&to=2026-10-25");
    let told = "There is no comparison (the days before: 6 of 14 days known).";
    assert!(part.contains(told) && !part.contains(">Before<"), "{part}");
    let alike = steps("from=2026-11-09&to=2026-11-15");
    assert!(alike.contains(">Before</th>") && !alike.contains("no comparison"), "{alike}");
}

#[test]
fn a_tile_says_what_is_not_known_and_what_takes_no_filter() {
    let fixture = monthly();
    let page = |query: &str| fixture.get(&format!("/product/atomic?{query}")).body;
    let part = page("from=2026-10-12&to=2026-10-25");
    for told in [
        "<dt>Devices, week of 19 Oct</dt>",
        "<dt>New, week of 19 Oct</dt>",
        "of 1 event; the days before: 6 of 14 days known",
    ] {
        assert!(part.contains(told), "{told} is missing in {part}");
    }
    let alike = page("from=2026-11-02&to=2026-11-08");
    let told = "not compared with the week before: ids were replaced within one of the two";
    assert!(alike.contains(told), "{alike}");
    let left_out = "<dd>–</dd><dd class=\"aside\">not available while a filter is on</dd>";
    for query in ["days=28&version=0.10.0", "days=28&where=command:update"] {
        let filtered = page(query);
        assert_eq!(filtered.matches(left_out).count(), 2, "{query}: {filtered}");
    }
    assert!(!page("days=28").contains(left_out));
}

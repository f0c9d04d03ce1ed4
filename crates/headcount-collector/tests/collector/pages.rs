//! The page, without a browser.

use crate::asking::known;
use crate::fixture::{Fixture, line_of};

#[test]
fn a_page_has_the_numbers_of_its_product() {
    let fixture = Fixture::new();
    let lines = [
        line_of(1, "2026-11-19", "update"),
        line_of(2, "2026-11-19", "init"),
        line_of(3, "2026-11-20", "init"),
    ];
    fixture.send(&lines);
    for path in ["/product/atomic", "/?product=atomic", "/product/atomic?days=7"] {
        let page = fixture.get(path);
        assert_eq!(page.status, 200, "{page:?}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        for part in [
            "<h1>Atomic CLI</h1>",
            "<title>Thu 19 Nov 2026: 2 devices</title>",
            "<title>Fri 20 Nov 2026: 1 event so far</title>",
            "atomic_command by command<span class=\"aside\">of events that have it</span></h3>",
            ">init</a></th>",
            "href=\"/api/v1/ask/by-property?product=atomic&amp;from=",
            "Which commands are used, with which agent, and do they work?",
            "aria-current=\"page\">Atomic CLI",
        ] {
            assert!(page.body.contains(part), "{path} lacks {part}");
        }
    }
}

#[test]
fn all_products_are_there_at_a_glance() {
    let fixture = Fixture::new();
    let last_week = [line_of(1, "2026-11-10", "update"), line_of(2, "2026-11-11", "init")];
    fixture.send(&last_week);
    fixture.send(&[line_of(3, "2026-11-04", "init"), line_of(1, "2026-11-20", "init")]);
    // The first event came on a Wednesday: a part of a week is no comparison.
    let page = fixture.get("/").body;
    assert!(page.contains("data-label=\"Change\">–</td>"), "{page}");
    fixture.send(&[line_of(3, "2026-11-02", "init")]);
    let page = fixture.get("/");
    assert_eq!(page.status, 200);
    for part in [
        "<h1>All products</h1>",
        "<a href=\"/product/atomic\">Atomic CLI</a>",
        "<strong>2</strong><span class=\"aside\">devices</span>",
        "▲ 1 → 2",
        "aria-label=\"Atomic CLI, devices by week: 1, 2, 1 so far\"",
        "<td data-label=\"Last event\">today</td>",
        "nothing yet",
    ] {
        assert!(page.body.contains(part), "{part} is missing in {}", page.body);
    }
}

#[test]
fn an_empty_page_says_what_to_do() {
    let fixture = Fixture::new();
    let page = fixture.get("/product/archon");
    assert!(page.body.contains("<h1>Archon</h1>"), "{page:?}");
    assert!(page.body.contains("Nothing has arrived yet"), "{page:?}");
    let kept = "Ids of devices are stored as pseudonyms, and IP addresses are not stored.";
    assert!(page.body.contains(kept), "{page:?}");
    let endpoint = format!("ARCHON_TELEMETRY_ENDPOINT=http://{}", fixture.address());
    assert!(page.body.contains(&endpoint), "{page:?}");
    let nobody = fixture.get("/product/nobody");
    assert_eq!(nobody.status, 404);
    assert!(nobody.body.contains("No such product"), "{nobody:?}");
}

#[test]
fn any_address_is_an_ordinary_page() {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-19", "update")]);
    for query in [
        "days=%ff",
        "days=x&from=&to=1",
        "from=1026-01-01&to=2926-01-01",
        "from=2926-01-01",
        "version=%3Cscript%3Ealert(1)%3C/script%3E",
        "version=9.9.9&compare=maybe",
        "days=99999999999999999999&days=7",
        "product=%22%3E%3Cscript%3E",
    ] {
        for path in ["/product/atomic", "/"] {
            let page = fixture.get(&format!("{path}?{query}"));
            let is_known = path != "/" || !query.starts_with("product=");
            assert_eq!(page.status, if is_known { 200 } else { 404 }, "{path}?{query}");
            assert!(!page.body.contains("<script>"), "{query}");
            assert!(page.body.contains("</html>"), "{query}");
        }
    }
    // Two years at most, and it says which days they are.
    let century = fixture.get("/product/atomic?from=1926-11-20&to=2026-11-20").body;
    assert!(
        century
            .contains("20 Nov 2024</time> – <time datetime=\"2026-11-20\">20 Nov 2026</time>, UTC"),
        "{century}"
    );
}

/// Every panel's numbers are linked as data, and no two panels are alike.
#[test]
fn every_panel_has_its_question_and_its_own_title() {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-19", "update"), line_of(1, "2026-11-20", "init")]);
    let page = fixture.get("/product/atomic?days=7").body;
    let parts: Vec<&str> = page.split("<section class=\"panel").skip(1).collect();
    let mut ids = Vec::new();
    let mut links = 0;
    for part in &parts {
        let Some((_, rest)) = part.split_once(" id=\"") else { continue };
        let (id, _) = rest.split_once('"').expect("an id ends");
        assert!(!ids.contains(&id), "{id} is there twice");
        ids.push(id);
        for link in part.split("href=\"/api/").skip(1) {
            let (link, _) = link.split_once('"').expect("a link ends");
            let answer = fixture.get(&format!("/api/{}", link.replace("&amp;", "&")));
            assert_eq!(answer.status, 200, "{link}: {answer:?}");
            links += 1;
        }
    }
    assert!(ids.len() > 12 && links > 2 * 12, "{} panels, {links} links", ids.len());
}

#[test]
fn a_page_loads_nothing_from_elsewhere_and_cannot_be_framed() {
    let fixture = Fixture::new();
    for path in ["/", "/page.js", "/favicon.svg", "/metrics", "/nowhere"] {
        let answer = fixture.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{path}");
    }
    let page = fixture.get("/").body;
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/page.js\" defer></script>"), "{page}");
    assert_eq!(page.matches("<style>").count(), 1);
    for absent in [" style=", "<style ", "rel=\"stylesheet\"", "onclick", "@import", "url("] {
        assert!(!page.contains(absent), "{absent}");
    }
}

/// A click on a value filters every panel that can be asked under it.
#[test]
fn a_filter_holds_for_every_panel_that_takes_it_and_the_others_say_so() {
    let fixture = Fixture::new();
    let lines = [
        line_of(1, "2026-11-19", "update"),
        line_of(2, "2026-11-19", "init"),
        line_of(3, "2026-11-20", "init"),
    ];
    fixture.send(&lines);
    let page = fixture.get("/product/atomic").body;
    let link = "/product/atomic?days=28&amp;where=command:init";
    assert!(page.contains(&format!("<a href=\"{link}\">init</a>")), "{page}");
    let page = fixture.get(&link.replace("&amp;", "&")).body;
    for part in [
        // Two of the three events, of two devices.
        "<title>Thu 19 Nov 2026: 1 device</title>",
        "<title>Thu 19 Nov 2026: 1 event</title>",
        "command: init",
        "href=\"/product/atomic?days=28\"",
        "Not filtered: this panel always counts all events.",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    for query in ["where=nonsense:x", "where=command:nonsense", "where=command:%3Cb%3E"] {
        let page = fixture.get(&format!("/product/atomic?{query}"));
        assert_eq!(page.status, 400, "{query}");
        assert!(!page.body.contains("<b>"), "{query}");
    }
}

#[test]
fn the_question_behind_a_number_is_one_click_away() {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-19", "update")]);
    let page = fixture.get("/product/atomic?days=7").body;
    let links = page.split("href=\"/question/").skip(1);
    let links: Vec<String> = links
        .filter_map(|rest| rest.split_once('"'))
        .map(|(link, _)| link.replace("&amp;", "&"))
        .collect();
    assert!(links.len() > 12, "{links:?}");
    for link in links {
        let page = fixture.get(&format!("/question/{link}"));
        assert_eq!(page.status, 200, "{link}: {page:?}");
        assert!(
            page.body.contains("<h2>In words</h2>") && page.body.contains("Atomic CLI"),
            "{link}"
        );
    }
    assert_eq!(fixture.get("/question/nothing?product=atomic").status, 404);
    let wrong = fixture.get("/question/events?product=atomic&from=%3Cscript%3E");
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.body.contains("This cannot be asked") && !wrong.body.contains("<script>"),
        "{wrong:?}"
    );
}

/// From the page, with everything that was chosen there, and back.
#[test]
fn a_question_leads_back_and_says_what_failed_means() {
    let fixture = known();
    let page = fixture.get("/product/tool?days=7&compare=no&order=number").body;
    let link = page.split("href=\"").find(|link| link.starts_with("/question/failures?"));
    let link = link.and_then(|link| link.split_once('"')).expect("a link").0.replace("&amp;", "&");
    let question = fixture.get(&link);
    assert_eq!(question.status, 200, "{question:?}");
    for part in [
        "<a href=\"/product/tool?days=7&amp;compare=no&amp;order=number\">Back to Tool</a>",
        "Events named <code>run</code> of Tool that failed",
        "An event named <code>run</code> failed if its <code>worked</code> is <code>false</code>",
    ] {
        assert!(question.body.contains(part), "no {part} in {}", question.body);
    }
    // The style before it has comments with names.
    let (_, content) = question.body.split_once("<main").expect("a content");
    assert!(!content.contains('`'), "{content}");
    // Without it, and with nonsense, there is a way back, too.
    let days = "product=tool&event=run&from=2026-11-19&to=2026-11-20&where=command:build";
    let own = fixture.get(&format!("/question/failures?{days}")).body;
    let back = "/product/tool?from=2026-11-19&amp;to=2026-11-20&amp;where=command:build\">Back";
    assert!(own.contains(back), "{own}");
    for query in ["%22%3E%3Cscript%3E", "//elsewhere.example/", "%ff", "days=7&back=days%3D9"] {
        let page = fixture.get(&format!("/question/failures?{days}&back={query}"));
        assert_eq!(page.status, 200, "{query}");
        assert!(page.body.contains("<a href=\"/product/tool?"), "{query}: {}", page.body);
        assert!(!page.body.contains("<script>") && !page.body.contains("elsewhere"), "{query}");
    }
}

#[test]
fn a_page_of_one_version_says_why_no_two_are_compared() {
    let fixture = known();
    let all = fixture.get("/product/tool?days=7").body;
    assert!(all.contains("What the last release changed"), "{all}");
    assert!(!all.contains("release-left-out"), "{all}");
    assert!(
        all.contains("<title>Fri 20 Nov 2026: 6 devices so far; 1.5.0 first seen</title>"),
        "{all}"
    );
    let one = fixture.get("/product/tool?days=7&version=1.5.0").body;
    for part in ["this page is of version 1.5.0 alone", "href=\"/product/tool?days=7#release\""] {
        assert!(one.contains(part), "no {part} in {one}");
    }
}

/// An event that is rejected and a property that is left out are two things.
#[test]
fn rejected_events_and_dropped_properties_are_two_numbers() {
    let fixture = Fixture::new();
    let known = line_of(1, "2026-11-20", "update");
    let lines = [
        known.clone(),
        line_of(2, "2026-11-20", "no-such-command"),
        line_of(3, "2026-11-20", "init")
            .replace("\"source\"", "\"another\":1,\"more\":2,\"source\""),
    ];
    fixture.send(&lines);
    let page = fixture.get("/product/atomic").body;
    for part in [
        "<dt>Dropped events in these days</dt><dd>1</dd>",
        "2 properties dropped from stored events",
        "<p>1 event and 2 properties.</p>",
        ">property</td><td data-label=\"Why\"><code>unknown-property</code></td>",
        ">event</td><td data-label=\"Why\"><code>outside-set</code></td>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let overview = fixture.get("/").body;
    let cell = "data-label=\"Dropped in 7 days\">1<span class=\"aside\">2 properties</span></td>";
    assert!(overview.contains(cell), "{overview}");
}

/// Numbers and not a link alone, for the property by which failures are listed,
/// too.
#[test]
fn durations_are_listed_by_command_the_slowest_first() {
    let fixture = known();
    let page = fixture.get("/product/tool?days=7").body;
    let (_, panel) = page.split_once("id=\"measured-run-took-command\"").expect("a panel");
    let (panel, _) = panel.split_once("</section>").expect("its end");
    let row = |command: &str, [p50, p90, p99]: [u32; 3], count: u32| {
        format!(
            "<th scope=\"row\"><a href=\"/product/tool?days=7&amp;where=command:{command}\">\
             <code>{command}</code></a></th><td class=\"number\" data-label=\"p50\">{p50} ms</td>\
             <td class=\"number\" data-label=\"p90\">{p90} ms</td>\
             <td class=\"number\" data-label=\"p99\">{p99} ms</td>\
             <td class=\"number\" data-label=\"Values\">{count}</td>"
        )
    };
    let build = panel.find(&row("build", [30, 60, 60], 6));
    let test = panel.find(&row("test", [3, 5, 5], 5));
    assert!(build.is_some() && build < test, "{panel}");
    for part in [
        "run: took by command",
        "/api/v1/ask/quantiles?product=tool&amp;from=2026-11-14&amp;to=2026-11-20&amp;event=run\
         &amp;property=took&amp;by=command&amp;format=csv",
        "those with fewer than 30 values come last",
    ] {
        assert!(panel.contains(part), "no {part} in {panel}");
    }
}

/// A link to a part of the page leads to one place.
#[test]
fn no_two_parts_of_a_page_have_one_id() {
    let fixture = known();
    let page = fixture.get("/product/tool?days=7").body;
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(id, _)| id)
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert!(all > 20 && ids.len() == all, "{all} ids, {ids:?} without those that are twice");
}

/// Weeks and months before the first event are no reason for an empty chart.
#[test]
fn charts_of_weeks_and_months_begin_not_long_before_the_first_event() {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-19", "update")]);
    let bars = |query: &str, id: &str| {
        let page = fixture.get(&format!("/product/atomic?{query}")).body;
        let (_, panel) = page.split_once(&format!("id=\"{id}\"")).expect("a panel");
        let (panel, _) = panel.split_once("</section>").expect("its end");
        panel.matches("<title>").count()
    };
    assert_eq!((bars("days=7", "active-week"), bars("days=7", "active-month")), (6, 6));
    // Whoever asks for more gets more.
    assert_eq!(bars("days=91", "active-week"), 14);
}

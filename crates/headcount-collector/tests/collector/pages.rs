//! The page, without a browser.

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
            "Events by command<span class=\"aside\">atomic_command</span>",
            "<th scope=\"row\">init</th>",
            "Which commands are used, with which agent, and do they work?",
            "aria-current=\"page\">Atomic CLI",
        ] {
            assert!(page.body.contains(part), "{path} lacks {part}");
        }
    }
}

#[test]
fn the_first_product_is_the_default_and_its_empty_page_says_what_to_do() {
    let fixture = Fixture::new();
    let page = fixture.get("/");
    assert!(page.body.contains("<h1>Archon</h1>"), "{page:?}");
    assert!(page.body.contains("Nothing has arrived yet"), "{page:?}");
    let kept = "Ids of devices are stored as pseudonyms, and IP addresses are not stored.";
    assert!(page.body.contains(kept), "{page:?}");
    let endpoint = format!("ARCHON_TELEMETRY_ENDPOINT=http://{}", fixture.address());
    assert!(page.body.contains(&endpoint), "{page:?}");
    let nobody = fixture.get("/product/nobody");
    assert_eq!(nobody.status, 404);
    assert!(nobody.body.contains("No such product"), "{nobody:?}");
    assert!(fixture.get("/?days=%ff&days=x").status == 200);
}

#[test]
fn a_page_loads_nothing_runs_no_script_and_cannot_be_framed() {
    let fixture = Fixture::new();
    for path in ["/", "/style.css", "/favicon.svg", "/metrics", "/nowhere"] {
        let answer = fixture.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{path}");
    }
    let page = fixture.get("/").body;
    for absent in ["<script", " style=", "<style", "onclick", "@import", "url("] {
        assert!(!page.contains(absent), "{absent}");
    }
    let style = fixture.get("/style.css");
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(!style.body.contains("url(") && style.body.contains("prefers-color-scheme: dark"));
}

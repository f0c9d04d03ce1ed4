//! The page of a product's catalog.

use crate::asking::{TOOL, known, parse, serve};
use crate::fixture::Fixture;

/// Three versions: the second one tells more, the third one less.
fn three() -> Fixture {
    let mut fixture = Fixture::new();
    let more = TOOL
        .replace("catalog = 3", "catalog = 4")
        .replace("[\"build\", \"test\"]", "[\"build\", \"test\", \"deploy\"]");
    let less = more
        .replace("catalog = 4", "catalog = 5")
        .replace("[event.opened]\n", "[event.opened]\nexpires = \"2026-12-31\"\n")
        .replace("How often is it opened?", "<script>alert(1)</script>?");
    serve(&mut fixture, vec![parse(TOOL), parse(&more), parse(&less)]);
    fixture
}

#[test]
fn every_version_is_listed_and_any_two_are_compared() {
    let fixture = three();
    let newest = fixture.get("/product/tool/catalog");
    assert_eq!(newest.status, 200, "{newest:?}");
    for part in [
        "<h1>The catalog of Tool</h1>",
        "old=3&amp;new=4#difference\">collects more</a>",
        "old=4&amp;new=5#difference\">collects less</a>",
        "first version received",
        "Version 5 collects <strong>less</strong> than version 4.",
        "<code>opened</code> is recorded until 2026-12-31 only.",
        "<time datetime=\"2026-12-31\">31 Dec 2026</time>",
    ] {
        assert!(newest.body.contains(part), "no {part} in {}", newest.body);
    }
    assert!(!newest.body.contains("<script>alert"), "{}", newest.body);
    let both = fixture.get("/product/tool/catalog?old=3&new=5").body;
    assert!(both.contains("collects <strong>more</strong> than version "), "{both}");
    assert!(
        both.contains("<code>command</code> of <code>run</code> can also be deploy. *"),
        "{both}"
    );
    assert!(both.contains("<option value=\"3\" selected>3</option>"), "{both}");
    let back = fixture.get("/product/tool/catalog?old=5&new=3").body;
    assert!(
        back.contains("<code>command</code> of <code>run</code> can no longer be deploy."),
        "{back}"
    );
}

#[test]
fn nonsense_in_an_address_is_an_ordinary_page() {
    let fixture = three();
    for query in
        ["old=x&new=y", "old=9&new=3", "old=%3Cscript%3E&new=", "old=-1", "old=%ff", "new=3"]
    {
        let answer = fixture.get(&format!("/product/tool/catalog?{query}"));
        assert_eq!(answer.status, 200, "{query}");
        assert!(!answer.body.contains("%3C") && !answer.body.contains("<script>alert"), "{query}");
    }
    let unknown = fixture.get("/product/tool/catalog?old=9&new=3").body;
    assert!(unknown.contains("There is no such version here"), "{unknown}");
    assert_eq!(fixture.get("/product/nobody/catalog").status, 404);
    let one = known();
    let page = one.get("/product/tool/catalog").body;
    assert!(page.contains("There is no version before it to compare with."), "{page}");
    for part in [
        "<th scope=\"row\">1.5.0</th><td><time datetime=\"2026-11-20\">20 Nov 2026</time></td>",
        "<th scope=\"row\">1.4.0</th>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

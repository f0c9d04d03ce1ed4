//! Addresses that somebody mistyped, kept for too long or made up: each gets an
//! ordinary page that says what is wrong, and none makes a page large.

use headcount_collector::offline::notes;

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, line_of};

/// Bytes of a page that says one sentence, with its style.
const SHORT: usize = 40_000;

const FORM: &str = "application/x-www-form-urlencoded";

/// What browsers send.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn with_events() -> Fixture {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-10", "update"), line_of(2, "2026-11-20", "init")]);
    fixture
}

fn browse(fixture: &Fixture, path: &str) -> Answer {
    get(path).header("accept", BROWSER).send(fixture.address())
}

/// What is between the bars above and below a page.
fn content(page: &str) -> &str {
    let (_, rest) = page.split_once("<main").expect("a page");
    rest.split_once("</main>").expect("an end").0
}

#[test]
fn a_long_address_makes_a_short_page() {
    let fixture = with_events();
    let values: String = (0..3_000).map(|at| format!("&where=agentType:{at}")).collect();
    let names: String = (0..3_000).map(|at| format!("&where=n{at}:x")).collect();
    for query in [
        values,
        names,
        format!("version={}", "1".repeat(40_000)),
        format!("where=command:{}", "x".repeat(40_000)),
        "step=atomic_command&".repeat(2_000),
        format!("step={}", "x".repeat(40_000)),
        format!("within={}", "1".repeat(40_000)),
        format!("per={}", "%ff".repeat(10_000)),
    ] {
        for path in ["/product/atomic?days=7&", "/?product=atomic&"] {
            let page = fixture.get(&format!("{path}{query}"));
            let begin = &query[..20];
            assert_eq!(page.status, 400, "{path}{begin}");
            assert!(page.body.len() < SHORT, "{path}{begin}: {} bytes", page.body.len());
            let link = "<a href=\"/product/atomic\">Atomic CLI without filters</a>";
            assert!(page.body.contains(link), "{begin}: {}", page.body);
        }
        // What is not repeated by any link is not in the way.
        for path in ["/product/atomic/catalog?old=", "/?foreign=", "/product/nobody?"] {
            let page = fixture.get(&format!("{path}{query}"));
            assert!(page.body.len() < SHORT, "{path}: {} bytes", page.body.len());
        }
        let question = format!("/question/events?product=atomic&{query}");
        assert!(fixture.get(&question).body.len() < SHORT, "{question}");
        let back = query.replace('&', "%26").replace('%', "%25");
        let question = format!("/question/events?product=atomic&back={back}");
        if question.len() < 60_000 {
            assert!(fixture.get(&question).body.len() < SHORT, "{question}");
        }
    }
}

/// Twenty values of each name, as long as they fit: each link repeats them.
#[test]
fn the_longest_address_that_has_a_page_has_one_of_a_size() {
    let fixture = with_events();
    let steps = "&step=atomic_command".repeat(8);
    let values = (0..20).map(|at| format!("&where=atomicVersion:{}{at:02}", "1".repeat(60)));
    let query = values.collect::<String>() + &steps;
    assert!(query.len() > 1_700, "{}", query.len());
    let page = fixture.get(&format!("/product/atomic?days=7{query}"));
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.len() < 1_500_000, "{} bytes", page.body.len());
    // And a note from there leads back.
    let query = query.replace('&', "%26").replace('=', "%3D").replace(':', "%3A");
    let form = format!("day=2026-11-18&text={}&query=days%3D7{query}", "%C3%BC".repeat(200));
    let written =
        post("/product/atomic/notes", form).header("content-type", FORM).send(fixture.address());
    assert_eq!(written.status, 303, "{written:?}");
    assert!(written.header("location").is_some_and(|place| place.len() > 1_700), "{written:?}");
}

#[test]
fn a_filter_that_the_product_does_not_have_is_told_once() {
    let fixture = with_events();
    for (filter, why) in [
        ("nope:1", "unknown name in <code>where</code>"),
        ("agentType:nobody", "unknown value of <code>agentType</code>"),
        ("nope:%3Cscript%3E", "unknown name in <code>where</code>"),
    ] {
        let page =
            fixture.get(&format!("/product/atomic?days=7&where={filter}&where=command:init"));
        assert_eq!(page.status, 400, "{filter}");
        let own = content(&page.body);
        assert_eq!(own.matches(why).count(), 1, "{own}");
        let without = "<a href=\"/product/atomic?days=7&amp;where=command:init\">Remove this";
        assert_eq!(own.matches(without).count(), 1, "{own}");
        for absent in ["class=\"figures\"", "<h3", "<svg", "<script>", "there was no event yet"] {
            assert!(!own.contains(absent), "{absent}: {own}");
        }
    }
    let unsaid = fixture.get("/product/atomic?where=agentType:").body;
    assert!(unsaid.contains("agentType: not said "), "{unsaid}");
}

#[test]
fn what_an_address_asks_for_and_a_page_does_not_show_is_told() {
    let fixture = with_events();
    for (query, told) in [
        ("days=0", "<code>days</code> is not a number from 1 to 731: the last 28 days"),
        ("days=-5", "<code>days</code> is not a number"),
        ("days=99999999999999999999", "A page shows at most 731 days"),
        ("from=1926-01-01", "A page shows at most 731 days"),
        ("from=2026-02-31", "<code>from</code> is left out: it is not a date"),
        ("from=2999-01-01", "<code>from</code> is after today"),
        ("from=2026-11-20&to=2026-11-11", "they are swapped"),
        ("where=agentType", "A filter is left out"),
        ("version=1.0.0&version=9.9.9", "<code>version</code> is given more than once"),
        ("version=9.9.9", "No event of version <code>9.9.9</code> has arrived"),
        ("order=strange", "<code>order</code> is neither"),
        ("durations=strange", "<code>durations</code> is left out"),
        ("compare=strange", "The address asks to compare with something else"),
    ] {
        let page = fixture.get(&format!("/product/atomic?{query}"));
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(page.body.matches(told).count(), 1, "{query}: {}", page.body);
    }
    let plain = fixture.get("/product/atomic?days=7&foreign=x&order=share&where=&step=").body;
    for absent in ["is left out", "more than once", "is not a number", "has arrived"] {
        assert!(!plain.contains(absent), "{absent}: {plain}");
    }
}

#[test]
fn a_browser_that_goes_astray_gets_a_page_and_a_program_json() {
    let fixture = Fixture::new();
    for (path, status, told) in [
        ("/nonsense", 404, "This collector has no page at this address."),
        ("/product/atomic/nope", 404, "This collector has no page at this address."),
        ("/product/%3C/script%3E", 404, "This collector has no page at this address."),
        ("/product/%ff", 400, "Cannot read the address: it is not valid UTF-8."),
        ("/product/%ff/catalog", 400, "Cannot read the address"),
        ("/product/%ff/notes", 404, "This collector has no page at this address."),
        ("/question/%ff", 400, "Cannot read the address"),
        ("/batch", 405, "Unsupported method"),
    ] {
        let page = browse(&fixture, path);
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        let own = content(&page.body);
        assert!(own.contains(told) && own.contains("href=\"/\">All products"), "{path}: {own}");
        // It is for everybody, and names no product.
        assert!(!page.body.contains("Atomic CLI"), "{path}");
        let program = fixture.get(path);
        assert_eq!(program.status, status, "{path}");
        assert_eq!(program.header("content-type"), Some("application/json"), "{path}");
        assert!(!program.error().is_empty());
    }
    assert_eq!(browse(&fixture, "/batch").header("allow"), fixture.get("/batch").header("allow"));
}

#[test]
fn a_refused_note_is_a_page_with_a_way_back() {
    let fixture = with_events();
    let write = |form: &str| {
        let request = post("/product/atomic/notes", form).header("content-type", FORM);
        request.header("accept", BROWSER).send(fixture.address())
    };
    let long = format!("day=2026-11-18&text={}&query=days%3D7", "x".repeat(201));
    for (form, told) in [
        (long.as_str(), "The note has 201 characters: use at most 200."),
        ("day=2026-11-21&text=x&query=days%3D7", "The day is in the future: write a note on"),
        ("day=9999-12-31&text=x&query=days%3D7", "today, 2026-11-20 (UTC)"),
        ("day=0001-01-01&text=x&query=days%3D7", "The day is before 1970"),
    ] {
        let page = write(form);
        assert_eq!(page.status, 400, "{form}");
        let own = content(&page.body);
        assert!(own.contains(told), "{form}: {own}");
        assert!(own.contains("<a href=\"/product/atomic?days=7\">Back to the page</a>"), "{own}");
    }
    assert!(notes::list(&fixture.config().data).unwrap().is_empty());
    assert_eq!(write("day=2026-11-20&text=x").status, 303);
}

#[test]
fn before_the_first_event_nothing_is_drawn() {
    let fixture = with_events();
    let page = fixture.get("/product/atomic?from=2026-01-01&to=2026-01-28").body;
    let own = content(&page);
    for part in [
        "All these days are before the first event, on",
        "<a href=\"/product/atomic?from=2026-11-10&amp;to=2026-11-20\">Show the days",
        "id=\"notes\"",
    ] {
        assert!(own.contains(part), "{part}: {own}");
    }
    for absent in ["class=\"figures\"", "<svg", "older than a week"] {
        assert!(!own.contains(absent), "{absent}: {own}");
    }
    let first = fixture.get("/product/atomic?from=2026-11-10&to=2026-11-10").body;
    let told = ": there was no event yet in that week";
    assert_eq!(first.matches(told).count(), 2, "{first}");
    assert_eq!(fixture.get("/product/atomic").body.matches(told).count(), 0);
}

#[test]
fn products_without_events_have_no_numbers() {
    let fixture = Fixture::new();
    let row = |fixture: &Fixture| {
        let page = fixture.get("/").body;
        let (_, rest) = page.split_once(">Atomic CLI</a></th>").expect("a row");
        rest.split_once("</tr>").expect("its end").0.to_owned()
    };
    let empty = row(&fixture);
    assert_eq!(empty.matches(">–</td>").count(), 5, "{empty}");
    assert!(empty.contains("nothing yet") && !empty.contains("<svg"), "{empty}");
    // This week alone: there is no week yet that is over.
    fixture.send(&[line_of(1, "2026-11-20", "init")]);
    let first = row(&fixture);
    assert!(first.contains("class=\"point\"") && first.contains("today"), "{first}");
    assert_eq!(first.matches(">–</td>").count(), 2, "{first}");
}

//! A destination can ask for less in one header, and for nothing else.

use headcount::Catalog;
use headcount::ship::Started;
use headcount_testkit::{CannedAnswer, CaptureServer, Home};
use serde_json::json;

use crate::scene;

const DAY_S: i64 = 86_400;

fn accepted(events: u64) -> CannedAnswer {
    let answer = format!("{{\"accepted\":{events},\"duplicate\":0,\"rejected\":0,\"events\":[]}}");
    CannedAnswer::status(200).body(answer)
}

/// One event and a shipment, on a day.
fn day(catalog: &'static Catalog, home: &Home, day: i64) {
    scene::ticks(catalog, home, scene::after(day * DAY_S), [day]);
    scene::ship(catalog, home, scene::after(day * DAY_S));
}

#[test]
fn a_stop_holds_for_seven_days_and_what_waited_goes_then() {
    let server = CaptureServer::start();
    server.reply_next(accepted(1).header("headcount-send", "stop"));
    let (catalog, home) = (scene::one("headcount", &server.url()), Home::new());
    for number in 0..7 {
        day(catalog, &home, number);
        assert_eq!(server.requests().len(), 1, "day {number}");
        let session = scene::open(catalog, &home, scene::after(number * DAY_S));
        // On the first day all has gone that there was.
        let due = if number == 0 { Started::NothingDue } else { Started::NoDestination };
        assert_eq!(session.start_shipper().expect("a look"), due, "day {number}");
    }
    let status = scene::say(catalog, &home, scene::after(DAY_S), "status --json");
    assert_eq!(status["destinations"][0]["asks"], "stop");
    assert_eq!(status["destinations"][0]["asksForSeconds"], 6 * DAY_S);
    let said = scene::said(catalog, &home, scene::after(DAY_S), "status");
    assert!(said.contains("asked to stop: nothing is sent for 6 days"), "{said}");
    let shown = scene::said(catalog, &home, scene::after(DAY_S), "inspect");
    assert!(shown.contains("Not sent to one: the destination asked to stop"), "{shown}");

    server.reply_next(accepted(6));
    scene::ship(catalog, &home, scene::after(7 * DAY_S));
    assert_eq!(scene::numbers(&server.requests()[1]), [1, 2, 3, 4, 5, 6]);
    let status = scene::say(catalog, &home, scene::after(7 * DAY_S), "status --json");
    assert_eq!(status["destinations"][0]["asks"], serde_json::Value::Null);
}

/// Whether a device belongs to half of them, no two homes agree on; so many are
/// tried until each kind was seen.
#[test]
fn a_rate_keeps_whole_devices_or_drops_them_and_a_batch_tells_it() {
    let (mut kept, mut dropped) = (0, 0);
    while kept == 0 || dropped == 0 {
        assert!(kept + dropped < 64, "{kept} kept, {dropped} dropped: that is not half of them");
        let server = CaptureServer::start();
        server.reply_next(accepted(1).header("headcount-send", "0.5"));
        server.reply_otherwise(accepted(1));
        let (catalog, home) = (scene::one("headcount", &server.url()), Home::new());
        let header =
            |place: usize| server.requests()[place].header("headcount-batch").map(str::to_owned);
        day(catalog, &home, 0);
        assert_eq!(header(0).as_deref(), Some("catalog=1; rate=1"));
        for number in 1..4 {
            day(catalog, &home, number);
        }
        match server.requests().len() {
            4 => {
                kept += 1;
                assert_eq!(header(3).as_deref(), Some("catalog=1; rate=0.5"));
            }
            1 => {
                dropped += 1;
                let status = scene::say(catalog, &home, scene::after(3 * DAY_S), "status --json");
                assert_eq!(status["lost"], json!({"not-asked": 3}));
                assert_eq!(status["waiting"]["events"], 0, "what is not asked for is not kept");
                assert_eq!(status["destinations"][0]["asks"], "0.5");
            }
            other => panic!("{other} requests: a device goes whole or not at all"),
        }
        // A week later it is forgotten, and the whole house reports again.
        let before = server.requests().len();
        day(catalog, &home, 8);
        assert_eq!(server.requests().len(), before + 1);
        assert_eq!(header(before).as_deref(), Some("catalog=1; rate=1"));
    }
}

#[test]
fn nothing_can_ask_for_more() {
    for wish in ["2", "1.5", "-1", "go", "100%", "1", ""] {
        let server = CaptureServer::start();
        server.reply_otherwise(accepted(1).header("headcount-send", wish));
        let (catalog, home) = (scene::one("headcount", &server.url()), Home::new());
        for number in 0..2 {
            day(catalog, &home, number);
        }
        let headers: Vec<_> = server
            .requests()
            .iter()
            .map(|request| request.header("headcount-batch").map(str::to_owned))
            .collect();
        assert_eq!(headers, [Some("catalog=1; rate=1".to_owned()), headers[0].clone()], "{wish}");
    }
}

/// One destination's wish is its own.
#[test]
fn a_stop_of_one_is_no_stop_of_another() {
    let (tired, other) = (CaptureServer::start(), CaptureServer::start());
    tired.reply_otherwise(CannedAnswer::status(503).header("headcount-send", "stop"));
    other.reply_otherwise(scene::yes("http"));
    let catalog = scene::catalog(&scene::text(&[
        scene::destination("tired", "http", &format!("{}/e", tired.url())),
        scene::destination("other", "http", &format!("{}/e", other.url())),
    ]));
    let home = Home::new();
    for number in 0..3 {
        day(catalog, &home, number);
    }
    assert_eq!((tired.requests().len(), other.requests().len()), (1, 3));
}

/// The same product with an id that changes every month.
fn monthly(url: &str) -> &'static Catalog {
    let text = scene::text(&[scene::destination("one", "headcount", &format!("{url}/e"))]);
    let random = "scheme = \"random\"\n";
    scene::catalog(&text.replace(random, &format!("{random}rotate = \"monthly\"\n")))
}

/// A server that gives each device a rate of its own learns nothing by it.
#[test]
fn no_rate_is_echoed_but_one_of_ten() {
    for (asked, told) in [
        ("0.999871", "0.5"),
        ("0.500001", "0.5"),
        ("0.37", "0.2"),
        ("0.0999", "0.05"),
        ("00.1000000000", "0.1"),
    ] {
        for attempt in 0.. {
            assert!(attempt < 1_000, "no device of {told} in {attempt}");
            let server = CaptureServer::start();
            server.reply_otherwise(accepted(1).header("headcount-send", asked));
            let (catalog, home) = (scene::one("headcount", &server.url()), Home::new());
            // An id that is among those that are asked.
            home.write(".tick/device", format!("device-{attempt}\n"));
            (0..2).for_each(|number| day(catalog, &home, number));
            let requests = server.requests();
            if let Some(second) = requests.get(1) {
                let header = second.header("headcount-batch");
                assert_eq!(header, Some(format!("catalog=1; rate={told}").as_str()), "{asked}");
                break;
            }
        }
    }
}

/// What was asked of one month's device is not known to the next month's.
#[test]
fn a_new_id_was_asked_for_nothing() {
    for (asked, status) in [
        (("headcount-send", "0.5"), 200),
        (("headcount-send", "stop"), 200),
        (("retry-after", "86400"), 503),
    ] {
        let server = CaptureServer::start();
        let answer = if status == 200 { accepted(1) } else { CannedAnswer::status(status) };
        server.reply_next(answer.header(asked.0, asked.1));
        server.reply_otherwise(accepted(1));
        let (catalog, home) = (monthly(&server.url()), Home::new());
        // The last day of November, and the first of December.
        let (november, december) = (scene::after(10 * DAY_S), scene::after(11 * DAY_S));
        scene::ticks(catalog, &home, november, [1]);
        scene::ship(catalog, &home, november);
        let kept = |name: &str| home.path().join(".tick/telemetry-state").join(name).exists();
        assert!(kept("one.pace.json") || kept("one.backoff.json"), "{asked:?}");
        let id = home.read(".tick/device");
        scene::ticks(catalog, &home, december, [2]);
        assert_ne!(home.read(".tick/device"), id);
        assert!(!kept("one.pace.json") && !kept("one.backoff.json"), "{asked:?}");
        scene::ship(catalog, &home, december);
        let last = server.requests().pop().expect("a request");
        assert_eq!(last.header("headcount-batch"), Some("catalog=1; rate=1"), "{asked:?}");
        assert_eq!(scene::numbers(&last), [2]);
    }
}

/// November's records go in December, and what is asked of them is not asked of
/// December's device.
#[test]
fn what_is_asked_of_an_id_that_is_gone_is_not_kept() {
    let server = CaptureServer::start();
    server.reply_otherwise(accepted(1).header("headcount-send", "0.5"));
    let (catalog, home) = (monthly(&server.url()), Home::new());
    let december = scene::after(11 * DAY_S);
    scene::ticks(catalog, &home, scene::after(10 * DAY_S), [1]);
    scene::ticks(catalog, &home, december, [2]);
    scene::ship(catalog, &home, december);
    assert_eq!(scene::numbers(&server.requests()[0]), [1]);
    let pace = home.path().join(".tick/telemetry-state/one.pace.json");
    assert!(!pace.exists(), "it was said to November's");
    scene::ship(catalog, &home, december);
    assert_eq!(scene::numbers(&server.requests()[1]), [2]);
    assert!(pace.exists());
}

/// By hand, too: `clear` gives the next event another id.
#[test]
fn clearing_forgets_what_was_asked() {
    let server = CaptureServer::start();
    server.reply_otherwise(accepted(1).header("headcount-send", "0.5"));
    let (catalog, home) = (scene::one("headcount", &server.url()), Home::new());
    day(catalog, &home, 0);
    let pace = home.path().join(".tick/telemetry-state/one.pace.json");
    assert!(pace.exists());
    scene::said(catalog, &home, scene::after(1), "clear");
    assert!(!pace.exists());
    day(catalog, &home, 0);
    assert!(pace.exists());
    // Somebody restores or removes the file of the id.
    std::fs::remove_file(home.path().join(".tick/device")).expect("a file");
    scene::ticks(catalog, &home, scene::after(2), [9]);
    assert!(!pace.exists());
}

/// A variable that names a server of a stranger's on this machine: its wish is
/// its own.
#[test]
fn what_an_address_of_the_environments_asks_for_is_not_asked_of_the_catalogs() {
    for (asked, status) in [(("headcount-send", "stop"), 200), (("retry-after", "86400"), 503)] {
        let (own, strangers) = (CaptureServer::start(), CaptureServer::start());
        let answer = if status == 200 { accepted(1) } else { CannedAnswer::status(status) };
        strangers.reply_otherwise(answer.header(asked.0, asked.1));
        own.reply_otherwise(accepted(2));
        let (catalog, home) = (scene::one("headcount", &own.url()), Home::new());
        let redirected = |now_s: i64| {
            let mut surroundings = scene::surroundings(&home, scene::after(now_s));
            let variables = [("TICK_TELEMETRY_ENDPOINT".to_owned(), strangers.url().into())];
            surroundings.variables = headcount::Variables::Given(variables.into_iter().collect());
            headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open()
        };
        scene::ticks(catalog, &home, scene::after(0), [1]);
        for now_s in 0..3 {
            redirected(now_s).flush(&headcount::ship::Ureq::new());
            scene::ticks(catalog, &home, scene::after(now_s), [2 + now_s]);
        }
        assert_eq!(strangers.requests().len(), 1, "it is heeded there: {asked:?}");
        scene::ship(catalog, &home, scene::after(4));
        assert!(!own.requests().is_empty(), "{asked:?}");
    }
}

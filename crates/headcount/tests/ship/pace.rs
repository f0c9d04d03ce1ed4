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

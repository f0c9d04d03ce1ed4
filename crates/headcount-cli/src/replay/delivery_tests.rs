//! What becomes of a batch, by what the destination answers.

use std::cell::RefCell;
use std::collections::VecDeque;

use headcount::ship::{Build, Overrides, target};
use headcount_catalog::{Encoding, Key, Setting, parse};
use headcount_wire::{HomeLifetime, Rate};

use super::super::batch::{Filling, Ids, Outgoing};
use super::*;

fn wren() -> &'static Catalog {
    let text = include_str!("../../../../examples/wren/telemetry.toml");
    Box::leak(Box::new(parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))))
}

fn batch(catalog: &'static Catalog, events: usize) -> Batch {
    let mut filling = Filling::new(catalog, Dialect::Headcount, Ids::OfMany);
    for _ in 0..events {
        let record = catalog.sample(&catalog.events[0], Time::from_seconds(1_795_218_080));
        let (rate, home) = (Rate::WHOLE, HomeLifetime::Lasting);
        assert_eq!(filling.add(Outgoing { record, bytes: 10, rate, home }), None);
    }
    filling.finish().remove(0)
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, body: body.as_bytes().to_vec(), ..Response::default() }
}

/// What a destination that gives these answers makes of a batch, and the pauses
/// that were waited.
fn delivered(
    dialect: Dialect,
    events: usize,
    answers: Vec<Result<Response, String>>,
) -> (Result<(), String>, Tally, Vec<u64>) {
    let catalog = wren();
    let destination = Destination {
        name: "replay",
        dialect,
        endpoint: Setting::fixed("https://c.example"),
        key: Key::Optional(Setting::fixed("")),
        encoding: Encoding::Json,
    };
    let found = target(catalog, &destination, &Overrides::default(), Build::Release);
    let (answers, pauses) = (RefCell::new(VecDeque::from(answers)), RefCell::new(Vec::new()));
    let send = |_: &Request, _: &[Checked]| {
        answers.borrow_mut().pop_front().unwrap_or_else(|| Err("nothing more".to_owned()))
    };
    let wait = |pause: Duration| pauses.borrow_mut().push(pause.as_secs());
    let delivery = Delivery {
        catalog,
        destination,
        target: found.unwrap(),
        send: &send,
        wait: &wait,
        now: &|| Time::from_seconds(1_795_218_080),
    };
    let mut tally = Tally::default();
    let ended = delivery.deliver(&batch(catalog, events), &mut tally);
    assert_eq!(answers.borrow().len(), 0, "every answer was asked for");
    (ended, tally, pauses.into_inner())
}

const THREE: &str = r#"{"accepted":1,"duplicate":1,"rejected":1,"events":[{"index":1,"outcome":"duplicate"},{"index":2,"outcome":"rejected","reason":"too-old"}]}"#;

#[test]
fn a_collector_says_what_became_of_each_event() {
    let (ended, tally, _) = delivered(Dialect::Headcount, 3, vec![Ok(answer(200, THREE))]);
    assert_eq!(ended, Ok(()));
    assert_eq!((tally.requests, tally.sent(), tally.taken, tally.duplicates), (1, 3, 2, 1));
    assert_eq!(tally.rejected.into_iter().collect::<Vec<_>>(), [("too-old".to_owned(), 1)]);
}

#[test]
fn what_is_refused_for_now_is_sent_again() {
    let busy = r#"{"accepted":1,"duplicate":0,"rejected":0,"refused":1,"events":[{"index":1,"outcome":"refused"}]}"#;
    let one = r#"{"accepted":1,"duplicate":0,"rejected":0,"events":[]}"#;
    let answers = vec![Ok(answer(503, "")), Ok(answer(200, busy)), Ok(answer(200, one))];
    let (ended, tally, pauses) = delivered(Dialect::Headcount, 2, answers);
    assert_eq!((ended, pauses), (Ok(()), vec![1, 2]));
    assert_eq!((tally.sent(), tally.taken), (2, 2));
    let asks = Response { retry_after: Some("7".to_owned()), ..answer(429, "") };
    let (ended, tally, pauses) =
        delivered(Dialect::Headcount, 1, vec![Ok(asks), Ok(answer(200, one))]);
    assert_eq!((ended, tally.taken, pauses), (Ok(()), 1, vec![10]));
}

#[test]
fn what_is_too_large_goes_in_parts() {
    let one = r#"{"accepted":1,"duplicate":0,"rejected":0,"events":[]}"#;
    let answers = vec![
        Ok(answer(413, "")),
        Ok(answer(200, one)),
        Ok(answer(413, "")),
        Ok(answer(413, "")),
        Ok(answer(200, one)),
    ];
    let (ended, tally, _) = delivered(Dialect::Headcount, 3, answers);
    assert_eq!(ended, Ok(()));
    assert_eq!((tally.taken, tally.rejected["too-large"]), (2, 1));
}

#[test]
fn a_body_that_is_wrong_for_good_is_counted_with_what_is_said() {
    let refused = Response {
        content_type: Some("application/json".to_owned()),
        ..answer(400, r#"{"error":"no such\u001b[2J event"}"#)
    };
    let (ended, tally, _) = delivered(Dialect::Headcount, 2, vec![Ok(refused)]);
    assert_eq!(ended, Ok(()));
    let (reason, events) = tally.rejected.first_key_value().unwrap();
    assert!(reason.starts_with("it answered 400: no such"), "{reason}");
    assert!(!reason.contains('\u{1b}'));
    assert_eq!(*events, 2);
}

#[test]
fn a_destination_that_does_not_take_our_requests_ends_it() {
    for (status, body, word) in [
        (401, r#"{"error":"unknown write key"}"#, "it answered 401: unknown write key"),
        (404, "", "it answered 404"),
        (200, "<html>Sign in</html>", "not as the dialect headcount does"),
        (302, "", "not as the dialect headcount does"),
    ] {
        let (ended, tally, _) = delivered(Dialect::Headcount, 1, vec![Ok(answer(status, body))]);
        let told = ended.unwrap_err();
        assert!(told.contains(word), "{word}: {told}");
        assert_eq!((tally.requests, tally.taken), (0, 0));
    }
    let (ended, _, pauses) = delivered(Dialect::Headcount, 1, vec![Ok(answer(503, "")); 5]);
    assert!(ended.unwrap_err().contains("in 5 tries"));
    assert_eq!(pauses, [1, 2, 4, 8]);
    let later = Response { retry_after: Some("3600".to_owned()), ..answer(503, "") };
    let (ended, ..) = delivered(Dialect::Headcount, 1, vec![Ok(later)]);
    assert!(ended.unwrap_err().contains("in 3600 seconds"));
    let (ended, ..) = delivered(Dialect::Headcount, 1, vec![Err("no answer came".to_owned())]);
    assert_eq!(ended, Err("no answer came".to_owned()));
}

#[test]
fn other_dialects_count_too() {
    let quota = r#"{"status":1,"quota_limited":["events"]}"#;
    let (_, tally, _) = delivered(Dialect::PostHog, 2, vec![Ok(answer(200, quota))]);
    assert_eq!((tally.taken, tally.rejected["not-said"]), (0, 2));
    let partial = r#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}"#;
    let (_, tally, _) = delivered(Dialect::Otlp, 3, vec![Ok(answer(200, partial))]);
    assert_eq!((tally.taken, tally.rejected["not-said"]), (2, 1));
}

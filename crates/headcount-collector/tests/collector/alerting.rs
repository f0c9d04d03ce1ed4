//! Alerts of a running collector: told once when they begin and once when they
//! are over, also over a restart, with a channel that fails.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headcount_collector::{AlertChannel, AlertCondition, AlertMessage, AlertRule, Collector};

use crate::fixture::{Fixture, line};

const HOUR: Duration = Duration::from_secs(3_600);

/// Longer than any test waits for a turn of the thread.
const LONG: Duration = Duration::from_secs(60);

struct Told {
    messages: Receiver<AlertMessage>,
    is_broken: Arc<AtomicBool>,
    rule: AlertRule,
}

impl Told {
    fn silence(hours: u32) -> Self {
        let (send, messages) = mpsc::channel();
        let (send, is_broken) = (Mutex::new(send), Arc::new(AtomicBool::new(false)));
        let broken = Arc::clone(&is_broken);
        let deliver = move |message: &AlertMessage| {
            if broken.load(Ordering::SeqCst) {
                return Err("nobody answers".to_owned());
            }
            send.lock().unwrap().send(message.clone()).map_err(|error| error.to_string())
        };
        let rule = AlertRule {
            name: "silence-atomic".to_owned(),
            product: "atomic".to_owned(),
            condition: AlertCondition::Silence { hours },
            channels: vec![AlertChannel { kind: "webhook", deliver: Arc::new(deliver) }],
        };
        Self { messages, is_broken, rule }
    }

    #[track_caller]
    fn next(&self) -> AlertMessage {
        self.messages.recv_timeout(LONG).expect("a message")
    }
}

fn start(fixture: &mut Fixture, told: &Told) {
    fixture.stop();
    let mut running = Collector::start(fixture.config()).unwrap();
    running.watch_alerts(vec![told.rule.clone()], Vec::new()).unwrap();
    fixture.run(running);
}

/// Waits until a line of the metrics is there.
#[track_caller]
fn until(fixture: &Fixture, line: &str) {
    let end = std::time::Instant::now() + LONG;
    while !fixture.get("/metrics").body.contains(&format!("\n{line}\n")) {
        assert!(std::time::Instant::now() < end, "{line}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_alert_is_told_when_it_begins_and_when_it_is_over_and_a_restart_tells_nothing() {
    let mut fixture = Fixture::new();
    let told = Told::silence(6);
    start(&mut fixture, &told);
    fixture.send(&[line(1)]);
    let stored = "headcount_events_total{product=\"atomic\",outcome=\"stored\",reason=\"\"} 1";
    until(&fixture, stored);
    // A look that sees the event, and one six hours later.
    let file = fixture.config().data.join("alerts.json");
    let end = std::time::Instant::now() + LONG;
    while !std::fs::read_to_string(&file).is_ok_and(|text| text.contains("\"stored\": 1")) {
        fixture.clock.advance(Duration::from_secs(301));
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(Duration::from_millis(100));
    }
    fixture.clock.advance(6 * HOUR);
    let begun = told.next();
    assert_eq!((begun.text("state"), begun.text("alert")), ("begun", "silence-atomic"));
    assert!(begun.text("sentence").contains("no new event has arrived for 6 hours"), "{begun:?}");
    assert!(begun.text("page").ends_with("/product/atomic"), "{begun:?}");
    until(&fixture, "headcount_alerts_ringing 1");
    start(&mut fixture, &told);
    fixture.clock.advance(HOUR);
    until(&fixture, "headcount_alerts_ringing 1");
    assert!(told.messages.try_recv().is_err(), "it rang before the restart");
    fixture.send(&[line(2)]);
    fixture.clock.advance(Duration::from_secs(301));
    assert_eq!(told.next().text("state"), "over");
    until(&fixture, "headcount_alerts_ringing 0");
    until(&fixture, "headcount_alert_deliveries_total{result=\"sent\"} 1");
}

#[test]
fn a_message_that_is_not_taken_waits_over_a_restart_and_intake_goes_on() {
    let mut fixture = Fixture::new();
    let told = Told::silence(6);
    told.is_broken.store(true, Ordering::SeqCst);
    start(&mut fixture, &told);
    until(&fixture, "headcount_alerts_ringing 0");
    let file = fixture.config().data.join("alerts.json");
    let end = std::time::Instant::now() + LONG;
    while !file.exists() {
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(Duration::from_millis(50));
    }
    fixture.clock.advance(7 * HOUR);
    until(&fixture, "headcount_alert_deliveries_total{result=\"failed\"} 1");
    assert_eq!(fixture.send(&[line(1)]).status, 200);
    start(&mut fixture, &told);
    told.is_broken.store(false, Ordering::SeqCst);
    fixture.clock.advance(Duration::from_secs(61));
    assert_eq!(told.next().text("state"), "begun");
    let told = fixture.told.lock().unwrap().join("\n");
    assert!(
        told.contains("cannot deliver the alert `silence-atomic` by webhook: nobody answers"),
        "{told}"
    );
}

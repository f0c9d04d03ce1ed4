//! What answers mean for a rule, without a store, a clock or a network.

use headcount_catalog::{Day, Time};
use headcount_store::{
    ActiveRow, AnswerRows, EventCountRow, FailureRow, OutcomeRow, ProductRow, RejectedRow,
};
use headcount_testkit::Home;
use serde_json::json;

use super::memory::{AlertMemory, Arrived, RuleMemory};
use super::queue::{self, Fate, Pending};
use super::*;
use crate::limits;
use crate::private_file::OwnFile;

/// Noon of 2026-11-20, a Friday.
const NOON: i64 = 1_795_176_000;

fn time(seconds: i64) -> Time {
    Time::from_seconds(seconds)
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn rule(condition: AlertCondition) -> AlertRule {
    let (name, product) = ("a-rule".to_owned(), "atomic".to_owned());
    AlertRule { name, product, condition, channels: Vec::new() }
}

fn product(first: &str) -> AnswerRows {
    let (first, last) = (day(first), day("2026-11-20"));
    AnswerRows::Products(vec![ProductRow { product: "atomic".to_owned(), first, last, events: 9 }])
}

fn events(counts: &[(&str, u64)]) -> AnswerRows {
    let row = |(on, count): &(&str, u64)| EventCountRow {
        day: day(on),
        version: None,
        event: "command".to_owned(),
        count: *count,
    };
    AnswerRows::Events(counts.iter().map(row).collect())
}

fn state(rule: &AlertRule, rows: &[AnswerRows]) -> AlertState {
    judge(rule, rows, &RuleMemory::default(), time(NOON)).state
}

#[test]
fn silence_rings_after_so_many_hours_without_a_new_event() {
    let rule = rule(AlertCondition::Silence { hours: 6 });
    let stored = |count| {
        let row = |product: &str, outcome: &str, count| OutcomeRow {
            product: product.to_owned(),
            outcome: outcome.to_owned(),
            reason: String::new(),
            count,
        };
        vec![AnswerRows::Outcomes(vec![
            row("archon", "stored", NOON.unsigned_abs() + count),
            row("atomic", "duplicate", 500 + count),
            row("atomic", "stored", count),
        ])]
    };
    assert_eq!(super::stored(&stored(7), "atomic"), 7);
    let mut memory = RuleMemory { started: Some(time(NOON)), ..RuleMemory::default() };
    let mut look = |count, hours: i64| {
        let now = time(NOON + hours * 3_600);
        memory.heard(count, now);
        let sight = judge(&rule, &stored(count), &memory, now);
        memory.see(&sight, now)
    };
    let seen = [(7, 0), (8, 3), (8, 8), (8, 9), (8, 20), (9, 21), (9, 26), (9, 27)];
    let told = seen.map(|(count, hours)| look(count, hours));
    assert_eq!(told, [None, None, None, Some("begun"), None, Some("over"), None, Some("begun")]);
}

#[test]
fn silence_gives_programs_an_hour_after_a_start() {
    let rule = rule(AlertCondition::Silence { hours: 6 });
    let arrived = Some(Arrived { stored: 7, at: time(NOON - 10 * 3_600) });
    let started = Some(time(NOON));
    let memory = RuleMemory { started, arrived, ..RuleMemory::default() };
    let at = |seconds| judge(&rule, &[], &memory, time(NOON + seconds)).state;
    assert_eq!(
        (at(0), at(3_599), at(3_600)),
        (AlertState::Unknown, AlertState::Unknown, AlertState::Ringing)
    );
}

#[test]
fn a_drop_is_of_yesterday_against_four_weekdays_before() {
    let of = |of| rule(AlertCondition::Drop { of, below_percent: 50, least: 20 });
    let weekdays = |yesterday| {
        events(&[
            ("2026-10-22", 80),
            ("2026-10-29", 120),
            ("2026-11-05", 90),
            ("2026-11-12", 110),
            // Not that weekday, and not yet over.
            ("2026-11-18", 1),
            ("2026-11-20", 1),
            ("2026-11-19", yesterday),
        ])
    };
    let events_drop = of(CountedThing::Events);
    let young = product("2026-10-23");
    let old = product("2026-10-22");
    assert_eq!(state(&events_drop, &[old.clone(), weekdays(50)]), AlertState::Quiet);
    assert_eq!(state(&events_drop, &[old.clone(), weekdays(49)]), AlertState::Ringing);
    assert_eq!(state(&events_drop, &[young, weekdays(0)]), AlertState::Unknown);
    let sight =
        judge(&events_drop, &[old.clone(), weekdays(0)], &RuleMemory::default(), time(NOON));
    assert_eq!(
        sight.sentence,
        "atomic: 0 events on 2026-11-19, after an average of 100.0 on that weekday in the four weeks \
         before."
    );
    let early = time(NOON - 12 * 3_600 + 60);
    let sight = judge(&events_drop, &[old.clone(), weekdays(0)], &RuleMemory::default(), early);
    assert_eq!(sight.state, AlertState::Unknown, "events come late");
    let few = events(&[("2026-10-29", 79)]);
    assert_eq!(state(&events_drop, &[old.clone(), few]), AlertState::Quiet, "small numbers");
    let active =
        |on: &str, devices| ActiveRow { start: day(on), version: None, devices, is_exact: true };
    let devices = AnswerRows::Active(vec![active("2026-11-12", 400), active("2026-11-19", 49)]);
    assert_eq!(state(&of(CountedThing::Devices), &[old, devices]), AlertState::Ringing);
}

fn failures(rows: &[(&str, u64, u64)]) -> [AnswerRows; 1] {
    let row = |(version, failed, worked): &(&str, u64, u64)| FailureRow {
        day: day("2026-11-20"),
        version: Some((*version).to_owned()),
        value: String::new(),
        failed: *failed,
        worked: *worked,
    };
    [AnswerRows::Failures(rows.iter().map(row).collect())]
}

#[test]
fn a_failure_rate_rings_when_it_is_sure_and_is_over_when_it_is_low() {
    let rule = rule(AlertCondition::FailureRate {
        event: "command".to_owned(),
        newest_version: true,
        above_percent: 10.0,
        least: 50,
        days: 7,
    });
    let seen = |rows: &[(&str, u64, u64)], is_ringing: bool| {
        let ringing = is_ringing.then(|| time(0));
        let memory = RuleMemory { ringing, ..RuleMemory::default() };
        judge(&rule, &failures(rows), &memory, time(NOON)).state
    };
    // 8 of 50 is 16 %, and may by chance be 8 %.
    assert_eq!(seen(&[("1.9.0", 8, 42)], false), AlertState::Quiet);
    assert_eq!(seen(&[("1.9.0", 8, 42)], true), AlertState::Unknown);
    assert_eq!(seen(&[("1.9.0", 15, 35)], false), AlertState::Ringing);
    assert_eq!(seen(&[("1.9.0", 5, 45)], true), AlertState::Quiet);
    assert_eq!(seen(&[("1.9.0", 3, 0)], false), AlertState::Quiet, "three of three are few");
    // The newest one with enough events decides, by the order of releases.
    let all = [("1.9.0", 50, 0), ("1.10.0", 0, 50), ("2.0.0-dev", 9, 0), ("", 90, 0)];
    assert_eq!(seen(&all, false), AlertState::Quiet);
    let all = [("1.9.0", 0, 90), ("1.10.0", 40, 10), ("", 0, 900)];
    let sight = judge(&rule, &failures(&all), &RuleMemory::default(), time(NOON));
    assert_eq!((sight.state, sight.version.as_deref()), (AlertState::Ringing, Some("1.10.0")));
    assert!(
        sight.sentence.starts_with("atomic: 40 of 50 events `command` of version 1.10.0 failed")
    );
    let message = AlertMessage::new(&rule, &sight, "begun", time(NOON), "https://t.example");
    assert_eq!(
        (message.json()["numbers"]["failed"].as_f64(), message.text("page")),
        (Some(40.0), "https://t.example/product/atomic")
    );
}

#[test]
fn a_new_reason_is_one_that_was_not_in_the_28_days_before() {
    let rule = rule(AlertCondition::Rejected { least: 2 });
    let rows = |all: &[(&str, &str, u64)]| {
        let row = |(path, reason, count): &(&str, &str, u64)| RejectedRow {
            path: (*path).to_owned(),
            kind: String::new(),
            reason: (*reason).to_owned(),
            catalog: 1,
            program: "1.0.0".to_owned(),
            count: *count,
        };
        AnswerRows::Rejected(all.iter().map(row).collect())
    };
    let old = product("2026-10-01");
    let before = rows(&[("command.name", "outside-set", 900)]);
    let seen = |now: &[(&str, &str, u64)]| state(&rule, &[old.clone(), before.clone(), rows(now)]);
    assert_eq!(seen(&[("command.name", "outside-set", 5)]), AlertState::Quiet);
    assert_eq!(seen(&[("", "unknown-event", 1)]), AlertState::Quiet);
    assert_eq!(seen(&[("", "unknown-event", 1), ("", "unknown-event", 1)]), AlertState::Ringing);
    assert_eq!(seen(&[("turn.name", "outside-set", 2)]), AlertState::Ringing);
    let young = [product("2026-11-01"), before.clone(), rows(&[("", "unknown-event", 9)])];
    assert_eq!(state(&rule, &young), AlertState::Unknown);
}

fn pending(rule: &str, channel: &str) -> Pending {
    let message = AlertMessage::of_json(json!({"alert": rule, "state": "begun"})).unwrap();
    let (rule, channel) = (rule.to_owned(), channel.to_owned());
    Pending { rule, channel, message, tries: 0, next: time(NOON) }
}

#[test]
fn a_message_waits_longer_each_time_and_holds_no_other_up() {
    let mut all = vec![pending("a", "webhook"), pending("a", "webhook"), pending("b", "email")];
    assert_eq!(queue::due(&all, time(NOON)), Some(0));
    let mut pauses = Vec::new();
    let mut now = NOON;
    let fate = loop {
        let fate = queue::failed(&mut all[0], time(now));
        if fate == Fate::GivenUp {
            break fate;
        }
        pauses.push(all[0].next.seconds() - now);
        now = all[0].next.seconds();
    };
    assert_eq!(&pauses[..8], [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    assert_eq!((fate, all[0].tries), (Fate::GivenUp, limits::ALERT_TRIES));
    assert!(now - NOON > 20 * 3_600, "about a day: {}", now - NOON);
    // What is behind it waits, and what has another channel does not.
    all[0].next = time(NOON + 60);
    assert_eq!(queue::due(&all, time(NOON)), Some(2));
    assert_eq!(queue::due(&all, time(NOON - 9_000)), Some(0), "a clock that was set back");
}

#[test]
fn the_oldest_of_too_many_messages_goes() {
    let mut all = Vec::new();
    let lost: usize = (0..limits::ALERT_MESSAGES + 3)
        .map(|at| queue::push(&mut all, pending(&format!("r{at}"), "webhook")))
        .sum();
    assert_eq!((lost, all.len(), all[0].rule.as_str()), (3, limits::ALERT_MESSAGES, "r3"));
}

#[test]
fn what_is_remembered_survives_and_damage_is_no_end() {
    let home = Home::new();
    assert_eq!(file::read(home.path()).unwrap(), OwnFile::None);
    let mut memory = AlertMemory::default();
    let arrived = Some(Arrived { stored: 7, at: time(NOON) });
    let own = RuleMemory { ringing: Some(time(NOON + 1)), arrived, started: None };
    memory.rules.insert("a".to_owned(), own);
    memory.rules.insert("b".to_owned(), RuleMemory::default());
    memory.pending.push(pending("a", "webhook"));
    file::write(home.path(), &memory).unwrap();
    assert_eq!(file::read(home.path()).unwrap(), OwnFile::Whole(memory));
    for damage in
        ["", "{", "[]", r#"{"format":2}"#, r#"{"format":1,"rules":{"a":{}},"pending":[7]}"#]
    {
        home.write("alerts.json", damage);
        assert_eq!(file::read(home.path()).unwrap(), OwnFile::Damaged, "{damage}");
        assert_eq!(remembered(home.path()), AlertMemory::default());
    }
}

//! What answers mean for a rule: a pure decision.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Day, Grain, Time};
use headcount_store::{AnswerRows, FailureRow, RejectedRow};

use super::memory::RuleMemory;
use super::questions::BEFORE_DAYS;
use super::rule::{AlertCondition, AlertRule, CountedThing};
use super::sight::{AlertSight, AlertState};
use crate::share::Share;
use crate::{limits, version_order};

/// Judges the answers to [`questions`](super::questions::questions).
pub(crate) fn judge(
    rule: &AlertRule,
    rows: &[AnswerRows],
    memory: &RuleMemory,
    now: Time,
) -> AlertSight {
    match &rule.condition {
        AlertCondition::Silence { hours } => silence(&rule.product, *hours, memory, now),
        AlertCondition::Drop { of, below_percent, least } => {
            drop_of(rule, rows, (*of, *below_percent, *least), now)
        }
        AlertCondition::FailureRate { event, newest_version, above_percent, least, days } => {
            let mut sight = failure_rate(
                (event, *days),
                rows,
                (*newest_version, *above_percent, *least),
                memory.ringing.is_some(),
            );
            sight.sentence = format!("{}: {}", rule.product, sight.sentence);
            sight
        }
        AlertCondition::Rejected { least } => rejected(rule, rows, *least, now.day()),
    }
}

fn silence(product: &str, hours: u32, memory: &RuleMemory, now: Time) -> AlertSight {
    let since = memory.arrived.map_or(now, |arrived| arrived.at);
    let silent = (now.seconds() - since.seconds()).max(0) / 3_600;
    let at = since.format(Grain::Minute);
    let hours = i64::from(hours);
    // After a start those who send need a moment to come back.
    let is_settled = memory.started.is_none_or(|started| {
        now.seconds() - started.seconds() >= limits::ALERT_GRACE_SECONDS.min(hours * 3_600)
    });
    let state = match silent >= hours {
        true if is_settled => AlertState::Ringing,
        true => AlertState::Unknown,
        false => AlertState::Quiet,
    };
    let sentence = if silent < 1 {
        format!("{product}: events arrived within the last hour.")
    } else {
        format!("{product}: no new event has arrived for {silent} hours, since {at}.")
    };
    AlertSight::of(state, sentence, vec![("hours", float(silent.unsigned_abs()))])
}

fn drop_of(
    rule: &AlertRule,
    rows: &[AnswerRows],
    (of, below_percent, least): (CountedThing, u32, u64),
    now: Time,
) -> AlertSight {
    let (product, yesterday) = (&rule.product, now.day().plus(-1));
    let into_the_day = now.seconds() - now.day().start().seconds();
    if into_the_day < limits::ALERT_SETTLE_SECONDS {
        let sentence = format!(
            "{product}: {yesterday} is judged from {:02}:00 UTC on, because events come late.",
            limits::ALERT_SETTLE_SECONDS / 3_600
        );
        return AlertSight::of(AlertState::Unknown, sentence, Vec::new());
    }
    if let Some(young) = too_young(product, rows, yesterday.plus(-BEFORE_DAYS)) {
        return young;
    }
    let counts = by_day(rows);
    let count = |day: Day| counts.get(&day).copied().unwrap_or(0);
    let before: u64 = (1..=4).map(|week| count(yesterday.plus(-7 * week))).sum();
    let (average, seen) = (float(before) / 4.0, count(yesterday));
    let name = of.name();
    let numbers = vec![("yesterday", float(seen)), ("average", average)];
    let sentence = format!(
        "{product}: {seen} {name} on {yesterday}, after an average of {average:.1} on that weekday in \
         the four weeks before."
    );
    let is_low = float(seen) * 100.0 < average * f64::from(below_percent);
    let state = match is_low && average >= float(least) {
        true => AlertState::Ringing,
        false => AlertState::Quiet,
    };
    AlertSight::of(state, sentence, numbers)
}

fn by_day(rows: &[AnswerRows]) -> BTreeMap<Day, u64> {
    let mut counts = BTreeMap::new();
    for answer in rows {
        match answer {
            AnswerRows::Events(rows) => {
                rows.iter().for_each(|row| *counts.entry(row.day).or_default() += row.count);
            }
            AnswerRows::Active(rows) => {
                rows.iter().for_each(|row| *counts.entry(row.start).or_default() += row.devices);
            }
            _ => {}
        }
    }
    counts
}

fn failure_rate(
    (event, days): (&str, u32),
    rows: &[AnswerRows],
    (newest_version, above_percent, least): (bool, f64, u64),
    is_ringing: bool,
) -> AlertSight {
    let mut of_version: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in rows.iter().flat_map(failure_rows) {
        let sum = of_version.entry(row.version.as_deref().unwrap_or_default()).or_default();
        *sum = (sum.0 + row.failed, sum.1 + row.failed + row.worked);
    }
    let judged = of_version.into_iter().filter(|(_, (_, all))| *all >= least.max(1));
    // Events that name no version are of none.
    let judged = judged.filter(|(version, _)| !newest_version || !version.is_empty());
    let newest = judged.max_by(|one, other| version_order::precedence(one.0, other.0));
    let of_days = if days == 1 { "today".to_owned() } else { format!("in {days} days") };
    let Some((version, (failed, all))) = newest else {
        let sentence =
            format!("fewer than {least} events `{event}` {of_days}: not enough to judge.");
        return AlertSight::of(AlertState::Quiet, sentence, Vec::new());
    };
    let share = Share { failed, all };
    let (rate, sure) = (100.0 * share.value(), 100.0 * share.interval().0);
    let state = if sure > above_percent {
        AlertState::Ringing
    } else if is_ringing && rate > above_percent {
        AlertState::Unknown
    } else {
        AlertState::Quiet
    };
    let of_version = if newest_version { format!(" of version {version}") } else { String::new() };
    let sentence = format!(
        "{failed} of {all} events `{event}`{of_version} failed {of_days}: {rate:.1} %, and at least \
         {sure:.1} % with 95 % confidence."
    );
    let numbers = vec![
        ("failed", float(failed)),
        ("events", float(all)),
        ("percent", rate),
        ("at_least", sure),
    ];
    let version = newest_version.then(|| version.to_owned());
    AlertSight { version, ..AlertSight::of(state, sentence, numbers) }
}

fn failure_rows(answer: &AnswerRows) -> &[FailureRow] {
    if let AnswerRows::Failures(rows) = answer { rows } else { &[] }
}

fn rejected(rule: &AlertRule, rows: &[AnswerRows], least: u64, today: Day) -> AlertSight {
    let product = &rule.product;
    if let Some(young) = too_young(product, rows, today.plus(-1 - BEFORE_DAYS)) {
        return young;
    }
    let mut answers = rows.iter().filter_map(|answer| match answer {
        AnswerRows::Rejected(rows) => Some(by_reason(rows)),
        _ => None,
    });
    let (before, now) = (answers.next().unwrap_or_default(), answers.next().unwrap_or_default());
    let known: BTreeSet<_> = before.into_keys().collect();
    let new: Vec<_> =
        now.into_iter().filter(|(what, count)| !known.contains(what) && *count >= least).collect();
    let numbers = vec![("new_reasons", float(new.len() as u64))];
    let sentence = match new.first() {
        None => {
            format!("{product}: nothing is rejected that was not in the {BEFORE_DAYS} days before.")
        }
        Some(((path, reason), count)) => {
            let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
            let more = match new.len() - 1 {
                0 => String::new(),
                more => format!(", and {more} more like it"),
            };
            format!(
                "{product}: `{reason}`{place}, {count} times since yesterday and never in the \
                 {BEFORE_DAYS} days before{more}."
            )
        }
    };
    let state = if new.is_empty() { AlertState::Quiet } else { AlertState::Ringing };
    AlertSight::of(state, sentence, numbers)
}

fn by_reason(rows: &[RejectedRow]) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry((row.path.clone(), row.reason.clone())).or_default() += row.count;
    }
    counts
}

/// What is said of a product that has no events from this day on or before.
fn too_young(product: &str, rows: &[AnswerRows], first: Day) -> Option<AlertSight> {
    let own = rows.iter().find_map(|answer| match answer {
        AnswerRows::Products(rows) => rows.iter().find(|row| row.product == product),
        _ => None,
    });
    if own.is_some_and(|own| own.first <= first) {
        return None;
    }
    let sentence = format!("{product}: there are not yet {BEFORE_DAYS} days to compare with.");
    Some(AlertSight::of(AlertState::Unknown, sentence, Vec::new()))
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn float(number: u64) -> f64 {
    number as f64
}

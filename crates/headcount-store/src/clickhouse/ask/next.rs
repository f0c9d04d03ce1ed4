//! The question what devices or sessions did next.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::statement::{listed, quoted};
use super::super::{Client, Statement};
use super::raw_words::shown;
use super::steps::{following, steps, too_many};
use crate::visits::{self, KnownTime, VisitEvent};
use crate::{FollowedEvent, NextCount, NextRow, RawAnswer, RawQuestion, StoreError, limits};

/// An event as the server tells it.
type Told = (u64, i64, u16, String, u8, u16);

/// The rows of a question, unless too many events are looked at.
pub(super) fn rows(
    client: &Client,
    question: &RawQuestion,
    count: &NextCount,
    from: Day,
) -> Result<Result<Vec<NextRow>, RawAnswer>, StoreError> {
    let most = limits::VISIT_EVENTS;
    let statement = statement("raw_next", question, count, from).with("most", most + 1);
    let told: Vec<Told> = client.rows(&statement)?;
    if told.len() as u64 > most {
        let days = self::statement("raw_next_days", question, count, from);
        if let Some(too_many) = too_many(client, &days, most)? {
            return Ok(Err(too_many));
        }
    }
    let mut keys: BTreeMap<(u32, &str), u32> = told.iter().map(|event| (key(event), 0)).collect();
    for (rank, own) in keys.values_mut().enumerate() {
        *own = rank as u32;
    }
    let events = told.iter().map(|event| VisitEvent {
        follower: event.0,
        at: u32::try_from(event.1.max(0)).unwrap_or(u32::MAX),
        row: keys.get(&key(event)).copied().unwrap_or_default(),
        steps: event.4,
        weight: event.5,
    });
    let events = events.collect();
    let keys: Vec<(u32, &str)> = keys.into_keys().collect();
    Ok(Ok(visits::rows(events, &keys, count, KnownTime::of_days(from, question.to))))
}

/// The place of the event in the question, and its value.
fn key((_, _, place, value, ..): &Told) -> (u32, &str) {
    (u32::from(*place).saturating_sub(1), value)
}

fn statement(name: &str, question: &RawQuestion, count: &NextCount, from: Day) -> Statement {
    let followed = match count.events.as_slice() {
        [] => "emptyArrayString()".to_owned(),
        events => listed(events.iter().map(|own| quoted(&own.event))),
    };
    let words = [
        ("steps", &*steps(&count.after)),
        ("followed", &*followed),
        ("value", &*value(&count.events)),
    ];
    following(name, &words, (question, from), (&count.followed, &count.times))
}

/// What is told beside the name of an event: of several values the first.
fn value(events: &[FollowedEvent]) -> String {
    let told = events.iter().filter_map(|own| Some((&own.event, own.value.as_ref()?)));
    let told = told.map(|(event, column)| {
        format!("event = {}, arraySort({})[1], ", quoted(event), shown(column))
    });
    let told: String = told.collect();
    if told.is_empty() { "''".to_owned() } else { format!("multiIf({told}'')") }
}

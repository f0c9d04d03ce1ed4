//! The question which devices or sessions did one thing after the other.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::{List, Word, listed, quoted};
use super::super::{Client, Statement};
use super::raw_words::{filter, filters};
use crate::step_chains::{self, StepEvent, bit};
use crate::{RawAnswer, RawQuestion, Step, StepCount, StepFollower, StepRow, StoreError, limits};

/// The rows of a question, unless too many events can be a step.
pub(super) fn rows(
    client: &Client,
    question: &RawQuestion,
    count: &StepCount,
    from: Day,
) -> Result<Result<Vec<StepRow>, RawAnswer>, StoreError> {
    let most = limits::STEP_EVENTS;
    let statement = statement("raw_steps", question, count, from).with("most", most + 1);
    let told: Vec<(u64, i64, u8, u16)> = client.rows(&statement)?;
    if told.len() as u64 > most {
        let statement = self::statement("raw_step_days", question, count, from);
        if let Some(too_many) = too_many(client, &statement, most)? {
            return Ok(Err(too_many));
        }
    }
    let events = told.into_iter().map(|(follower, at, steps, weight)| StepEvent {
        follower,
        at: u32::try_from(at.max(0)).unwrap_or(u32::MAX),
        rank: !steps,
        weight,
    });
    Ok(Ok(step_chains::rows(events.collect(), count)))
}

/// What is answered if a statement that counts events by day finds too many.
pub(super) fn too_many(
    client: &Client,
    days: &Statement,
    most: u64,
) -> Result<Option<RawAnswer>, StoreError> {
    let by_day: Vec<(SqlDay, u64)> = client.rows(days)?;
    let by_day: Vec<_> = by_day.into_iter().map(|(SqlDay(day), events)| (day, events)).collect();
    Ok(RawAnswer::too_many(&by_day, most))
}

fn statement(name: &str, question: &RawQuestion, count: &StepCount, from: Day) -> Statement {
    let words = [("steps", &*steps(&count.steps))];
    following(name, &words, (question, from), (&count.followed, &count.times))
}

/// A statement about what was done one after another.
pub(super) fn following(
    name: &str,
    words: &[Word<'_>],
    (question, from): (&RawQuestion, Day),
    (followed, times): (&StepFollower, &[String]),
) -> Statement {
    let (follower, has_follower) = followers(followed);
    let own = [
        ("filters", &*filters(question)),
        ("scopes", "['']"),
        ("follower", &*follower),
        ("has_follower", &*has_follower),
    ];
    let statement = Statement::question(name, &[words, &own].concat());
    let statement = statement.with("product", &question.product);
    let statement = statement.with("from", from).with("to", question.to);
    statement.with("times", List::of_texts(times.iter().map(String::as_str)))
}

/// A bit for each step that an event can be.
pub(super) fn steps(steps: &[Step]) -> String {
    let steps = steps.iter().take(limits::STEPS).enumerate().map(|(place, step)| {
        let value = step.value.as_ref().map(|value| format!(" AND {}", filter(value)));
        let is_it = format!("event = {}{}", quoted(&step.event), value.unwrap_or_default());
        format!("if({is_it}, {}, 0)", bit(place))
    });
    let all: Vec<String> = steps.collect();
    if all.is_empty() { "0".into() } else { all.join(" + ") }
}

/// What stands for who is followed, and whether an event has one. A hash of 64
/// bits is as good as a pseudonym: of 4 million, two are alike in it once in
/// 2,300,000 answers.
fn followers(followed: &StepFollower) -> (String, String) {
    match followed {
        StepFollower::Devices => ("sipHash64(device)".into(), "device_kind = 1".into()),
        StepFollower::Sessions(names) => {
            let names = listed(names.iter().map(|name| quoted(name)));
            let session = format!(
                "sipHash64(arrayFirst((person, name) -> has({names}, name), `people.pseudonym`, \
                 `people.name`))"
            );
            (session, format!("hasAny({names}, `people.name`)"))
        }
    }
}

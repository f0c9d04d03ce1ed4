//! What a person does on a day: decided here, purely; done elsewhere.

use headcount_catalog::{Day, Event, Time, Value};

use super::chance::Chance;
use super::limits;
use super::people::{self, Person};
use super::story::{Beat, Often};
use super::values::{Ids, Teller, Went};

/// An event that the program would record.
#[derive(Debug, Clone)]
pub(super) struct Act {
    /// By everybody's clock; the person's own may be ahead.
    pub(super) at: Time,
    /// The variable of the agent that runs the program, if one does.
    pub(super) agent: Option<&'static str>,
    event: &'static Event,
    values: Vec<Option<Value>>,
    context: Vec<(usize, Value)>,
}

impl headcount::TypedEvent for Act {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

impl headcount::Context for Act {
    fn entries(&self) -> Vec<(usize, Value)> {
        self.context.clone()
    }
}

/// A day of a person who uses the product on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// In the order of time.
    pub(super) acts: Vec<Act>,
    /// How many of them come before something is shipped in the middle of the
    /// day.
    pub(super) noon: Option<usize>,
}

/// What a person does on the day `number` of the play, which is `day`; nothing
/// on most days, and nothing after `end`, which is now.
pub(super) fn plan(person: &Person, number: i32, day: Day, end: Time, ids: Ids<'_>) -> Plan {
    let mut chance = Chance::of(&[
        person.place as u64,
        u64::from(person.number),
        u64::from(number.unsigned_abs()) + 1,
    ]);
    let first = person.newcomer && number == person.days.start;
    let active = person.active[people::weekday(day)];
    if !person.days.contains(&number) || !(first || chance.happens(active)) {
        return Plan::default();
    }
    let runs = chance.times(person.runs).max(1);
    let mut starts: Vec<i64> = (0..runs).map(|_| time_of_day(&mut chance)).collect();
    starts.sort_unstable();
    let mut plan = Plan::default();
    for (place, start) in starts.iter().enumerate() {
        let second = i64::from(number) * 86_400 + start;
        if person.outage.contains(&second) && !chance.happens(limits::OUTAGE_LEFT) {
            continue;
        }
        let begin = Time::from_seconds(day.start().seconds() + start);
        let newcomer = if first && place == 0 { Newcomer::FirstRun } else { Newcomer::No };
        run(person, number, begin, newcomer, &mut chance, &mut *ids, &mut plan.acts);
    }
    plan.acts.retain(|act| act.at <= end && act.at.day() == day);
    plan.acts.sort_by_key(|act| act.at);
    let noon = plan.acts.len() / 2;
    plan.noon = (chance.happens(limits::NOON_SHIPMENTS) && noon > 0).then_some(noon);
    plan
}

/// One event outside of any run, such as the farewell; `None` where the catalog
/// has no such event.
pub(super) fn alone(
    person: &Person,
    number: i32,
    at: Time,
    event: &str,
    ids: Ids<'_>,
) -> Option<Act> {
    let event = person.catalog(number).event(event)?;
    let mut chance = person.chance.named(event.name);
    let run = ids();
    let went = Went::Well;
    Some(act(
        person,
        number,
        at,
        event,
        Moment { run: &run, turn: false, went, agent: None },
        &mut chance,
        ids,
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Newcomer {
    FirstRun,
    No,
}

/// Seconds after midnight: around two in the afternoon, seldom at night.
fn time_of_day(chance: &mut Chance) -> i64 {
    (50_400.0 + chance.normal() * 11_000.0).clamp(600.0, 84_000.0) as i64
}

fn run(
    person: &Person,
    number: i32,
    begin: Time,
    newcomer: Newcomer,
    chance: &mut Chance,
    ids: Ids<'_>,
    acts: &mut Vec<Act>,
) {
    let run = ids();
    let trouble = person.release(number).map_or(0.0, |release| release.trouble);
    let agent = agent(person, number, chance);
    let mut now = begin;
    for beat in person.product.story.beats {
        let Some(event) = person.catalog(number).event(beat.event) else { continue };
        for _ in 0..times(beat, newcomer, chance) {
            let went = if chance.happens(trouble) { Went::Wrong } else { Went::Well };
            let turn = matches!(beat.often, Often::Mean(_));
            let moment = Moment { run: &run, turn, went, agent };
            acts.push(act(person, number, now, event, moment, chance, &mut *ids));
            now = Time::from_seconds(now.seconds() + chance.around(45.0, 1.0) as i64 + 1);
        }
    }
}

/// Two people of five have agents run the program, mostly.
fn agent(person: &Person, number: i32, chance: &mut Chance) -> Option<&'static str> {
    let story = person.product.story;
    if story.run_by.is_empty() {
        return None;
    }
    let mut own = person.chance.named("run by");
    let has_newcomer = person.has_newcomer(number);
    if !(own.happens(0.4) || has_newcomer) || !chance.happens(0.7) {
        return None;
    }
    let weights: Vec<f64> = story.run_by.iter().map(|(_, weight)| *weight).collect();
    let usual = story.run_by[own.weighted(&weights)].0;
    let newcomer = story.newcomer.filter(|_| has_newcomer);
    Some(newcomer.map_or(usual, |newcomer| newcomer.variable))
}

fn times(beat: &Beat, newcomer: Newcomer, chance: &mut Chance) -> usize {
    match beat.often {
        Often::Always => 1,
        Often::Mean(mean) => chance.times(mean),
        Often::First(probability) => {
            usize::from(newcomer == Newcomer::FirstRun && chance.happens(probability))
        }
    }
}

/// Where in a run an event happens, and how it went.
#[derive(Clone, Copy)]
struct Moment<'a> {
    run: &'a str,
    turn: bool,
    went: Went,
    agent: Option<&'static str>,
}

fn act(
    person: &Person,
    number: i32,
    at: Time,
    event: &'static Event,
    moment: Moment<'_>,
    chance: &mut Chance,
    ids: Ids<'_>,
) -> Act {
    let Moment { run, turn, went, agent } = moment;
    let slower = 1.0;
    let mut teller =
        Teller { person, number, event, now: at, went, slower, run, turn, chance, ids };
    let values = teller.properties();
    Act { at, agent, event, values, context: teller.context() }
}

//! The question what comes next: `after=EVENT&after=EVENT:NAME:VALUE`, in their
//! order, and how long a visit may pause.

use headcount_catalog::{Event, Kind};
use headcount_store::{FollowedEvent, NextCount, NextRow, Step, StepFollower, ValueFilter};

use super::parameters::{BadQuestion, Parameters};
use super::question_parameter::QuestionParameter;
use super::steps::{self, DEVICE, SESSION};
use crate::limits;
use crate::registry::LoadedProduct;

/// The events that are looked at, and by what they are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FollowedEvents {
    pub(crate) followed: StepFollower,
    pub(crate) events: Vec<&'static Event>,
}

impl FollowedEvents {
    /// By devices, if the product has ids: every event but those of the report,
    /// which are nothing that a person does.
    pub(crate) fn by_device(product: &LoadedProduct) -> Option<Self> {
        let events: Vec<_> = done_by_people(product).collect();
        let is_there = steps::has_ids(product) && !events.is_empty();
        is_there.then_some(Self { followed: StepFollower::Devices, events })
    }

    /// By sessions, if any event tells one: the events that tell it under the
    /// name that most of them have.
    pub(crate) fn by_session(product: &LoadedProduct) -> Option<Self> {
        let mut best: Option<Self> = None;
        let mut names: Vec<String> = Vec::new();
        for event in done_by_people(product) {
            names.extend(steps::session_names(product, &[event.name]));
        }
        for name in names {
            let tells =
                |event: &&Event| steps::session_names(product, &[event.name]).contains(&name);
            let events: Vec<_> = done_by_people(product).filter(tells).collect();
            if best.as_ref().is_none_or(|best| events.len() > best.events.len()) {
                best = Some(Self { followed: StepFollower::Sessions(vec![name]), events });
            }
        }
        best
    }
}

fn done_by_people(product: &LoadedProduct) -> impl Iterator<Item = &'static Event> {
    product.events().filter(|event| !event.is_report())
}

/// Reads what was done right before, and who is followed.
pub(super) fn count(
    product: &LoadedProduct,
    parameters: &Parameters,
) -> Result<NextCount, BadQuestion> {
    let FollowedEvents { followed, events } = followed(product, parameters)?;
    let after = after(product, parameters, &events)?;
    let pause = parameters.number(QuestionParameter::Pause, limits::MOST_PAUSE_MINUTES)?;
    let told = |event: &&'static Event| FollowedEvent {
        event: event.name.to_owned(),
        value: told(product, event).map(str::to_owned),
    };
    Ok(NextCount {
        after,
        events: events.iter().map(told).collect(),
        times: steps::times(product),
        followed,
        pause_seconds: pause.unwrap_or(limits::PAUSE_MINUTES).unsigned_abs() * 60,
    })
}

/// What is told beside the name of an event: its first closed set of which it
/// has one value.
fn told(product: &LoadedProduct, event: &Event) -> Option<&'static str> {
    let is_one = |name: &&str| {
        let kind = event.property(name).map(|(_, property)| property.kind);
        matches!(kind, Some(Kind::Choice { .. }))
    };
    product.closed_sets(event).into_iter().find(is_one)
}

fn followed(
    product: &LoadedProduct,
    parameters: &Parameters,
) -> Result<FollowedEvents, BadQuestion> {
    let by_session = || FollowedEvents::by_session(product);
    match parameters.get(QuestionParameter::Per) {
        None | Some(DEVICE) => FollowedEvents::by_device(product)
            .ok_or_else(|| steps::without_ids(product, by_session().is_some())),
        Some(SESSION) => by_session().ok_or_else(|| {
            BadQuestion::new(format!(
                "no event of `{}` tells a session: {}add an entry `session` to the envelope in the \
                 catalog",
                product.name(),
                if steps::has_ids(product) { "follow devices with per=device, or " } else { "" }
            ))
        }),
        Some(_) => Err(BadQuestion::new("unknown `per`: use device or session".to_owned())),
    }
}

fn after(
    product: &LoadedProduct,
    parameters: &Parameters,
    events: &[&Event],
) -> Result<Vec<Step>, BadQuestion> {
    let given = parameters.all(QuestionParameter::After);
    if given.len() > limits::MOST_STEPS {
        return Err(BadQuestion::new(format!(
            "a question about what comes next has at most {} steps before it",
            limits::MOST_STEPS
        )));
    }
    let read = |text: &&str| {
        let step = steps::step(product, QuestionParameter::After, text)?;
        if events.iter().any(|event| event.name == step.event) {
            return Ok(step);
        }
        let known: Vec<&str> = events.iter().map(|event| event.name).collect();
        Err(BadQuestion::new(format!(
            "`{}` in `after` is not among the events that are followed: use {}",
            step.event,
            known.join(", ")
        )))
    };
    given.iter().map(read).collect()
}

/// A row as a further step before; `None` where a visit ended.
pub(crate) fn next_step(product: &LoadedProduct, row: &NextRow) -> Option<String> {
    let event = product.events().find(|event| event.name == row.event)?;
    let value = told(product, event).map(str::to_owned);
    step_of(&[FollowedEvent { event: row.event.clone(), value }], row)
}

/// The same, of the events that were looked at.
pub(super) fn step_of(events: &[FollowedEvent], row: &NextRow) -> Option<String> {
    let own = events.iter().find(|own| own.event == row.event)?;
    let filter =
        |column: &String| ValueFilter { column: column.clone(), values: vec![row.value.clone()] };
    let value = own.value.as_ref().map(filter);
    Some(steps::text(&Step { event: row.event.clone(), value }))
}

/// ``What devices of Atomic did right after `init`, then `run`, with no pause
/// of more than 30 minutes``
pub(super) fn sentence(
    title: &str,
    count: &NextCount,
    filter: fn(&ValueFilter) -> String,
) -> String {
    let minutes = count.pause_seconds / 60;
    let minutes = format!("{minutes} {}", if minutes == 1 { "minute" } else { "minutes" });
    let who = match &count.followed {
        StepFollower::Devices => "devices",
        StepFollower::Sessions(_) => "sessions",
    };
    if count.after.is_empty() {
        return format!("What {who} of {title} did first, or after a pause of more than {minutes}");
    }
    format!(
        "What {who} of {title} did right after {}, with no pause of more than {minutes}",
        steps::in_words(&count.after, filter)
    )
}

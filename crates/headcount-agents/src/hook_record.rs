//! Makes the events that a hook records, by what the catalog says of their
//! properties.

use std::time::Duration;

use headcount::{Catalog, Time, TypedEvent};
use headcount_catalog::{Event, EventId, HookEvent, HookRole, Kind, Property, Raw, Value};

use crate::Agent;
use crate::command_name::CommandName;
use crate::told::{Ending, Invocation};

/// An event that a hook records.
pub(crate) struct HookRecord {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl TypedEvent for HookRecord {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

/// What is known of what is told.
pub(crate) struct Facts<'a> {
    pub(crate) agent: Agent,
    /// What makes an id of the event's own.
    pub(crate) bits: [u8; 16],
    pub(crate) began: Time,
    pub(crate) more: More<'a>,
}

/// What only one kind of event has.
pub(crate) enum More<'a> {
    Session { ended: Time, ending: Ending, commands: &'a [String], turns: u64 },
    Start,
    Command(&'a CommandName, Invocation),
}

impl More<'_> {
    fn of(&self) -> HookEvent {
        match self {
            Self::Session { .. } => HookEvent::Session,
            Self::Start => HookEvent::Start,
            Self::Command(..) => HookEvent::Command,
        }
    }
}

/// The event of a catalog for these facts. `None` if the catalog has none, or
/// if it does not allow them: an agent outside its set, a command that is not
/// one of its.
pub(crate) fn record(catalog: &Catalog, facts: &Facts<'_>) -> Option<HookRecord> {
    let of = facts.more.of();
    let event = catalog.hook_event(of)?;
    let mut values = vec![None; event.properties.len()];
    for (place, property, role) in event.filled(of) {
        let value = value(property, role, facts);
        if value.is_none() && property.absent().is_none() {
            return None;
        }
        values[place] = value;
    }
    // Without its command, such an event says nothing.
    let is_named = |(place, _, role): (usize, _, HookRole)| {
        role == HookRole::Command && values.get(place).is_some_and(Option::is_some)
    };
    if of == HookEvent::Command && !event.filled(of).any(is_named) {
        return None;
    }
    Some(HookRecord { event, values: event.complete(values) })
}

/// Whether the catalog has any event of a hook that this agent can be in.
pub(crate) fn knows(catalog: &Catalog, agent: Agent) -> bool {
    HookEvent::ALL.into_iter().any(|of| {
        let allows = |(_, property, role): (usize, &Property, HookRole)| {
            role != HookRole::Agent
                || property.absent().is_some()
                || property.kind.admit(&Raw::Text(agent.word())).is_ok()
        };
        catalog.hook_event(of).is_some_and(|event| event.filled(of).all(allows))
    })
}

fn value(property: &Property, role: HookRole, facts: &Facts<'_>) -> Option<Value> {
    let kind = &property.kind;
    let text = |text: &str| kind.admit(&Raw::Text(text)).ok();
    match (role, &facts.more) {
        (HookRole::Id, _) => text(&EventId::random(facts.bits).to_string()),
        (HookRole::Agent, _) => text(facts.agent.word()),
        (HookRole::Started, _) => kind.time(facts.began),
        (HookRole::Duration, More::Session { ended, .. }) => {
            let lasted = ended.milliseconds().saturating_sub(facts.began.milliseconds());
            kind.duration(Duration::from_millis(u64::try_from(lasted).unwrap_or(0)))
        }
        (HookRole::Commands, More::Session { commands, .. }) => {
            kind.admit(&Raw::List(commands.iter().map(|word| Raw::Text(word)).collect())).ok()
        }
        (HookRole::Turns, More::Session { turns, .. }) => kind.number(*turns),
        (HookRole::Ended, More::Session { ending, .. }) => text(ending.word()),
        (HookRole::Command, More::Command(name, _)) => text(word(kind, name)?),
        (HookRole::Invoked, More::Command(_, by)) => text(by.word()),
        _ => None,
    }
}

/// The word of a closed set for a command: its own, or the bucket.
pub(crate) fn word(kind: &Kind, name: &CommandName) -> Option<&'static str> {
    let (set, other) = kind.set()?;
    name.among(set).or(other.filter(|_| name.may_be_unknown()))
}

/// The word for a command in the list of a session's; `None` if the catalog
/// has no such list, or not this command.
pub(crate) fn listed(catalog: &Catalog, name: &CommandName) -> Option<&'static str> {
    let event = catalog.hook_event(HookEvent::Session)?;
    let mut lists =
        event.filled(HookEvent::Session).filter(|(_, _, role)| *role == HookRole::Commands);
    lists.find_map(|(_, property, _)| word(&property.kind, name))
}

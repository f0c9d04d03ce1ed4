//! `on PURPOSE` and `off PURPOSE`: the person's answer about one purpose. It is
//! saved whether or not telemetry as a whole is on.

use headcount_catalog::Purpose;

use super::answer_error::AnswerError;
use super::answer_purposes;
use super::arguments::Reader;
use super::drop_refused::{DroppedEvents, drop_refused};
use super::listed::one_of;
use super::marks::JOINED;
use super::purpose_facts::{PurposeFacts, PurposeOff, PurposeState};
use super::reply::{Reply, call};
use super::shell::ShellKind;
use super::switch::{deleted, is_ours, paths_of_person};
use crate::DiskError;
use crate::as_json::json;
use crate::consent;
use crate::disk::lock::{Patience, Terms};
use crate::standing::Standing;
use crate::visible::visible;

pub(super) fn off(standing: &Standing, name: &str, reader: Reader) -> Reply {
    let Some(purpose) = standing.catalog().purpose(name) else { return unknown(standing, name) };
    let Dropped { events, problem } = match refuse(standing, &[purpose]) {
        Ok(dropped) => dropped,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    let now = standing.anew();
    let err = problem.map(|error| format!("Your answer is kept, but not everywhere: {error}.\n"));
    let reply = match reader {
        Reader::Program => {
            let facts = PurposeFacts::of(&now, purpose.name).map(|facts| facts.json());
            let DroppedEvents { waiting, local } = events;
            Reply::json(&json!({"purpose": facts, "dropped": waiting, "droppedLocal": local}))
        }
        Reader::Person => {
            let (title, call, name) = (purpose.title, call(standing), purpose.name);
            let mut text = format!("{title}: off. {}\n", gone(events));
            let all = PurposeFacts::all(&now);
            if !now.decision().is_on() {
                text.push_str(&whole_is_not_on(&now));
            } else if !all.iter().any(PurposeFacts::is_on) {
                text.push_str(&format!(
                    "No purpose is on any more, so nothing is recorded. To turn telemetry off as a whole: {call} off\n"
                ));
            }
            text.push_str(&format!("To turn it on again: {call} on{JOINED}{name}\n"));
            Reply::said(text)
        }
    };
    reply.with_err(&err.unwrap_or_default())
}

pub(super) fn on(standing: &Standing, name: &str, reader: Reader) -> Reply {
    let purpose = standing.catalog().purpose(name);
    if purpose.is_none() && !is_refused(standing, name) {
        return unknown(standing, name);
    }
    let name = purpose.map_or(name, |purpose| purpose.name);
    if let Err(error) = allow(standing, &[name]) {
        let name = visible(name);
        return Reply::failed(&format!("The purpose `{name}` could not be turned on: {error}."));
    }
    let now = standing.anew();
    let facts = PurposeFacts::of(&now, name);
    match (reader, facts) {
        (Reader::Program, facts) => {
            Reply::json(&json!({"purpose": facts.map(|facts| facts.json())}))
        }
        (Reader::Person, None) => Reply::said(format!(
            "The refusal of `{}` is taken back. This release has no purpose of that name.\n",
            visible(name)
        )),
        (Reader::Person, Some(facts)) => Reply::said(turned_on(&now, &facts)),
    }
}

/// What came of `on PURPOSE`.
fn turned_on(standing: &Standing, facts: &PurposeFacts) -> String {
    let (title, call) = (facts.title(), call(standing));
    match &facts.state {
        PurposeState::On => {
            format!("{title}: on. To see what is sent: {call} inspect\n")
        }
        PurposeState::Off(PurposeOff::ByAdministrator(path)) => format!(
            "Your answer is saved, but an administrator refuses this purpose ({}).\n",
            visible(&path.display().to_string())
        ),
        PurposeState::Off(PurposeOff::ByPerson) => format!(
            "Your answer is saved, but {title} stays off: {}.\n",
            what_refuses(standing, facts)
        ),
        PurposeState::Off(PurposeOff::IsNew) => format!(
            "Your answer is saved, but {title} is new in this release and stays withheld. To agree to all that is new: {call} on\n"
        ),
        PurposeState::Local | PurposeState::Off(PurposeOff::WithTelemetry) => {
            format!("{title}: not refused any more.\n{}", whole_is_not_on(standing))
        }
    }
}

/// What was deleted.
fn gone(events: DroppedEvents) -> String {
    let waiting = match events.waiting {
        0 => "No event of this purpose was waiting.".to_owned(),
        some => deleted(some),
    };
    match events.local {
        0 => waiting,
        1 => format!("{waiting} The one that you kept for yourself is deleted."),
        some => format!("{waiting} The {some} that you kept for yourself are deleted."),
    }
}

/// Which refusal is still kept, and in which file.
fn what_refuses(standing: &Standing, facts: &PurposeFacts) -> String {
    let catalog = standing.catalog();
    let refused = standing.paths().and_then(|paths| {
        answer_purposes::places_that_refuse(catalog, paths, &facts.name).into_iter().next()
    });
    match refused {
        Some((file, name)) => {
            format!("{} refuses `{}`", visible(&file.display().to_string()), visible(&name))
        }
        None => "another process has refused it meanwhile".to_owned(),
    }
}

fn whole_is_not_on(standing: &Standing) -> String {
    let decision = standing.decision();
    let state = match decision.state() {
        consent::ConsentState::Local => "local",
        consent::ConsentState::On | consent::ConsentState::Off => "off",
    };
    format!("Telemetry as a whole is {state} ({}).\n", decision.winner().why)
}

/// How many events were dropped, and what was in the way of the answer.
pub(super) struct Dropped {
    pub(super) events: DroppedEvents,
    pub(super) problem: Option<DiskError>,
}

/// Refuses purposes, and drops what waits for them, whether or not the answer
/// could be kept.
///
/// # Errors
///
/// Returns an error if the answer cannot be saved, or if what waits cannot be
/// deleted.
pub(super) fn refuse(
    standing: &Standing,
    purposes: &[&'static Purpose],
) -> Result<Dropped, AnswerError> {
    let variable = || ShellKind::of(standing.surroundings()).instruction(standing.catalog());
    let not_kept = |error| AnswerError::not_kept(error, variable());
    let paths = paths_of_person(standing).map_err(not_kept)?;
    let kept = answer_purposes::refuse(standing, paths, purposes);
    let dropped = drop_refused(standing, paths, purposes);
    let problem = kept.map_err(not_kept)?;
    let events = dropped.map_err(AnswerError::not_dropped_for_purpose)?;
    Ok(Dropped { events, problem })
}

/// Takes the refusals of purposes back, by their names of today. What was
/// recorded meanwhile is dropped first: it was recorded against a no.
///
/// # Errors
///
/// Returns an error that names the file.
pub(super) fn allow(standing: &Standing, names: &[&str]) -> Result<(), DiskError> {
    let paths = paths_of_person(standing)?;
    is_ours(paths)?;
    drop_refused(standing, paths, &[])?;
    answer_purposes::allow(standing, paths, names)?;
    let decision = standing.decide();
    let Some(permit) = decision.permit() else { return Ok(()) };
    let is_still_on: &dyn Fn() -> bool = &|| standing.decide().is_on();
    let terms = Terms { patience: Patience::Person, is_still_on };
    for name in names {
        consent::agree_to_purpose(standing.catalog(), name, &permit, paths, terms)?;
    }
    Ok(())
}

fn is_refused(standing: &Standing, name: &str) -> bool {
    let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
    consent::refusals(catalog, surroundings, standing.paths()).has(name)
}

fn unknown(standing: &Standing, name: &str) -> Reply {
    let names: Vec<&str> = standing.catalog().purposes.iter().map(|purpose| purpose.name).collect();
    let (name, call) = (visible(name), call(standing));
    if names.is_empty() {
        let title = standing.catalog().product.title;
        return Reply::misused(&format!(
            "unknown purpose `{name}`: {title} has no separate purposes: use `{call} on` or `{call} off`"
        ));
    }
    Reply::misused(&format!("unknown purpose `{name}`: use {}", one_of(&names)))
}

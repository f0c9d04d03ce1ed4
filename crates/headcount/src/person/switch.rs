//! `on`, `off` and `local`.

use std::time::Duration;

use headcount_catalog::{Catalog, ConsentDefault, Identity, OnOff, Scheme};
use headcount_queue::{Bounds, Queue};

use super::answer_error::AnswerError;
use super::arguments::Reader;
use super::purpose_facts::{PurposeFacts, still_refused};
use super::reply::{Reply, call};
use super::shell::ShellKind;
use super::{answer, farewell};
use crate::DiskError;
use crate::as_json::json;
use crate::consent::{self, Says, Why};
use crate::disk::error::Cause;
use crate::disk::kept::{self, Sweep};
use crate::disk::lock::{Patience, Terms};
use crate::disk::state::{Layout, Refused, State};
use crate::ship::{Build, Overrides, Unshippable, target};
use crate::standing::Standing;
use crate::{Owner, Paths, identity, limits, ship};

pub(super) fn on(standing: &Standing, reader: Reader) -> Reply {
    if let Err(error) = grant(standing) {
        return Reply::failed(&format!("Telemetry could not be turned on: {error}."));
    }
    let decision = standing.decide();
    match reader {
        Reader::Program => {
            let (on, reason) = (decision.is_on(), decision.winner().why.to_string());
            let refused = PurposeFacts::all(&standing.anew());
            let refused = refused.iter().filter(|facts| facts.is_refused());
            let refused: Vec<&str> = refused.map(|facts| facts.name.as_str()).collect();
            let mut json = json!({"on": on, "reason": reason});
            if !refused.is_empty() {
                json["refused"] = json!(refused);
            }
            if let Some(problem) = unbuilt(standing) {
                json["problem"] = json!(problem);
            }
            Reply::json(&json)
        }
        Reader::Person if decision.is_on() => Reply::said(format!(
            "Telemetry is on. To see what is sent: {} inspect. To turn it off: {0} off.\n{}{}",
            call(standing),
            unbuilt(standing).map_or_else(String::new, |problem| {
                format!("This build cannot send anything ({problem}).\n")
            }),
            still_refused(&standing.anew())
        )),
        Reader::Person => Reply::said(format!(
            "Your answer is saved, but telemetry stays {} here ({}).\n",
            if decision.state() == consent::ConsentState::Local { "local" } else { "off" },
            decision.winner().why
        )),
    }
}

/// Why this build can send nothing anywhere, whatever the person decides.
fn unbuilt(standing: &Standing) -> Option<String> {
    let catalog = standing.catalog();
    let variable = |name: &str| standing.surroundings().variable(name);
    let mut problem = None;
    for destination in catalog.destinations {
        let overrides = Overrides::read(catalog, destination, variable);
        match target(catalog, destination, &overrides, Build::this()) {
            Err(found @ (Unshippable::NoEndpoint | Unshippable::NoKey | Unshippable::WrongKey)) => {
                problem = Some(found.to_string());
            }
            _ => return None,
        }
    }
    problem
}

pub(super) fn off(standing: &Standing, reader: Reader) -> Reply {
    let dropped = match end(standing, Records::None) {
        Ok(dropped) => dropped,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    let err = dropped.said();
    let reply = match reader {
        Reader::Program => Reply::json(
            &json!({"on": false, "dropped": dropped.waiting, "droppedLocal": dropped.local}),
        ),
        Reader::Person => Reply::said(format!(
            "Telemetry is off. {}{} {}\n",
            deleted(dropped.waiting),
            if dropped.local > 0 { " The records you kept for yourself are deleted." } else { "" },
            what_stays(standing.catalog(), &dropped)
        )),
    };
    reply.with_err(&err)
}

pub(super) fn local(standing: &Standing, reader: Reader) -> Reply {
    let (dropped, err) = match end(standing, Records::Local) {
        Ok(dropped) => (dropped.waiting, dropped.said()),
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    let decision = standing.decide();
    let local = decision.state() == consent::ConsentState::Local;
    let reason = decision.winner().why.to_string();
    let reply = match reader {
        Reader::Program => {
            Reply::json(&json!({"on": false, "local": local, "reason": reason, "dropped": dropped}))
        }
        Reader::Person if local => Reply::said(format!(
            "Telemetry is local: what you do is recorded for yourself only, without an id, and never sent. {} To see it: {} view.\n",
            deleted(dropped),
            call(standing)
        )),
        Reader::Person => Reply::said(format!(
            "Your answer is saved, but nothing is recorded here ({reason}). {}\n",
            deleted(dropped)
        )),
    };
    reply.with_err(&err)
}

/// What stays on the machine of what stands for it, in a sentence.
fn what_stays(catalog: &Catalog, dropped: &Dropped) -> &'static str {
    let Identity { scheme, count, .. } = catalog.identity;
    match (&dropped.id, catalog.consent.off) {
        _ if scheme == Scheme::None && count.is_empty() => "This product has no ids.",
        _ if scheme == Scheme::None => {
            "This product has no ids. The days on which this machine was last counted stay here, so that a later yes counts nothing twice."
        }
        _ if scheme == Scheme::MachineHash => {
            "The id is computed anew for each event and was never kept."
        }
        (Some(_), _) => "The id could not be deleted and is not used.",
        (None, OnOff::KeepId) => "The id stays on this machine, unused.",
        (None, OnOff::DeleteId) => "The id is deleted.",
    }
}

pub(super) fn deleted(events: u64) -> String {
    match events {
        0 => "Nothing was waiting to be sent.".to_owned(),
        1 => "One event that was waiting to be sent is deleted.".to_owned(),
        events => format!("{events} events that were waiting to be sent are deleted."),
    }
}

/// Writes the yes, saves what was agreed to, and creates the id: all of it or
/// nothing.
///
/// What was recorded between a no and this yes is dropped: the person had not
/// agreed to it.
pub(super) fn grant(standing: &Standing) -> Result<(), DiskError> {
    let paths = paths_of_person(standing)?;
    is_ours(paths)?;
    if !was_on(standing, paths) {
        let mut wait = limits::SHIPPER_WAIT;
        drop_waiting(standing, paths, &mut wait)?;
        for other in others(standing, paths) {
            drop_elsewhere(&other)?;
        }
    }
    let saved = answer::grant(standing, paths)?;
    match consented(standing, paths) {
        Ok(()) => {
            saved.keep();
            Ok(())
        }
        Err(error) => {
            saved.undo();
            Err(error)
        }
    }
}

/// Whether events were recorded to be sent before this answer, as far as the
/// person's own word goes: a variable that refuses drops nothing.
fn was_on(standing: &Standing, paths: &Paths) -> bool {
    match consent::answered(standing.catalog(), paths).opinion {
        Some(opinion) => opinion.says == Says::Grant,
        None => standing.catalog().consent.default == ConsentDefault::On,
    }
}

/// Saves the agreement and creates the id, unless a stronger rule refuses.
fn consented(standing: &Standing, paths: &Paths) -> Result<(), DiskError> {
    let decision = standing.decide();
    let Some(permit) = decision.permit() else {
        // A file that cannot be read just now: the yes would count later,
        // without an id and an agreement.
        let usual = paths.usual();
        return match &decision.winner().why {
            Why::File { path, problem }
                if [&paths.settings, &paths.state, &usual.settings, &usual.state]
                    .contains(&path) =>
            {
                Err(DiskError::new(path, Cause::Damaged(problem.clone())))
            }
            _ => Ok(()),
        };
    };
    let terms = Terms { patience: Patience::Person, is_still_on: &|| standing.decide().is_on() };
    consent::agree(standing.catalog(), &permit, paths, terms)?;
    let files = identity::Files { paths, state: &State::read(&paths.state) };
    let catalog = standing.catalog();
    identity::device(catalog, &permit, &files, standing.surroundings(), terms).map(drop)
}

/// Which records are made from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Records {
    None,
    /// For the person only.
    Local,
}

/// How many events were dropped, and what was in the way.
pub(super) struct Dropped {
    /// Events that waited to be sent.
    waiting: u64,
    /// Events recorded for the person only.
    local: u64,
    /// A place where the answer could not be written. It is kept in another.
    problem: Option<DiskError>,
    /// Why the id could not be deleted.
    id: Option<DiskError>,
}

impl Dropped {
    /// Says what was in the way, for standard error.
    fn said(&self) -> String {
        let problem = self.problem.as_ref().map(ToString::to_string);
        // Often it is the same file.
        let id =
            self.id.as_ref().map(ToString::to_string).filter(|id| Some(id) != problem.as_ref());
        let kept =
            problem.map(|error| format!("Your answer is kept, but not everywhere: {error}.\n"));
        let id = id.map(|error| format!("The id is still there: {error}.\n"));
        format!("{}{}", kept.unwrap_or_default(), id.unwrap_or_default())
    }
}

/// Writes the no, deletes the queue, and keeps or deletes the id as the catalog
/// says. The queue is deleted even if the no cannot be kept.
pub(super) fn end(standing: &Standing, records: Records) -> Result<Dropped, AnswerError> {
    let variable = || ShellKind::of(standing.surroundings()).instruction(standing.catalog());
    let not_kept = |error| AnswerError::not_kept(error, variable());
    let paths = paths_of_person(standing).map_err(not_kept)?;
    let farewell = farewell::made(standing);
    let refused = match records {
        Records::None => Refused::Off,
        Records::Local => Refused::Local,
    };
    let others = others(standing, paths);
    let kept = answer::refuse(standing, paths, refused);
    if let (Ok(_), Some(farewell)) = (&kept, &farewell) {
        farewell.send();
    }
    let dropped = match is_ours(paths) {
        Ok(()) => drop_queued(standing, paths, records),
        // What waits there is the other product's.
        Err(_) => Ok(Dropped { waiting: 0, local: 0, problem: None, id: None }),
    };
    let elsewhere: Vec<Result<u64, DiskError>> = others.iter().map(drop_elsewhere).collect();
    let problem = kept.map_err(not_kept)?;
    let mut id = None;
    if standing.catalog().consent.off == OnOff::DeleteId {
        let places = [paths].into_iter().filter(|paths| is_ours(paths).is_ok()).chain(&others);
        for place in places {
            id = id.or(identity::forget(standing.catalog(), place).err());
        }
    }
    let mut dropped = dropped.map_err(AnswerError::not_dropped)?;
    for events in elsewhere {
        dropped.waiting += events.map_err(AnswerError::not_dropped)?;
    }
    Ok(Dropped { problem, id, ..dropped })
}

/// Every other place where events of this person may wait: a variable may have
/// moved the folder when they were recorded, or moves it now.
pub(super) fn others(standing: &Standing, paths: &Paths) -> Vec<Paths> {
    let usual = paths.usual();
    let state = State::read(&usual.state).belonging_to(usual.product);
    let mut others = paths.others(standing.catalog(), &state.granted);
    others.retain(|other| {
        other.owner(standing.surroundings()) == Owner::User && is_ours(other).is_ok()
    });
    others
}

/// Deletes what waits in another place.
fn drop_elsewhere(other: &Paths) -> Result<u64, DiskError> {
    let (mut events, mut wait) = (0, limits::SHIPPER_WAIT);
    for segment in [other.queue.clone(), other.local()] {
        events += emptied(&Queue::new(&segment, Bounds::USUAL)?, other, &mut wait)?;
    }
    kept::sweep(other, Sweep::Off)?;
    Ok(events)
}

/// Deletes the queue. Waits for a running shipper first: nothing leaves after
/// this.
fn drop_queued(standing: &Standing, paths: &Paths, records: Records) -> Result<Dropped, DiskError> {
    let mut wait = limits::SHIPPER_WAIT;
    let waiting = drop_waiting(standing, paths, &mut wait)?;
    let local = match (records, standing.local_queue()) {
        (Records::None, Some(queue)) => emptied(&queue, paths, &mut wait)?,
        (Records::Local, _) | (_, None) => 0,
    };
    Ok(Dropped { waiting, local, problem: None, id: None })
}

/// Empties a queue, after a running shipper has ended. A lock that is held for
/// longer than a shipper may live is no shipper's, and a no does not wait for
/// it, nor for the next one.
fn emptied(queue: &Queue, paths: &Paths, wait: &mut Duration) -> Result<u64, DiskError> {
    match queue.clear(&paths.state_folder, *wait) {
        Err(error) if error.is_busy() => {
            *wait = Duration::ZERO;
            Ok(queue.clear_without_lock()?)
        }
        emptied => Ok(emptied?),
    }
}

/// Deletes what waits to be sent.
fn drop_waiting(standing: &Standing, paths: &Paths, wait: &mut Duration) -> Result<u64, DiskError> {
    let waiting = match standing.shipped_queue() {
        Some(queue) => emptied(&queue, paths, wait),
        None => Ok(0),
    };
    // Whatever became of the queue.
    let swept = kept::sweep(paths, Sweep::Off);
    let waiting = waiting?;
    swept?;
    if !wait.is_zero() {
        ship::wait_for_all(paths)?;
    }
    Ok(waiting)
}

/// Whether our own state, and with it everything beside it, is this product's.
///
/// # Errors
///
/// Returns an error that names the other product.
pub(super) fn is_ours(paths: &Paths) -> Result<(), DiskError> {
    let state = State::read(&paths.state).belonging_to(paths.product);
    match state.layout {
        Layout::OfOther(_) => state.is_writable(&paths.state),
        _ => Ok(()),
    }
}

pub(super) fn paths_of_person(standing: &Standing) -> Result<&Paths, DiskError> {
    let owner = standing.paths().map(|paths| (paths.owner(standing.surroundings()), paths));
    Err(DiskError::no_place(match owner {
        Some((Owner::User, paths)) => return Ok(paths),
        Some((Owner::Somebody, _)) => {
            "the home folder, or a folder of this product in it, belongs to another user: run this as that user"
        }
        Some((Owner::Nobody, _)) => {
            "the home folder does not exist: create it or set HOME, and try again"
        }
        None => "there is no home folder to save your answer in: set HOME and try again",
    }))
}

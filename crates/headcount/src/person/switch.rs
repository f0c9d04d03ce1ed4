//! `on`, `off` and `local`.

use headcount_catalog::OnOff;
use headcount_queue::Queue;
use serde_json::json;

use super::answer::{self, Answer};
use super::answer_error::AnswerError;
use super::farewell;
use super::reply::{Reader, Reply, call};
use crate::DiskError;
use crate::consent;
use crate::disk::state::{Refused, State};
use crate::disk::tally;
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
            Reply::json(&json!({"on": on, "reason": reason}))
        }
        Reader::Person if decision.is_on() => Reply::said(format!(
            "Telemetry is on. To see what is sent: {} inspect. To turn it off: {0} off.\n",
            call(standing)
        )),
        Reader::Person => Reply::said(format!(
            "Your answer is saved, but telemetry stays {} here ({}).\n",
            if decision.state() == consent::ConsentState::Local { "local" } else { "off" },
            decision.winner().why
        )),
    }
}

pub(super) fn off(standing: &Standing, reader: Reader) -> Reply {
    let dropped = match end(standing, Records::None) {
        Ok(dropped) => dropped,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    match reader {
        Reader::Program => Reply::json(
            &json!({"on": false, "dropped": dropped.waiting, "droppedLocal": dropped.local}),
        ),
        Reader::Person => Reply::said(format!(
            "Telemetry is off. {}{} {}\n",
            deleted(dropped.waiting),
            if dropped.local > 0 { " The records you kept for yourself are deleted." } else { "" },
            match standing.catalog().consent.off {
                OnOff::KeepId => "The id stays on this machine, unused.",
                OnOff::DeleteId => "The id is deleted.",
            }
        )),
    }
}

pub(super) fn local(standing: &Standing, reader: Reader) -> Reply {
    let dropped = match end(standing, Records::Local) {
        Ok(Dropped { waiting, .. }) => waiting,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    let decision = standing.decide();
    let local = decision.state() == consent::ConsentState::Local;
    let reason = decision.winner().why.to_string();
    match reader {
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
    }
}

fn deleted(events: u64) -> String {
    match events {
        0 => "Nothing was waiting to be sent.".to_owned(),
        1 => "One event that was waiting to be sent is deleted.".to_owned(),
        events => format!("{events} events that were waiting to be sent are deleted."),
    }
}

/// Writes the yes, saves what was agreed to, and creates the id: all of it or
/// nothing.
pub(super) fn grant(standing: &Standing) -> Result<(), DiskError> {
    let paths = paths_of_person(standing)?;
    if State::read(&paths.state).refused == Some(Refused::Local) {
        State::change(paths, |state| State { refused: None, ..state })?;
    }
    let saved = answer::save(standing, paths, Answer::Yes)?;
    match consented(standing, paths) {
        Ok(()) => Ok(()),
        Err(error) => {
            saved.undo();
            Err(error)
        }
    }
}

/// Saves the agreement and creates the id, unless a stronger rule refuses.
fn consented(standing: &Standing, paths: &Paths) -> Result<(), DiskError> {
    let Some(permit) = standing.decide().permit() else { return Ok(()) };
    consent::agree(standing.catalog(), &permit, paths)?;
    let files = identity::Files { paths, state: &State::read(&paths.state) };
    identity::device(standing.catalog(), &permit, &files, standing.surroundings()).map(drop)
}

/// Which records are made from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Records {
    None,
    /// For the person only.
    Local,
}

/// How many events were dropped.
#[derive(Clone, Copy)]
pub(super) struct Dropped {
    /// Events that waited to be sent.
    waiting: u64,
    /// Events recorded for the person only.
    local: u64,
}

/// Writes the no, deletes the queue, and keeps or deletes the id as the catalog
/// says.
pub(super) fn end(standing: &Standing, records: Records) -> Result<Dropped, AnswerError> {
    let paths = paths_of_person(standing)?;
    farewell::send(standing);
    answer::save(standing, paths, Answer::No).map_err(AnswerError::not_kept)?;
    if records == Records::None && State::read(&paths.state).refused == Some(Refused::Local) {
        State::change(paths, |state| State { refused: None, ..state })?;
    }
    let dropped = drop_queued(standing, paths, records);
    if standing.catalog().consent.off == OnOff::DeleteId {
        identity::forget(standing.catalog(), paths)?;
    }
    let dropped = dropped.map_err(AnswerError::not_dropped)?;
    if records == Records::Local {
        State::change(paths, |state| State { refused: Some(Refused::Local), ..state })?;
    }
    Ok(dropped)
}

/// Deletes the queue. Waits for a running shipper first: nothing leaves after
/// this.
fn drop_queued(standing: &Standing, paths: &Paths, records: Records) -> Result<Dropped, DiskError> {
    let clear = |queue: Option<Queue>| match queue {
        Some(queue) => queue.clear(&paths.state_folder, limits::SHIPPER_WAIT),
        None => Ok(0),
    };
    let waiting = clear(standing.shipped_queue())?;
    // The tally may hold a waiting report, or become one later.
    tally::forget(paths)?;
    ship::wait_for_all(paths)?;
    let local = match records {
        Records::None => clear(standing.local_queue())?,
        Records::Local => 0,
    };
    Ok(Dropped { waiting, local })
}

pub(super) fn paths_of_person(standing: &Standing) -> Result<&Paths, DiskError> {
    let owner =
        standing.paths().map(|paths| (standing.surroundings().owner_of(&paths.folder), paths));
    Err(DiskError::no_place(match owner {
        Some((Owner::User, paths)) => return Ok(paths),
        Some((Owner::Somebody, _)) => {
            "the home folder belongs to another user: run this as that user"
        }
        Some((Owner::Nobody, _)) => {
            "the home folder does not exist: create it or set HOME, and try again"
        }
        None => "there is no home folder to save your answer in: set HOME and try again",
    }))
}

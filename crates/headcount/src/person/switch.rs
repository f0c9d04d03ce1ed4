//! `on`, `off` and `local`.

use std::io;

use headcount_catalog::OnOff;
use serde_json::json;

use super::answer::{self, Answer};
use super::{Reader, Reply, call, farewell, trouble};
use crate::consent::{self, Decision};
use crate::state::State;
use crate::{Owner, Paths, Session, identity, limits, ship, tally};

pub(super) fn on(session: &Session, reader: Reader) -> Reply {
    if let Err(error) = grant(session) {
        return Reply::failed(&format!("Telemetry could not be turned on: {error}."));
    }
    let decision = decided(session);
    match reader {
        Reader::Program => {
            let (on, reason) = (decision.is_on(), decision.winner.why.to_string());
            Reply::json(&json!({"on": on, "reason": reason}))
        }
        Reader::Person if decision.is_on() => Reply::said(format!(
            "Telemetry is on. To see what is sent: {} inspect. To turn it off: {0} off.\n",
            call(session)
        )),
        Reader::Person => Reply::said(format!(
            "Your answer is kept, but here telemetry stays {} ({}).\n",
            if decision.state == consent::ConsentState::Local { "local" } else { "off" },
            decision.winner.why
        )),
    }
}

pub(super) fn off(session: &Session, reader: Reader) -> Reply {
    let dropped = match end(session, Records::None) {
        Ok(dropped) => dropped,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    match reader {
        Reader::Program => Reply::json(
            &json!({"on": false, "dropped": dropped.waiting, "droppedLocal": dropped.local}),
        ),
        Reader::Person => Reply::said(format!(
            "Telemetry is off. {}{} {}\n",
            told_dropped(dropped.waiting),
            if dropped.local > 0 { " So is what was recorded for yourself." } else { "" },
            match session.catalog.consent.off {
                OnOff::KeepId => "The id stays on this machine, unused.",
                OnOff::DeleteId => "The id is deleted.",
            }
        )),
    }
}

pub(super) fn local(session: &Session, reader: Reader) -> Reply {
    let dropped = match end(session, Records::Local) {
        Ok(Dropped { waiting, .. }) => waiting,
        Err(error) => return Reply::failed(&format!("{error}.")),
    };
    let decision = decided(session);
    let local = decision.state == consent::ConsentState::Local;
    let reason = decision.winner.why.to_string();
    match reader {
        Reader::Program => {
            Reply::json(&json!({"on": false, "local": local, "reason": reason, "dropped": dropped}))
        }
        Reader::Person if local => Reply::said(format!(
            "Telemetry is local: what you do is recorded for yourself, without an id, and never sent. {} To look at it: {} view.\n",
            told_dropped(dropped),
            call(session)
        )),
        Reader::Person => Reply::said(format!(
            "Your answer is kept, but here nothing is recorded ({reason}). {}\n",
            told_dropped(dropped)
        )),
    }
}

fn told_dropped(events: u64) -> String {
    match events {
        0 => "Nothing was waiting to be sent.".to_owned(),
        1 => "The one event that was waiting to be sent is deleted.".to_owned(),
        events => format!("The {events} events that were waiting to be sent are deleted."),
    }
}

pub(super) fn decided(session: &Session) -> Decision {
    let Session { catalog, host, surroundings, paths, .. } = session;
    consent::settle(catalog, host.flag, surroundings, paths.as_ref())
}

/// Writes the yes, keeps what was agreed to, and mints the id; all of it or
/// nothing.
pub(super) fn grant(session: &Session) -> io::Result<()> {
    let paths = here(session)?;
    if State::read(&paths.state).local {
        change_state(paths, |state| State { local: false, ..state })?;
    }
    let kept = answer::keep(session, paths, Answer::Yes)?;
    match consented(session, paths) {
        Ok(()) => Ok(()),
        Err(error) => {
            kept.undo();
            Err(error)
        }
    }
}

/// What follows a yes, where nothing stronger refuses.
fn consented(session: &Session, paths: &Paths) -> io::Result<()> {
    let Some(permit) = decided(session).permit() else { return Ok(()) };
    consent::agree(session.catalog, &permit, paths)
        .map_err(|error| trouble::at(&paths.state, &error))?;
    let files = (paths, &State::read(&paths.state));
    identity::device(session.catalog, &permit, files, &session.surroundings)
        .map(drop)
        .map_err(|error| trouble::at(paths.id.as_ref().unwrap_or(&paths.settings), &error))
}

/// Which records go on being made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Records {
    None,
    /// For the person's own eyes.
    Local,
}

/// How many events were dropped.
#[derive(Clone, Copy)]
pub(super) struct Dropped {
    /// Of those that waited to be sent.
    waiting: u64,
    /// Of those recorded for the person's own eyes.
    local: u64,
}

/// Writes the no, drops what is queued, and keeps or deletes the id as the
/// catalog says.
pub(super) fn end(session: &Session, records: Records) -> io::Result<Dropped> {
    let paths = here(session)?;
    farewell::send(session);
    let sentence = |error| io::Error::other(format!("Your answer could not be kept: {error}"));
    answer::keep(session, paths, Answer::No).map_err(sentence)?;
    if records == Records::None && State::read(&paths.state).local {
        change_state(paths, |state| State { local: false, ..state })?;
    }
    let dropped = drop_queued(session, paths, records);
    if session.catalog.consent.off == OnOff::DeleteId {
        identity::forget(session.catalog, paths)
            .map_err(|error| trouble::at(&paths.settings, &error))?;
    }
    let dropped = dropped.map_err(|error| {
        io::Error::other(format!(
            "Telemetry is off, but what was waiting could not be deleted: {error}"
        ))
    })?;
    if records == Records::Local {
        change_state(paths, |state| State { local: true, ..state })?;
    }
    Ok(dropped)
}

/// Waits for a shipper that is on its way: nothing leaves after this.
fn drop_queued(session: &Session, paths: &Paths, records: Records) -> io::Result<Dropped> {
    let clear = |queue: Option<headcount_queue::Queue>| match queue {
        Some(queue) => queue
            .clear(&paths.state_folder, limits::SHIPPER_WAIT)
            .map_err(|error| io::Error::other(error.to_string())),
        None => Ok(0),
    };
    let waiting = clear(session.shipped_queue())?;
    // A report may wait in it, or be made of it later.
    tally::forget(paths)?;
    ship::wait_for_all(paths)?;
    let local = match records {
        Records::None => clear(session.local_queue())?,
        Records::Local => 0,
    };
    Ok(Dropped { waiting, local })
}

fn change_state(paths: &Paths, change: impl FnOnce(State) -> State) -> io::Result<()> {
    State::change(paths, change).map_err(|error| trouble::at(&paths.state, &error))
}

pub(super) fn here(session: &Session) -> io::Result<&Paths> {
    let owner = session.paths.as_ref().map(|it| (session.surroundings.owner_of(&it.folder), it));
    Err(io::Error::other(match owner {
        Some((Owner::User, paths)) => return Ok(paths),
        Some((Owner::Somebody, _)) => {
            "the home folder belongs to another user, whose answer this is; try again as that user"
        }
        Some((Owner::Nobody, _)) => {
            "the home folder is not there; make it, or set HOME, and try again"
        }
        None => "there is no home folder to keep the answer in; set HOME and try again",
    }))
}

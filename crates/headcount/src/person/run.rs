//! Runs the person's commands.

use super::answer_error::AnswerError;
use super::arguments::{self, Command, Order, Reader};
use super::reply::{Reply, call};
use super::screen::Screen;
use super::{clear, dump, forget, inspect, policy, purposes, receipts, sent, status, switch, view};
use crate::DiskError;
use crate::as_json::json;
use crate::built::BUILT;
use crate::disk::in_use::Patient;
use crate::standing::Standing;
use crate::{Session, shipper};

/// Runs `telemetry ARGS`, such as `status --json` or `off`.
#[must_use]
pub fn run(session: &Session, args: &[String]) -> Reply {
    let standing = session.opened();
    if !BUILT {
        return without(standing);
    }
    match arguments::read(args) {
        Ok(order) => carry_out(standing, order),
        Err(sentence) => Reply::misused(&sentence).for_person(standing),
    }
}

/// Said where this build has no telemetry.
const NOT_BUILT: &str = "this build has no telemetry, so there is nothing to decide";

fn without(standing: &Standing) -> Reply {
    let reason = &standing.decision().winner().why;
    Reply::said(format!("Telemetry: DISABLED (reason: {reason})\n{NOT_BUILT}\n"))
}

pub(super) fn carry_out(standing: &Standing, Order { command, reader }: Order) -> Reply {
    let _patient = Patient::thread();
    let reply = match command {
        Command::Status => status::status(standing, reader),
        Command::Doctor => status::doctor(standing, reader),
        Command::On(None) => switch::on(standing, reader),
        Command::On(Some(purpose)) => purposes::on(standing, &purpose, reader),
        Command::Off(None) => switch::off(standing, reader),
        Command::Off(Some(purpose)) => purposes::off(standing, &purpose, reader),
        Command::Local => switch::local(standing, reader),
        Command::Inspect(layout) => inspect::inspect(standing, layout, reader),
        Command::Dump(which) => dump::dump(standing, which, reader),
        Command::Sent(range) => sent::sent(standing, range, reader),
        Command::Receipts(last) => receipts::receipts(standing, last, reader),
        Command::View => {
            view::view(standing, Screen::of_this_process(standing.surroundings()), reader)
        }
        Command::Clear(extent) => clear::clear(standing, extent, reader),
        Command::Forget => forget::forget(standing, reader),
        Command::Policy => policy::policy(standing, reader),
        Command::Flush => flushed(standing, reader),
        Command::Help => Reply::said(arguments::help(&call(standing))),
    };
    reply.for_person(standing)
}

fn flushed(standing: &Standing, reader: Reader) -> Reply {
    let arrived = shipper::ship(standing);
    match reader {
        Reader::Person => Reply::said(""),
        Reader::Program => Reply::json(&json!({
            "taken": arrived.taken, "rejected": arrived.rejected,
        })),
    }
}

/// Ships what is due, in this process. This is the hidden command with which a
/// host starts itself again. It prints nothing and always succeeds.
pub fn flush(session: &Session) {
    if BUILT {
        let Reply { .. } = flushed(session.opened(), Reader::Person);
    }
}

/// Writes the person's yes into the settings file and creates the id.
///
/// # Errors
///
/// Returns an error, a sentence for the person, if the answer cannot be saved.
/// Nothing is changed then.
pub fn grant(session: &Session) -> Result<(), AnswerError> {
    if BUILT {
        let _patient = Patient::thread();
        Ok(switch::grant(session.opened())?)
    } else {
        Err(DiskError::no_place(NOT_BUILT).into())
    }
}

/// Writes the person's no, deletes the queue, and keeps or deletes the id as
/// the catalog says. Nothing leaves the machine after it returns.
///
/// # Errors
///
/// Returns an error, a sentence for the person, if the answer cannot be saved
/// or the queue cannot be deleted.
pub fn refuse(session: &Session) -> Result<(), AnswerError> {
    if BUILT {
        let _patient = Patient::thread();
        switch::end(session.opened(), switch::Records::None).map(drop)
    } else {
        Err(DiskError::no_place(NOT_BUILT).into())
    }
}

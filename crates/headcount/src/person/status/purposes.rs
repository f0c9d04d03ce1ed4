//! The purposes in `status`: each with its state, and whose word it is.

use std::fmt::{Result, Write as _};

use super::place::shown;
use crate::person::marks::{HANG, JOINED};
use crate::person::purpose_facts::{PurposeFacts, PurposeOff, PurposeState};
use crate::person::reply::call;
use crate::standing::Standing;
use crate::visible::visible;

/// Lists every purpose, and whose word it is.
pub(super) fn purposes(standing: &Standing, all: &[PurposeFacts], out: &mut String) -> Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "Purposes:")?;
    for facts in all {
        let name = visible(&facts.name);
        let title = facts.purpose.map_or("not in this release", |purpose| purpose.title);
        writeln!(out, "  {name:<13} {HANG}{title}: {}", purpose_state(standing, facts))?;
    }
    Ok(())
}

fn purpose_state(standing: &Standing, facts: &PurposeFacts) -> String {
    let (call, name) = (call(standing), visible(&facts.name));
    let state = match &facts.state {
        PurposeState::On => "on".to_owned(),
        PurposeState::Local => "local, as telemetry is".to_owned(),
        PurposeState::Off(PurposeOff::WithTelemetry) => "off, as telemetry is".to_owned(),
        PurposeState::Off(PurposeOff::ByPerson) => {
            format!("off, you refused it (to turn it on: {call} on{JOINED}{name})")
        }
        PurposeState::Off(PurposeOff::ByAdministrator(path)) => {
            format!("off, an administrator refuses it ({})", shown(standing, path))
        }
        PurposeState::Off(PurposeOff::IsNew) => {
            format!("off, new in this release (to turn it on: {call} on{JOINED}{name})")
        }
    };
    if facts.except.is_empty() {
        return state;
    }
    let except = facts.except.join(", ");
    format!(
        "{state}, except {except}, refused under another purpose (to turn all of it on: {call} on{JOINED}{name})"
    )
}
